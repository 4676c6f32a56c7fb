// SPDX-License-Identifier: Apache-2.0
// Random services on real threads: components that fail, complete and stop as they like, and
// several threads that use the supervisor meanwhile. What comes out differs from run to run; that
// the contract holds is judged by the events afterwards. A seed gives the same graphs, policies and
// components again.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "spdlog/logger.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma {
namespace {

using std::chrono::microseconds;

constexpr std::size_t kNodes = 12;
constexpr int kServices = 100;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  bool OneIn(int n) { return Below(n) == 0; }
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

 private:
  std::mt19937_64 random_;
};

// What went wrong, written by any thread.
class Problems {
 public:
  void Add(std::string problem) {
    const std::lock_guard lock(mutex_);
    problems_.push_back(std::move(problem));
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const std::string& problem : problems_) text += problem + "\n";
    return text;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> problems_;  // guarded by mutex_
};

// One incarnation: two workers that do what the dice say. Counts the living of its node.
class Moody final : public Component {
 public:
  // The moods below 11 are bad ones.
  Moody(std::uint64_t seed, int moods, std::atomic<int>& alive) : alive_(alive), dice_(seed) {
    ++alive_;
    ComponentManagerBuilder builder;
    for (int worker = 0; worker < 2; ++worker) {
      builder.AddWorker([mood = dice_.Below(moods), after = microseconds(dice_.Below(400))](
                            const SignalerContext& context, const ReadyFunc& ready) {
        Work(context, ready, mood, after);
      });
    }
    workers_ = builder.Build();
  }
  ~Moody() override {
    workers_.reset();
    --alive_;
  }
  absl::Status Start(SignalerContext context) override {
    if (dice_.OneIn(20)) return absl::UnavailableError("Start would not");
    return workers_->Start(std::move(context));
  }
  Event Ready() const override { return workers_->Ready(); }
  Event Done() const override { return workers_->Done(); }

 private:
  static void Work(const SignalerContext& context, const ReadyFunc& ready, int mood,
                   microseconds after) {
    if (mood == 0) return;  // before it is ready
    if (mood == 1) context.Throw(absl::DataLossError("not even ready"));
    ready();
    if (mood < 10 && context.SleepFor(after)) {
      if (mood < 5) context.Throw(absl::DataLossError("thrown"));
      if (mood < 8) throw std::runtime_error("an exception");
      return;
    }
    const std::stop_callback on_stop(context.stop_token(), [] { std::this_thread::yield(); });
    context.WaitForStop();
    if (mood == 10) context.Throw(absl::DataLossError("while it was stopped"));
  }

  std::atomic<int>& alive_;
  Dice dice_;
  std::unique_ptr<ComponentManager> workers_;
};

// A service, and the threads that use it.
class Stress {
 public:
  explicit Stress(std::uint64_t seed) : dice_(seed), seed_(seed) {
    for (std::size_t i = 0; i < kNodes; ++i) nodes_.push_back(RandomNode(i));
    supervisor_ = *Supervisor::Create(
        nodes_, {.logger = std::make_shared<spdlog::logger>("silent")});  // without a sink
  }

  void Run() {
    const Subscription subscription =
        supervisor_->Subscribe([this](const SupervisorEvent& event) { events_.push_back(event); });
    {
      std::vector<std::jthread> users;
      for (std::uint64_t user = 0; user < 3; ++user) {
        users.emplace_back([this, user] { Use(Dice(seed_ + user), /*stop=*/user == 0); });
      }
      result_ = supervisor_->Run();
      if (!supervisor_->Ended().IsSet()) problems_.Add("Run returned before its end");
    }
    Judge();
    for (const std::atomic<int>& alive : alive_) {
      if (alive != 0) problems_.Add("an instance outlives the run");
    }
  }

  std::string problems() const { return problems_.text(); }
  std::size_t events() const { return events_.size(); }

 private:
  static std::string Name(std::size_t i) { return "n" + std::to_string(i); }

  Node RandomNode(std::size_t i) {
    Node node{.name = Name(i)};
    for (std::size_t j = 0; j < i; ++j) {
      if (dice_.OneIn(5)) {
        node.dependencies.push_back(Name(j));
      } else if (dice_.OneIn(10)) {
        node.soft_dependencies.push_back(Name(j));
      }
    }
    node.factory = [this, i, made = std::make_shared<std::uint64_t>(0)]()
        -> absl::StatusOr<std::unique_ptr<Component>> {
      if (alive_[i] != 0) problems_.Add(Name(i) + " is made before the last one is destroyed");
      const std::uint64_t seed = seed_ + 1000 * ++*made + i;
      if (Dice(seed).OneIn(20)) throw std::runtime_error("the factory's exception");
      return std::make_unique<Moody>(seed, moods_, alive_[i]);
    };
    const int harshness = dice_.Below(4);
    node.on_error = [this, i, harshness,
                     asked = std::make_shared<std::uint64_t>(0)](const Failure& failure) {
      if (failure.component != Name(i)) problems_.Add("a failure of " + failure.component);
      supervisor_->GetSnapshot();
      Dice dice(seed_ + 1000 * ++*asked + i);
      if (harshness == 0 && dice.OneIn(20)) return ErrorHandlingBehavior::kSpinHalt;
      if (harshness == 0 && dice.OneIn(10)) return ErrorHandlingBehavior::kShutdown;
      if (harshness <= 1 && dice.OneIn(5)) return ErrorHandlingBehavior::kStopParents;
      if (harshness <= 2 && dice.OneIn(4)) return ErrorHandlingBehavior::kStop;
      return ErrorHandlingBehavior::kRestart;
    };
    node.restart = {.initial = microseconds(dice_.Below(300)), .max_restarts = 8};
    node.restart.on_limit =
        dice_.OneIn(2) ? ErrorHandlingBehavior::kStop : ErrorHandlingBehavior::kStopParents;
    if (dice_.OneIn(3)) node.on_dependency_restart = OnDependencyRestart::kRestart;
    if (dice_.OneIn(4)) node.on_completion = OnCompletion::kRestart;
    if (dice_.OneIn(20)) node.on_completion = OnCompletion::kShutdown;
    return node;
  }

  // Whatever comes to its mind, until the end; the one that stops does so after a while.
  void Use(Dice dice, bool stop) {
    std::vector<Subscription> subscriptions;
    std::stop_source stopped;
    stopped.request_stop();
    int left = 1 + dice.Below(4000);
    while (!supervisor_->Ended().IsSet()) {
      const auto id = static_cast<std::size_t>(dice.Below(kNodes));
      const auto state = static_cast<NodeState>(dice.Below(10));
      switch (dice.Below(6)) {
        case 0:
          Check(supervisor_->GetSnapshot());
          break;
        case 1: {
          // Some waits are left to the end of the run to answer.
          const bool may_stay = !stop && dice.OneIn(20);
          (void)supervisor_->AwaitNode(Name(id), state,
                                       may_stay ? std::stop_token() : stopped.get_token());
          break;
        }
        case 2:
          subscriptions.push_back(supervisor_->Subscribe([](const SupervisorEvent&) {}));
          break;
        case 3:
          if (!subscriptions.empty()) subscriptions.erase(subscriptions.begin());
          break;
        case 4:
          (void)supervisor_->AwaitReady(stopped.get_token());
          break;
        case 5:
          std::this_thread::yield();
          break;
      }
      if (stop && --left == 0) {
        supervisor_->RequestStop();
        supervisor_->EndSpinHalt();
      }
    }
  }

  void Check(const Snapshot& snapshot) {
    if (snapshot.nodes.size() != kNodes) return problems_.Add("a snapshot lacks nodes");
    for (const NodeSnapshot& node : snapshot.nodes) {
      if (snapshot.ready && node.state != NodeState::kReady &&
          node.state != NodeState::kCompleted) {
        problems_.Add("ready, but " + node.name + " is " + std::string(ToString(node.state)));
      }
    }
  }

  static bool IsLive(NodeState state) {
    return state == NodeState::kStarting || state == NodeState::kReady ||
           state == NodeState::kDeciding || state == NodeState::kStopping;
  }

  // Goes through the events again.
  void Judge() {
    const DependencyGraph& graph = *supervisor_->graph();
    std::vector<NodeState> states(kNodes, NodeState::kWaiting);
    std::vector<std::uint64_t> launches(kNodes, 0);
    std::uint64_t number = 0;
    Incarnation last = 0;
    for (const SupervisorEvent& event : events_) {
      const std::string at = "event " + std::to_string(event.number) + ": " + event.node + ": ";
      if (event.number != ++number) return problems_.Add(at + "does not follow");
      if (event.kind != SupervisorEvent::Kind::kTransition) continue;
      const NodeId id = *graph.Find(event.node);
      if (event.from != states[id]) problems_.Add(at + "was not in that state");
      states[id] = event.to;
      if (event.to == NodeState::kStarting) {
        ++launches[id];
        if (event.incarnation <= last) problems_.Add(at + "an incarnation is not new");  // S16
        last = event.incarnation;
        for (const NodeId dependency : graph.Dependencies(id)) {  // S2, S6
          if (states[dependency] != NodeState::kReady &&
              states[dependency] != NodeState::kCompleted) {
            problems_.Add(at + "launched without " + graph.name(dependency));
          }
        }
        for (const NodeId dependency : graph.SoftDependencies(id)) {  // S20
          if (states[dependency] != NodeState::kReady && !IsTerminal(states[dependency])) {
            problems_.Add(at + "launched before " + graph.name(dependency));
          }
        }
      }
      // S5: asked to stop, by somebody else and for good.
      const bool asked = event.to == NodeState::kStopping && event.from != NodeState::kDeciding &&
                         event.cause.kind != Cause::Kind::kDependencyRestart &&
                         event.cause.node != id;
      // Failed for good: those who used it ended first. (A stopped one may have been between two
      // incarnations when everything was stopped.)
      const bool lost = event.to == NodeState::kFailed;
      if (asked || lost) {
        for (const NodeId dependent : graph.Dependents(id)) {
          if (IsLive(states[dependent])) {
            problems_.Add(at + std::string(ToString(event.to)) + " while " + graph.name(dependent) +
                          " is " + std::string(ToString(states[dependent])));
          }
        }
      }
    }
    for (NodeId id = 0; id < kNodes; ++id) {
      const NodeReport& report = result_.nodes[id];
      if (!IsTerminal(states[id])) problems_.Add(report.name + " has not ended");
      if (report.state != states[id]) problems_.Add(report.name + " is not as its events say");
      if (report.state == NodeState::kAbandoned) problems_.Add(report.name + " was abandoned");
      if (report.incarnations != launches[id]) problems_.Add(report.name + ": launches differ");
    }
    if (!result_.calls_left_behind.empty()) problems_.Add("a call was left behind");
  }

  Dice dice_;
  const std::uint64_t seed_;
  const int moods_ = dice_.OneIn(2) ? 60 : 600;
  Problems problems_;
  std::array<std::atomic<int>, kNodes> alive_{};  // instances of each node
  std::vector<Node> nodes_;
  std::unique_ptr<Supervisor> supervisor_;
  RunResult result_;
  std::vector<SupervisorEvent> events_;  // the listener's, then the judge's
};

TEST_CASE("whatever components do and whoever asks, the order of starts and stops holds",
          "[supervisor][S2][S5][S6][S10][S16][random]") {
  const std::uint64_t seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::size_t events = 0;
  for (std::uint64_t service = 0; service < kServices; ++service) {
    Stress stress(seed + 7919 * service);
    stress.Run();
    INFO("service " << service);
    REQUIRE(stress.problems() == "");
    events += stress.events();
  }
  CHECK(events > 10 * kServices);
}

}  // namespace
}  // namespace stemma
