// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/bars.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint8_t kEmpty = 255;

// Of several states in one cell, who is shown: short ones, and those that tell of trouble, first.
int Remarkable(NodeState state) {
  constexpr std::array kRanks = {
      1,  // waiting
      5,  // starting
      3,  // ready
      9,  // deciding
      6,  // stopping
      7,  // backing off
      2,  // completed
      0,  // stopped
      4,  // failed
      8,  // abandoned
  };
  return kRanks[static_cast<std::size_t>(state)];
}

// Where things are on the axis: a time, or a line.
struct Axis {
  bool by_lines = false;
  std::int64_t begin = 0, end = 0;

  std::int64_t Of(nanoseconds at, std::size_t line) const {
    return by_lines ? static_cast<std::int64_t>(line) : at.count();
  }
};

std::vector<std::int64_t> MomentsOf(const History& history, const BarRequest& request,
                                    const Axis& axis) {
  std::vector<std::int64_t> moments = {axis.begin, axis.end};
  for (const Row row : request.rows) {
    for (const Span& span : history[row].spans) {
      const std::int64_t at = axis.Of(span.begin, span.line);
      if (at > axis.begin && at < axis.end) moments.push_back(at);
    }
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

// The time of each line, from 0.
std::vector<nanoseconds> TimesOfLines(const History& history) {
  std::vector<nanoseconds> times(history.lines() + 2);
  for (const NodeHistory& node : history.rows()) {
    for (const Span& span : node.spans) times[span.line] = std::max(times[span.line], span.begin);
  }
  times.back() = history.end();
  for (std::size_t i = 1; i < times.size(); ++i) times[i] = std::max(times[i], times[i - 1]);
  return times;
}

// The least of 1, 2, 5, 10, 20, 50 and so on that is no less.
std::int64_t RoundStep(std::int64_t least) {
  constexpr std::int64_t kMost = 100'000'000'000'000'000;  // the next ones would overflow
  for (std::int64_t unit = 1;; unit *= 10) {
    for (const std::int64_t step : {unit, 2 * unit, 5 * unit}) {
      if (step >= least || unit > kMost) return step;
    }
  }
}

// Paints the node's states into the cells of one row.
class Painter {
 public:
  Painter(const Axis& axis, const TimeScale& scale, std::size_t cells)
      : axis_(axis), scale_(scale), cells_(cells), states_(cells), spans_(cells) {}

  BarChart::Bar Paint(const History& history, Row row) {
    std::fill(states_.begin(), states_.end(), kEmpty);
    const NodeHistory& node = history[row];
    for (std::size_t i = 0; i < node.spans.size(); ++i) {
      const Span& span = node.spans[i];
      const bool is_last = i + 1 == node.spans.size();
      const std::int64_t begin = axis_.Of(span.begin, span.line);
      std::int64_t end = is_last ? axis_.Of(span.end, history.lines() + 1)
                                 : axis_.Of(span.end, node.spans[i + 1].line);
      if (axis_.by_lines && is_last && node.removed.has_value()) end = begin + 1;
      // What ends where the axis begins is not on it.
      if (begin > axis_.end || end < axis_.begin || (end == axis_.begin && begin < end)) continue;
      PaintSpan(begin, end, span.state, i);
    }
    BarChart::Bar bar{.row = row};
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      if (states_[cell] == kEmpty) continue;
      const auto state = static_cast<NodeState>(states_[cell]);
      const bool goes_on =
          !bar.runs.empty() && bar.runs.back().end == cell && bar.runs.back().state == state;
      if (goes_on) {
        ++bar.runs.back().end;
      } else {
        bar.runs.push_back({cell, cell + 1, state, spans_[cell]});
      }
    }
    for (const std::size_t index : node.moments) {
      const Moment& moment = history.moments()[index];
      if (moment.kind != Moment::Kind::kFailure) continue;
      const std::int64_t at = axis_.Of(moment.at, moment.line);
      if (at < axis_.begin || at > axis_.end) continue;
      const std::size_t cell = CellOf(scale_.At(at));
      if (bar.failures.empty() || bar.failures.back() != cell) bar.failures.push_back(cell);
    }
    return bar;
  }

 private:
  std::size_t CellOf(double position) const {
    return std::min(cells_ - 1, static_cast<std::size_t>(position * static_cast<double>(cells_)));
  }

  void PaintSpan(std::int64_t begin, std::int64_t end, NodeState state, std::size_t span) {
    const std::size_t from = CellOf(scale_.At(begin));
    const double right = scale_.At(end) * static_cast<double>(cells_);
    const std::size_t to =
        std::min(cells_, std::max(from + 1, static_cast<std::size_t>(std::llround(right))));
    for (std::size_t cell = from; cell < to; ++cell) {
      if (states_[cell] != kEmpty &&
          Remarkable(static_cast<NodeState>(states_[cell])) >= Remarkable(state)) {
        continue;
      }
      states_[cell] = static_cast<std::uint8_t>(state);
      spans_[cell] = span;
    }
  }

  const Axis& axis_;
  const TimeScale& scale_;
  const std::size_t cells_;
  std::vector<std::uint8_t> states_;
  std::vector<std::size_t> spans_;
};

}  // namespace

BarChart MakeBars(const History& history, const BarRequest& request, std::size_t cells) {
  const nanoseconds from = request.from.value_or(nanoseconds::zero());
  const nanoseconds until = std::max(from, request.until.value_or(history.end()));
  Axis axis{.by_lines = request.by_lines, .begin = from.count(), .end = until.count()};
  std::vector<nanoseconds> times;
  if (axis.by_lines || from == until) {
    axis.by_lines = true;
    times = TimesOfLines(history);
    const auto line = [&](auto found) { return found - times.begin(); };
    axis.begin =
        request.from.has_value() ? line(std::lower_bound(times.begin(), times.end(), from)) : 0;
    axis.end = request.until.has_value() ? line(std::upper_bound(times.begin(), times.end(), until))
                                         : static_cast<std::int64_t>(times.size()) - 1;
    axis.end = std::max(axis.begin, axis.end);
  }
  BarChart chart{.cells = cells,
                 .by_lines = axis.by_lines,
                 .scale = TimeScale(MomentsOf(history, request, axis), !axis.by_lines),
                 .from = from,
                 .until = until,
                 .times = std::move(times)};
  Painter painter(axis, chart.scale, cells);
  for (const Row row : request.rows) chart.bars.push_back(painter.Paint(history, row));
  for (const double cut : chart.scale.cuts()) {
    chart.cuts.push_back(static_cast<std::size_t>(cut * static_cast<double>(cells)));
  }
  return chart;
}

std::vector<BarChart::Tick> BarChart::Ticks(std::size_t most) const {
  std::vector<Tick> ticks;
  const double width = static_cast<double>(cells);
  if (!by_lines && cuts.empty()) {
    const std::int64_t length = (until - from).count();
    const std::int64_t step = RoundStep(length / static_cast<std::int64_t>(most - 1));
    // From the first multiple on.
    std::int64_t time = (from.count() + step - 1) / step * step;
    for (; time <= until.count(); time += step) {
      ticks.push_back({static_cast<std::size_t>(scale.At(time) * width), nanoseconds(time)});
    }
    return ticks;
  }
  for (std::size_t i = 0; i < most; ++i) {
    const std::size_t edge = i * cells / (most - 1);
    const std::int64_t moment = scale.MomentAt(static_cast<double>(edge) / width);
    ticks.push_back({edge, by_lines
                               ? times[std::min(times.size() - 1, static_cast<std::size_t>(moment))]
                               : nanoseconds(moment)});
  }
  return ticks;
}

std::vector<NodeState> StatesOf(const BarChart& chart) {
  std::set<NodeState> states;
  for (const BarChart::Bar& bar : chart.bars) {
    for (const BarChart::Run& run : bar.runs) states.insert(run.state);
  }
  return {states.begin(), states.end()};
}

}  // namespace stemma::tools
