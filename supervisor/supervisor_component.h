// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_SUPERVISOR_COMPONENT_H_
#define STEMMA_SUPERVISOR_SUPERVISOR_COMPONENT_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/signaler_context.h"
#include "stemma/supervisor/internal/nested.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma {

// A supervisor as a component of another (S18): a part of the service that is restarted as a whole.
// Typically made by SupervisorNode, below.
//
// It is ready when all its nodes have been. Asked to stop, it stops them in order. It ends when
// they have all ended; that is a failure when one of them failed for good (kNestedShutdown, once
// everything has stopped), and otherwise a clean end. A spin halt in it is reported at once
// (kNestedSpinHalt), whatever the outer handler says becomes the outer's verdict, too, and so on up
// to the outermost, which is the one that stays. The failure's message is the one of the inner
// failure, and so names the node.
//
// Limits multiply: an inner node that may restart 5 times, in a supervisor that may restart 5
// times, is launched up to 36 times. Give the inner policies small limits.
//
// Costs two threads: one that runs the inner supervisor, one for its user code.
//
// Thread safety: any thread may call any method.
// Lifetime: may be destroyed at any time, but not by its own user code: it stops and waits.
class SupervisorComponent final : public Component, public internal::Nested {
 public:
  // Options are those of a supervisor of its own: it does not know its outer one's. For logs in one
  // place, and tests with one clock, give both the same. Signals and the latch of a spin halt are
  // the outermost's.
  //
  // Returns: a component that has not started anything; InvalidArgument with all the problems of
  // the nodes and the options, one a line, `handle_signals` and `spin_halt_latch` among them.
  static absl::StatusOr<std::unique_ptr<SupervisorComponent>> Create(
      std::vector<Node> nodes, SupervisorOptions options = {});

  // Returns: OK; FailedPrecondition at a second call; ResourceExhausted if the system has no thread
  // for it.
  absl::Status Start(SignalerContext context) override;

  Event Ready() const override { return manager_->Ready(); }
  Event Done() const override { return manager_->Done(); }

 private:
  explicit SupervisorComponent(std::unique_ptr<Supervisor> supervisor);

  void SetPlace(std::string place) override { place_ = std::move(place); }
  bool left_behind() const override { return left_behind_; }
  void Run(const SignalerContext& context, const ReadyFunc& ready);

  const std::unique_ptr<Supervisor> supervisor_;
  std::string place_;  // set before Start, then constant
  std::atomic<bool> left_behind_ = false;
  const std::unique_ptr<ComponentManager> manager_;  // last: its one worker uses all the above
};

// A node whose component is a supervisor of `nodes`, made afresh for each launch: their factories
// are copied for each, as they were when this was called. The outer supervisor's Create refuses
// what is wrong with the inner nodes and options.
//
// The node's stop timeout is none: the inner nodes have their own. Its start timeout, which is for
// all of them together, is the usual one; set it, and the rest of the node's fields, as you like.
//
// Example:
//   stemma::Node shop = stemma::SupervisorNode("shop", {{.name = "cart", .factory = MakeCart}});
//   shop.dependencies = {"db"};
Node SupervisorNode(std::string name, std::vector<Node> nodes, SupervisorOptions options = {});

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_SUPERVISOR_COMPONENT_H_
