// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_TEST_SERVICE_H_
#define STEMMA_SUPERVISOR_INTERNAL_TEST_SERVICE_H_

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/manual_clock.h"

namespace stemma::internal {

// What happened, in order, written by any thread and read by the test's.
class Diary {
 public:
  void Write(std::string line) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();  // locked: who waits for the last line may destroy the diary
  }
  // Waits until `line` has been written `times` times.
  void Await(const std::string& line, int times = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return CountLocked(line) >= times; });
  }
  int Count(const std::string& line) const {
    const std::lock_guard lock(mutex_);
    return CountLocked(line);
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  // The place of the first such line, or -1.
  int Find(const std::string& line) const {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i] == line) return static_cast<int>(i);
    }
    return -1;
  }
  bool Before(const std::string& first, const std::string& second) const {
    const int a = Find(first), b = Find(second);
    return a >= 0 && b >= 0 && a < b;
  }

 private:
  int CountLocked(const std::string& line) const {
    int count = 0;
    for (const std::string& other : lines_) count += other == line;
    return count;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

// A component of one worker that writes what it does and, until it is asked to stop, does what the
// test asks for: `fail`.
struct Part {
  explicit Part(std::string the_name, Diary& the_diary)
      : name(std::move(the_name)), diary(the_diary) {}

  // Makes the live incarnation throw.
  void Fail(absl::Status status = absl::InternalError("told to fail")) {
    std::function<void(absl::Status)> fail;
    {
      const std::lock_guard lock(mutex);
      fail = current;
    }
    fail(std::move(status));
  }

  ComponentFactory Factory() {
    return [this]() -> absl::StatusOr<std::unique_ptr<Component>> {
      diary.Write("make " + name);
      return ComponentManagerBuilder()
          .AddWorker("main", [this](const SignalerContext& context,
                                    const ReadyFunc& ready) { Run(context, ready); })
          .Build();
    };
  }

  std::string name;
  Diary& diary;
  std::function<void(const SignalerContext&)>
      on_stop;  // runs in the worker once stop was requested
  std::mutex mutex;
  std::function<void(absl::Status)> current;  // guarded by mutex

 private:
  void Run(const SignalerContext& context, const ReadyFunc& ready) {
    {
      const std::lock_guard lock(mutex);
      current = [context](absl::Status status) { context.Report(std::move(status)); };
    }
    ready();
    context.WaitForStop();
    diary.Write("stopping " + name);
    if (on_stop) on_stop(context);
    diary.Write("end " + name);
  }
};

// A supervisor that runs on a thread of its own, its transitions in a diary as "db -> ready".
class Service {
 public:
  explicit Service(std::vector<Node> nodes, SupervisorOptions options = {},
                   std::shared_ptr<ManualClock> the_clock = std::make_shared<ManualClock>())
      : clock(std::move(the_clock)) {
    options.clock = clock;
    auto created = Supervisor::Create(std::move(nodes), std::move(options));
    REQUIRE(created.ok());
    supervisor = *std::move(created);
    subscription_ = supervisor->Subscribe([this](const SupervisorEvent& event) {
      if (event.kind == SupervisorEvent::Kind::kTransition) {
        diary.Write(event.node + " -> " + std::string(ToString(event.to)));
      } else if (event.node.empty()) {
        diary.Write(std::string(ToString(event.kind)));
      } else {
        diary.Write(event.node + " " + std::string(ToString(event.kind)));
      }
    });
  }

  void Start() {
    thread_ =
        std::jthread([this](const std::stop_token&) { result_.set_value(supervisor->Run()); });
  }
  RunResult Join() {
    RunResult result = result_.get_future().get();
    thread_.join();
    return result;
  }
  RunResult Stop() {
    supervisor->RequestStop();
    return Join();
  }

  Diary diary;
  const std::shared_ptr<ManualClock> clock;
  std::unique_ptr<Supervisor> supervisor;

 private:
  Subscription subscription_;
  std::promise<RunResult> result_;
  std::jthread thread_;
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_TEST_SERVICE_H_
