// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_TIMER_QUEUE_H_
#define STEMMA_SUPERVISOR_TIMER_QUEUE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace stemma {

// The deadlines of the engine: at most one per key, keys are dense. A binary heap that knows where
// each key stands, so that a deadline can be moved or cancelled in O(log n) and nothing stale is
// left behind. Ties go to the smaller key, so that the order is the same in every run.
//
// Thread safety: none; the engine's own.
class TimerQueue {
 public:
  using Key = std::uint32_t;
  struct Timer {
    std::chrono::nanoseconds at{};
    Key key = 0;
  };

  // Makes keys 0 to `keys` - 1 known. They only grow.
  void Resize(std::size_t keys) { position_.resize(keys, kAbsent); }

  // Arms `key`, or moves it. A deadline of nanoseconds::max() is none: the key is cancelled.
  void Set(Key key, std::chrono::nanoseconds at);
  void Cancel(Key key);

  bool IsSet(Key key) const { return position_[key] != kAbsent; }
  std::optional<std::chrono::nanoseconds> Get(Key key) const;

  // The earliest timer, if there is one.
  std::optional<Timer> Earliest() const;

 private:
  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  static bool Before(const Timer& a, const Timer& b) {
    return a.at != b.at ? a.at < b.at : a.key < b.key;
  }
  void Place(std::size_t index, Timer timer);
  void Up(std::size_t index, Timer timer);
  void Down(std::size_t index, Timer timer);

  std::vector<Timer> heap_;
  std::vector<std::uint32_t> position_;  // key -> index in heap_
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_TIMER_QUEUE_H_
