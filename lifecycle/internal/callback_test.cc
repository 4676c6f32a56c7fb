// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/callback.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma::internal {
namespace {

TEST_CASE("a list forgets cancelled callbacks as it grows, and no others", "[lifecycle][event]") {
  CallbackList<> list;
  int calls = 0;
  const auto live = std::make_shared<Callback<>>([&] { ++calls; });
  list.Add(live);
  for (int i = 0; i < 1000; ++i) {
    auto callback = std::make_shared<Callback<>>([&] { calls += 1000; });
    callback->Cancel();
    list.Add(std::move(callback));
  }
  CHECK(list.all().size() <= 4);
  for (const auto& callback : list.TakeAll()) callback->Run();
  CHECK(calls == 1);
  CHECK(list.all().empty());
}

TEST_CASE("a callback may be run many times until it is cancelled, with arguments",
          "[lifecycle][event]") {
  int sum = 0;
  Callback<int> callback([&](int n) { sum += n; });
  callback.Run(1);
  callback.Run(2);
  callback.Cancel();
  callback.Run(4);
  CHECK(sum == 3);
}

TEST_CASE("a callback that is empty does nothing but be logged", "[lifecycle][event]") {
  Callback<> callback(nullptr);
  CHECK_NOTHROW(callback.Run());
}

}  // namespace
}  // namespace stemma::internal
