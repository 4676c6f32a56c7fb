// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_WORKER_RECORD_H_
#define STEMMA_LIFECYCLE_INTERNAL_WORKER_RECORD_H_

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

namespace stemma::internal {

// What is known of one worker from outside (S12, S22). Atomics, and no mutex: a heartbeat is meant
// for inner loops.
class WorkerRecord {
 public:
  explicit WorkerRecord(std::string name, std::chrono::nanoseconds now)
      : name_(std::move(name)), last_heartbeat_(now) {}

  const std::string& name() const { return name_; }

  void Heartbeat(std::chrono::nanoseconds now) {
    last_heartbeat_ = now;
    beaten_ = true;
  }
  void End() { ended_ = true; }

  std::chrono::nanoseconds last_heartbeat() const { return last_heartbeat_; }
  bool beaten() const { return beaten_; }
  bool ended() const { return ended_; }
  bool waiting() const { return waiting_ > 0; }

  // The worker is inside a wait, and so alive, from BeginWait to EndWait. Copies of its context may
  // wait on other threads.
  void BeginWait() { ++waiting_; }
  void EndWait(std::chrono::nanoseconds now) {
    last_heartbeat_ = now;  // before the wait ends: nobody may see it neither waiting nor fresh
    --waiting_;
  }

 private:
  const std::string name_;
  std::atomic<std::chrono::nanoseconds> last_heartbeat_;
  std::atomic<int> waiting_ = 0;
  std::atomic<bool> beaten_ = false;
  std::atomic<bool> ended_ = false;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_WORKER_RECORD_H_
