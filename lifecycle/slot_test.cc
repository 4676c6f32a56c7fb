// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/slot.h"

#include <catch2/catch_test_macros.hpp>
#include <thread>

#include "stemma/lifecycle/internal/run_together.h"

namespace stemma {
namespace {

using internal::kRaces;
using internal::RunTogether;

TEST_CASE("a slot holds what was published last, and nothing between incarnations",
          "[lifecycle][S6]") {
  const Slot<int> slot;
  CHECK(slot.Get() == nullptr);
  const Slot<int> copy = slot;
  slot.Publish(std::make_shared<int>(1));
  REQUIRE(copy.Get() != nullptr);
  CHECK(*copy.Get() == 1);
  slot.Publish(nullptr);
  CHECK(copy.Get() == nullptr);
  copy.Publish(std::make_shared<int>(2));
  CHECK(*slot.Get() == 2);
}

TEST_CASE("awaiting a slot ends when something is published", "[lifecycle][S6]") {
  const Slot<int> slot;
  std::shared_ptr<int> got;
  {
    const std::jthread waiter([&](std::stop_token) { got = slot.Await({}); });
    slot.Publish(std::make_shared<int>(1));
  }
  REQUIRE(got != nullptr);
  CHECK(*got == 1);
}

TEST_CASE("awaiting a slot ends with null when stop is requested, but a live instance wins",
          "[lifecycle][S6]") {
  const Slot<int> slot;
  std::stop_source stop;
  auto got = std::make_shared<int>(0);
  {
    const std::jthread waiter([&] { got = slot.Await(stop.get_token()); });
    stop.request_stop();
  }
  CHECK(got == nullptr);
  slot.Publish(std::make_shared<int>(1));
  CHECK(slot.Await(stop.get_token()) != nullptr);
}

TEST_CASE("an old instance may use the slot while it is destroyed", "[lifecycle][S6]") {
  struct Old {
    const Slot<Old>& slot;
    bool& saw_new;
    ~Old() { saw_new = slot.Get() == nullptr; }
  };
  const Slot<Old> slot;
  bool saw_new = false;
  slot.Publish(std::make_shared<Old>(Old{slot, saw_new}));
  saw_new = false;
  slot.Publish(nullptr);
  CHECK(saw_new);
}

TEST_CASE("publishing, getting and awaiting at once: whoever got it may use it",
          "[lifecycle][S6][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const Slot<int> slot;
    int awaited = 0;
    RunTogether({[&] {
                   slot.Publish(std::make_shared<int>(7));
                   slot.Publish(nullptr);
                   slot.Publish(std::make_shared<int>(7));
                 },
                 [&] {
                   if (const auto live = slot.Get()) ++*live;
                 },
                 [&] { awaited = slot.Await({}) != nullptr ? 1 : 0; }});
    REQUIRE(awaited == 1);
  }
}

}  // namespace
}  // namespace stemma
