// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_RUN_TOGETHER_H_
#define STEMMA_LIFECYCLE_INTERNAL_RUN_TOGETHER_H_

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <latch>
#include <thread>
#include <vector>

namespace stemma::internal {

// How often a test of a race repeats it.
inline constexpr int kRaces = 1000;

// For tests of races: runs every action on a thread of its own, let go at the same moment; returns
// when all have returned.
inline void RunTogether(std::initializer_list<std::function<void()>> actions) {
  std::latch start(static_cast<std::ptrdiff_t>(actions.size()));
  std::vector<std::jthread> threads;
  for (const auto& action : actions) {
    threads.emplace_back([&start, &action] {
      start.arrive_and_wait();
      action();
    });
  }
}

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_RUN_TOGETHER_H_
