// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/words.h"
#include "stemma/tools/views/bars.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {
namespace {

constexpr std::size_t kWidestName = 24;
constexpr std::size_t kLeastBar = 20;

struct Sign {
  std::string_view unicode, ascii;
  Paint paint;
};

// Each state its own sign: the color says nothing that the sign does not.
Sign SignOf(NodeState state) {
  switch (state) {
    case NodeState::kWaiting:
      return {"·", ".", Paint::kDim};
    case NodeState::kStarting:
      return {"░", "-", Paint::kCyan};
    case NodeState::kReady:
      return {"█", "#", Paint::kGreen};
    case NodeState::kDeciding:
      return {"?", "?", Paint::kRed};
    case NodeState::kStopping:
      return {"▒", "+", Paint::kYellow};
    case NodeState::kBackingOff:
      return {"~", "~", Paint::kMagenta};
    case NodeState::kCompleted:
      return {"═", "=", Paint::kGreen};
    case NodeState::kStopped:
      return {"_", "_", Paint::kDim};
    case NodeState::kFailed:
      return {"×", "x", Paint::kRed};
    case NodeState::kAbandoned:
      return {"@", "@", Paint::kRed};
  }
  return {" ", " ", Paint::kPlain};
}

constexpr std::string_view kFailure = "!";

// In characters.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// Cut to `width` characters, or filled up.
std::string Fitted(const std::string& text, std::size_t width) {
  const std::size_t has = WidthOf(text);
  if (has <= width) return text + std::string(width - has, ' ');
  std::string cut;
  std::size_t taken = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && taken++ == width - 1) break;
    cut += c;
  }
  return cut + "~";
}

class TextChart {
 public:
  TextChart(const History& history, const BarRequest& request, const BarTextStyle& style)
      : history_(history), style_(style), until_(request.until.value_or(history.end())) {
    for (const Row row : request.rows) {
      names_ = std::max(names_, WidthOf(Subject(history[row])));
      const std::string state = Last(row);
      states_ = std::max(states_, state.size());
    }
    names_ = std::min(names_, kWidestName);
    states_ = std::max(states_, AxisText(until_).size() + 2);  // " s", in the same place
    const std::size_t others = names_ + states_ + 4;
    const std::size_t cells = style.width > others + kLeastBar ? style.width - others : kLeastBar;
    chart_ = std::make_unique<BarChart>(MakeBars(history, request, cells));
  }

  std::string Draw() const {
    std::string text = Axis();
    for (const BarChart::Bar& bar : chart_->bars) {
      const NodeHistory& node = history_[bar.row];
      absl::StrAppend(&text, Fitted(Subject(node), names_), "  ", Cells(bar), "  ", Last(bar.row),
                      "\n");
    }
    return text + Legend();
  }

 private:
  // What it is in at the end of the chart.
  std::string Last(Row row) const {
    const NodeHistory& node = history_[row];
    if (node.removed.has_value() && *node.removed <= until_) return "removed";
    if (node.added > until_) return "";
    return std::string(ToString(history_.At(row, until_).state));
  }

  std::string Glyph(NodeState state) const {
    const Sign sign = SignOf(state);
    return std::string(style_.unicode ? sign.unicode : sign.ascii);
  }

  std::string Cells(const BarChart::Bar& bar) const {
    std::string text;
    std::size_t at = 0, failure = 0;
    for (const BarChart::Run& run : bar.runs) {
      text.append(run.begin - at, ' ');
      std::string plain;
      const auto flush = [&] {
        text += Painted(plain, SignOf(run.state).paint, style_.color);
        plain.clear();
      };
      for (at = run.begin; at < run.end; ++at) {
        while (failure < bar.failures.size() && bar.failures[failure] < at) ++failure;
        if (failure < bar.failures.size() && bar.failures[failure] == at) {
          flush();
          text += Painted(kFailure, Paint::kRed, style_.color);
        } else {
          plain += Glyph(run.state);
        }
      }
      flush();
    }
    return text.append(chart_->cells - at, ' ');
  }

  // Times, each above the cell at which it is; where the axis is cut, two strokes.
  std::string Axis() const {
    const std::size_t room = AxisText(chart_->until).size() + 6;
    const std::size_t most =
        std::max<std::size_t>(2, std::min<std::size_t>(7, chart_->cells / room));
    std::string labels, ticks(chart_->cells, '-');
    for (const BarChart::Tick& tick : chart_->Ticks(most)) {
      if (tick.edge >= chart_->cells || labels.size() > tick.edge) continue;
      labels.append(tick.edge - labels.size(), ' ');
      absl::StrAppend(&labels, AxisText(tick.time));
      ticks[tick.edge] = '|';
    }
    for (const std::size_t cut : chart_->cuts) {
      const std::size_t at = std::min(cut, chart_->cells - 2);
      ticks[at] = ticks[at + 1] = '/';
    }
    ticks.back() = '|';
    const std::string left(names_ + 2, ' ');
    return absl::StrCat(left, labels, "\n", left, Painted(ticks, Paint::kDim, style_.color), "  ",
                        AxisText(chart_->until), " s\n");
  }

  std::string Legend() const {
    std::string text = "\n";
    std::size_t width = 0;
    const auto add = [&](const std::string& sign, Paint paint, const std::string& word) {
      const std::size_t needed = 1 + 1 + word.size() + 3;
      if (width > 0 && width + needed > style_.width) {
        text += "\n";
        width = 0;
      }
      absl::StrAppend(&text, width == 0 ? "" : "   ", Painted(sign, paint, style_.color), " ",
                      word);
      width += needed;
    };
    bool fails = false;
    for (const BarChart::Bar& bar : chart_->bars) fails |= !bar.failures.empty();
    for (const NodeState state : StatesOf(*chart_)) {
      add(Glyph(state), SignOf(state).paint, std::string(ToString(state)));
    }
    if (fails) add(std::string(kFailure), Paint::kRed, "fails");
    if (!chart_->cuts.empty()) add("//", Paint::kDim, "time in which nothing happens, shortened");
    if (chart_->by_lines) add("|", Paint::kDim, "by the lines of the journal, not by time");
    return text + "\n";
  }

  const History& history_;
  const BarTextStyle style_;
  const std::chrono::nanoseconds until_;
  std::size_t names_ = 0, states_ = 0;  // widths
  std::unique_ptr<BarChart> chart_;
};

}  // namespace

std::string BarsText(const History& history, const BarRequest& request, const BarTextStyle& style) {
  return TextChart(history, request, style).Draw();
}

}  // namespace stemma::tools
