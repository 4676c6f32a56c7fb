// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_SOURCE_H_
#define STEMMA_TOOLS_SOURCES_SOURCE_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace stemma::tools {

// Where a graph is to come from: a file, or standard input, or a program that is asked for it.
struct SourceRequest {
  std::string file = {};  // "-": standard input; empty: none given
  // What follows `--` on the command line: a program and its arguments. Nothing: no `--`.
  std::optional<std::vector<std::string>> program = {};
  // How long the program may take. Default: 10 s.
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
};

struct SourceText {
  std::string text = {};   // not looked at yet
  std::string label = {};  // what messages call it; printable
  bool has_places =
      true;  // false: nobody has this text before them, so line and column are no help
  bool is_manifest = false;  // true: nothing else will do, it is what a service answered
};

// Gets the text. A program is run with STEMMA_MANIFEST_FD set, upon which stemma::Main answers with
// the manifest and starts nothing; it is killed when it does not.
//
// Returns: InvalidArgument if not exactly one source was given;
// NotFound if the file cannot be read; DataLoss if it is larger than 256 MiB;
// Unavailable if the program cannot be run or does not answer. REQUIRES: as RunProcess.
absl::StatusOr<SourceText> ReadSource(const SourceRequest& request);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_SOURCE_H_
