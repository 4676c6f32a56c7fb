// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_BENCHMARK_FIGURES_H_
#define STEMMA_TESTING_BENCHMARK_FIGURES_H_

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stemma::benchmark {

// What one run has measured: named numbers, printed as one line of JSON for ./tools/bench.
class Figures {
 public:
  void Set(std::string_view name, double value) { values_.emplace_back(name, value); }
  void Print() const;

 private:
  std::vector<std::pair<std::string, double>> values_;
};

// Time that has passed since it was made.
class Stopwatch {
 public:
  Stopwatch();

  double wall_ms() const;
  double cpu_ms() const;  // of the whole process, in the kernel too

  // Sets `name`_ms and `name`_cpu_ms.
  void Stop(Figures& figures, const std::string& name) const;

 private:
  const std::chrono::steady_clock::time_point began_;
  const double cpu_began_;
};

double ResidentBytes();  // of this process
// How often one of its threads was switched away from, by itself or not; but for the calling one.
long ContextSwitchesOfOthers();

}  // namespace stemma::benchmark

#endif  // STEMMA_TESTING_BENCHMARK_FIGURES_H_
