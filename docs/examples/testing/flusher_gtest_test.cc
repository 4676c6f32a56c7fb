// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>

#include "docs/examples/testing/flusher.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "stemma/testing/gtest/event_matchers.h"
#include "stemma/testing/mock_signaler_context.h"
#include "stemma/testing/outages.h"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/service_under_test.h"
#include "stemma/testing/stop_order.h"

namespace flusher {
namespace {

using namespace std::chrono_literals;
using namespace stemma;
using stemma::gtest::Shows;

TEST(FlusherTest, FailsWhenTheDiskIsFull) {
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kResourceExhausted, "disk");
  const auto flusher = *Flusher([] { return absl::ResourceExhaustedError("disk full"); })();
  ASSERT_TRUE(flusher->Start(mock.context()).ok());
  RequireSet(flusher->Done(), "the flusher has ended");
}

TEST(FlusherTest, ComesBackWhenThereIsRoomAgain) {
  std::atomic<bool> full = true;
  const auto flush = [&] {
    return full ? absl::ResourceExhaustedError("disk full") : absl::OkStatus();
  };
  ServiceUnderTest service({{.name = "flusher", .factory = Flusher(flush)}});
  service.RequireState("flusher", NodeState::kBackingOff);
  full = false;
  service.clock().Advance(1s);  // more than the backoff
  service.RequireState("flusher", NodeState::kReady);
  EXPECT_THAT(service.events(), Shows(On("flusher").Restarted().Times(1)));
  EXPECT_EQ(service.Stop().ExitCode(), 0);
}

TEST(ShopTest, WhatHoldsWhateverFails) {
  Rehearsal rehearsal({
      {.name = "audit_log"},
      {.name = "db", .dependencies = {"audit_log"}},
      {.name = "http", .dependencies = {"db"}, .restart = {.initial = 10ms}},
  });
  rehearsal.ForEverySingleFailure(LastToStop("audit_log"));
  rehearsal.ForEverySingleFailure(OutageAtMost("http", 10s));
}

}  // namespace
}  // namespace flusher
