// SPDX-License-Identifier: Apache-2.0
// mutate IN... OUT...: copies the engine's sources as MutantEngine's, with kMutations in them.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "stemma/testing/internal/mutations.h"

namespace {

using stemma::internal::kMutations;
using stemma::internal::Mutation;

// Returns: how often it was there.
int Replace(std::string& text, const std::string& was, const std::string& becomes) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(was, at)) != std::string::npos; at += becomes.size()) {
    text.replace(at, was.size(), becomes);
    ++count;
  }
  return count;
}

std::string Mutated(const Mutation& mutation, std::size_t index) {
  const std::string active = "internal::active_mutation == " + std::to_string(index + 1);
  const std::string was(mutation.was), becomes(mutation.becomes);
  if (mutation.form == Mutation::kExpression)
    return "(" + active + " ? (" + becomes + ") : (" + was + "))";
  return "if (" + active + ") {\n" + becomes + "\n} else {\n" + was + "\n}\n";
}

}  // namespace

int main(int argc, char** argv) {
  const int files = (argc - 1) / 2;
  std::vector<std::string> texts;
  for (int i = 1; i <= files; ++i) {
    std::ifstream in(argv[i]);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  int failures = 0;
  for (std::size_t i = 0; i < std::size(kMutations); ++i) {
    int count = 0;
    for (std::string& text : texts)
      count += Replace(text, std::string(kMutations[i].was), Mutated(kMutations[i], i));
    if (count == 1) continue;
    ++failures;
    std::fprintf(stderr, "mutations.h: \"%s\": its text is in the engine %d times, not once:\n%s\n",
                 kMutations[i].name.data(), count, kMutations[i].was.data());
  }
  for (int i = 0; i < files; ++i) {
    std::string text = std::regex_replace(texts[static_cast<std::size_t>(i)],
                                          std::regex("\\bEngine\\b"), "MutantEngine");
    Replace(text, "STEMMA_SUPERVISOR_ENGINE_H_", "STEMMA_TESTING_INTERNAL_MUTANT_ENGINE_H_");
    Replace(text, "#include \"stemma/supervisor/engine.h\"",
            "#include \"stemma/testing/internal/mutant_engine.h\"");
    Replace(text, "#include \"stemma/supervisor/engine_types.h\"",
            "#include \"stemma/supervisor/engine_types.h\"\n"
            "#include \"stemma/testing/internal/mutations.h\"");
    std::ofstream out(argv[1 + files + i]);
    out << text;
    if (!out.flush()) ++failures;
  }
  return failures == 0 ? 0 : 1;
}
