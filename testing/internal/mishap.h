// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_MISHAP_H_
#define STEMMA_TESTING_INTERNAL_MISHAP_H_

#include <optional>
#include <string>
#include <vector>

#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"
#include "stemma/testing/every_failure.h"

namespace stemma::internal {

// When something goes wrong: a node has come to a state for the `nth` time, or all are ready.
struct Moment {
  std::string node = {};  // empty: all are ready
  NodeState state = NodeState::kReady;
  int nth = 1;

  EventPattern Pattern() const;
  // "while db backs off again"; of the node that fails itself: "while it backs off again".
  std::string Words(const std::string& failing) const;
  std::string Code() const;  // "On(\"db\").BackedOff().Nth(2)"
};

// What goes wrong: a node fails, or hangs.
struct Mishap {
  Moment moment = {};
  std::string node = {};
  std::optional<Failure> failure = {};  // nothing: it hangs

  std::string Words() const;  // "db fails (Thrown)"
  std::string Code() const;   // the statement that makes it happen
};

// Everything that can go wrong with the node in that state: WhatMayFail says what that is.
std::vector<Mishap> MishapsOf(const Node& node, NodeState state, const Moment& moment,
                              const WhatMayFail& what);

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_MISHAP_H_
