// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/manifest_source.h"

#include <chrono>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/stemma/source.h"

namespace stemma::tools {
namespace {

void TellProblems(const SourceText& source, const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    absl::StrAppend(&text, source.label, ":");
    if (source.has_places)
      absl::StrAppend(&text, problem.place.line, ":", problem.place.column, ":");
    absl::StrAppend(&text, " ", problem.text, "\n");
  }
  Tell(text);
}

}  // namespace

void ManifestSource::Declare(CLI::App& app) {
  app.add_option("SOURCE", file_,
                 "A manifest: a file, or - for standard input. Or, instead, -- PROGRAM ARGS... at "
                 "the end: a service that is asked for its manifest, and not started");
  app.add_option("--timeout", timeout_, "How long PROGRAM may take to answer: 500ms, 1m, none")
      ->type_name("DURATION")
      ->capture_default_str();
}

ExitCode ManifestSource::Read(const std::optional<std::vector<std::string>>& program,
                              ManifestReading& reading) const {
  const std::optional<std::chrono::nanoseconds> timeout = ParseManifestDuration(timeout_);
  if (!timeout.has_value() || *timeout <= std::chrono::nanoseconds::zero()) {
    Tell(absl::StrCat("stemma: --timeout must be a positive duration, such as 10s, or none, is '",
                      Printable(timeout_), "'\n"));
    return kUsage;
  }
  const absl::StatusOr<SourceText> source =
      ReadSource({.file = file_, .program = program, .timeout = *timeout});
  if (!source.ok()) {
    Tell(absl::StrCat("stemma: ", source.status().message(), "\n"));
    return ExitCodeOf(source.status());
  }
  reading = ReadManifest(source->text);
  TellProblems(*source, reading.problems);
  if (!reading.nodes.has_value()) return kBadInput;
  return reading.problems.empty() ? kYes : kNo;
}

}  // namespace stemma::tools
