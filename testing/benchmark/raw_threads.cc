// SPDX-License-Identifier: Apache-2.0
// The limit: the same number of threads without a supervisor, parked, stopped and joined.
//
//     raw_threads WAIT SCENARIO SHAPE SIZE
//
// WAIT is what the threads are parked with: "condition", a std::condition_variable_any that waits
// for a stop token, or "semaphore", a std::binary_semaphore. "reused" knows the scenario restart
// only: one thread that is never joined, and is handed each body by a semaphore. The scenarios are
// those of supervised.cc. Threads come up and go down by waves, as the shape wants it: those of a
// wave side by side, and the next wave once they are ready, or joined.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <memory>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/testing/benchmark/figures.h"
#include "stemma/testing/benchmark/shapes.h"

namespace stemma::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

class ConditionWait {
 public:
  void Park(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    never_.wait(lock, stop, [] { return false; });
  }
  void Release(std::jthread& thread) { thread.request_stop(); }

 private:
  std::mutex mutex_;
  std::condition_variable_any never_;
};

class SemaphoreWait {
 public:
  void Park(const std::stop_token&) { semaphore_.acquire(); }
  void Release(std::jthread&) { semaphore_.release(); }

 private:
  std::binary_semaphore semaphore_{0};
};

template <class Wait>
struct Parked {
  Wait wait;
  Clock::time_point told;
  std::jthread thread;
};

template <class Wait>
class Crowd {
 public:
  explicit Crowd(std::vector<std::size_t> waves)
      : waves_(std::move(waves)), all_(std::accumulate(waves_.begin(), waves_.end(), 0UL)) {}

  void Start() {
    auto next = all_.begin();
    for (const std::size_t wave : waves_) {
      std::latch ready(static_cast<std::ptrdiff_t>(wave));
      for (const auto end = next + static_cast<std::ptrdiff_t>(wave); next != end; ++next) {
        next->thread = std::jthread([&one = *next, &ready](const std::stop_token& stop) {
          ready.count_down();
          one.wait.Park(stop);
          one.told = Clock::now();
        });
      }
      ready.wait();
    }
  }

  void Stop() {
    auto next = all_.rbegin();
    for (auto wave = waves_.rbegin(); wave != waves_.rend(); ++wave) {
      const auto end = next + static_cast<std::ptrdiff_t>(*wave);
      for (auto one = next; one != end; ++one) one->wait.Release(one->thread);
      for (; next != end; ++next) next->thread.join();
    }
  }

  Clock::time_point last_told() const {
    return std::max_element(all_.begin(), all_.end(),
                            [](const auto& a, const auto& b) { return a.told < b.told; })
        ->told;
  }

 private:
  const std::vector<std::size_t> waves_;
  std::vector<Parked<Wait>> all_;
};

template <class Wait>
bool Measure(std::string_view scenario, Shape shape, std::size_t size, Figures& figures) {
  if (scenario == "start_stop") {
    const double before = ResidentBytes();
    const long threads = internal::CountThreads();
    Crowd<Wait> crowd(WavesOf(shape, size));
    const Stopwatch start;
    crowd.Start();
    start.Stop(figures, "start");
    figures.Set("bytes_per_node", (ResidentBytes() - before) / static_cast<double>(size));
    figures.Set("threads", static_cast<double>(internal::CountThreads() - threads));
    const Stopwatch stop;
    crowd.Stop();
    stop.Stop(figures, "stop");
  } else if (scenario == "cascade") {
    Crowd<Wait> crowd({size});
    crowd.Start();
    const Clock::time_point failed = Clock::now();
    crowd.Stop();
    figures.Set("told_ms",
                std::chrono::duration<double, std::milli>(crowd.last_told() - failed).count());
  } else if (scenario == "restart") {
    const Stopwatch all;
    for (std::size_t i = 0; i < size; ++i) std::thread([] {}).join();
    figures.Set("restart_us", all.wall_ms() * 1e3 / static_cast<double>(size));
    figures.Set("restart_cpu_us", all.cpu_ms() * 1e3 / static_cast<double>(size));
  } else {
    return false;
  }
  return true;
}

// What a restart would cost at least if workers had threads that go on.
bool MeasureReuse(std::string_view scenario, std::size_t size, Figures& figures) {
  if (scenario != "restart") return false;
  std::binary_semaphore begin(0), over(0);
  const std::jthread thread([&] {
    for (std::size_t i = 0; i < size; ++i) {
      begin.acquire();
      over.release();
    }
  });
  const Stopwatch all;
  for (std::size_t i = 0; i < size; ++i) {
    begin.release();
    over.acquire();
  }
  figures.Set("restart_us", all.wall_ms() * 1e3 / static_cast<double>(size));
  figures.Set("restart_cpu_us", all.cpu_ms() * 1e3 / static_cast<double>(size));
  return true;
}

int Main(int argc, char** argv) {
  const std::string_view wait = argc == 5 ? argv[1] : "";
  const std::string_view scenario = argc == 5 ? argv[2] : "";
  const auto shape = ShapeOf(argc == 5 ? argv[3] : "");
  const std::size_t size = argc == 5 ? std::strtoull(argv[4], nullptr, 10) : 0;
  Figures figures;
  const bool measured =
      shape && size > 0 &&
      (wait == "condition"   ? Measure<ConditionWait>(scenario, *shape, size, figures)
       : wait == "semaphore" ? Measure<SemaphoreWait>(scenario, *shape, size, figures)
       : wait == "reused"    ? MeasureReuse(scenario, size, figures)
                             : false);
  if (!measured) {
    std::fputs(
        "usage: raw_threads condition|semaphore|reused start_stop|cascade|restart "
        "flat|chain|layered|star SIZE\n",
        stderr);
    return 64;
  }
  figures.Print();
  return 0;
}

}  // namespace
}  // namespace stemma::benchmark

int main(int argc, char** argv) { return stemma::benchmark::Main(argc, argv); }
