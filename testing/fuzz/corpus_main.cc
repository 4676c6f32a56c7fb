// SPDX-License-Identifier: Apache-2.0
// In the place of libFuzzer's main: gives a fuzzer the files that are named, each once, and then a
// thousand inputs that are made of them by chance.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "stemma/graph/internal/seed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void Give(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

// One of them, with bytes changed, added, left out, or taken from another.
std::string Mutant(const std::vector<std::string>& inputs, std::mt19937& generator) {
  const auto roll = [&generator](std::size_t sides) {
    return std::uniform_int_distribution<std::size_t>(0, sides - 1)(generator);
  };
  std::string input = inputs[roll(inputs.size())];
  for (std::size_t changes = 1 + roll(4); changes > 0; --changes) {
    const std::size_t at = roll(input.size() + 1);
    const std::size_t kind = roll(3);
    if (kind == 0) {
      input.replace(at, roll(2), 1, static_cast<char>(roll(256)));
    } else if (kind == 1) {
      input.erase(at, 1 + roll(16));
    } else {
      const std::string& other = inputs[roll(inputs.size())];
      input.replace(at, roll(16), other, roll(other.size() + 1), 1 + roll(64));
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> inputs;
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    if (!file) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 1;
    }
    std::fprintf(stderr, "%s\n", argv[i]);  // the last line names the one that crashed
    Give(inputs.back());
  }
  if (inputs.empty()) return 1;
  const unsigned seed = stemma::internal::Seed();
  for (unsigned mutant = 0; mutant < 1000; ++mutant) {
    std::mt19937 generator(seed + mutant);  // so that the one that crashed is the first next time
    std::fprintf(stderr, "to run it again: --test_env=STEMMA_SEED=%u\n", seed + mutant);
    Give(Mutant(inputs, generator));
  }
  std::printf("%d inputs, and 1000 made of them\n", argc - 1);
  return 0;
}
