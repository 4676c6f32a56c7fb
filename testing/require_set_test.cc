// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/require_set.h"

#include <thread>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/internal/witness.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using internal::CaughtFailures;
using internal::Witness;
using namespace std::chrono_literals;

TEST_CASE("a wait ends when the event is set, by whichever thread", "[testing]") {
  const CaughtFailures caught;
  const EventSource source;
  const std::jthread setter([&] { source.Set(); });
  RequireSet(source.event(), "it is set");
  RequireSetBefore(source.event(), 0s, "it is still set");
  CHECK(caught.all().empty());
}

TEST_CASE("a wait that gives up says what for, where, and what the doubles have seen",
          "[testing]") {
  const CaughtFailures caught;
  bool let_go = false;
  const Witness witness([] { return "db: made 1\nand more"; }, [&] { let_go = true; });
  const auto line = static_cast<unsigned>(__LINE__ + 1);
  const auto wait = [] { RequireSetBefore(EventSource().event(), 1ns, "the mailer has ended"); };
  CHECK(CaughtFailures::Leaves(wait));
  REQUIRE(caught.all().size() == 1);
  CHECK(caught.all()[0].where.line() == line);
  CHECK(caught.all()[0].message ==
        "waited 1ns in vain: the mailer has ended\n"
        "seen until then:\n"
        "  db: made 1\n"
        "    and more");
  CHECK(let_go);
}

TEST_CASE("a wait that gives up sooner says why, and one without doubles has nothing to tell",
          "[testing]") {
  const CaughtFailures caught;
  CHECK(CaughtFailures::Leaves(
      [] { GiveUp("db is ready", kPatience, SourceLocation::current(), "the run is over"); }));
  CHECK(caught.all().at(0).message == "waited in vain: db is ready (the run is over)");
}

TEST_CASE("a double that has gone tells nothing any more", "[testing]") {
  {
    const Witness witness([] { return "gone"; });
  }
  const Witness other([] { return "here"; });
  CHECK(Witness::TellAll() == "\n  here");
}

}  // namespace
}  // namespace stemma
