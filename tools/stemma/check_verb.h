// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_CHECK_VERB_H_
#define STEMMA_TOOLS_STEMMA_CHECK_VERB_H_

#include "stemma/tools/stemma/manifest_source.h"
#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma check`: would a supervisor accept these nodes (S1)? All the problems at once.
class CheckVerb final : public Verb {
 public:
  std::string name() const override { return "check"; }
  std::string summary() const override;
  std::string examples() const override;
  void Declare(CLI::App& app) override { source_.Declare(app); }
  int Run(const std::optional<std::vector<std::string>>& program) override;

 private:
  ManifestSource source_;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_CHECK_VERB_H_
