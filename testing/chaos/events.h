// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_EVENTS_H_
#define STEMMA_TESTING_CHAOS_EVENTS_H_

#include <map>
#include <mutex>
#include <string>

#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/chaos/ledger.h"

namespace stemma::chaos {

// What a listener was told, judged while it is: nothing missing, and each transition from where the
// node was.
//
// Thread safety: any thread may call any method.
class Events {
 public:
  explicit Events(Ledger& ledger) : ledger_(ledger) {}

  void Take(const SupervisorEvent& event);
  // After the run: it told all of what the result says.
  void Judge(const RunResult& result);

 private:
  struct Life {
    NodeState state = NodeState::kWaiting;
    std::uint64_t launches = 0;
  };

  Ledger& ledger_;
  std::mutex mutex_;
  // Guarded by mutex_, all below.
  std::map<std::string, Life> lives_;
  std::uint64_t number_ = 0;
  Incarnation last_ = 0;
  bool ended_ = false, gap_ = false;
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_EVENTS_H_
