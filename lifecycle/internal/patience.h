// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_PATIENCE_H_
#define STEMMA_LIFECYCLE_INTERNAL_PATIENCE_H_

#include <algorithm>
#include <chrono>
#include <thread>

#include "stemma/lifecycle/internal/sleepers.h"

namespace stemma::internal {

// Whether to stay awake for what may come soon. To put a thread to sleep and to wake it takes some
// 10 us each, on a virtual machine more. But what is awaited may need the processor: where staying
// awake was for nothing, or the waits are long, it sleeps.
//
// Thread safety: none; it is of the thread that waits.
class Patience {
 public:
  // Returns when the sleeper has been woken.
  void Wait(Sleeper& sleeper) {
    const auto soon = std::chrono::steady_clock::now() + kSoon;
    const bool awake = trust_ > 0 && HasOtherProcessors();
    if (!awake || !sleeper.SpinUntil(soon)) sleeper.Sleep();
    const bool was_soon = std::chrono::steady_clock::now() < soon;
    trust_ = was_soon ? std::min(trust_ + 1, 1) : awake ? -kSleeps : std::min(trust_, 0);
  }

 private:
  static constexpr std::chrono::microseconds kSoon{50};
  static constexpr int kSleeps = 8;  // short ones, after staying awake was for nothing

  static bool HasOtherProcessors() {
    static const bool has = std::thread::hardware_concurrency() > 1;
    return has;
  }

  int trust_ = 0;  // above 0: what was awaited last came soon
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_PATIENCE_H_
