// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/component_manager.h"

#include <array>
#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/lifecycle/internal/exception_text.h"
#include "stemma/lifecycle/internal/scope.h"
#include "stemma/lifecycle/internal/thread_reserve.h"
#include "stemma/lifecycle/internal/unwind.h"

#if defined(__linux__)
#include <pthread.h>
#endif

namespace stemma {
namespace internal {

// L1: which workers have said that they are ready, and which can no longer.
//
// Thread safety: any thread may call any method.
class WorkersReadiness {
 public:
  explicit WorkersReadiness(std::size_t workers) : unready_(workers), settled_(workers) {}

  Event all_ready() const { return all_ready_.event(); }

  // There are no workers.
  void MarkAllReady() const { all_ready_.Set(); }

  void MarkReady(std::size_t worker) {
    if (settled_[worker].exchange(true)) return;
    if (--unready_ == 0) all_ready_.Set();
  }

  void MarkReturned(std::size_t worker) { settled_[worker] = true; }

 private:
  const EventSource all_ready_;
  // Atomics rather than a mutex: there is one of these for each component.
  std::atomic<std::size_t> unready_;
  std::vector<std::atomic<bool>> settled_;  // ready, or returned before
};

namespace {

// Leaves the scope when the thread's thread_local objects are destroyed.
struct LeaveAtThreadEnd {
  std::shared_ptr<Scope> scope;
  ~LeaveAtThreadEnd() {
    if (scope != nullptr) scope->Leave();
  }
};

void NameThisThread([[maybe_unused]] const std::string& name) {
#if defined(__linux__)
  thread_local std::array<char, 16> current{};  // a thread that goes on mostly has its name already
  std::array<char, 16> cut{};                   // the kernel's limit
  name.copy(cut.data(), cut.size() - 1);
  if (cut == current) return;
  pthread_setname_np(pthread_self(), cut.data());
  current = cut;
#endif
}

// L4: an exception becomes a failure here, on the thread that threw it.
void Call(const ComponentWorker& function, const SignalerContext& context, const ReadyFunc& ready) {
  std::string error;
  try {
    function(context, ready);
    return;
  } catch (const Unwind& unwind) {
    if (unwind.context == ContextAccess::State(context).channel().get())
      return;  // delivered by Throw
    error = "Throw of another context: " + unwind.status.ToString();
  } catch (...) {
    error = CurrentExceptionText();
  }
  ContextAccess::Fail(context, FailureKind::kException, absl::InternalError(error));
}

void RunWorker(const ComponentWorker& function, const SignalerContext& context,
               const std::shared_ptr<WorkersReadiness>& readiness, std::size_t index) {
  const ContextState& state = ContextAccess::State(context);
  NameThisThread(state.worker().name());

  struct Returned {  // a destructor, so that a forced unwind returns too
    WorkersReadiness& readiness;
    WorkerRecord& record;
    const std::size_t index;
    ~Returned() {
      readiness.MarkReturned(index);
      record.End();
    }
  } const returned{*readiness, state.worker(), index};
  Call(function, context, [readiness, index] { readiness->MarkReady(index); });
}

}  // namespace
}  // namespace internal

void NoopWorker(const SignalerContext& context, const ReadyFunc& ready) {
  ready();
  context.WaitForStop();
}

ComponentManager::ComponentManager(std::vector<Worker> workers, ThreadStarter start_thread,
                                   std::weak_ptr<internal::ThreadReserve> reserve)
    : scope_(std::make_shared<internal::Scope>()),
      readiness_(std::make_shared<internal::WorkersReadiness>(workers.size())),
      start_thread_(std::move(start_thread)),
      reserve_(std::move(reserve)),
      workers_(std::move(workers)) {}

ComponentManager::~ComponentManager() {
  if (threads_.empty() && !runs_on_reserve_) return;  // not started, or nothing to stop
  if (!Done().IsSet()) {
    scope_->RequestStop(
        {.kind = StopReason::Kind::kDestroyed, .text = "whoever owned the component destroyed it"});
  }
  if (runs_on_reserve_) Done().Wait();
  JoinThreads();
}

absl::Status ComponentManager::Start(SignalerContext context) {
  if (started_.exchange(true)) {
    return absl::FailedPreconditionError("the component has been started before: it starts once");
  }
  for (const Worker& worker : workers_) {
    if (!worker.function) {
      return absl::InvalidArgumentError(
          absl::StrCat("worker \"", worker.name, "\" is an empty function"));
    }
  }
  // One more than there are workers, for this function: else the first could be the last while
  // others are still starting. A start that fails never gives it back, and so Done stays unset.
  scope_->Begin(workers_.size() + 1);
  scope_->StopWith(internal::ContextAccess::State(context).scope());

  std::vector<Worker> workers = std::move(workers_);
  const bool none = workers.empty();
  std::vector<SignalerContext> contexts;
  contexts.reserve(workers.size());
  for (const Worker& worker : workers) {
    contexts.push_back(internal::ContextAccess::ForWorker(context, scope_, worker.name));
  }
  const auto reserve = reserve_.lock();
  absl::Status started = reserve == nullptr ? StartThreads(std::move(workers), contexts)
                                            : StartOnReserve(reserve, std::move(workers), contexts);
  if (!started.ok()) return started;
  if (none) readiness_->MarkAllReady();
  scope_->Leave();
  return absl::OkStatus();
}

// In both, the thread owns its worker's function, so that what the function captured is destroyed
// there, before Done.

absl::Status ComponentManager::StartThreads(std::vector<Worker> workers,
                                            const std::vector<SignalerContext>& contexts) {
  threads_.reserve(workers.size());
  for (std::size_t i = 0; i < workers.size(); ++i) {
    try {
      threads_.push_back(start_thread_([function = std::move(workers[i].function),
                                        context = contexts[i], readiness = readiness_, i] {
        // L2: the first thread_local of the thread is the last to be destroyed, after all of the
        // user's.
        thread_local internal::LeaveAtThreadEnd last;
        last.scope = internal::ContextAccess::State(context).scope();
        internal::RunWorker(function, context, readiness, i);
      }));
    } catch (const std::exception& error) {  // L8
      for (std::size_t rest = i; rest < contexts.size(); ++rest) {
        internal::ContextAccess::State(contexts[rest]).worker().End();
      }
      absl::Status refused = NoThreadFor(workers[i], error.what());
      JoinThreads();
      return refused;
    }
  }
  return absl::OkStatus();
}

absl::Status ComponentManager::StartOnReserve(
    const std::shared_ptr<internal::ThreadReserve>& reserve, std::vector<Worker> workers,
    const std::vector<SignalerContext>& contexts) {
  std::vector<internal::ThreadReserve::Task> tasks;
  tasks.reserve(workers.size());
  for (std::size_t i = 0; i < workers.size(); ++i) {
    tasks.push_back({.run = [function = std::move(workers[i].function), context = contexts[i],
                             readiness = readiness_,
                             i] { internal::RunWorker(function, context, readiness, i); },
                     .end = [scope = scope_, reserve] { scope->Leave(); }});
  }
  if (const auto refusal = reserve->Run(std::move(tasks))) {
    for (const SignalerContext& context : contexts) {
      internal::ContextAccess::State(context).worker().End();
    }
    return NoThreadFor(workers[refusal->task], refusal->why);
  }
  runs_on_reserve_ = !workers.empty();
  return absl::OkStatus();
}

// L8: stops those that have started.
absl::Status ComponentManager::NoThreadFor(const Worker& worker, std::string_view why) {
  std::string message =
      absl::StrCat("no thread for worker \"", worker.name, "\": ", std::string(why));
  scope_->RequestStop({.kind = StopReason::Kind::kFailure, .text = message});
  return absl::ResourceExhaustedError(message);
}

Event ComponentManager::Ready() const { return readiness_->all_ready(); }

Event ComponentManager::Done() const { return scope_->ended(); }

Event ComponentManager::ShutdownSignal() const { return scope_->told_to_stop(); }

void ComponentManager::JoinThreads() {
  for (std::thread& thread : threads_) {
    if (thread.get_id() == std::this_thread::get_id()) {
      // In a callback of Done, on the last worker's thread, which needs nothing of this object any
      // more.
      thread.detach();
    } else {
      thread.join();
    }
  }
  threads_.clear();
}

ComponentManagerBuilder& ComponentManagerBuilder::AddWorker(ComponentWorker worker) {
  return AddWorker("", std::move(worker));
}

ComponentManagerBuilder& ComponentManagerBuilder::AddWorker(std::string name,
                                                            ComponentWorker worker) {
  if (name.empty()) name = absl::StrCat("worker-", workers_.size());
  workers_.push_back({.name = std::move(name), .function = std::move(worker)});
  return *this;
}

ComponentManagerBuilder& ComponentManagerBuilder::RunOn(ReusableThreads threads) {
  reserve_ = std::move(threads.reserve_);
  return *this;
}

std::unique_ptr<ComponentManager> ComponentManagerBuilder::Build() const {
  // Not make_unique: the constructor is private.
  return std::unique_ptr<ComponentManager>(new ComponentManager(
      workers_, [](std::function<void()> run) { return std::thread(std::move(run)); }, reserve_));
}

}  // namespace stemma
