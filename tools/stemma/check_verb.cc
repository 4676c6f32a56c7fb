// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/check_verb.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/output.h"

namespace stemma::tools {
namespace {

std::string Counted(std::size_t count, const char* noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace

std::string CheckVerb::summary() const {
  return "Would a supervisor accept this manifest? Tells all the problems at once.";
}

std::string CheckVerb::examples() const {
  return "  stemma check shop.json             check a file\n"
         "  make-manifest | stemma check -     check what another program writes\n"
         "  stemma check -- ./shop --port 80   ask a service for its graph; it is not started\n";
}

int CheckVerb::Run(const std::optional<std::vector<std::string>>& program) {
  ManifestReading reading;
  if (const ExitCode code = source_.Read(program, reading); code != kYes) return code;
  const absl::Status written =
      WriteResult(absl::StrCat("ok: ", Counted(reading.graph.size(), "node"), ", ",
                               Counted(reading.graph.edge_count(), "edge"), "\n"));
  if (!written.ok()) Tell(absl::StrCat("stemma: ", written.message(), "\n"));
  return ExitCodeOf(written);
}

}  // namespace stemma::tools
