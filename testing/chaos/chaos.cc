// SPDX-License-Identifier: Apache-2.0
// Runs random services in real processes while all goes wrong that can be made to, for a given
// time, and tells what was done and what was lost (docs/reliability.md).
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/testing/chaos/driver.h"

// Threads that are left behind are the point here, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace {

constexpr const char* kUsage =
    "chaos [--for 10s] [--seed N] [--nodes 12] [--verify STEMMA]\n"
    "chaos --seed N --only plain|threads|memory|disk|kill|signals --once\n"
    "  --for     for how long new processes are started\n"
    "  --seed    of all that is random; default: STEMMA_SEED, else a new one\n"
    "  --nodes   of the outermost graphs, at most\n"
    "  --only    one circumstance\n"
    "  --once    one process, of which the first round has that very seed\n"
    "  --verify  the stemma command, to verify journal files with\n";

}  // namespace

int main(int argc, char** argv) {
  using namespace stemma::chaos;
  if (const auto code = RunAsChild(argc, argv)) return *code;
  DriverOptions options{.program = std::filesystem::read_symlink("/proc/self/exe"),
                        .seed = stemma::internal::Seed()};
  for (int i = 1; i < argc; ++i) {
    const std::string_view flag = argv[i];
    const bool has_value = i + 1 < argc;
    if (flag == "--once") {
      options.once = true;
    } else if (flag == "--for" && has_value) {
      absl::Duration time;
      if (!absl::ParseDuration(argv[++i], &time)) return std::fputs(kUsage, stderr), EXIT_FAILURE;
      options.time = absl::ToChronoNanoseconds(time);
    } else if (flag == "--seed" && has_value) {
      options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (flag == "--nodes" && has_value) {
      options.most_nodes = std::max(1, std::atoi(argv[++i]));
    } else if (flag == "--verify" && has_value) {
      options.verifier = argv[++i];
    } else if (flag == "--only" && has_value) {
      const std::string_view name = argv[++i];
      for (int c = 0; c < static_cast<int>(Circumstance::kCount); ++c) {
        if (ToString(static_cast<Circumstance>(c)) == name) {
          options.only = static_cast<Circumstance>(c);
        }
      }
      if (!options.only) return std::fputs(kUsage, stderr), EXIT_FAILURE;
    } else {
      return std::fputs(kUsage, stderr), EXIT_FAILURE;
    }
  }
  std::printf("chaos: seed %llu\n", static_cast<unsigned long long>(options.seed));
  std::fflush(stdout);
  Driver driver(options);
  driver.Run();
  std::fputs(driver.Table().c_str(), stdout);
  return driver.ledger().lost() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
