// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_WITNESS_H_
#define STEMMA_TESTING_INTERNAL_WITNESS_H_

#include <functional>
#include <string>

namespace stemma::internal {

// A double that has something to say when a wait of the test gives up: what it has seen. Every
// double has one, and so a wait can tell what happened instead of what it waited for.
//
// Thread safety: any thread may make and destroy one.
class Witness {
 public:
  // `tell` answers in some lines; `let_go` ends what the double holds up, so that a test that is
  // left does not hang on its way out. Both are called by any thread, under a lock: they must make
  // and destroy no witness.
  Witness(std::function<std::string()> tell, std::function<void()> let_go = {});
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  // What they all have seen.
  static std::string TellAll();
  static void LetAllGo();

 private:
  const std::function<std::string()> tell_;
  const std::function<void()> let_go_;
};

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_WITNESS_H_
