// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/chain.h"

#include <algorithm>

#include "stemma/supervisor/node_state.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kNoSpan = static_cast<std::size_t>(-1);

bool Satisfies(NodeState state, bool is_soft) {
  return state == NodeState::kReady || state == NodeState::kCompleted ||
         (is_soft && IsTerminal(state));
}

std::size_t FirstSpan(const NodeHistory& node, NodeState state) {
  for (std::size_t i = 0; i < node.spans.size(); ++i) {
    if (node.spans[i].state == state) return i;
  }
  return kNoSpan;
}

// The span with which the node came to satisfy who was launched at that line; kNoSpan: it did not.
std::size_t SatisfiedSince(const NodeHistory& node, std::size_t line, bool is_soft) {
  const auto after =
      std::upper_bound(node.spans.begin(), node.spans.end(), line,
                       [](std::size_t given, const Span& span) { return given < span.line; });
  auto i = static_cast<std::size_t>(after - node.spans.begin());
  // On the same line it may already have come to something else.
  while (i > 0 && !Satisfies(node.spans[i - 1].state, is_soft)) --i;
  if (i == 0) return kNoSpan;
  while (i > 1 && Satisfies(node.spans[i - 2].state, is_soft)) --i;
  return i - 1;
}

bool IsEnding(NodeState state) {
  return state == NodeState::kStopping || state == NodeState::kDeciding;
}

struct Stop {
  nanoseconds begin = {};
  std::size_t line = 0;  // of the journal's entries
};

// When everything began to stop.
std::optional<Stop> FindStop(const History& history) {
  for (const Moment& moment : history.moments()) {
    if (moment.kind == Moment::Kind::kStopDelayed || moment.kind == Moment::Kind::kStopping) {
      return Stop{moment.at, moment.line};
    }
  }
  return std::nullopt;
}

// How the node ended in the stop of everything: its spans from being asked to its end.
struct Ending {
  std::size_t asked = kNoSpan, ended = kNoSpan;
};
Ending EndingOf(const NodeHistory& node, const Stop& stop) {
  Ending ending;
  for (std::size_t i = node.spans.size(); i > 0; --i) {
    const Span& span = node.spans[i - 1];
    if (!IsTerminal(span.state) || span.line < stop.line) break;
    ending.ended = i - 1;
  }
  if (ending.ended == kNoSpan) return ending;
  ending.asked = ending.ended;
  while (ending.asked > 0 && IsEnding(node.spans[ending.asked - 1].state)) --ending.asked;
  return ending;
}

ChainStep StartStep(const NodeHistory& node, Row row, std::size_t launch, nanoseconds end) {
  ChainStep step{.row = row, .begin = node.spans[launch].begin};
  step.own = end - step.begin;
  for (std::size_t i = launch; i < node.spans.size() && node.spans[i].begin <= end; ++i) {
    const Span& span = node.spans[i];
    if (span.state == NodeState::kStarting) ++step.launches;
    if (span.state == NodeState::kBackingOff) {
      step.backing_off += std::min(span.end, end) - span.begin;
    }
  }
  return step;
}

}  // namespace

std::optional<Chain> StartChain(const History& history, std::optional<Row> target) {
  Row row = kNoRow;
  std::size_t end_span = kNoSpan;
  for (Row other = 0; other < history.rows().size(); ++other) {
    if (target.value_or(other) != other) continue;
    const std::size_t ready = FirstSpan(history[other], NodeState::kReady);
    if (ready == kNoSpan) continue;
    if (row != kNoRow && history[other].spans[ready].line <= history[row].spans[end_span].line) {
      continue;
    }
    row = other;
    end_span = ready;
  }
  if (row == kNoRow) return std::nullopt;
  Chain chain{.begin = history.begin(), .end = history[row].spans[end_span].begin};
  nanoseconds end = chain.end;
  while (true) {
    const NodeHistory& node = history[row];
    const std::size_t launch = FirstSpan(node, NodeState::kStarting);
    if (launch == kNoSpan || node.spans[launch].begin > end) {
      // It ended without having been launched, which let go on who had only to come after it.
      chain.steps.push_back({.row = row, .idle = end - chain.begin, .begin = end});
      break;
    }
    ChainStep step = StartStep(node, row, launch, end);
    Row last = kNoRow;
    std::size_t since = kNoSpan;
    const auto consider = [&](const std::vector<Row>& others, bool is_soft) {
      for (const Row other : others) {
        const std::size_t span = SatisfiedSince(history[other], node.spans[launch].line, is_soft);
        if (span == kNoSpan) continue;
        if (last != kNoRow && history[other].spans[span].line <= history[last].spans[since].line) {
          continue;
        }
        last = other;
        since = span;
      }
    };
    consider(node.dependencies, false);
    consider(node.soft_dependencies, true);
    const nanoseconds free = last == kNoRow ? chain.begin : history[last].spans[since].begin;
    step.idle = step.begin - free;
    chain.steps.push_back(step);
    if (last == kNoRow) break;
    row = last;
    end = free;
  }
  std::reverse(chain.steps.begin(), chain.steps.end());
  return chain;
}

std::optional<Chain> StopChain(const History& history, std::optional<Row> target) {
  const std::optional<Stop> stop = FindStop(history);
  if (!stop.has_value()) return std::nullopt;
  Row row = kNoRow;
  Ending ending;
  for (Row other = 0; other < history.rows().size(); ++other) {
    if (target.value_or(other) != other) continue;
    const Ending others = EndingOf(history[other], *stop);
    if (others.ended == kNoSpan) continue;
    if (row != kNoRow &&
        history[other].spans[others.ended].line <= history[row].spans[ending.ended].line) {
      continue;
    }
    row = other;
    ending = others;
  }
  if (row == kNoRow) return std::nullopt;
  Chain chain{.begin = stop->begin, .end = history[row].spans[ending.ended].begin};
  while (true) {
    const NodeHistory& node = history[row];
    const Span& asked = node.spans[ending.asked];
    ChainStep step{.row = row, .begin = std::max(asked.begin, chain.begin)};
    step.own = node.spans[ending.ended].begin - step.begin;
    Row last = kNoRow;
    Ending before;
    const auto consider = [&](const std::vector<Row>& others) {
      for (const Row other : others) {
        const Ending others_ending = EndingOf(history[other], *stop);
        if (others_ending.ended == kNoSpan) continue;
        const std::size_t line = history[other].spans[others_ending.ended].line;
        if (line > asked.line) continue;
        if (last != kNoRow && line <= history[last].spans[before.ended].line) continue;
        last = other;
        before = others_ending;
      }
    };
    consider(node.dependents);
    consider(node.soft_dependents);
    step.idle =
        step.begin - (last == kNoRow ? chain.begin : history[last].spans[before.ended].begin);
    chain.steps.push_back(step);
    if (last == kNoRow) break;
    row = last;
    ending = before;
  }
  std::reverse(chain.steps.begin(), chain.steps.end());
  return chain;
}

std::optional<nanoseconds> StopBegin(const History& history) {
  const std::optional<Stop> stop = FindStop(history);
  if (!stop.has_value()) return std::nullopt;
  return stop->begin;
}

namespace {

void Sort(std::vector<NodeTimes>& times) {
  std::stable_sort(times.begin(), times.end(),
                   [](const NodeTimes& a, const NodeTimes& b) { return a.own > b.own; });
}

}  // namespace

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
  const std::optional<Stop> stop = FindStop(history);
  if (!stop.has_value()) return all;
  for (const Row row : rows) {
    const NodeHistory& node = history[row];
    const Ending ending = EndingOf(node, *stop);
    NodeTimes times{.row = row, .is_over = ending.ended != kNoSpan};
    if (!times.is_over && (IsTerminal(node.last().state) || node.removed.has_value())) continue;
    const std::size_t end = times.is_over ? ending.ended : node.spans.size();
    for (std::size_t i = 0; i < end; ++i) {
      const Span& span = node.spans[i];
      const nanoseconds length = span.end - std::max(span.begin, stop->begin);
      if (length <= nanoseconds::zero()) continue;
      (IsEnding(span.state) ? times.own : times.waiting) += length;
    }
    all.push_back(times);
  }
  Sort(all);
  return all;
}

}  // namespace stemma::tools
