// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_DRIVER_H_
#define STEMMA_TESTING_CHAOS_DRIVER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "stemma/testing/chaos/dice.h"
#include "stemma/testing/chaos/ledger.h"
#include "stemma/testing/chaos/round.h"

namespace stemma::chaos {

struct DriverOptions {
  std::string program = {};  // the chaos program itself, which runs the rounds as a process
  std::uint64_t seed = 0;
  std::chrono::nanoseconds time = std::chrono::seconds(10);  // starts nothing new after that
  // The same of the rounds in a process.
  std::chrono::milliseconds process_time = std::chrono::milliseconds(1500);
  int most_nodes = 12;
  // Only processes of this circumstance; and only the round of `seed`.
  std::optional<Circumstance> only = std::nullopt;
  bool once = false;
  // The stemma command, to verify journal files with. Default: empty: they are not read.
  std::string verifier = {};
  // Longer than any process takes, on a machine that has other work to do.
  std::chrono::milliseconds hang_limit = std::chrono::minutes(3);
  // Where its files go. Default: empty: a new directory beneath the system's temporary one.
  std::string directory = {};
};

// Starts one process after another, each with some rounds in it, sends it the signals that belong
// to its circumstance, waits for its end, and judges how it ended and which journal it left.
//
// Returns: what was counted. Says on stderr what was lost, as it happens.
//
// REQUIRES: one at a time in a process.
class Driver {
 public:
  explicit Driver(DriverOptions options);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  void Run();
  const Ledger& ledger() const { return *total_; }
  // The table of what was done, seen and lost.
  std::string Table() const;

 private:
  class Process;

  void RunProcess(std::uint64_t seed);
  Circumstance Draw(Dice& dice) const;
  void JudgeEnd(Circumstance circumstance, Process& process);
  void Keep(const Process& process);
  void VerifyJournal(Circumstance circumstance, Process& process);

  const DriverOptions options_;
  std::string directory_;
  bool kept_ = false;  // something in it
  Ledger* total_ = nullptr;
  int total_fd_ = -1;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

// What the program does when a driver has started it. Returns: nothing, if it has not been; else
// what main should return.
std::optional<int> RunAsChild(int argc, char** argv);

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_DRIVER_H_
