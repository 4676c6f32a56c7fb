// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/timer_queue.h"

namespace stemma {

void TimerQueue::Place(std::size_t index, Timer timer) {
  heap_[index] = timer;
  position_[timer.key] = static_cast<std::uint32_t>(index);
}

void TimerQueue::Up(std::size_t index, Timer timer) {
  while (index > 0 && Before(timer, heap_[(index - 1) / 2])) {
    Place(index, heap_[(index - 1) / 2]);
    index = (index - 1) / 2;
  }
  Place(index, timer);
}

void TimerQueue::Down(std::size_t index, Timer timer) {
  for (std::size_t next = 2 * index + 1; next < heap_.size(); next = 2 * index + 1) {
    if (next + 1 < heap_.size() && Before(heap_[next + 1], heap_[next])) ++next;
    if (!Before(heap_[next], timer)) break;
    Place(index, heap_[next]);
    index = next;
  }
  Place(index, timer);
}

void TimerQueue::Set(Key key, std::chrono::nanoseconds at) {
  if (at == std::chrono::nanoseconds::max()) return Cancel(key);
  const Timer timer{at, key};
  if (position_[key] == kAbsent) {
    heap_.emplace_back();
    return Up(heap_.size() - 1, timer);
  }
  const std::size_t index = position_[key];
  if (Before(timer, heap_[index])) {
    Up(index, timer);
  } else {
    Down(index, timer);
  }
}

void TimerQueue::Cancel(Key key) {
  const std::size_t index = position_[key];
  if (index == kAbsent) return;
  position_[key] = kAbsent;
  const Timer last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  if (index > 0 && Before(last, heap_[(index - 1) / 2])) {
    Up(index, last);
  } else {
    Down(index, last);
  }
}

std::optional<std::chrono::nanoseconds> TimerQueue::Get(Key key) const {
  if (!IsSet(key)) return std::nullopt;
  return heap_[position_[key]].at;
}

std::optional<TimerQueue::Timer> TimerQueue::Earliest() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front();
}

}  // namespace stemma
