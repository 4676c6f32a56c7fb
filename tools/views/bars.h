// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_BARS_H_
#define STEMMA_TOOLS_VIEWS_BARS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "stemma/tools/history/history.h"
#include "stemma/tools/views/time_scale.h"

namespace stemma::tools {

// What a picture of a run over time shows.
struct BarRequest {
  std::vector<Row> rows = {};  // one below the other
  // Default: all of the run.
  std::optional<std::chrono::nanoseconds> from = {}, until = {};
  // By the journal's lines instead of by time, so that all that happens has as much room. Default:
  // by time; but if everything happened at the same time, by lines.
  bool by_lines = false;
};

// A run as bars over time: a row for each node, in which neighbouring cells of the same state are
// one run. Where there is room for one state only, of several the most remarkable one is shown.
struct BarChart {
  struct Run {
    std::size_t begin = 0, end = 0;  // cells
    NodeState state = NodeState::kWaiting;
    std::size_t span = 0;  // the first of the node's spans that is shown by it
  };
  struct Bar {
    Row row = kNoRow;
    std::vector<Run> runs = {};              // in order; where there is none, it is no node
    std::vector<std::size_t> failures = {};  // cells in which it fails; in order, each once
  };
  std::size_t cells = 0;
  std::vector<Bar> bars = {};
  bool by_lines = false;
  TimeScale scale;
  std::chrono::nanoseconds from = {}, until = {};
  std::vector<std::size_t> cuts = {};  // cells

  // Where the axis has labels, at most so many: the edges of cells, from 0 to `cells`, and the
  // times there. Round ones, where all of the axis has one scale. REQUIRES: most > 1.
  struct Tick {
    std::size_t edge = 0;
    std::chrono::nanoseconds time = {};
  };
  std::vector<Tick> Ticks(std::size_t most) const;
  // By lines only: the time of each line.
  std::vector<std::chrono::nanoseconds> times = {};
};

// Cost: the lines of the journal, and the cells of a row for each row. REQUIRES: cells > 0.
BarChart MakeBars(const History& history, const BarRequest& request, std::size_t cells);

// The states that are shown in it, in the order of the enumeration.
std::vector<NodeState> StatesOf(const BarChart& chart);

struct BarTextStyle {
  std::size_t width = 100;  // of the terminal, in characters
  bool unicode = false;     // else ASCII
  bool color = false;
};

// For a terminal: names, bars, the last states, an axis, and which sign is which state.
std::string BarsText(const History& history, const BarRequest& request, const BarTextStyle& style);

// A picture. A state is told by its pattern, by its name where there is room, and by a note that
// appears where the mouse points; never by color alone. A legend tells which is which.
std::string BarsSvg(const History& history, const BarRequest& request);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_BARS_H_
