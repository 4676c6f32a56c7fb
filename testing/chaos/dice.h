// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_DICE_H_
#define STEMMA_TESTING_CHAOS_DICE_H_

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace stemma::chaos {

// Random choices. The same seed gives the same ones.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  bool OneIn(int n) { return Below(n) == 0; }
  std::chrono::microseconds UpTo(std::chrono::microseconds most) {
    return std::chrono::microseconds(Below(static_cast<int>(most.count()) + 1));
  }
  template <class T>
  T OneOf(std::initializer_list<T> choices) {
    return choices.begin()[Below(static_cast<int>(choices.size()))];
  }
  std::uint64_t Seed() { return random_(); }

 private:
  std::mt19937_64 random_;
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_DICE_H_
