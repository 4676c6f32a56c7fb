// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/loan.h"

#include <memory>
#include <optional>
#include <thread>

#include "catch2/catch_test_macros.hpp"

namespace kv {
namespace {

TEST_CASE("what is lent can be had until it is taken back", "[kv]") {
  const stemma::Slot<int> slot;
  {
    const Loan lent(slot, std::make_shared<int>(1));
    CHECK(*slot.Get() == 1);
  }
  CHECK(slot.Get() == nullptr);
}

TEST_CASE("taking back waits for those who are using it", "[kv]") {
  const stemma::Slot<int> slot;
  const auto value = std::make_shared<int>(1);
  std::optional<Loan<int>> lent(std::in_place, slot, value);
  std::shared_ptr<int> used = slot.Get();
  bool returned = false;
  std::jthread user([&] {
    while (slot.Get() != nullptr) std::this_thread::yield();  // until it is being taken back
    returned = true;
    used.reset();
  });
  lent.reset();
  CHECK(returned);
  CHECK(value.use_count() == 1);  // nobody has it any more
}

}  // namespace
}  // namespace kv
