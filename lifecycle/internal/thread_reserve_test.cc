// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/thread_reserve.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/internal/run_together.h"

namespace stemma::internal {
namespace {

constexpr auto kNothing = [] {};

TEST_CASE("a thread that waits does the next task", "[lifecycle][L8]") {
  ThreadReserve reserve;
  std::thread::id first;
  for (int i = 0; i < 100; ++i) {
    std::thread::id used;
    const EventSource over;
    REQUIRE_FALSE(reserve.Run(
        {{.run = [&] { used = std::this_thread::get_id(); }, .end = [over] { over.Set(); }}}));
    over.event().Wait();
    if (i == 0) first = used;
    // The one before may still be about to wait.
    if (i > 0 && used == first) return;
  }
  FAIL("each task had another thread");
}

TEST_CASE("tasks at the same time have a thread each, and end before what they captured is gone",
          "[lifecycle][L2][L8]") {
  ThreadReserve reserve;
  for (int i = 0; i < 3; ++i) {
    const EventSource first_runs, second_runs, first_over, second_over;
    auto captured = std::make_shared<int>();
    const std::weak_ptr<int> seen = captured;
    std::atomic<bool> gone_by_the_end = false;
    REQUIRE_FALSE(reserve.Run({{.run =
                                    [&, captured = std::move(captured)] {
                                      first_runs.Set();
                                      second_runs.event().Wait();
                                    },
                                .end =
                                    [&, first_over] {
                                      gone_by_the_end = seen.expired();
                                      first_over.Set();
                                    }},
                               {.run =
                                    [&] {
                                      second_runs.Set();
                                      first_runs.event().Wait();
                                    },
                                .end = [second_over] { second_over.Set(); }}}));
    first_over.event().Wait();
    second_over.event().Wait();
    CHECK(gone_by_the_end);
  }
}

TEST_CASE("the end joins the threads whose task is over, and waits for no other",
          "[lifecycle][L8][S12]") {
  const EventSource release, stuck_over;
  {
    static std::atomic<int> alive;
    alive = 0;
    struct Alive {
      Alive() { ++alive; }
      ~Alive() { --alive; }
      int used = 0;
    };
    const EventSource over, stuck_runs;
    {
      ThreadReserve reserve;
      REQUIRE_FALSE(reserve.Run({{.run =
                                      [] {
                                        thread_local Alive one;
                                        ++one.used;
                                      },
                                  .end = [over] { over.Set(); }},
                                 {.run =
                                      [&, release, stuck_runs] {
                                        stuck_runs.Set();
                                        release.event().Wait();
                                      },
                                  .end = [stuck_over] { stuck_over.Set(); }}}));
      over.event().Wait();
      stuck_runs.event().Wait();
      CHECK(alive == 1);
    }
    CHECK(alive == 0);  // the thread_local object of the thread that waited
  }
  release.Set();
  stuck_over.event().Wait();
}

TEST_CASE("the reserve may be destroyed by a task's end", "[lifecycle][L9]") {
  const EventSource over;
  auto reserve = std::make_unique<ThreadReserve>();
  ThreadReserve& used = *reserve;
  REQUIRE_FALSE(used.Run({{.run = kNothing, .end = [&reserve, over] {
                             reserve.reset();
                             over.Set();
                           }}}));
  over.event().Wait();
}

TEST_CASE("when the system gives no thread no task runs, and those that were made wait",
          "[lifecycle][L8]") {
  int to_be_had = 2;
  ThreadReserve reserve([&](std::function<void()> body) {
    if (to_be_had == 0) {
      throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    }
    --to_be_had;
    return std::thread(std::move(body));
  });
  std::atomic<int> ran = 0;
  const auto three = [&](const EventSource& over) {
    const auto left = std::make_shared<std::atomic<int>>(3);
    const ThreadReserve::Task task{.run = [&] { ++ran; },
                                   .end =
                                       [left, over] {
                                         if (--*left == 0) over.Set();
                                       }};
    return std::vector<ThreadReserve::Task>{task, task, task};
  };
  const auto refusal = reserve.Run(three({}));
  REQUIRE(refusal);
  CHECK(refusal->task == 2);
  CHECK_FALSE(refusal->why.empty());
  to_be_had = 1;
  const EventSource over;
  REQUIRE_FALSE(reserve.Run(three(over)));
  over.event().Wait();
  CHECK(ran == 3);
  CHECK(to_be_had == 0);
}

TEST_CASE("no task is forgotten, whoever runs some, and however soon after the last",
          "[lifecycle][L8][race]") {
  ThreadReserve reserve;
  std::atomic<int> ran = 0;
  const auto runs = [&] {
    for (int i = 0; i < kRaces; ++i) {
      const EventSource over;
      if (reserve.Run({{.run = [&] { ++ran; }, .end = [over] { over.Set(); }}})) return;
      over.event().Wait();
    }
  };
  RunTogether({runs, runs, runs});
  CHECK(ran == 3 * kRaces);
}

}  // namespace
}  // namespace stemma::internal
