// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/style.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <string>

#include "absl/strings/numbers.h"

namespace stemma::tools {
namespace {

std::string_view Environment(const char* name) {
  const char* const value = getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool WantsColor(const ColorRequest& request) {
  if (request.choice != "auto") return request.choice == "always";
  if (!request.no_color.empty()) return false;
  if (!request.clicolor_force.empty() && request.clicolor_force != "0") return true;
  return request.is_terminal && !request.terminal.empty() && request.terminal != "dumb";
}

bool WantsColor(std::string_view choice, int descriptor) {
  return WantsColor({.choice = choice,
                     .is_terminal = isatty(descriptor) != 0,
                     .no_color = Environment("NO_COLOR"),
                     .clicolor_force = Environment("CLICOLOR_FORCE"),
                     .terminal = Environment("TERM")});
}

std::optional<std::size_t> TerminalWidth() {
  if (isatty(STDOUT_FILENO) == 0) return std::nullopt;
  std::size_t columns = 0;
  if (absl::SimpleAtoi(std::string(Environment("COLUMNS")), &columns) && columns > 0) {
    return columns;
  }
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool IsUtf8Locale() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;  // one that is not installed
  const bool is_utf8 = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return is_utf8;
}

}  // namespace stemma::tools
