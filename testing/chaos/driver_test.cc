// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/driver.h"

#include <chrono>
#include <cstdint>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/graph/internal/seed.h"

namespace stemma::chaos {
namespace {

using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;

constexpr const char* kProgram = "testing/chaos/chaos";

TEST_CASE("whatever goes wrong, nothing is lost",
          "[chaos][S2][S5][S6][S10][S12][S13][S15][S16][S17][S18][S24][random]") {
  const std::uint64_t seeds[] = {1, 20'000'000, internal::Seed()};
  for (const std::uint64_t seed : seeds) {
    INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
    Driver driver({.program = kProgram, .seed = seed, .time = 700ms, .process_time = 300ms});
    driver.Run();
    INFO(driver.ledger().texts());
    CHECK(driver.ledger().lost() == 0);
    CHECK(driver.ledger().count(Sight::kRounds) > 0);
  }
}

TEST_CASE("in every circumstance nothing is lost, and what is said to be injected is",
          "[chaos][S10][S13][S17][S23]") {
  struct Case {
    Circumstance circumstance;
    std::vector<Fault> faults;
  };
  const Case cases[] = {
      {Circumstance::kPlain, {Fault::kThrow, Fault::kCommandStop, Fault::kListenerThrows}},
      {Circumstance::kThreads, {}},
      {Circumstance::kMemory, {Fault::kOutOfMemory}},
      {Circumstance::kDisk, {Fault::kDiskFull}},
      {Circumstance::kKill, {Fault::kSigKill}},
      {Circumstance::kSignals, {Fault::kSigTerm, Fault::kSigInt}},
  };
  for (const auto& [circumstance, faults] : cases) {
    INFO(ToString(circumstance));
    // How many rounds fit into the time is the machine's affair: until all of it was seen.
    std::vector<Fault> unseen = faults;
    constexpr std::uint64_t kMostSeeds = 100;
    for (std::uint64_t seed = 1; seed == 1 || (!unseen.empty() && seed <= kMostSeeds); ++seed) {
      Driver driver({.program = kProgram,
                     .seed = seed,
                     .time = 100ms,
                     .process_time = 100ms,
                     .only = circumstance});
      driver.Run();
      INFO(driver.ledger().texts());
      REQUIRE(driver.ledger().lost() == 0);
      std::erase_if(unseen, [&](Fault fault) { return driver.ledger().count(fault) > 0; });
    }
    for (const Fault fault : unseen) FAIL_CHECK("never injected: " << ToString(fault));
  }
}

TEST_CASE("a process that ends otherwise than it should is a loss", "[chaos]") {
  Driver driver({.program = "/bin/false", .seed = 1, .only = Circumstance::kPlain, .once = true});
  driver.Run();
  CHECK(driver.ledger().count(Loss::kProcess) == 1);
  CHECK_THAT(driver.Table(),
             ContainsSubstring("| a process that ended otherwise than decided | 1"));
  CHECK_THAT(driver.ledger().texts(), ContainsSubstring("1 instead of 0"));
}

TEST_CASE("a process that does not end is a loss, and is ended", "[chaos]") {
  Driver driver({.program = "testing/chaos/hangs.sh",
                 .seed = 1,
                 .only = Circumstance::kPlain,
                 .once = true,
                 .hang_limit = 100ms});
  driver.Run();
  CHECK(driver.ledger().count(Loss::kHang) == 1);
}

}  // namespace
}  // namespace stemma::chaos
