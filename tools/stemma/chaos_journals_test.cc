// SPDX-License-Identifier: Apache-2.0
// The journals that services leave, however they end, as the command reads them.
#include <chrono>

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/chaos/driver.h"

namespace stemma::chaos {
namespace {

using namespace std::chrono_literals;

const Ledger& Run(Driver& driver) {
  driver.Run();
  return driver.ledger();
}

DriverOptions Options(Circumstance circumstance) {
  return {.program = "testing/chaos/chaos",
          .seed = 1,
          .time = 2s,
          .only = circumstance,
          .verifier = "tools/stemma/stemma"};
}

TEST_CASE("the journal of a killed process can be verified up to its last whole line",
          "[stemma][S17][chaos]") {
  Driver driver(Options(Circumstance::kKill));
  const Ledger& ledger = Run(driver);
  INFO(ledger.texts());
  CHECK(ledger.lost() == 0);
  CHECK(ledger.count(Sight::kJournalsVerified) > 0);
}

TEST_CASE("the journal of a service that signals end can be verified",
          "[stemma][S13][S17][chaos]") {
  Driver driver(Options(Circumstance::kSignals));
  const Ledger& ledger = Run(driver);
  INFO(ledger.texts());
  CHECK(ledger.lost() == 0);
  CHECK(ledger.count(Sight::kJournalsVerified) > 0);
}

TEST_CASE(
    "a journal whose disk was full for a while can be verified up to its gap, and read past it",
    "[stemma][S17][chaos]") {
  Driver driver(Options(Circumstance::kDisk));
  const Ledger& ledger = Run(driver);
  INFO(ledger.texts());
  CHECK(ledger.lost() == 0);
  CHECK(ledger.count(Sight::kJournalsWithGaps) + ledger.count(Sight::kJournalsTorn) > 0);
}

TEST_CASE("a journal that the command refuses is noticed", "[stemma][chaos]") {
  DriverOptions options = Options(Circumstance::kSignals);
  options.time = 1s;
  options.verifier = "/bin/false";
  Driver driver(options);
  CHECK(Run(driver).count(Loss::kJournal) > 0);
}

}  // namespace
}  // namespace stemma::chaos
