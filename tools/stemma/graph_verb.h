// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_GRAPH_VERB_H_
#define STEMMA_TOOLS_STEMMA_GRAPH_VERB_H_

#include "absl/status/statusor.h"
#include "stemma/tools/stemma/drawing.h"
#include "stemma/tools/stemma/manifest_source.h"
#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma graph`: what depends on what, as a drawing.
class GraphVerb final : public Verb {
 public:
  std::string name() const override { return "graph"; }
  std::string summary() const override;
  std::string examples() const override;
  void Declare(CLI::App& app) override;
  int Run(const std::optional<std::vector<std::string>>& program) override;

 private:
  absl::StatusOr<Format> ChosenFormat() const;

  ManifestSource source_;
  std::string output_;
  std::string format_;
  bool ascii_ = false;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_GRAPH_VERB_H_
