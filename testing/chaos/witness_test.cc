// SPDX-License-Identifier: Apache-2.0
// That the chaos program notices: each thing that must not be, made to be.
#include "stemma/testing/chaos/witness.h"

#include <memory>

#include "catch2/catch_test_macros.hpp"

namespace stemma::chaos {
namespace {

struct Stage {
  Stage() {
    db = witness.Add("db", {}, /*observed=*/true);
    api = witness.Add("api", {db}, /*observed=*/true);
  }
  void Launch(Witness::Who who) {
    witness.Making(who);
    witness.Made(who);
    witness.WorkerBegan(who);
    witness.Ready(who);
  }
  void End(Witness::Who who, StopReason::Kind why) {
    witness.Stopping(who, why);
    witness.WorkerEnded(who);
    witness.Destroying(who, why);
    witness.Destroyed(who);
  }

  const std::unique_ptr<Ledger> ledger = std::make_unique<Ledger>();
  Witness witness{*ledger};
  Witness::Who db, api;
};

using Kind = StopReason::Kind;

TEST_CASE("a run as it should be loses nothing", "[chaos]") {
  Stage stage;
  stage.Launch(stage.db);
  stage.Launch(stage.api);
  stage.End(stage.db, Kind::kRestart);  // its dependent keeps running (S6)
  stage.Launch(stage.db);
  stage.End(stage.api, Kind::kRequested);
  stage.End(stage.db, Kind::kRequested);
  stage.witness.Judge({}, {});
  CHECK(stage.ledger->texts() == "");
  CHECK(stage.ledger->lost() == 0);
  CHECK(stage.ledger->count(Sight::kInstances) == 3);
}

TEST_CASE("two incarnations alive at once are noticed", "[chaos][S5]") {
  Stage stage;
  stage.Launch(stage.db);
  stage.Launch(stage.db);
  CHECK(stage.ledger->count(Loss::kTwoAlive) == 1);
}

TEST_CASE("a launch before its dependency was ready is noticed", "[chaos][S2]") {
  Stage stage;
  stage.witness.Making(stage.db);
  stage.witness.Made(stage.db);
  stage.Launch(stage.api);
  CHECK(stage.ledger->count(Loss::kLaunch) == 1);
}

TEST_CASE("a stop before a dependent has ended is noticed, unless that was left behind",
          "[chaos][S5][S12]") {
  for (const Kind why : {Kind::kRequested, Kind::kSignal, Kind::kCascade, Kind::kShutdown,
                         Kind::kSpinHalt, Kind::kOperator}) {
    Stage stage;
    stage.Launch(stage.db);
    stage.Launch(stage.api);
    stage.End(stage.db, why);
    CHECK(stage.ledger->lost() == 0);  // not known yet
    SECTION("nobody was left behind") {
      stage.End(stage.api, why);
      stage.witness.Judge({}, {});
      CHECK(stage.ledger->count(Loss::kStopOrder) == 2);  // the stop and the destruction
    }
    SECTION("the dependent was abandoned") {
      stage.witness.WorkerEnded(stage.api);
      stage.witness.Judge({"api"}, {{"api", 1}});
      CHECK(stage.ledger->lost() == 0);
    }
  }
}

TEST_CASE("an instance that is destroyed while its worker runs is noticed", "[chaos][S5]") {
  Stage stage;
  stage.Launch(stage.db);
  stage.witness.Destroying(stage.db, Kind::kRequested);
  CHECK(stage.ledger->count(Loss::kInUse) == 1);
}

TEST_CASE("what is never destroyed, and what still runs, is noticed", "[chaos][S15]") {
  Stage stage;
  stage.Launch(stage.db);
  stage.witness.Judge({}, {});
  CHECK(stage.ledger->count(Loss::kInstance) == 1);
  CHECK(stage.ledger->count(Loss::kThread) == 1);
}

TEST_CASE("an instance that is destroyed twice is noticed", "[chaos]") {
  Stage stage;
  stage.Launch(stage.db);
  stage.End(stage.db, Kind::kRequested);
  stage.witness.Destroyed(stage.db);
  CHECK(stage.ledger->count(Loss::kReport) == 1);
}

}  // namespace
}  // namespace stemma::chaos
