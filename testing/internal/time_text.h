// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_TIME_TEXT_H_
#define STEMMA_TESTING_INTERNAL_TIME_TEXT_H_

#include <chrono>
#include <string>

namespace stemma::internal {

// A time as people read it: "0s", "100ms", "1m2.5s". What is less than a millisecond is left away,
// unless there is nothing else.
std::string TimeText(std::chrono::nanoseconds time);

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_TIME_TEXT_H_
