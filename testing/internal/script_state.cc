// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/script_state.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace stemma::internal {

void ScriptState::Add(Script script) {
  const std::lock_guard lock(mutex_);
  scripts_.push_back(std::move(script));
}

ScriptState::Counts ScriptState::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

StopReason ScriptState::stop_reason() const {
  const std::lock_guard lock(mutex_);
  return stop_reason_;
}

std::string ScriptState::Tell() const {
  const std::lock_guard lock(mutex_);
  std::string text =
      absl::StrCat("component \"", name_, "\": launched ", counts_.launched, ", started ",
                   counts_.started, ", asked to stop ", counts_.asked_to_stop, ", ended ",
                   counts_.ended, ", destroyed ", counts_.destroyed);
  if (counts_.hanging > 0) absl::StrAppend(&text, ", hanging ", counts_.hanging);
  if (!stop_reason_.empty()) absl::StrAppend(&text, "\nlast asked to stop: ", stop_reason_.text);
  return text;
}

Script ScriptState::Launch() {
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<std::size_t>(counts_.launched++);
  changed_.notify_all();
  return scripts_[std::min(number, scripts_.size() - 1)];
}

void ScriptState::Started(const std::shared_ptr<Incarnated>& incarnation) {
  const std::lock_guard lock(mutex_);
  incarnation->runs = true;
  running_.push_back(incarnation);
  ++counts_.started;
  changed_.notify_all();
}

void ScriptState::AskedToStop(Incarnated& incarnation, StopReason reason) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(incarnation.asked, true)) return;
  if (reason.kind == StopReason::Kind::kFailure) return;  // its own: nobody asked
  stop_reason_ = std::move(reason);
  ++counts_.asked_to_stop;
  changed_.notify_all();
}

void ScriptState::Ended(const std::shared_ptr<Incarnated>& incarnation) {
  const std::lock_guard lock(mutex_);
  incarnation->runs = false;
  std::erase(running_, incarnation);
  for (const Told& told : incarnation->told) {
    if (open_.erase(told.number) == 1) missed_.insert(told.number);
  }
  ++counts_.ended;
  changed_.notify_all();
}

void ScriptState::Destroyed() {
  const std::lock_guard lock(mutex_);
  ++counts_.destroyed;
  changed_.notify_all();
}

std::optional<Told> ScriptState::NextTold(Incarnated& incarnation, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  // Woken by TellLive and by the stop.
  changed_.wait(lock, stop, [&] { return !incarnation.told.empty(); });
  if (incarnation.told.empty()) return std::nullopt;
  Told told = std::move(incarnation.told.front());
  incarnation.told.pop_front();
  return told;
}

void ScriptState::Done(const Told& told) {
  const std::lock_guard lock(mutex_);
  open_.erase(told.number);
  changed_.notify_all();
}

bool ScriptState::Hang(Incarnated* incarnation, const std::function<bool(const Told&)>& take,
                       const Told* because) {
  struct Hanging {  // a destructor: what it is told may unwind it
    ~Hanging() {
      const std::lock_guard lock(state.mutex_);
      --state.counts_.hanging;
      state.changed_.notify_all();
    }
    ScriptState& state;
  } const hanging{*this};
  std::unique_lock lock(mutex_);
  const std::uint64_t let_go_before = let_go_;
  ++counts_.hanging;
  if (because != nullptr) open_.erase(because->number);
  changed_.notify_all();
  while (true) {
    // Woken by LetGo, LetGoForGood and TellLive.
    changed_.wait(lock, [&] {
      return let_go_ != let_go_before || nothing_hangs_ ||
             (incarnation != nullptr && !incarnation->told.empty());
    });
    if (incarnation == nullptr || incarnation->told.empty()) return true;
    const Told told = std::move(incarnation->told.front());
    incarnation->told.pop_front();
    lock.unlock();
    if (!take(told)) return false;
    lock.lock();
  }
}

bool ScriptState::Await(const std::function<bool(const Counts&)>& condition,
                        std::chrono::nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return condition(counts_); });
}

bool ScriptState::TellLive(const Step& step, std::chrono::nanoseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const auto find_live = [&] {
    return std::find_if(running_.rbegin(), running_.rend(),
                        [](const auto& incarnation) { return !incarnation->closing; });
  };
  std::unique_lock lock(mutex_);
  while (true) {
    // Woken by Started.
    if (!changed_.wait_until(lock, deadline, [&] { return find_live() != running_.rend(); })) {
      return false;
    }
    const auto live = *find_live();
    const std::uint64_t number = ++told_;
    open_.insert(number);
    live->told.push_back({.number = number, .step = step});
    live->closing |= step.kind == Step::Kind::kThrow || step.kind == Step::Kind::kException ||
                     step.kind == Step::Kind::kEnd;
    changed_.notify_all();
    // Woken by Done, or by Ended: it was asked to stop before it was told.
    if (!changed_.wait_until(lock, deadline, [&] { return !open_.contains(number); })) {
      std::erase_if(live->told, [&](const Told& told) { return told.number == number; });
      return false;
    }
    if (missed_.erase(number) == 0) return true;
  }
}

void ScriptState::LetGo() {
  const std::lock_guard lock(mutex_);
  ++let_go_;
  changed_.notify_all();
}

void ScriptState::LetGoForGood() {
  const std::lock_guard lock(mutex_);
  nothing_hangs_ = true;
  changed_.notify_all();
}

bool ScriptState::AwaitStopping(std::chrono::nanoseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] {
    return counts_.hanging == 0 &&
           std::none_of(running_.begin(), running_.end(),
                        [](const auto& incarnation) { return incarnation->asked; });
  });
}

}  // namespace stemma::internal
