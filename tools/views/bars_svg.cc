// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/words.h"
#include "stemma/tools/views/bars.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr std::size_t kCells = 1600;
constexpr double kBars = 800;  // the width of the bars
constexpr double kRowHeight = 24;
constexpr double kBarHeight = 16;
constexpr double kLetter = 6.8;  // the width of a letter of 12 px, a little more than most have
constexpr double kTop = 40;      // above the first bar: the axis
constexpr double kWidestLabel = 220;

// Names may have any bytes; of them nothing gets out of a text.
std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(Printable(text),
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

std::string Number(double value) {
  std::string text = absl::StrFormat("%.1f", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

// A state's name in a class or an id.
std::string Class(NodeState state) {
  return absl::StrReplaceAll(std::string(ToString(state)), {{" ", "-"}});
}

// Light and dark; every pattern is another one, so that they can be told apart without color.
constexpr char kStyle[] = R"svg(<style>
  svg { --ground: #ffffff; --ink: #1f2328; --faint: #6e7781; --line: #d0d7de;
        --ready: #2da44e; --starting: #218bff; --stopping: #bf8700; --trouble: #cf222e;
        --back: #8250df; --ended: #57606a; font: 12px Helvetica, Arial, sans-serif; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #e6edf3; --faint: #7d8590; --line: #30363d;
          --ready: #3fb950; --starting: #58a6ff; --stopping: #d29922; --trouble: #f85149;
          --back: #a371f7; --ended: #8b949e; }
  }
  .ground { fill: var(--ground); }
  text { fill: var(--ink); }
  .axis text, .note { fill: var(--faint); font-size: 11px; }
  .axis line { stroke: var(--line); }
  .axis .cut { stroke: var(--faint); stroke-width: 1.5; }
  .in { font-size: 11px; paint-order: stroke; stroke: var(--ground); stroke-width: 3px; }
  .waiting { fill: url(#p-waiting); stroke: var(--line); }
  .starting { fill: url(#p-starting); stroke: var(--starting); }
  .ready { fill: var(--ready); stroke: var(--ready); fill-opacity: .55; }
  .deciding { fill: url(#p-deciding); stroke: var(--trouble); }
  .stopping { fill: url(#p-stopping); stroke: var(--stopping); }
  .backing-off { fill: url(#p-backing-off); stroke: var(--back); }
  .completed { fill: url(#p-completed); stroke: var(--ready); }
  .stopped { fill: none; stroke: var(--faint); stroke-dasharray: 1 3; }
  .failed { fill: url(#p-failed); stroke: var(--trouble); stroke-dasharray: 3 2; }
  .abandoned { fill: url(#p-abandoned); stroke: var(--ended); }
  .failure { stroke: var(--trouble); stroke-width: 2.2; }
</style>
<defs>
  <pattern id="p-waiting" patternUnits="userSpaceOnUse" width="6" height="6">
    <circle cx="3" cy="3" r="1" fill="var(--faint)"/>
  </pattern>
  <pattern id="p-starting" patternUnits="userSpaceOnUse" width="6" height="6" patternTransform="rotate(45)">
    <rect width="2.4" height="6" fill="var(--starting)"/>
  </pattern>
  <pattern id="p-deciding" patternUnits="userSpaceOnUse" width="5" height="5">
    <path d="M0 0L5 5M5 0L0 5" stroke="var(--trouble)"/>
  </pattern>
  <pattern id="p-stopping" patternUnits="userSpaceOnUse" width="6" height="6" patternTransform="rotate(-45)">
    <rect width="2.4" height="6" fill="var(--stopping)"/>
  </pattern>
  <pattern id="p-backing-off" patternUnits="userSpaceOnUse" width="6" height="6">
    <rect width="1.6" height="6" fill="var(--back)"/>
  </pattern>
  <pattern id="p-completed" patternUnits="userSpaceOnUse" width="6" height="5">
    <rect width="6" height="1.6" fill="var(--ready)"/>
  </pattern>
  <pattern id="p-failed" patternUnits="userSpaceOnUse" width="10" height="8">
    <path d="M2 1L6 6M6 1L2 6" stroke="var(--trouble)" stroke-width=".8"/>
  </pattern>
  <pattern id="p-abandoned" patternUnits="userSpaceOnUse" width="4" height="4">
    <path d="M0 2H4M2 0V4" stroke="var(--ended)" stroke-width=".8"/>
  </pattern>
</defs>
)svg";

class Picture {
 public:
  Picture(const History& history, const BarRequest& request)
      : history_(history), chart_(MakeBars(history, request, kCells)) {
    std::size_t longest = 0;
    for (const Row row : request.rows) longest = std::max(longest, Subject(history[row]).size());
    label_ = std::min(kWidestLabel, static_cast<double>(longest) * kLetter) + 20;
    width_ = label_ + kBars + 20;
  }

  std::string Draw() const {
    const double bottom = kTop + static_cast<double>(chart_.bars.size()) * kRowHeight;
    std::string body = Axis(bottom);
    for (std::size_t i = 0; i < chart_.bars.size(); ++i) {
      body += Bar(chart_.bars[i], kTop + static_cast<double>(i) * kRowHeight);
    }
    double height = bottom + 34;
    body += Legend(height);
    return absl::StrCat(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", Number(width_), "\" height=\"",
        Number(height + 14), "\" viewBox=\"0 0 ", Number(width_), " ", Number(height + 14),
        "\" role=\"img\">\n<title>", Counted(chart_.bars.size(), "node"), " from ",
        SecondsText(chart_.from), " to ", SecondsText(chart_.until), "</title>\n", kStyle,
        "<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n", body, "</svg>\n");
  }

 private:
  double X(std::size_t cell) const {
    return label_ + kBars * static_cast<double>(cell) / static_cast<double>(kCells);
  }

  std::string Axis(double bottom) const {
    constexpr std::size_t kTicks = 7;
    std::string text = "<g class=\"axis\">\n";
    for (const BarChart::Tick& tick : chart_.Ticks(kTicks)) {
      const std::string x = Number(X(tick.edge));
      const char* const anchor = tick.edge == 0 ? "start" : tick.edge == kCells ? "end" : "middle";
      absl::StrAppend(&text, "<line x1=\"", x, "\" y1=\"26\" x2=\"", x, "\" y2=\"", Number(bottom),
                      "\"/><text x=\"", x, "\" y=\"20\" text-anchor=\"", anchor, "\">",
                      AxisText(tick.time), tick.edge == 0 ? " s" : "", "</text>\n");
    }
    for (const std::size_t cut : chart_.cuts) {
      for (const double shift : {-3.0, 2.0}) {
        absl::StrAppend(&text, "<line class=\"cut\" x1=\"", Number(X(cut) + shift - 3), "\" y1=\"",
                        Number(bottom + 4), "\" x2=\"", Number(X(cut) + shift + 3), "\" y2=\"",
                        Number(kTop - 10), "\"/>\n");
      }
    }
    return text + "</g>\n";
  }

  std::string Bar(const BarChart::Bar& bar, double top) const {
    const NodeHistory& node = history_[bar.row];
    const std::string y = Number(top + (kRowHeight - kBarHeight) / 2);
    const std::string base = Number(top + kRowHeight / 2 + 4);
    const auto most = static_cast<std::size_t>(kWidestLabel / kLetter);
    std::string name = Subject(node);
    std::string shown = Escaped(node.name);
    if (name.size() > most) {
      shown = absl::StrCat("<title>", shown, "</title>", Escaped(Prefix(node.name, most - 1)), "…");
    }
    std::string text =
        absl::StrCat("<g class=\"bar\">\n<text x=\"10\" y=\"", base, "\">", shown, "</text>\n");
    for (const BarChart::Run& run : bar.runs) {
      const double x = X(run.begin), width = X(run.end) - x;
      absl::StrAppend(&text, "<rect class=\"", Class(run.state), "\" x=\"", Number(x), "\" y=\"", y,
                      "\" width=\"", Number(width), "\" height=\"", Number(kBarHeight),
                      "\"><title>", Tooltip(node, run), "</title></rect>\n");
      const std::string word(ToString(run.state));
      if (static_cast<double>(word.size() + 1) * kLetter < width) {
        absl::StrAppend(&text, "<text class=\"in\" x=\"", Number(x + 4), "\" y=\"", base, "\">",
                        word, "</text>\n");
      }
    }
    for (const std::size_t cell : bar.failures) {
      const double x = X(cell), middle = top + kRowHeight / 2;
      absl::StrAppend(&text, "<path class=\"failure\" d=\"M", Number(x - 4), " ",
                      Number(middle - 4), "l8 8m0 -8l-8 8\"><title>", Escaped(node.name),
                      " fails</title></path>\n");
    }
    return text + "</g>\n";
  }

  // So many bytes at most, and no broken letter.
  static std::string_view Prefix(std::string_view text, std::size_t bytes) {
    bytes = std::min(bytes, text.size());
    while (bytes > 0 && bytes < text.size() &&
           (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80) {
      --bytes;
    }
    return text.substr(0, bytes);
  }

  std::string Tooltip(const NodeHistory& node, const BarChart::Run& run) const {
    const Span& span = node.spans[run.span];
    return absl::StrCat(Escaped(Subject(node, span.incarnation)), " ",
                        std::string(ToString(span.state)), " from ", SecondsText(span.begin),
                        " to ", SecondsText(span.end));
  }

  // Returns what stands below, and adds its height.
  std::string Legend(double& height) const {
    std::string text = "<g class=\"legend\">\n";
    double x = 10;
    const auto place = [&](double width) {
      if (x > 10 && x + width > width_) {
        x = 10;
        height += 20;
      }
      const double at = x;
      x += width;
      return at;
    };
    const auto label = [&](double at, const std::string& words) {
      absl::StrAppend(&text, "<text x=\"", Number(at + 32), "\" y=\"", Number(height), "\">", words,
                      "</text>\n");
    };
    for (const NodeState state : StatesOf(chart_)) {
      const std::string word(ToString(state));
      const double at = place(32 + static_cast<double>(word.size() + 2) * kLetter);
      absl::StrAppend(&text, "<g class=\"bar\"><rect class=\"", Class(state), "\" x=\"", Number(at),
                      "\" y=\"", Number(height - 10), "\" width=\"26\" height=\"12\"/></g>");
      label(at, word);
    }
    bool fails = false;
    for (const BarChart::Bar& bar : chart_.bars) fails |= !bar.failures.empty();
    if (fails) {
      const double at = place(32 + 7 * kLetter);
      absl::StrAppend(&text, "<path class=\"failure\" d=\"M", Number(at + 9), " ",
                      Number(height - 8), "l8 8m0 -8l-8 8\"/>");
      label(at, "fails");
    }
    const auto note = [&](const std::string& words) {
      const double at = place(32 + static_cast<double>(words.size()) * kLetter);
      absl::StrAppend(&text, "<text class=\"note\" x=\"", Number(at), "\" y=\"", Number(height),
                      "\">", words, "</text>\n");
    };
    if (!chart_.cuts.empty()) note("// time in which nothing happens, shortened");
    if (chart_.by_lines) note("by the lines of the journal, not by time");
    return text + "</g>\n";
  }

  const History& history_;
  const BarChart chart_;
  double label_ = 0, width_ = 0;
};

}  // namespace

std::string BarsSvg(const History& history, const BarRequest& request) {
  return Picture(history, request).Draw();
}

}  // namespace stemma::tools
