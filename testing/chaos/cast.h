// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_CAST_H_
#define STEMMA_TESTING_CHAOS_CAST_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "stemma/lifecycle/reusable_threads.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/testing/chaos/judge.h"
#include "stemma/testing/chaos/temper.h"
#include "stemma/testing/chaos/witness.h"

namespace stemma::chaos {

// Makes the nodes of a round: random graphs, policies and handlers, supervisors among them.
//
// Thread safety: one thread makes nodes; what they are made of is called on any.
class Cast {
 public:
  Cast(std::uint64_t seed, const Temper& temper, std::shared_ptr<Witness> witness,
       std::shared_ptr<Clock> clock);

  // All of the round's nodes.
  std::vector<Node> Nodes();
  // Another one, for AddNode.
  Node Extra();
  // A name of one of those made so far, or of none.
  std::string SomeName(Dice& dice) const;

  // Ends the threads that wait for a next incarnation. Not left to the factories: a supervisor that
  // was abandoned keeps those of its nodes.
  void EndThreads() { threads_.clear(); }

  // The judges of the supervisors inside, one for each incarnation.
  std::vector<std::shared_ptr<Judge>> inner_judges() const;

 private:
  struct Place {
    std::string name;
    Witness::Who who;
  };
  // What the incarnations of supervisors inside leave for the end of the round.
  struct Inner {
    std::mutex mutex;
    std::vector<std::shared_ptr<Judge>> judges;  // guarded by mutex
  };

  // A node beside `others`, some of which it depends on. Adds itself to them.
  Node MakeNode(std::string name, std::vector<Place>& others, bool may_nest);
  OnError Handler(Witness::Who who);
  ComponentFactory Nest(const std::string& name);

  const Temper temper_;
  const std::shared_ptr<Witness> witness_;
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<Inner> inner_;
  Dice dice_;
  std::vector<std::shared_ptr<const ReusableThreads>> threads_;
  std::vector<Place> places_;
  int extras_ = 0;
};

// Options for a supervisor of that temper, an inner one too. The stop's bounds are short if it may
// be stuck.
SupervisorOptions DrawOptions(Dice& dice, const Temper& temper, std::shared_ptr<Clock> clock);

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_CAST_H_
