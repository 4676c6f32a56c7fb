// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/markdown.h"

#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

bool IsHarmless(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
         c == ',' || c == '/' || c == '-' || (static_cast<unsigned char>(c) & 0x80u) != 0;
}

}  // namespace

std::string MarkdownText(std::string_view text) {
  std::string out;
  const std::string printable = Printable(text);
  for (std::size_t i = 0; i < printable.size(); ++i) {
    const char c = printable[i];
    // A dot only makes links: www.example.org.
    const bool is_quiet_dot = c == '.' && (i == 0 || (printable[i - 1] | 0x20) != 'w');
    // At either end a blank is none, and a dash may make a list.
    const bool is_at_end = i == 0 || i + 1 == printable.size();
    if ((IsHarmless(c) && !(is_at_end && (c == ' ' || c == '-'))) || is_quiet_dot) {
      out += c;
    } else {
      out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    }
  }
  return out;
}

}  // namespace stemma::tools
