// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_THREAD_COUNT_H_
#define STEMMA_LIFECYCLE_INTERNAL_THREAD_COUNT_H_

#include <fstream>
#include <string>

namespace stemma::internal {

// For tests of what is left over: how many threads this process has, by /proc/self/status, see
// proc(5). A listing of /proc/self/task leaves some out when others end meanwhile: Linux goes on in
// it by position.
inline long CountThreads() {
  const std::string key = "Threads:";
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.compare(0, key.size(), key) == 0) return std::stol(line.substr(key.size()));
  }
  return 0;
}

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_THREAD_COUNT_H_
