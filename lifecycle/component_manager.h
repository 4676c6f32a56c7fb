// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_COMPONENT_MANAGER_H_
#define STEMMA_LIFECYCLE_COMPONENT_MANAGER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/reusable_threads.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma {

namespace internal {
class Scope;
class WorkersReadiness;
struct ComponentManagerAccess;
}  // namespace internal

// What a worker calls once it does what it is there for. Any number of times, from any thread;
// after the worker has returned it does nothing.
using ReadyFunc = std::function<void()>;

// A function that runs on a thread of its own. It should return soon after stop has been requested;
// returning before ready means that the component never becomes ready (L1).
using ComponentWorker = std::function<void(const SignalerContext&, const ReadyFunc&)>;

// A worker that is ready at once and waits for stop: for a component that is there by being
// constructed.
void NoopWorker(const SignalerContext& context, const ReadyFunc& ready);

// A component that is made of workers: one thread for each, and no other (L8).
//
// It is ready when all of them are. It is done when all have returned and their threads'
// thread_local destructors have run (but see `ReusableThreads`). The first failure of any of them
// stops the others (L5): a failure is a call of `SignalerContext::Throw` or `Report`, or an
// exception that escapes the worker (L4). Made by a `ComponentManagerBuilder`.
//
// Thread safety: any thread may call any method.
// Lifetime: may be destroyed at any time, but not by its own worker: it stops its workers and waits
// for them (L9). The callbacks of its events run on its workers' threads; one of Done's may destroy
// it.
class ComponentManager final : public Component {
 public:
  ~ComponentManager() override;

  // Starts the workers in the order in which they were added. Returns: OK; FailedPrecondition at a
  // second call; InvalidArgument if a worker is empty; ResourceExhausted, with the worker's name,
  // if the system would not give it a thread: those that did start have then been stopped and
  // joined.
  absl::Status Start(SignalerContext context) override;

  Event Ready() const override;
  Event Done() const override;

  // Set when the workers have been told to stop, for whatever reason, and see it; by the time of
  // Done at the latest (L2).
  Event ShutdownSignal() const;

 private:
  friend class ComponentManagerBuilder;
  friend struct internal::ComponentManagerAccess;

  struct Worker {
    std::string name;
    ComponentWorker function;
  };
  // Makes a thread; throws std::system_error if it cannot. A seam for tests.
  using ThreadStarter = std::function<std::thread(std::function<void()>)>;

  ComponentManager(std::vector<Worker> workers, ThreadStarter start_thread,
                   std::weak_ptr<internal::ThreadReserve> reserve = {});

  absl::Status StartThreads(std::vector<Worker> workers,
                            const std::vector<SignalerContext>& contexts);
  absl::Status StartOnReserve(const std::shared_ptr<internal::ThreadReserve>& reserve,
                              std::vector<Worker> workers,
                              const std::vector<SignalerContext>& contexts);
  absl::Status NoThreadFor(const Worker& worker, std::string_view why);
  void JoinThreads();

  const std::shared_ptr<internal::Scope> scope_;
  const std::shared_ptr<internal::WorkersReadiness> readiness_;
  const ThreadStarter start_thread_;
  // Gone, or never there: threads of its own. Not held: what is left behind keeps none waiting.
  const std::weak_ptr<internal::ThreadReserve> reserve_;
  std::atomic<bool> started_ = false;
  bool runs_on_reserve_ = false;  // Start's, then the destructor's

  std::vector<Worker> workers_;       // until Start
  std::vector<std::thread> threads_;  // Start's, then the destructor's
};

// Collects workers and makes managers of them.
//
// Thread safety: as for a plain value: one thread at a time may change it.
//
// Example:
//   std::unique_ptr<Component> component = ComponentManagerBuilder()
//                                              .AddWorker("reader", &Read)
//                                              .AddWorker("flusher", &Flush)
//                                              .Build();
class ComponentManagerBuilder {
 public:
  // The worker's name is "worker-N", N being the number of workers before it.
  ComponentManagerBuilder& AddWorker(ComponentWorker worker);
  // `name` is what failures, snapshots and (cut to 15 bytes) debuggers show; empty means
  // "worker-N".
  ComponentManagerBuilder& AddWorker(std::string name, ComponentWorker worker);

  // The workers' threads are these, instead of fresh ones that end with the worker.
  ComponentManagerBuilder& RunOn(ReusableThreads threads);

  // Returns: a manager with copies of the workers so far. Managers of one builder are independent
  // (L6).
  std::unique_ptr<ComponentManager> Build() const;

 private:
  friend struct internal::ComponentManagerAccess;

  std::vector<ComponentManager::Worker> workers_;
  std::shared_ptr<internal::ThreadReserve> reserve_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_COMPONENT_MANAGER_H_
