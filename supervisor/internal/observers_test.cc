// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/observers.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"

namespace stemma::internal {
namespace {

// Observers whose deliveries run when the test says so.
struct Post {
  void Publish(std::uint64_t number) {
    SupervisorEvent event;
    event.number = number;
    observers.Publish(std::make_shared<const SupervisorEvent>(std::move(event)));
  }
  void Deliver() {
    for (const auto& call : std::exchange(calls, {})) call();
  }

  std::vector<std::function<void()>> calls;
  Observers observers{[this](std::function<void()> call) { calls.push_back(std::move(call)); }};
};

TEST_CASE("what a slow listener has no room for comes as one gap with a count",
          "[supervisor][S10]") {
  Post post;
  std::vector<SupervisorEvent> seen;
  const Subscription slow =
      post.observers.Subscribe([&](const SupervisorEvent& event) { seen.push_back(event); });
  const std::uint64_t all = Observers::kMaxWaiting + 5;
  for (std::uint64_t number = 1; number <= all; ++number) post.Publish(number);
  post.Deliver();
  post.Publish(all + 1);
  post.Deliver();

  REQUIRE(seen.size() == Observers::kMaxWaiting + 2);
  for (std::size_t i = 0; i < Observers::kMaxWaiting; ++i) REQUIRE(seen[i].number == i + 1);
  const SupervisorEvent& gap = seen[Observers::kMaxWaiting];
  CHECK(gap.kind == SupervisorEvent::Kind::kGap);
  CHECK(gap.missed == 5);
  CHECK(seen.back().number == all + 1);
}

TEST_CASE("each listener has a queue of its own, and one call on its way at most",
          "[supervisor][S10]") {
  Post post;
  int first = 0, second = 0;
  const Subscription one = post.observers.Subscribe([&](const SupervisorEvent&) { ++first; });
  post.Publish(1);
  const Subscription other = post.observers.Subscribe([&](const SupervisorEvent&) { ++second; });
  post.Publish(2);
  CHECK(post.calls.size() == 2);
  post.Deliver();
  CHECK(first == 2);
  CHECK(second == 1);
}

TEST_CASE("a listener that has unsubscribed hears no more, not even what was waiting",
          "[supervisor][S10]") {
  Post post;
  int heard = 0;
  {
    const Subscription brief = post.observers.Subscribe([&](const SupervisorEvent&) { ++heard; });
    post.Publish(1);
  }
  post.Deliver();
  CHECK(heard == 0);
}

}  // namespace
}  // namespace stemma::internal
