// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_BENCHMARK_DRIVEN_ENGINE_H_
#define STEMMA_TESTING_BENCHMARK_DRIVEN_ENGINE_H_

#include <cstddef>
#include <vector>

#include "stemma/supervisor/engine.h"
#include "stemma/testing/benchmark/shapes.h"

namespace stemma::benchmark {

// An engine of which every node is ready, and what it is told to measure it. There are no threads:
// what the engine wants done counts as done at once.
class DrivenEngine {
 public:
  DrivenEngine(Shape shape, std::size_t nodes);

  // The node fails, is restarted at once, and is ready again. Returns: how many inputs that takes.
  int Restart(NodeId id);

  // The node has failed, and its handler is about to answer.
  void Fail(NodeId id);
  // It answers that the node and its descendants go down. Returns: what is to be done.
  const std::vector<Action>& TakeDown(NodeId id);
  // What the last answer asked to stop ends, and what follows from that, until nothing is left.
  // Returns: how many inputs that took.
  std::size_t Cooperate();

  const Engine& engine() const { return engine_; }

 private:
  void Tell(Input::Kind kind, NodeId id,
            ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart);

  Engine engine_;
  std::vector<Action> actions_;  // the answer to the last input
};

}  // namespace stemma::benchmark

#endif  // STEMMA_TESTING_BENCHMARK_DRIVEN_ENGINE_H_
