// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_MANIFEST_SOURCE_H_
#define STEMMA_TOOLS_STEMMA_MANIFEST_SOURCE_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "stemma/tools/stemma/exit_code.h"
#include "stemma/tools/stemma/manifest_reader.h"

namespace stemma::tools {

// The part that verbs which read a manifest have in common: the argument SOURCE, the option
// --timeout, getting the text, reading it, and saying what is wrong with it.
class ManifestSource {
 public:
  // Adds the argument and the option to a verb. Once, before Read. REQUIRES: this outlives `app`.
  void Declare(CLI::App& app);

  // Gets and reads the manifest. All that is wrong is told on standard error.
  // Returns: kYes, and the nodes and their graph in `reading`; kNo if it is a manifest with
  // problems; otherwise the exit code for what went wrong.
  ExitCode Read(const std::optional<std::vector<std::string>>& program,
                ManifestReading& reading) const;

 private:
  std::string file_;
  std::string timeout_ = "10s";
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_MANIFEST_SOURCE_H_
