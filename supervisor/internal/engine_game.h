// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_ENGINE_GAME_H_
#define STEMMA_SUPERVISOR_INTERNAL_ENGINE_GAME_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma::internal {

// Choices, one after the other: those of a seed, or those that a fuzzer makes.
class Dice {
 public:
  // Evenly, from a generator with that seed.
  explicit Dice(unsigned seed);
  // `roll` answers from 0 to `sides` - 1.
  explicit Dice(std::function<std::size_t(std::size_t sides)> roll) : roll_(std::move(roll)) {}

  // From 0 to `sides` - 1. REQUIRES: not 0.
  std::size_t Roll(std::size_t sides) { return roll_(sides); }
  bool Once(std::size_t in) { return Roll(in) == 0; }
  template <class T>
  T OneOf(std::initializer_list<T> choices) {
    return choices.begin()[Roll(choices.size())];
  }
  template <class T>
  const T& OneOf(const std::vector<T>& choices) {
    return choices[Roll(choices.size())];
  }
  template <class T>
  void Shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[Roll(i)]);
  }

 private:
  std::function<std::size_t(std::size_t)> roll_;
};

// One run of an engine with a graph, policies and inputs that the dice choose, and of its referee,
// who judges each answer.
class EngineGame {
 public:
  explicit EngineGame(Dice& dice);

  // Plays `steps` inputs, or to the end. Returns: false once a rule has been broken.
  bool Play(std::size_t steps);

  // From now on everybody does what is asked, and the run is to end: by itself, or on request.
  // Returns: false once a rule has been broken.
  bool Obey(bool stop);

  // The same inputs at the same times give the same actions.
  bool Replay() const;

  // Can every node be had to end by itself?
  bool MayEndByItself() const;

  // The rule; empty: none was broken.
  const std::string& broken() const { return broken_; }

  // The graph, every input and every answer, in lines.
  std::string Transcript() const;

 private:
  Input Of(NodeId id, Input::Kind kind) const;
  bool Break(std::string what);
  bool Send(const Input& input);
  bool Step();
  bool Answer(Input input);
  bool Command();
  bool Surprise();
  Input OldNews();
  Engine::Time SomeTimeAgo();
  bool PassTime();

  Dice& dice_;
  std::shared_ptr<const DependencyGraph> graph_;
  std::vector<NodePolicy> policies_;
  EngineOptions options_;
  Engine engine_;
  EngineReferee referee_;
  std::size_t rare_, obedience_, severe_, mortal_, meddling_, slow_;  // once in how many
  Engine::Time now_ = std::chrono::hours(1);
  std::vector<std::pair<Input, Engine::Time>> said_;
  std::vector<Action> actions_;
  std::size_t added_ = 0;
  bool may_end_by_itself_ = true;
  std::string broken_;
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_ENGINE_GAME_H_
