// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/scripted_component.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/testing/internal/script_state.h"
#include "stemma/testing/internal/witness.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace internal {
namespace {

std::string_view NameOf(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::kReady:
      return "Ready";
    case Step::Kind::kError:
      return "Error";
    case Step::Kind::kThrow:
      return "Throw";
    case Step::Kind::kReport:
      return "Report";
    case Step::Kind::kException:
      return "Exception";
    case Step::Kind::kEnd:
      return "End";
    case Step::Kind::kHang:
      return "Hang";
    case Step::Kind::kCall:
      return "Call";
  }
  return "unknown";
}

constexpr auto kFactorySteps = {Step::Kind::kError, Step::Kind::kException, Step::Kind::kHang};
constexpr auto kStartSteps = {Step::Kind::kError, Step::Kind::kThrow, Step::Kind::kReport,
                              Step::Kind::kException, Step::Kind::kHang};
constexpr auto kWorkerSteps = {Step::Kind::kReady,     Step::Kind::kThrow, Step::Kind::kReport,
                               Step::Kind::kException, Step::Kind::kEnd,   Step::Kind::kHang,
                               Step::Kind::kCall};
constexpr auto kDestructorSteps = {Step::Kind::kHang};

void RequireAllowed(const std::vector<Step>& steps, std::initializer_list<Step::Kind> allowed,
                    std::string_view place, SourceLocation where) {
  for (const Step& step : steps) {
    if (std::find(allowed.begin(), allowed.end(), step.kind) != allowed.end()) continue;
    FailTestAndLeave(absl::StrCat("a script has the step ", std::string(NameOf(step.kind)), " ",
                                  std::string(place), ", where it makes no sense"),
                     where);
  }
}

Script Checked(Script script, SourceLocation where) {
  RequireAllowed(script.factory, kFactorySteps, "in the factory", where);
  RequireAllowed(script.start, kStartSteps, "in Start", where);
  RequireAllowed(script.work, kWorkerSteps, "on the worker", where);
  RequireAllowed(script.stop, kWorkerSteps, "at the stop", where);
  RequireAllowed(script.destructor, kDestructorSteps, "in the destructor", where);
  return script;
}

// What one incarnation's worker does. It outlives the incarnation, should that be abandoned.
class ScriptedWorker {
 public:
  ScriptedWorker(std::shared_ptr<ScriptState> state, std::shared_ptr<Incarnated> incarnation,
                 const SignalerContext& context, const ReadyFunc& ready)
      : state_(std::move(state)),
        incarnation_(std::move(incarnation)),
        context_(context),
        ready_(ready) {
    BeAlive();
    state_->Started(incarnation_);
  }
  ~ScriptedWorker() { state_->Ended(incarnation_); }
  ScriptedWorker(const ScriptedWorker&) = delete;
  ScriptedWorker& operator=(const ScriptedWorker&) = delete;

  void Run(const Script& script) {
    const std::stop_callback on_stop(context_.stop_token(), [this] {
      state_->AskedToStop(*incarnation_, context_.stop_reason());
    });
    for (const Step& step : script.work) {
      if (!Take(step)) return;
    }
    while (const auto told = state_->NextTold(*incarnation_, context_.stop_token())) {
      if (!TakeTold(*told)) return;
    }
    for (const Step& step : script.stop) {
      if (!Take(step)) return;
    }
  }

 private:
  // Returns: false: that was the last.
  bool Take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::kReady:
        ready_();
        return true;
      case Step::Kind::kThrow:
        context_.Throw(step.status, step.where);
      case Step::Kind::kReport:
        context_.Report(step.status, step.where);
        return true;
      case Step::Kind::kException:
        throw std::runtime_error(step.text);
      case Step::Kind::kHang:
        return Hang(nullptr);
      case Step::Kind::kCall:
        alive_.reset();  // the test's code speaks for itself
        step.call(context_, ready_);
        BeAlive();
        return true;
      case Step::Kind::kEnd:
      case Step::Kind::kError:
        return false;
    }
    return false;
  }

  bool TakeTold(const Told& told) {
    struct Done {  // a destructor, so that one that unwinds has been done, too
      ScriptState& state;
      const Told& told;
      ~Done() { state.Done(told); }
    };
    if (told.step.kind == Step::Kind::kHang) return Hang(&told);  // done before it is over
    const Done done{*state_, told};
    return Take(told.step);
  }

  bool Hang(const Told* because) {
    alive_.reset();
    const auto take = [this](const Told& told) { return TakeTold(told); };
    const bool goes_on = state_->Hang(incarnation_.get(), take, because);
    BeAlive();
    return goes_on;
  }

  void BeAlive() { alive_.emplace(ContextAccess::State(context_)); }

  const std::shared_ptr<ScriptState> state_;
  const std::shared_ptr<Incarnated> incarnation_;
  const SignalerContext& context_;
  const ReadyFunc& ready_;
  // S22: as one that is inside WaitForStop, but while it hangs. From its first moment, and not only
  // while it waits: a test's clock may go on as soon as it is ready.
  std::optional<Waiting> alive_;
};

// One incarnation.
class ScriptedIncarnation final : public Component {
 public:
  ScriptedIncarnation(std::shared_ptr<ScriptState> state, Script script)
      : state_(std::move(state)),
        script_(std::move(script)),
        workers_(ComponentManagerBuilder()
                     .AddWorker(script_.worker,
                                [state = state_, incarnation = incarnation_, script = script_](
                                    const SignalerContext& context, const ReadyFunc& ready) {
                                  ScriptedWorker(state, incarnation, context, ready).Run(script);
                                })
                     .Build()) {}

  ~ScriptedIncarnation() override {
    workers_.reset();
    for (std::size_t i = 0; i < script_.destructor.size(); ++i) state_->Hang();
    on_stop_.reset();
    state_->Destroyed();
  }

  absl::Status Start(SignalerContext context) override {
    if (started_.exchange(true)) return workers_->Start(std::move(context));  // which refuses
    // The worker sees the stop, too, but perhaps the script does not let it come to that.
    on_stop_.emplace(context.stop_token(), [state = state_, incarnation = incarnation_, context] {
      state->AskedToStop(*incarnation, context.stop_reason());
    });
    for (const Step& step : script_.start) {
      switch (step.kind) {
        case Step::Kind::kThrow:
          context.Throw(step.status, step.where);
        case Step::Kind::kReport:
          context.Report(step.status, step.where);
          break;
        case Step::Kind::kException:
          throw std::runtime_error(step.text);
        case Step::Kind::kHang:
          state_->Hang();
          break;
        default:
          return step.status;
      }
    }
    return workers_->Start(std::move(context));
  }
  Event Ready() const override { return workers_->Ready(); }
  Event Done() const override { return workers_->Done(); }

 private:
  const std::shared_ptr<ScriptState> state_;
  const Script script_;
  const std::shared_ptr<Incarnated> incarnation_ = std::make_shared<Incarnated>();
  std::atomic<bool> started_ = false;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::unique_ptr<Component> workers_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Component>> ScriptedFactory::operator()() const {
  Script script = state->Launch();
  for (const Step& step : script.factory) {
    if (step.kind == Step::Kind::kException) throw std::runtime_error(step.text);
    if (step.kind == Step::Kind::kError) return step.status;
    state->Hang();
  }
  return std::make_unique<ScriptedIncarnation>(state, std::move(script));
}

void ScriptedFactory::LetGo() const { state->LetGoForGood(); }

}  // namespace internal

using internal::ScriptState;

ScriptedComponent::ScriptedComponent(std::string name, Script script, SourceLocation where)
    : state_(std::make_shared<ScriptState>(std::move(name),
                                           internal::Checked(std::move(script), where))),
      made_(where),
      witness_(std::make_unique<internal::Witness>([state = state_] { return state->Tell(); },
                                                   [state = state_] { state->LetGoForGood(); })) {}

ScriptedComponent::~ScriptedComponent() {
  state_->LetGoForGood();
  if (!state_->AwaitStopping(kPatience)) {
    FailTest(absl::StrCat("an incarnation of \"", name(),
                          "\" has not ended at the end of the test, although it was asked to: one "
                          "of its steps does not return\n",
                          state_->Tell()),
             made_);
  }
}

ScriptedComponent& ScriptedComponent::Then(Script script, SourceLocation where) {
  state_->Add(internal::Checked(std::move(script), where));
  return *this;
}

const std::string& ScriptedComponent::name() const { return state_->name(); }

ComponentFactory ScriptedComponent::factory() const { return internal::ScriptedFactory{state_}; }

Node ScriptedComponent::node(std::vector<std::string> dependencies) const {
  return {.name = name(), .dependencies = std::move(dependencies), .factory = factory()};
}

void ScriptedComponent::Do(Step step, SourceLocation where) {
  internal::RequireAllowed({step}, internal::kWorkerSteps, "on the worker", where);
  if (state_->TellLive(step, kPatience)) return;
  GiveUp(absl::StrCat("\"", name(), "\" runs and has done what it was told: ",
                      std::string(internal::NameOf(step.kind))),
         kPatience, where);
}

void ScriptedComponent::BecomeReady(SourceLocation where) { Do(Step::Ready(), where); }
void ScriptedComponent::Throw(absl::Status status, SourceLocation where) {
  Do(Step::Throw(std::move(status), where), where);
}
void ScriptedComponent::Report(absl::Status status, SourceLocation where) {
  Do(Step::Report(std::move(status), where), where);
}
void ScriptedComponent::End(SourceLocation where) { Do(Step::End(), where); }
void ScriptedComponent::Hang(SourceLocation where) { Do(Step::Hang(), where); }

void ScriptedComponent::LetGo(SourceLocation where) {
  RequireHanging(1, where);
  state_->LetGo();
}

namespace {

void Require(ScriptState& state, int ScriptState::Counts::*count, int times, std::string_view what,
             SourceLocation where) {
  if (state.Await([&](const ScriptState::Counts& counts) { return counts.*count >= times; },
                  kPatience)) {
    return;
  }
  GiveUp(absl::StrCat("\"", state.name(), "\" ", std::string(what), ", ", times,
                      times == 1 ? " time" : " times"),
         kPatience, where);
}

}  // namespace

void ScriptedComponent::RequireLaunched(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::launched, times, "was launched", where);
}
void ScriptedComponent::RequireStarted(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::started, times, "was started", where);
}
void ScriptedComponent::RequireAskedToStop(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::asked_to_stop, times, "was asked to stop", where);
}
void ScriptedComponent::RequireEnded(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::ended, times, "has ended", where);
}
void ScriptedComponent::RequireDestroyed(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::destroyed, times, "was destroyed", where);
}
void ScriptedComponent::RequireHanging(int times, SourceLocation where) {
  Require(*state_, &ScriptState::Counts::hanging, times, "hangs", where);
}

int ScriptedComponent::launched() const { return state_->counts().launched; }
int ScriptedComponent::started() const { return state_->counts().started; }
int ScriptedComponent::asked_to_stop() const { return state_->counts().asked_to_stop; }
int ScriptedComponent::ended() const { return state_->counts().ended; }
int ScriptedComponent::destroyed() const { return state_->counts().destroyed; }
int ScriptedComponent::hanging() const { return state_->counts().hanging; }
StopReason ScriptedComponent::stop_reason() const { return state_->stop_reason(); }

}  // namespace stemma
