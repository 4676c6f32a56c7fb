// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/run_component.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/run_together.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using internal::kRaces;
using internal::RunTogether;

constexpr auto kRestart = ErrorHandlingBehavior::kRestart;

// Restarts at once, for ever.
RestartPolicy AtOnce() {
  RestartPolicy policy = RestartPolicy::Unlimited();
  policy.initial = policy.max = 0ns;
  return policy;
}

void End(const SignalerContext&, const ReadyFunc& ready) { ready(); }

ComponentWorker FailWith(absl::Status error) {
  return [error](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    context.Throw(error);
  };
}

// A factory whose Nth component runs the Nth worker; the last one is used for all that follow.
class Script {
 public:
  explicit Script(std::deque<ComponentWorker> workers) : workers_(std::move(workers)) {}

  ComponentFactory factory() {
    return [this]() -> absl::StatusOr<std::unique_ptr<Component>> {
      ++made_;
      const ComponentWorker worker = workers_.front();
      if (workers_.size() > 1) workers_.pop_front();
      return ComponentManagerBuilder().AddWorker(worker).Build();
    };
  }
  int made() const { return made_; }

 private:
  std::deque<ComponentWorker> workers_;
  int made_ = 0;
};

OnError Always(ErrorHandlingBehavior verdict) {
  return [verdict](const Failure&) { return verdict; };
}

TEST_CASE("a clean completion is OK, and the handler is not asked", "[lifecycle][L7]") {
  Script script({&End});
  bool asked = false;
  CHECK(RunComponent({}, script.factory(), [&](const Failure&) {
          asked = true;
          return kRestart;
        }).ok());
  CHECK_FALSE(asked);
  CHECK(script.made() == 1);
}

TEST_CASE("a requested stop without a failure is Cancelled, once the component has shut down",
          "[lifecycle][L7]") {
  std::stop_source stop;
  bool shut_down = false;
  Script script({[&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    stop.request_stop();
    context.WaitForStop();
    shut_down = true;
  }});
  CHECK(absl::IsCancelled(RunComponent(stop.get_token(), script.factory(), {})));
  CHECK(shut_down);
}

TEST_CASE("with stop requested beforehand nothing is made", "[lifecycle][L7]") {
  std::stop_source stop;
  stop.request_stop();
  Script script({&End});
  CHECK(absl::IsCancelled(RunComponent(stop.get_token(), script.factory(), {})));
  CHECK(script.made() == 0);
}

TEST_CASE("the factory's error comes back as it is, without asking the handler",
          "[lifecycle][L7]") {
  bool asked = false;
  const OnError on_error = [&](const Failure&) {
    asked = true;
    return kRestart;
  };
  const auto failing = []() -> absl::StatusOr<std::unique_ptr<Component>> {
    return absl::NotFoundError("no config");
  };
  CHECK(RunComponent({}, failing, on_error) == absl::NotFoundError("no config"));
  const auto null = []() -> absl::StatusOr<std::unique_ptr<Component>> { return nullptr; };
  CHECK(absl::IsInternal(RunComponent({}, null, on_error)));
  CHECK(absl::IsFailedPrecondition(RunComponent({}, nullptr, on_error)));
  CHECK_FALSE(asked);
}

TEST_CASE("the factory's error ends the run at a restart too", "[lifecycle][L7]") {
  int made = 0;
  const auto factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
    if (++made == 2) return absl::NotFoundError("gone");
    return ComponentManagerBuilder().AddWorker(FailWith(absl::AbortedError("x"))).Build();
  };
  CHECK(RunComponent({}, factory, {}, AtOnce()) == absl::NotFoundError("gone"));
}

TEST_CASE("any verdict but restart returns the failure that was handled last", "[lifecycle][L7]") {
  for (const auto verdict : {ErrorHandlingBehavior::kStop, ErrorHandlingBehavior::kStopParents,
                             ErrorHandlingBehavior::kShutdown, ErrorHandlingBehavior::kSpinHalt}) {
    Script script({FailWith(absl::AbortedError("first")), FailWith(absl::DataLossError("second"))});
    const OnError on_error = [&](const Failure& failure) {
      return absl::IsAborted(failure.status) ? kRestart : verdict;
    };
    CHECK(RunComponent({}, script.factory(), on_error, AtOnce()) == absl::DataLossError("second"));
    CHECK(script.made() == 2);
  }
}

TEST_CASE("the handler is asked after done, with the first failure", "[lifecycle][L7]") {
  bool others_returned = false;
  const EventSource waiting;
  const auto factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
    return ComponentManagerBuilder()
        .AddWorker([&](const SignalerContext& context, const ReadyFunc&) {
          waiting.Set();
          context.WaitForStop();
          others_returned = true;
        })
        .AddWorker("culprit",
                   [&](const SignalerContext& context, const ReadyFunc&) {
                     waiting.event().Wait();
                     context.Report(absl::AbortedError("first"));
                     context.Report(absl::AbortedError("second"));
                   })
        .Build();
  };
  std::vector<Failure> asked;
  const absl::Status status = RunComponent({}, factory, [&](const Failure& failure) {
    CHECK(others_returned);
    asked.push_back(failure);
    return ErrorHandlingBehavior::kStop;
  });
  CHECK(status == absl::AbortedError("first"));
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].worker == "culprit");
}

TEST_CASE("an empty handler restarts", "[lifecycle][L7]") {
  Script script({FailWith(absl::AbortedError("x")), FailWith(absl::AbortedError("y")), &End});
  CHECK(RunComponent({}, script.factory(), {}, AtOnce()).ok());
  CHECK(script.made() == 3);
}

TEST_CASE("at the policy's limit the last failure comes back", "[lifecycle][S8]") {
  Script script({FailWith(absl::AbortedError("1")), FailWith(absl::AbortedError("2")),
                 FailWith(absl::AbortedError("3")), &End});
  RestartPolicy policy = AtOnce();
  policy.max_restarts = 2;
  policy.window = std::chrono::nanoseconds::max();
  int asked = 0;
  const auto on_error = [&](const Failure&) {
    ++asked;
    return kRestart;
  };
  CHECK(RunComponent({}, script.factory(), on_error, policy) == absl::AbortedError("3"));
  CHECK(asked == 3);
}

TEST_CASE("an old instance is destroyed before the handler is asked and the next is made",
          "[lifecycle][L7]") {
  std::vector<std::string> order;
  class Logged final : public Component {
   public:
    explicit Logged(std::vector<std::string>& order) : order_(order) { order_.push_back("made"); }
    ~Logged() override { order_.push_back("destroyed"); }
    absl::Status Start(SignalerContext) override { return absl::UnavailableError("port"); }
    Event Ready() const override { return never_.event(); }
    Event Done() const override { return never_.event(); }

   private:
    std::vector<std::string>& order_;
    EventSource never_;
  };
  const auto factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
    return std::make_unique<Logged>(order);
  };
  const auto on_error = [&](const Failure& failure) {
    CHECK(failure.kind == FailureKind::kStart);
    order.push_back("asked");
    return order.size() < 6 ? kRestart : ErrorHandlingBehavior::kStop;
  };
  CHECK(RunComponent({}, factory, on_error, AtOnce()) == absl::UnavailableError("port"));
  CHECK(order ==
        std::vector<std::string>{"made", "destroyed", "asked", "made", "destroyed", "asked"});
}

TEST_CASE(
    "a failure during a requested stop asks the handler: restart gives Cancelled, the rest the "
    "failure",
    "[lifecycle][L7]") {
  for (const auto verdict : {kRestart, ErrorHandlingBehavior::kStop}) {
    std::stop_source stop;
    Script script({[&](const SignalerContext& context, const ReadyFunc&) {
      stop.request_stop();
      context.Throw(absl::DataLossError("while stopping"));
    }});
    int asked = 0;
    const absl::Status status =
        RunComponent(stop.get_token(), script.factory(), [&](const Failure&) {
          ++asked;
          return verdict;
        });
    CHECK(asked == 1);
    CHECK(script.made() == 1);
    if (verdict == kRestart) {
      CHECK(absl::IsCancelled(status));
    } else {
      CHECK(status == absl::DataLossError("while stopping"));
    }
  }
}

TEST_CASE("a stop ends the pause before a restart at once", "[lifecycle][L7]") {
  RestartPolicy policy;
  policy.initial = policy.max = 1000h;
  std::stop_source stop;
  Script script({FailWith(absl::AbortedError("x"))});
  std::jthread stopper;
  const auto on_error = [&](const Failure&) {
    stopper = std::jthread([&] { stop.request_stop(); });
    return kRestart;
  };
  CHECK(absl::IsCancelled(RunComponent(stop.get_token(), script.factory(), on_error, policy)));
  CHECK(script.made() == 1);
}

TEST_CASE("a handler that throws or answers nonsense counts as shutdown", "[lifecycle][S9]") {
  const std::vector<OnError> handlers = {
      [](const Failure&) -> ErrorHandlingBehavior { throw std::runtime_error("boom"); },
      [](const Failure&) -> ErrorHandlingBehavior {
        WithSignaler({}).first.Throw(absl::AbortedError("elsewhere"));
      },
      Always(static_cast<ErrorHandlingBehavior>(17)),
  };
  for (const OnError& handler : handlers) {
    Script script({FailWith(absl::AbortedError("x")), &End});
    CHECK(RunComponent({}, script.factory(), handler, AtOnce()) == absl::AbortedError("x"));
  }
}

TEST_CASE("an invalid policy is refused before anything runs", "[lifecycle][S1]") {
  RestartPolicy policy;
  policy.on_limit = kRestart;
  Script script({&End});
  CHECK(absl::IsInvalidArgument(RunComponent({}, script.factory(), {}, policy)));
  CHECK(script.made() == 0);
}

TEST_CASE("time in ready resets the backoff", "[lifecycle][S8]") {
  // Without the reset the second pause would be 1000 hours, and the stop the end of it.
  RestartPolicy policy = RestartPolicy::Unlimited();
  policy.initial = 1ns;
  policy.max = 1000h;
  policy.multiplier = 1e18;
  policy.reset_after = 0ns;
  Script script({FailWith(absl::AbortedError("x")), FailWith(absl::AbortedError("y")), &End});
  CHECK(RunComponent({}, script.factory(), {}, policy).ok());
  CHECK(script.made() == 3);
}

// Is ready, has failed, and has ended, all before its Start returns.
class OverAtOnce final : public Component {
 public:
  explicit OverAtOnce(bool fails) : fails_(fails) {}
  absl::Status Start(SignalerContext context) override {
    ready_.Set();
    if (fails_) context.Report(absl::AbortedError("x"));
    done_.Set();
    return absl::OkStatus();
  }
  Event Ready() const override { return ready_.event(); }
  Event Done() const override { return done_.event(); }

 private:
  const bool fails_;
  const EventSource ready_, done_;
};

TEST_CASE("it was ready, however soon after that it fails", "[lifecycle][L7][S8]") {
  RestartPolicy policy = RestartPolicy::Unlimited();
  policy.initial = 1ns;
  policy.max = 1000h;  // the second pause, if it were not reset
  policy.multiplier = 1e18;
  policy.reset_after = 0ns;
  int made = 0;
  const ComponentFactory factory = [&] { return std::make_unique<OverAtOnce>(++made <= 2); };
  CHECK(RunComponent({}, factory, {}, policy).ok());
  CHECK(made == 3);
}

TEST_CASE("a failure before ready does not reset the backoff", "[lifecycle][S8]") {
  RestartPolicy policy = RestartPolicy::Unlimited();
  policy.initial = 1ns;
  policy.max = 1000h;
  policy.multiplier = 1e18;
  policy.reset_after = 0ns;
  std::stop_source stop;
  const auto fail_before_ready = [](const SignalerContext& context, const ReadyFunc&) {
    context.Throw(absl::AbortedError("x"));
  };
  Script script({fail_before_ready});
  int asked = 0;
  std::jthread stopper;
  const auto on_error = [&](const Failure&) {
    // The second pause is the long one: only a stop ends it.
    if (++asked == 2) stopper = std::jthread([&] { stop.request_stop(); });
    return kRestart;
  };
  CHECK(absl::IsCancelled(RunComponent(stop.get_token(), script.factory(), on_error, policy)));
  CHECK(asked == 2);
}

TEST_CASE("a failure and the end at once: the failure wins", "[lifecycle][L7][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const auto factory = []() -> absl::StatusOr<std::unique_ptr<Component>> {
      return ComponentManagerBuilder()
          .AddWorker(&End)
          .AddWorker(FailWith(absl::AbortedError("x")))
          .Build();
    };
    REQUIRE(RunComponent({}, factory, Always(ErrorHandlingBehavior::kStop)) ==
            absl::AbortedError("x"));
  }
}

TEST_CASE("a stop against a failure: Cancelled or the failure, and never OK",
          "[lifecycle][L7][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::stop_source stop;
    Script script({FailWith(absl::AbortedError("x"))});
    absl::Status status;
    RunTogether({[&] { stop.request_stop(); },
                 [&] {
                   status = RunComponent(stop.get_token(), script.factory(),
                                         Always(ErrorHandlingBehavior::kStop));
                 }});
    REQUIRE((absl::IsCancelled(status) || status == absl::AbortedError("x")));
    if (script.made() == 1) REQUIRE(absl::IsAborted(status));
  }
}

TEST_CASE("a stop against a restart loop ends it", "[lifecycle][L7][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::stop_source stop;
    const EventSource running;
    Script script({[&](const SignalerContext& context, const ReadyFunc&) {
      running.Set();
      context.Throw(absl::AbortedError("x"));
    }});
    absl::Status status;
    RunTogether({[&] {
                   running.event().Wait();
                   stop.request_stop();
                 },
                 [&] { status = RunComponent(stop.get_token(), script.factory(), {}, AtOnce()); }});
    REQUIRE(absl::IsCancelled(status));
  }
}

}  // namespace
}  // namespace stemma
