// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/ledger.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "absl/strings/str_cat.h"

namespace stemma::chaos {
namespace {

template <class Key>
using Names = std::array<std::string_view, static_cast<std::size_t>(Key::kCount)>;

constexpr Names<Fault> kFaultNames = {
    "none",
    "factory: an error",
    "factory: null",
    "factory: an exception",
    "constructor: an exception",
    "factory: slow",
    "factory: does not return",
    "Start: an error",
    "Start: Throw",
    "Start: an exception",
    "Start: slow",
    "worker: ends before it is ready",
    "worker: Throw before it is ready",
    "worker: never ready",
    "worker: Throw",
    "worker: Report, then returns",
    "worker: Report, then waits",
    "worker: Report twice",
    "worker: Report on another thread",
    "worker: a std::exception",
    "worker: an exception of another type",
    "worker: Throw, swallowed by catch (...)",
    "worker: Throw of a Cancelled",
    "worker: no heartbeat",
    "worker: out of memory (bad_alloc)",
    "worker: a clean end",
    "during stop: Throw",
    "during stop: an exception",
    "during stop: Report",
    "during stop: slow",
    "during stop: a slow stop callback",
    "during stop: a slow thread_local destructor",
    "during stop: deaf",
    "destructor: slow",
    "destructor: does not return",
    "destructor: Report",
    "handler: an exception",
    "handler: an answer outside the enum",
    "handler: slow",
    "handler: silent",
    "listener: an exception",
    "listener: slow",
    "RequestStop",
    "the stop token",
    "command: StopNode",
    "command: StartNode",
    "command: RestartNode",
    "command: AddNode",
    "command: RemoveNode",
    "the clock jumps",
    "a component's thread refused",
    "a whole run's thread refused",
    "a full disk under the journal",
    "SIGINT",
    "SIGTERM",
    "SIGHUP",
    "SIGKILL",
};

constexpr Names<Loss> kLossNames = {
    "a run that did not end",
    "a process that ended otherwise than decided",
    "an outcome that is not what was decided",
    "a thread left over",
    "a descriptor left over",
    "an instance never destroyed",
    "an instance destroyed while its worker runs",
    "two incarnations alive at once",
    "a launch before a dependency was ready",
    "a stop before a dependent had ended",
    "events out of order, or missing",
    "a decision against the rules, or that replay makes otherwise",
    "a journal that cannot be read or verified",
    "a node abandoned, or a call left behind, without having been stuck",
    "a report that differs from what happened",
    "a latch that is not as the halt says",
};

constexpr Names<Sight> kSightNames = {
    "rounds",
    "processes",
    "nodes",
    "launches",
    "instances made",
    "restarts",
    "decisions judged and replayed",
    "events judged",
    "verdict Restart",
    "verdict Stop",
    "verdict StopParents",
    "verdict Shutdown",
    "verdict SpinHalt",
    "handlers' faults",
    "nodes abandoned",
    "late ends",
    "calls left behind",
    "outcome completed",
    "outcome stop requested",
    "outcome failed",
    "outcome shutdown",
    "outcome spin halt",
    "processes that somebody else on the machine has ended",
    "exits forced by a second signal",
    "exits by kAbort",
    "journal files verified by replay",
    "journal files with a torn last line",
    "journal files with a gap",
};

template <class Key>
std::string_view NameOf(const Names<Key>& names, Key key) {
  return names[static_cast<std::size_t>(key)];
}

}  // namespace

std::string_view ToString(Fault fault) { return NameOf(kFaultNames, fault); }
std::string_view ToString(Loss loss) { return NameOf(kLossNames, loss); }
std::string_view ToString(Sight sight) { return NameOf(kSightNames, sight); }

Ledger* Ledger::Create(int& fd) {
  fd = memfd_create("ledger", 0);
  if (fd < 0 || ftruncate(fd, sizeof(Ledger)) != 0) return nullptr;
  Ledger* const mapped = Open(fd);
  return mapped == nullptr ? nullptr : new (mapped) Ledger();
}

Ledger* Ledger::Open(int fd) {
  void* const memory =
      mmap(nullptr, sizeof(Ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, /*offset=*/0);
  return memory == MAP_FAILED ? nullptr : static_cast<Ledger*>(memory);
}

void Ledger::Close() { munmap(this, sizeof(Ledger)); }

void Ledger::Lose(Loss loss, std::string_view text) {
  std::uint64_t none = 0;
  lost_seed.compare_exchange_strong(none, seed.load());
  Add(losses_, loss, 1);
  Say(absl::StrCat("seed ", seed.load(), ": ", std::string(ToString(loss)), ": ",
                   std::string(text)));
}

std::uint64_t Ledger::lost() const {
  std::uint64_t sum = 0;
  for (const auto& count : losses_) sum += count;
  return sum;
}

void Ledger::Say(std::string_view line) {
  const std::size_t at = said_.fetch_add(line.size() + 1);
  if (at + line.size() + 1 > text_.size()) return;
  std::memcpy(&text_[at], line.data(), line.size());
  text_[at + line.size()] = '\n';
}

std::string Ledger::texts() const {
  std::string text(text_.data(), std::min(said_.load(), text_.size()));
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  return text;
}

void Ledger::Take(const Ledger& other) {
  for (std::size_t i = 0; i < faults_.size(); ++i) faults_[i] += other.faults_[i];
  for (std::size_t i = 0; i < losses_.size(); ++i) losses_[i] += other.losses_[i];
  for (std::size_t i = 0; i < sights_.size(); ++i) sights_[i] += other.sights_[i];
  if (std::string text = other.texts(); !text.empty()) {
    text.pop_back();
    Say(text);
  }
}

}  // namespace stemma::chaos
