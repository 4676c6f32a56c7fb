// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_WITNESS_H_
#define STEMMA_TESTING_CHAOS_WITNESS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/stop_reason.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/chaos/ledger.h"

namespace stemma::chaos {

// Sees a round from inside the components: they say what becomes of them, and it tells what must
// not be, whatever the supervisor says of itself.
//
// What depends on whether a node was abandoned is a suspicion, until Judge is told.
//
// Thread safety: any thread may call any method. Lifetime: shared; what was abandoned may use it
// long after the round.
class Witness {
 public:
  using Who = std::size_t;

  explicit Witness(Ledger& ledger) : ledger_(ledger) {}

  Ledger& ledger() { return ledger_; }

  // A node of that name. `observed`: it is made of our components, and says when it is ready.
  Who Add(std::string name, std::vector<Who> dependencies, bool observed);
  std::string name(Who who) const;

  // What becomes of an incarnation of it, in this order.
  void Making(Who who);                          // its factory was called
  void Made(Who who);                            // its instance exists
  void WorkerBegan(Who who);                     // as often as it has workers
  void Ready(Who who);                           // all of them are, or are about to say so
  void Stopping(Who who, StopReason::Kind why);  // a worker sees that
  void WorkerEnded(Who who);
  void Destroying(Who who, StopReason::Kind why);  // empty: nobody has asked it to
  void Destroyed(Who who);

  // For what does not return by itself.
  const Event release() const { return release_.event(); }
  void Release() { release_.Set(); }

  // For user code: the supervisor, while it is there.
  void SetSupervisor(Supervisor* supervisor);
  void WithSupervisor(const std::function<void(Supervisor&)>& use) const;

  // After the round: `abandoned` are the nodes that were, `undestroyed` how many instances of each
  // were to be left undestroyed.
  void Judge(const std::set<std::string>& abandoned, const std::map<std::string, int>& undestroyed);

 private:
  struct Life {
    std::string name;
    std::vector<Who> dependencies, dependents;
    bool observed = false;
    bool ever_ready = false;
    int made = 0, destroyed = 0, working = 0;
  };
  struct Suspicion {
    Loss loss;
    Who suspect;  // cleared when this one was abandoned
    std::string text;
  };

  void LookForDependents(Who who, std::string_view what);

  Ledger& ledger_;
  const EventSource release_;
  mutable std::mutex mutex_;
  std::vector<Life> lives_;            // guarded by mutex_
  std::vector<Suspicion> suspicions_;  // guarded by mutex_
  mutable std::shared_mutex supervisor_mutex_;
  Supervisor* supervisor_ = nullptr;  // guarded by supervisor_mutex_
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_WITNESS_H_
