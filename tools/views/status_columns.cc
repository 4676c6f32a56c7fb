// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/status_columns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using Cells = std::array<std::string, 4>;

std::size_t IncarnationsOf(const NodeHistory& node) {
  return static_cast<std::size_t>(
      std::count_if(node.spans.begin(), node.spans.end(),
                    [](const Span& span) { return span.state == NodeState::kStarting; }));
}

std::size_t FailuresOf(const History& history, Row row) {
  const std::vector<FailureRecord>& failures = history.failures();
  return static_cast<std::size_t>(
      std::count_if(failures.begin(), failures.end(),
                    [row](const FailureRecord& failure) { return failure.row == row; }));
}

// Words to the left of their column, numbers to the right.
std::string Line(const Cells& cells, const std::array<std::size_t, 4>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string room(widths[i] - cells[i].size(), ' ');
    absl::StrAppend(&line, i == 0 ? "" : "  ", i == 0 ? cells[i] + room : room + cells[i]);
  }
  return line;
}

}  // namespace

StatusColumns StatusColumnsOf(const LoadedGraph& loaded) {
  History history(loaded.journal->header);
  for (const JournalLine& line : loaded.journal->lines) history.Add(line);
  history.Close();
  const Cells heading = {"state", "incarnations", "since", "failures"};
  std::vector<Cells> rows;
  std::array<std::size_t, 4> widths = {};
  const auto add = [&](Cells cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
    rows.push_back(std::move(cells));
  };
  add(heading);
  for (const Node& node : loaded.nodes) {
    const std::optional<Row> row = history.Find(node.name);
    if (!row.has_value()) {
      add({});
      continue;
    }
    const Span& last = history[*row].last();
    add({std::string(ToString(last.state)), absl::StrCat(IncarnationsOf(history[*row])),
         SecondsText(last.begin) + " s", absl::StrCat(FailuresOf(history, *row))});
  }
  StatusColumns columns = {.heading = Line(rows.front(), widths)};
  for (std::size_t i = 1; i < rows.size(); ++i) columns.rows.push_back(Line(rows[i], widths));
  return columns;
}

}  // namespace stemma::tools
