// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/graph_verb.h"

#include <langinfo.h>
#include <locale.h>

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/drawing.h"
#include "stemma/tools/stemma/output.h"

namespace stemma::tools {
namespace {

// Whether the user's locale can show lines that are not ASCII.
bool IsUtf8Locale() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;  // one that is not installed
  const bool is_utf8 = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return is_utf8;
}

}  // namespace

std::string GraphVerb::summary() const {
  return "Draws what depends on what: as text, for Graphviz, or as a picture.";
}

std::string GraphVerb::examples() const {
  return "  stemma graph shop.json             draw a tree on the terminal\n"
         "  stemma graph shop.json -o shop.svg make a picture (with Graphviz)\n"
         "  stemma graph --format dot -- ./shop ask a service for its graph; it is not started\n"
         "  stemma graph --format json -- ./shop > shop.json   keep its manifest\n";
}

void GraphVerb::Declare(CLI::App& app) {
  source_.Declare(app);
  app.add_option("-o,--output", output_,
                 "Write to this file, whole or not at all. Default: standard output")
      ->type_name("FILE");
  app.add_option("--format", format_,
                 "text, dot, svg or json. Default: by the ending of FILE, else text")
      ->type_name("FORMAT");
  app.add_flag("--ascii", ascii_,
               "Text with ASCII lines only. Default: unless the locale is one of UTF-8");
}

// Chosen before anything is read or run: a wrong option is told at once.
absl::StatusOr<Format> GraphVerb::ChosenFormat() const {
  return format_.empty() ? FormatFor(output_) : FormatNamed(format_);
}

int GraphVerb::Run(const std::optional<std::vector<std::string>>& program) {
  const auto fail = [](const absl::Status& status) {
    Tell(absl::StrCat("stemma: ", status.message(), "\n"));
    return ExitCodeOf(status);
  };
  const absl::StatusOr<Format> format = ChosenFormat();
  if (!format.ok()) return fail(format.status());
  ManifestReading reading;
  if (const ExitCode code = source_.Read(program, reading); code != kYes) {
    return code == kNo ? kBadInput : code;  // there is no drawing what no supervisor would accept
  }
  const absl::StatusOr<std::string> drawing =
      Draw(*reading.nodes, reading.graph, *format, ascii_ || !IsUtf8Locale());
  if (!drawing.ok()) return fail(drawing.status());
  const absl::Status written = WriteResult(*drawing, output_);
  return written.ok() ? kYes : fail(written);
}

}  // namespace stemma::tools
