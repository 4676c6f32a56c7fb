// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_CHRONICLE_H_
#define STEMMA_SUPERVISOR_INTERNAL_CHRONICLE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/stop_reason.h"
#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/instance.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/run_result.h"

namespace stemma::internal {

// What a supervisor remembers of its nodes beyond what the engine decides by, and what it says of
// them: in events, in the log, to a component that asks why, in the result.
//
// Thread safety: none; who holds the shell's strand.
class Chronicle {
 public:
  struct Failures {
    std::uint64_t count = 0;
    std::vector<Failure> first = {};
    std::deque<Failure> last = {};
    std::string latest_text = {};  // of the latest report of any kind
    Failure asked = {};            // the latest that its handler was asked about
    std::string asked_text = {};
    Incarnation incarnation = 0;    // the one that `asked` is of
    Incarnation handler_threw = 0;  // the one about which its handler threw
    std::string quiet_worker = {};  // whom the last look at the heartbeats has found (S22)
  };

  struct Record {
    std::shared_ptr<const Node> node;              // shared with calls that outlive the run
    std::shared_ptr<NodeId> place;                 // its id; kNoNode once it is removed
    std::shared_ptr<Instance> instance = nullptr;  // the current one, or the last
    std::uint64_t incarnations = 0;
    bool recalled = false;  // an operator's last order to end it was to restart it
    std::unique_ptr<Failures> failures = nullptr;  // null for most nodes: there are none

    bool HasFailed(Incarnation incarnation) const {
      return failures != nullptr && failures->incarnation == incarnation;
    }
  };

  // By ids, which follow additions and removals as the engine's do (S24).
  Record& operator[](NodeId id) { return records_[id]; }
  const Record& operator[](NodeId id) const { return records_[id]; }
  std::size_t size() const { return records_.size(); }
  Failures& FailuresOf(NodeId id);
  void Reserve(std::size_t nodes) { records_.reserve(nodes); }
  void Add(Node node);
  void Remove(NodeId id);

  // What `input` told of a failure, of its node or of its handler: before the engine handles it.
  // REQUIRES: its node is one.
  void Hear(const Input& input, Failure failure);
  // Puts what the handler is to be asked about into its node's record. Returns: true if nobody had
  // told: the engine has found it itself. REQUIRES: `ask` is a kAskHandler.
  bool FindFailure(const Action& ask);
  // Keeps the fault of a handler beside the failure that it was asked about (S9). Returns: true if
  // nobody had told: it answered with no verdict, or was silent. REQUIRES: a kHandlerFault.
  bool FindHandlerFault(const EngineEvent& event);
  // Keeps the failure, if it is one of the first or the last.
  void Remember(NodeId id, const Failure& failure);

  // Why a nested supervisor is stopped, which it says in place of "a stop was requested" (S18).
  void SetOuterReason(std::function<StopReason()> reason) { outer_reason_ = std::move(reason); }

  // The failure that the engine has found itself: a timeout, an early end.
  Failure Synthesised(NodeId id, FailureKind kind) const;
  // In one line; empty for no cause.
  std::string CauseText(const Cause& cause) const;
  // What node `id` is told when it is stopped for `cause`. Those that are stopped one after the
  // other for the same share it.
  std::shared_ptr<const StopReason> SharedReasonFor(NodeId id, const Cause& cause);
  // Never OK.
  absl::Status StatusOf(const Cause& cause) const;
  // How the run of `engine` ended.
  RunResult ResultOf(const Engine& engine) const;

 private:
  StopReason ReasonFor(NodeId id, const Cause& cause) const;
  // In the order of the ids, without the states, which the engine knows.
  std::vector<NodeReport> Reports() const;
  // The cause's node, quoted, as text has it.
  std::string NameIn(const Cause& cause) const;
  // The failures of the cause's node, if the cause is the one that its handler was asked about
  // last; else null.
  const Failures* FailuresIn(const Cause& cause) const;
  void SetAsked(NodeId id, Incarnation incarnation, Failure failure);

  std::vector<Record> records_;
  std::function<StopReason()> outer_reason_;
  std::shared_ptr<const StopReason> last_reason_;  // of SharedReasonFor
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_CHRONICLE_H_
