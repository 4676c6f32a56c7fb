// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_SCRIPTED_COMPONENT_H_
#define STEMMA_TESTING_SCRIPTED_COMPONENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/source_location.h"
#include "stemma/lifecycle/stop_reason.h"
#include "stemma/supervisor/node.h"
#include "stemma/testing/script.h"

namespace stemma {

namespace internal {

class Witness;
class ScriptState;

// What `ScriptedComponent::factory` returns.
struct ScriptedFactory {
  absl::StatusOr<std::unique_ptr<Component>> operator()() const;
  void LetGo() const;  // for good: whatever hangs, now or later
  std::shared_ptr<ScriptState> state;
};

}  // namespace internal

// A component that does what the test tells it: it becomes ready, fails, ends, hangs or is slow to
// stop, by its script or at the moment when the test says so, and the test sees how it is treated.
// It stands in for a component on which the one under test depends, or for every component of a
// graph whose verdicts are under test. Its incarnations are real components of one worker.
//
// To tell it something is to have it done: `Throw` returns when the failure has been delivered,
// `BecomeReady` when it is ready. What is told goes to the newest incarnation whose worker runs; if
// there is none yet, telling waits for it. All waits give up after kPatience (require_set.h), with
// what the doubles of the test have seen.
//
// Thread safety: the counters may be read by any thread; everything else belongs to the test's
// thread, and not to the component's own worker.
// Lifetime: declare it before the supervisor that runs it. Its destructor lets go whatever hangs,
// and waits for incarnations that have been asked to stop; those that run on stay as they are.
//
// Example:
//   stemma::ScriptedComponent db("db");
//   stemma::ServiceUnderTest service({db.node(), {.name = "api", .dependencies = {"db"}, ...}});
//   service.RequireReady();
//   db.Throw(absl::DataLossError("bad page"));
//   db.RequireStarted(2);
class ScriptedComponent {
 public:
  explicit ScriptedComponent(std::string name, Script script = {},
                             SourceLocation where = SourceLocation::current());
  ~ScriptedComponent();
  ScriptedComponent(const ScriptedComponent&) = delete;
  ScriptedComponent& operator=(const ScriptedComponent&) = delete;

  // The next incarnation that has no script yet does this one, and so do all after it.
  ScriptedComponent& Then(Script script, SourceLocation where = SourceLocation::current());

  const std::string& name() const;
  // Makes the incarnations.
  ComponentFactory factory() const;
  // A node of that name and factory, everything else by default.
  Node node(std::vector<std::string> dependencies = {}) const;

  // Has the live incarnation's worker take one step. REQUIRES: a step for the worker.
  void Do(Step step, SourceLocation where = SourceLocation::current());
  // The same, in short.
  void BecomeReady(SourceLocation where = SourceLocation::current());
  void Throw(absl::Status status, SourceLocation where = SourceLocation::current());
  void Report(absl::Status status, SourceLocation where = SourceLocation::current());
  void End(SourceLocation where = SourceLocation::current());
  void Hang(SourceLocation where = SourceLocation::current());

  // Waits until something hangs, and lets it go: it goes on with its script.
  void LetGo(SourceLocation where = SourceLocation::current());

  // These wait until it has happened `times` times, to all incarnations together.
  // The factory was called.
  void RequireLaunched(int times = 1, SourceLocation where = SourceLocation::current());
  // The worker runs.
  void RequireStarted(int times = 1, SourceLocation where = SourceLocation::current());
  // Somebody asked it to stop, or destroyed it. Its own failure does not count.
  void RequireAskedToStop(int times = 1, SourceLocation where = SourceLocation::current());
  // The worker has returned, or unwound. Done follows.
  void RequireEnded(int times = 1, SourceLocation where = SourceLocation::current());
  void RequireDestroyed(int times = 1, SourceLocation where = SourceLocation::current());
  // So many hang now.
  void RequireHanging(int times = 1, SourceLocation where = SourceLocation::current());

  // How often these have happened so far; `hanging` is how many do now.
  int launched() const;
  int started() const;
  int asked_to_stop() const;
  int ended() const;
  int destroyed() const;
  int hanging() const;
  // Why it was asked to stop the last time. Empty: it was not.
  StopReason stop_reason() const;

 private:
  const std::shared_ptr<internal::ScriptState> state_;
  const SourceLocation made_;
  const std::unique_ptr<internal::Witness> witness_;
};

}  // namespace stemma

#endif  // STEMMA_TESTING_SCRIPTED_COMPONENT_H_
