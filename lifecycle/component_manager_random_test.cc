// SPDX-License-Identifier: Apache-2.0

// Random lives of a component against a model. The test hands each worker one step at a time and
// waits until it has taken it, so there is no time in it and a seed reproduces a life exactly: run
// with STEMMA_SEED=N to do so.

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "stemma/lifecycle/component_manager.h"

namespace stemma {
namespace {

enum class Step {
  kFinishStartUp,
  kWork,
  kCheckStopAndExit,
  kCheckStopAndLinger,
  kReport,
  kSwallowThrow,
  kReturn,
  kThrow,
  kThrowException,
};
constexpr int kSteps = 9;

const char* Name(Step step) {
  static constexpr const char* kNames[kSteps] = {"finish start-up",
                                                 "work",
                                                 "check stop and exit",
                                                 "check stop and linger",
                                                 "report",
                                                 "swallow a throw",
                                                 "return",
                                                 "throw",
                                                 "throw an exception"};
  return kNames[static_cast<int>(step)];
}

// Hands one value from one thread to another, and waits until it is taken.
template <class T>
class Hand {
 public:
  void Give(T value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
    changed_.notify_all();
  }
  T Take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return value_.has_value(); });  // woken by Give
    T value = *std::move(value_);
    value_.reset();
    return value;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<T> value_;  // guarded by mutex_
};

struct Order {
  Step step;
  std::string error;
};

// What a worker answers to a step: what it saw of the stop.
using Saw = bool;

// One worker, driven step by step. It answers each step; the ones that end it are answered by its
// last destructor.
class Puppet {
 public:
  ComponentWorker worker() {
    return [this](const SignalerContext& context, const ReadyFunc& ready) { Run(context, ready); };
  }

  Saw Do(Order order) {
    order_.Give(std::move(order));
    return answer_.Take();
  }

 private:
  void Run(const SignalerContext& context, const ReadyFunc& ready) {
    struct AnswerAtEnd {
      Puppet& puppet;
      Saw saw = false;
      ~AnswerAtEnd() { puppet.answer_.Give(saw); }
    } at_end{*this};
    for (;;) {
      const Order order = order_.Take();
      const absl::Status error = absl::AbortedError(order.error);
      at_end.saw = context.stop_requested();
      switch (order.step) {
        case Step::kFinishStartUp:
          ready();
          break;
        case Step::kWork:
        case Step::kCheckStopAndLinger:
          break;
        case Step::kCheckStopAndExit:
          if (at_end.saw) return;
          break;
        case Step::kReport:
          context.Report(error);
          break;
        case Step::kSwallowThrow:
          try {
            context.Throw(error);
          } catch (...) {
          }
          break;
        case Step::kReturn:
          return;
        case Step::kThrow:
          context.Throw(error);
        case Step::kThrowException:
          throw std::runtime_error(order.error);
      }
      answer_.Give(at_end.saw);
    }
  }

  Hand<Order> order_;
  Hand<Saw> answer_;
};

// What the contract says of the component after the steps so far.
struct Model {
  struct Worker {
    bool ready = false;
    bool ended = false;
  };
  std::vector<Worker> workers;
  bool stopped = false;
  StopReason::Kind reason = StopReason::Kind::kNone;
  std::vector<std::string> failures;  // by message, in the order of the steps

  bool ready() const {
    for (const Worker& worker : workers) {
      if (!worker.ready) return false;
    }
    return true;
  }
  bool done() const {
    for (const Worker& worker : workers) {
      if (!worker.ended) return false;
    }
    return true;
  }

  void Stop(StopReason::Kind why) {
    if (!stopped) reason = why;
    stopped = true;
  }
  void Fail(const std::string& message) {
    failures.push_back(message);
    Stop(StopReason::Kind::kFailure);
  }

  void Take(std::size_t index, const Order& order) {
    Worker& worker = workers[index];
    switch (order.step) {
      case Step::kFinishStartUp:
        worker.ready = true;
        break;
      case Step::kWork:
      case Step::kCheckStopAndLinger:
        break;
      case Step::kCheckStopAndExit:
        worker.ended = stopped;
        break;
      case Step::kReport:
      case Step::kSwallowThrow:
        Fail(order.error);
        break;
      case Step::kReturn:
        worker.ended = true;
        break;
      case Step::kThrow:
        Fail(order.error);
        worker.ended = true;
        break;
      case Step::kThrowException:
        Fail("std::runtime_error: " + order.error);
        worker.ended = true;
        break;
    }
  }
};

class Life {
 public:
  explicit Life(std::uint64_t seed) : random_(seed) {}

  void Live() {
    const auto worker_count = static_cast<std::size_t>(Pick(5));  // 0 to 4
    std::vector<std::unique_ptr<Puppet>> puppets;
    ComponentManagerBuilder builder;
    for (std::size_t i = 0; i < worker_count; ++i) {
      puppets.push_back(std::make_unique<Puppet>());
      builder.AddWorker(puppets.back()->worker());
    }
    model_.workers.resize(worker_count);
    const auto manager = builder.Build();
    const Subscription on_first = source_.OnFailure([this](const Failure&) { CountFailure(); });
    const Subscription on_secondary =
        source_.OnSecondary([this](const Failure&) { CountFailure(); });
    REQUIRE_FALSE(manager->Ready().IsSet());
    REQUIRE_FALSE(manager->Done().IsSet());

    const int cancel_at = Pick(30);  // often after the end, and so never
    if (cancel_at == 0) Cancel();
    REQUIRE(manager->Start(context_).ok());
    Check(*manager);
    for (int step = 1; !model_.done(); ++step) {
      if (step == cancel_at) {
        Cancel();
        Check(*manager);
      }
      std::size_t index = static_cast<std::size_t>(Pick(static_cast<int>(worker_count)));
      while (model_.workers[index].ended) index = (index + 1) % worker_count;
      const Order order{.step = PickStep(), .error = "error " + std::to_string(step)};
      story_ += "; worker " + std::to_string(index) + ": " + Name(order.step);

      const bool was_stopped = model_.stopped;
      const Saw saw = puppets[index]->Do(order);
      CAPTURE(story_);
      REQUIRE(saw == was_stopped);
      model_.Take(index, order);
      // An exception becomes a failure after the worker's last destructor has answered: this is the
      // event to wait for.
      if (order.step == Step::kThrowException) AwaitFailures(*manager);
      Check(*manager);
    }
  }

 private:
  int Pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }

  // Ends are rarer than the rest, so that lives are long enough for something to happen in them.
  Step PickStep() {
    Step step = static_cast<Step>(Pick(kSteps));
    if (step >= Step::kReport && Pick(2) == 0) step = static_cast<Step>(Pick(4));
    return step;
  }

  void Cancel() {
    story_ += "; cancel";
    stop_.request_stop();
    model_.Stop(StopReason::Kind::kRequested);
  }

  void CountFailure() {
    const std::lock_guard lock(mutex_);
    ++delivered_;
    changed_.notify_all();
  }

  void AwaitFailures(const ComponentManager& manager) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(
          lock, [this] { return delivered_ == model_.failures.size(); });  // woken by CountFailure
    }
    manager.ShutdownSignal().Wait();
    context_.WaitForStop();
  }

  void Check(const ComponentManager& manager) {
    CAPTURE(story_);
    if (model_.done())
      manager.Done().Wait();  // set by the last worker's thread, a moment after its last answer
    REQUIRE(manager.Done().IsSet() == model_.done());
    REQUIRE(manager.Ready().IsSet() == model_.ready());
    REQUIRE(manager.ShutdownSignal().IsSet() == (model_.stopped || model_.done()));
    REQUIRE(source_.first().has_value() == !model_.failures.empty());

    std::vector<std::string> failures;
    if (const auto first = source_.first()) failures.emplace_back(first->status.message());
    for (const Failure& failure : source_.secondary()) {
      failures.emplace_back(failure.status.message());
    }
    if (model_.failures.size() <= FailureSource::kMaxSecondary)
      REQUIRE(failures == model_.failures);
    REQUIRE(context_.stop_requested() == model_.stopped);
    REQUIRE(context_.stop_reason().kind == model_.reason);
  }

  std::mt19937_64 random_;
  Model model_;
  std::string story_;

  std::stop_source stop_;
  const std::pair<SignalerContext, FailureSource> ends_ = WithSignaler(stop_.get_token());
  const SignalerContext& context_ = ends_.first;
  const FailureSource& source_ = ends_.second;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t delivered_ = 0;  // guarded by mutex_
};

TEST_CASE("after every step of a random life the component is as the contract says",
          "[lifecycle][L1][L2][L3][L4][L5][random]") {
  const char* const given = std::getenv("STEMMA_SEED");
  const std::uint64_t first =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  const int lives = given != nullptr ? 1 : 500;
  for (int i = 0; i < lives; ++i) {
    const std::uint64_t seed = first + static_cast<std::uint64_t>(i);
    INFO("STEMMA_SEED=" << seed);
    Life(seed).Live();
  }
}

}  // namespace
}  // namespace stemma
