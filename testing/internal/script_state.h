// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_SCRIPT_STATE_H_
#define STEMMA_TESTING_INTERNAL_SCRIPT_STATE_H_

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "stemma/lifecycle/stop_reason.h"
#include "stemma/testing/script.h"

namespace stemma::internal {

// A step that the test has told a worker to take. A plain value.
struct Told {
  std::uint64_t number = 0;  // never used twice
  Step step = {};
};

// One incarnation as the test sees it. Guarded by the mutex of its ScriptState.
struct Incarnated {
  bool runs = false;     // its worker does
  bool closing = false;  // it has been told its last step
  bool asked = false;    // to stop, or has failed
  std::deque<Told> told = {};
};

// What a ScriptedComponent and its incarnations share. It outlives the test, should one of them be
// abandoned.
//
// Thread safety: any thread may call any method.
class ScriptState {
 public:
  struct Counts {
    int launched = 0, started = 0, asked_to_stop = 0, ended = 0, destroyed = 0, hanging = 0;
  };

  ScriptState(std::string name, Script script) : name_(std::move(name)), scripts_{script} {}

  const std::string& name() const { return name_; }
  void Add(Script script);
  Counts counts() const;
  StopReason stop_reason() const;
  std::string Tell() const;

  // What the incarnations do. `Launch` answers the script of the one to be made.
  Script Launch();
  void Started(const std::shared_ptr<Incarnated>& incarnation);
  void AskedToStop(Incarnated& incarnation, StopReason reason);
  void Ended(const std::shared_ptr<Incarnated>& incarnation);
  void Destroyed();
  // Blocks until the worker is told something, or `stop` is requested, which then comes after all
  // that it was told. Returns: nothing: stop.
  std::optional<Told> NextTold(Incarnated& incarnation, const std::stop_token& stop);
  void Done(const Told& told);
  // Blocks until the test lets go. With an incarnation, what its worker is told meanwhile is given
  // to `take`; when that answers false, the worker is to return, and so does this. `because` is
  // done as soon as it hangs.
  bool Hang(Incarnated* incarnation = nullptr, const std::function<bool(const Told&)>& take = {},
            const Told* because = nullptr);

  // What the test does. Each returns false when it is not so after `timeout`.
  bool Await(const std::function<bool(const Counts&)>& condition, std::chrono::nanoseconds timeout);
  bool TellLive(const Step& step, std::chrono::nanoseconds timeout);
  void LetGo();
  void LetGoForGood();
  bool AwaitStopping(std::chrono::nanoseconds timeout);  // all that were asked to stop have ended

 private:
  const std::string name_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::vector<Script> scripts_;
  Counts counts_;
  StopReason stop_reason_;
  std::vector<std::shared_ptr<Incarnated>> running_;  // oldest first
  std::uint64_t told_ = 0;                            // how often
  std::set<std::uint64_t> open_, missed_;             // of what was told: the numbers
  std::uint64_t let_go_ = 0;                          // how often
  bool nothing_hangs_ = false;                        // any more
};

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_SCRIPT_STATE_H_
