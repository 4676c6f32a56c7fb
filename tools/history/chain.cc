// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/chain.h"

#include <algorithm>
#include <array>
#include <utility>

#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/launch.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

std::optional<std::size_t> FirstReady(const NodeHistory& node) {
  for (std::size_t i = 0; i < node.spans.size(); ++i) {
    if (node.spans[i].state == NodeState::kReady) return i;
  }
  return std::nullopt;
}

// The first of the launches that led to the span; nothing: it came to it without one.
std::optional<std::size_t> LaunchBefore(const NodeHistory& node, std::size_t span) {
  std::optional<std::size_t> launch;
  for (std::size_t i = span; i > 0; --i) {
    const NodeState state = node.spans[i - 1].state;
    if (state == NodeState::kReady || IsTerminal(state)) break;
    if (state == NodeState::kStarting) launch = i - 1;
  }
  return launch;
}

ChainStep StartStep(const NodeHistory& node, Row row, std::size_t launch, std::size_t end) {
  ChainStep step{.row = row, .begin = node.spans[launch].begin};
  step.own = node.spans[end].begin - step.begin;
  for (std::size_t i = launch; i < end; ++i) {
    const Span& span = node.spans[i];
    if (span.state == NodeState::kStarting) ++step.launches;
    if (span.state == NodeState::kBackingOff) step.backing_off += span.end - span.begin;
  }
  return step;
}

// When everything began to stop.
std::optional<Instant> FindStop(const History& history) {
  for (const Moment& moment : history.moments()) {
    if (moment.kind == Moment::Kind::kStopDelayed || moment.kind == Moment::Kind::kStopping) {
      return Instant{moment.at, moment.line};
    }
  }
  return std::nullopt;
}

// When the node had ended for good (S5); nothing: it has not, as far as the journal tells.
std::optional<Instant> EndOf(const NodeHistory& node) {
  std::optional<Instant> end;
  for (auto span = node.spans.rbegin(); span != node.spans.rend(); ++span) {
    if (!IsTerminal(span->state)) break;
    end = {span->begin, span->line};
  }
  if (!end.has_value() || node.endings.empty()) return end;
  const std::optional<Instant>& gone = node.endings.back().gone;
  if (!gone.has_value() || gone->line > end->line) return gone;  // completed, and destroyed later
  return end;
}

// The end of the instance with which the node ended; null: it had none then.
const Ending* LastEnding(const NodeHistory& node, Instant end) {
  if (node.endings.empty()) return nullptr;
  const Ending& last = node.endings.back();
  return last.gone.has_value() && last.gone->line == end.line ? &last : nullptr;
}

// When its end began: it was asked, or failed; or, if it then had to wait for those that depend on
// it, they had ended.
Instant BeginOf(const History& history, const Ending& ending) {
  const Instant last = ending.destroying.value_or(*ending.gone);
  const FailureRecord* const failure = history.FailureOf(ending.incarnation);
  const bool was_judged =
      failure == nullptr || (failure->verdict.has_value() && failure->verdict_line < last.line);
  const bool had_to_wait = ending.done.has_value() && ending.done->line < last.line && was_judged;
  if (had_to_wait) return last;
  return ending.asked.value_or(ending.done.value_or(last));
}

// For how long, from `begin` to `end`, something of the incarnation itself was on its way out: its
// threads, its handler, its destructor.
nanoseconds OwnTime(const History& history, const Ending& ending, nanoseconds begin,
                    nanoseconds end) {
  std::array<std::pair<nanoseconds, nanoseconds>, 3> parts = {};
  const auto until = [&](const std::optional<Instant>& instant) {
    if (instant.has_value()) return instant->at;
    return ending.gone.has_value() ? ending.gone->at : nanoseconds::max();
  };
  if (ending.asked.has_value()) parts[0] = {ending.asked->at, until(ending.done)};
  if (const FailureRecord* const failure = history.FailureOf(ending.incarnation)) {
    parts[1] = {failure->at, failure->verdict.has_value() ? failure->verdict_at : until({})};
  }
  if (ending.destroying.has_value()) parts[2] = {ending.destroying->at, until({})};
  std::sort(parts.begin(), parts.end());
  nanoseconds own = {}, counted = begin;
  for (const auto& [from, to] : parts) {
    const nanoseconds first = std::max(from, counted), last = std::min(to, end);
    if (last <= first) continue;
    own += last - first;
    counted = last;
  }
  return own;
}

void Sort(std::vector<NodeTimes>& times) {
  std::stable_sort(times.begin(), times.end(),
                   [](const NodeTimes& a, const NodeTimes& b) { return a.own > b.own; });
}

}  // namespace

std::optional<Chain> StartChain(const History& history, std::optional<Row> target) {
  Row row = kNoRow;
  std::size_t span = 0;
  for (Row other = 0; other < history.rows().size(); ++other) {
    if (target.value_or(other) != other) continue;
    const std::optional<std::size_t> ready = FirstReady(history[other]);
    if (!ready.has_value()) continue;
    if (row != kNoRow && history[other].spans[*ready].line <= history[row].spans[span].line) {
      continue;
    }
    row = other;
    span = *ready;
  }
  if (row == kNoRow) return std::nullopt;
  Chain chain{.begin = history.begin(), .end = history[row].spans[span].begin};
  while (true) {
    const NodeHistory& node = history[row];
    const std::optional<std::size_t> launch = LaunchBefore(node, span);
    if (!launch.has_value()) {
      // It ended without having been launched, which let go on who had only to come after it.
      const nanoseconds end = node.spans[span].begin;
      chain.steps.push_back({.row = row, .idle = end - chain.begin, .begin = end});
      break;
    }
    ChainStep step = StartStep(node, row, *launch, span);
    const std::optional<LastDependency> last = LastDependencyOf(history, row, node.spans[*launch]);
    step.idle =
        step.begin - (last.has_value() ? history[last->row].spans[last->span].begin : chain.begin);
    chain.steps.push_back(step);
    if (!last.has_value()) break;
    row = last->row;
    span = last->span;
  }
  std::reverse(chain.steps.begin(), chain.steps.end());
  return chain;
}

std::optional<Chain> StopChain(const History& history, std::optional<Row> target) {
  const std::optional<Instant> stop = FindStop(history);
  if (!stop.has_value()) return std::nullopt;
  Row row = kNoRow;
  Instant end;
  for (Row other = 0; other < history.rows().size(); ++other) {
    if (target.value_or(other) != other) continue;
    const std::optional<Instant> ended = EndOf(history[other]);
    if (!ended.has_value() || ended->line < stop->line) continue;
    if (row != kNoRow && ended->line <= end.line) continue;
    row = other;
    end = *ended;
  }
  if (row == kNoRow) return std::nullopt;
  Chain chain{.begin = stop->at, .end = end.at};
  // Of who depends on the node, one whose end on that line let it go on.
  const auto before = [&](const NodeHistory& node, std::size_t line) {
    for (const std::vector<Row>* others : {&node.dependents, &node.soft_dependents}) {
      for (const Row other : *others) {
        const std::optional<Instant> ended = EndOf(history[other]);
        if (!ended.has_value() || ended->line != line || line < stop->line) continue;
        if (LastEnding(history[other], *ended) != nullptr) return other;
      }
    }
    return kNoRow;
  };
  while (true) {
    const NodeHistory& node = history[row];
    const Ending* const ending = LastEnding(node, end);
    const Instant begin = ending == nullptr ? end : BeginOf(history, *ending);
    ChainStep step{.row = row, .begin = std::max(begin.at, chain.begin)};
    step.own = end.at - step.begin;
    const Row other = ending == nullptr ? kNoRow : before(node, begin.line);
    step.idle = other == kNoRow ? step.begin - chain.begin : nanoseconds::zero();
    chain.steps.push_back(step);
    if (other == kNoRow) break;
    row = other;
    end = *EndOf(history[other]);
  }
  std::reverse(chain.steps.begin(), chain.steps.end());
  return chain;
}

std::optional<nanoseconds> StopBegin(const History& history) {
  const std::optional<Instant> stop = FindStop(history);
  if (!stop.has_value()) return std::nullopt;
  return stop->at;
}

std::vector<NodeTimes> StartTimes(const History& history, const std::vector<Row>& rows) {
  std::vector<NodeTimes> all;
  for (const Row row : rows) {
    const NodeHistory& node = history[row];
    NodeTimes times{.row = row};
    const nanoseconds from = std::max(node.added, history.begin());
    for (const Span& span : node.spans) {
      if (span.state == NodeState::kReady) times.is_over = true;
      if (times.is_over || IsTerminal(span.state)) break;
      if (span.state == NodeState::kStarting) ++times.launches;
      const nanoseconds length = std::max({}, span.end - std::max(span.begin, from));
      if (span.state == NodeState::kWaiting) {
        times.waiting += length;
      } else if (span.state == NodeState::kBackingOff) {
        times.backing_off += length;
      } else {
        times.own += length;
      }
    }
    all.push_back(times);
  }
  Sort(all);
  return all;
}

std::vector<NodeTimes> StopTimes(const History& history, const std::vector<Row>& rows) {
  std::vector<NodeTimes> all;
  const std::optional<Instant> stop = FindStop(history);
  if (!stop.has_value()) return all;
  for (const Row row : rows) {
    const NodeHistory& node = history[row];
    const std::optional<Instant> ended = EndOf(node);
    if (ended.has_value() ? ended->line < stop->line : node.removed.has_value()) continue;
    const nanoseconds end = ended.has_value() ? ended->at : history.end();
    NodeTimes times{.row = row, .is_over = ended.has_value()};
    for (const Ending& ending : node.endings) {
      times.own += OwnTime(history, ending, stop->at, end);
    }
    times.waiting = end - stop->at - times.own;
    all.push_back(times);
  }
  Sort(all);
  return all;
}

}  // namespace stemma::tools
