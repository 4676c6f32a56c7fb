// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/graphviz.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {

bool HasGraphviz() { return HasProgram("dot"); }

absl::StatusOr<std::string> DrawByGraphviz(const std::string& dot, std::string_view format) {
  constexpr char kFont[] = "fontname=Helvetica,Arial,sans-serif";
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(
      {.command = {"dot", absl::StrCat("-T", absl::string_view(format.data(), format.size())),
                   absl::StrCat("-G", kFont), absl::StrCat("-N", kFont), absl::StrCat("-E", kFont),
                   "-Nfontsize=12", "-Efontsize=11", "-Ecolor=#555555", "-Earrowsize=0.7"},
       .input = dot});
  if (!answer.ok()) {
    return absl::UnavailableError(absl::StrCat(
        answer.status().message(), " (Debian: apt-get install graphviz); --format dot works"));
  }
  if (answer->end != ProcessAnswer::End::kExited || answer->code != 0 || answer->text.empty()) {
    return absl::UnavailableError(
        absl::StrCat("Graphviz's program 'dot' failed (",
                     answer->end == ProcessAnswer::End::kExited ? "exit code " : "signal ",
                     answer->code, "); --format dot works without it"));
  }
  return answer->text;
}

}  // namespace stemma::tools
