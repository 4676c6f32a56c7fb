// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_PROGRESS_H_
#define STEMMA_TOOLS_STEMMA_PROGRESS_H_

#include <chrono>
#include <string>

namespace stemma::tools {

// Tells on standard error, if that is a terminal, how far a long piece of work has come: one line
// that is rewritten now and then, and gone in the end. Short work is not told of.
class Progress {
 public:
  // `what`: "laying out".
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `share`: of the work that is done, 0 to 1.
  void Tell(double share);

 private:
  using Clock = std::chrono::steady_clock;

  const std::string what_;
  const bool shows_;
  Clock::time_point next_;  // when it is told again
  bool is_shown_ = false;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_PROGRESS_H_
