// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layered_text.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/graph/display_width.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace stemma::tools {
namespace {

using internal::Chain;
using internal::Diamond;
using internal::GraphOf;
using internal::RandomGraph;
using internal::Star;
using Edges = std::set<std::tuple<std::string, std::string, bool>>;  // from, to, soft

LayeredText Drawn(const DependencyGraph& graph, const LayeredTextOptions& options = {}) {
  std::vector<std::vector<std::string>> labels;
  for (const std::string& name : graph.names()) labels.push_back({name});
  return ToLayeredText(graph, labels, options).value();
}

// --- A reader of drawings, which knows nothing of how they are made ------------------------------

// Where a line goes from a character.
enum Arm : unsigned { kUp = 1, kDown = 2, kLeft = 4, kRight = 8 };

// What a drawing says, and the first thing that is wrong with it.
struct Reading {
  std::vector<std::string> names = {};
  Edges edges = {};
  std::string wrong = {};
};

class Reader {
 public:
  explicit Reader(std::string_view text) {
    rows_.emplace_back();
    for (; !text.empty(); text.remove_prefix(CharacterLength(text))) {
      const std::string_view character = text.substr(0, CharacterLength(text));
      if (character == "\n") {
        rows_.emplace_back();
      } else {
        rows_.back().push_back(character);
      }
    }
    for (const auto& row : rows_) width_ = std::max(width_, row.size());
    box_.resize(rows_.size() * width_, kNone);
    seen_.resize(rows_.size() * width_);
  }

  Reading Read() {
    for (std::size_t y = 1; y + 1 < rows_.size(); ++y) {
      for (std::size_t x = 1; x < rows_[y].size(); ++x) {
        if (IsLetter(At(x, y)) && !IsLetter(At(x - 1, y))) ReadBox(x, y);
      }
    }
    for (std::size_t y = 0; y + 1 < rows_.size(); ++y) {
      for (std::size_t x = 0; x < width_; ++x) {
        if (IsHead(At(x, y)) && Box(x, y + 1) != kNone) ReadLines(x, y);
      }
    }
    // No line but those that lead from a box to a head.
    for (std::size_t y = 0; y < rows_.size(); ++y) {
      for (std::size_t x = 0; x < width_; ++x) {
        if (Arms(x, y) != 0 && Box(x, y) == kNone && !IsSeen(x, y)) Wrong("a stray line", x, y);
      }
    }
    return std::move(reading_);
  }

 private:
  using Place = std::pair<std::size_t, std::size_t>;
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::string_view At(std::size_t x, std::size_t y) const {
    return y < rows_.size() && x < rows_[y].size() ? rows_[y][x] : " ";
  }
  std::size_t& Box(std::size_t x, std::size_t y) { return box_[y * width_ + x]; }
  std::vector<bool>::reference IsSeen(std::size_t x, std::size_t y) {
    return seen_[y * width_ + x];
  }
  void Wrong(const char* what, std::size_t x, std::size_t y) {
    if (!reading_.wrong.empty()) return;
    reading_.wrong = std::string(what) + " in column " + std::to_string(x) + ", line " +
                     std::to_string(y) + ": " + std::string(At(x, y));
  }

  static bool IsLetter(std::string_view c) {
    return (c >= "0" && c <= "9") || (c >= "a" && c <= "u" && c.size() == 1);
  }
  static bool IsHead(std::string_view c) { return c == "▼" || c == "▽" || c == "v"; }
  static bool IsAcross(std::string_view c) { return c == "─" || c == "╌" || c == "-" || c == "~"; }
  static bool IsDown(std::string_view c) { return c == "│" || c == "╎" || c == "|" || c == ":"; }
  static bool IsSoft(std::string_view c) { return c == "╎" || c == "╌" || c == ":" || c == "~"; }

  // From the first letter of a name to all of its box.
  void ReadBox(std::size_t x, std::size_t y) {
    std::string name;
    std::size_t left = x - 1, right = x;
    for (; IsLetter(At(right, y)); ++right) name += At(right, y);
    while (left > 0 && At(left, y) == " ") --left;
    while (right < width_ && At(right, y) == " ") ++right;
    if (!IsDown(At(left, y)) || !IsDown(At(right, y))) Wrong("a name without a box", x, y);
    for (std::size_t column = left; column <= std::min(right, width_ - 1); ++column) {
      for (std::size_t line = y - 1; line <= y + 1; ++line) {
        if (Box(column, line) != kNone) Wrong("a box upon another", column, line);
        Box(column, line) = reading_.names.size();
      }
    }
    reading_.names.push_back(name);
  }

  unsigned Arms(std::size_t x, std::size_t y) const {
    const std::string_view c = At(x, y);
    if (c == " ") return 0;
    if (IsDown(c)) return kUp | kDown;
    if (IsAcross(c)) return kLeft | kRight;
    if (c == "╯") return kUp | kLeft;
    if (c == "╮") return kDown | kLeft;
    if (c == "╰") return kUp | kRight;
    if (c == "╭") return kDown | kRight;
    if (c == "├") return kUp | kDown | kRight;
    if (c == "┤") return kUp | kDown | kLeft;
    if (c == "┬") return kDown | kLeft | kRight;
    if (c == "┴") return kUp | kLeft | kRight;
    if (c == "┼") return kUp | kDown | kLeft | kRight;
    unsigned arms = 0;  // of a corner in ASCII, its neighbours tell
    if (c == "'" || c == "+") arms |= kUp;
    if (c == "." || c == "+") arms |= kDown;
    if (arms != 0 && x > 0 && IsAcross(At(x - 1, y))) arms |= kLeft;
    if (arms != 0 && IsAcross(At(x + 1, y))) arms |= kRight;
    return arms;
  }

  // From a head upward, along all that joins.
  void ReadLines(std::size_t head_x, std::size_t head_y) {
    bool is_soft = false, is_hard = false;
    std::vector<std::size_t> from;  // boxes
    std::vector<Place> open;
    const auto visit = [&](std::size_t x, std::size_t y, unsigned arm) {
      if ((Arms(x, y) & arm) == 0) return Wrong("a line that ends", x, y);
      if (IsSeen(x, y)) return;
      IsSeen(x, y) = true;
      open.emplace_back(x, y);
    };
    visit(head_x, head_y - 1, kDown);
    while (!open.empty() && reading_.wrong.empty()) {
      const auto [x, y] = open.back();
      open.pop_back();
      const std::string_view c = At(x, y);
      if (IsSoft(c))
        is_soft = true;
      else if (IsDown(c) || IsAcross(c))
        is_hard = true;
      const unsigned arms = Arms(x, y);
      if ((arms & kUp) != 0) {
        const std::size_t box = Box(x, y - 1);
        if (box == kNone)
          visit(x, y - 1, kDown);
        else if (At(x, y - 1) == "┬" || At(x, y - 1) == "+")
          from.push_back(box);
        else
          Wrong("no port", x, y - 1);
      }
      if ((arms & kDown) != 0 && Place(x, y + 1) != Place(head_x, head_y)) visit(x, y + 1, kUp);
      // A line passes behind those that go down.
      if ((arms & kLeft) != 0) {
        std::size_t to = x - 1;
        while (to > 0 && IsDown(At(to, y))) --to;
        visit(to, y, kRight);
      }
      if ((arms & kRight) != 0) {
        std::size_t to = x + 1;
        while (IsDown(At(to, y))) ++to;
        visit(to, y, kLeft);
      }
    }
    const std::string_view head = At(head_x, head_y);
    if (is_soft == is_hard || (head == "▽" && is_hard) || (head == "▼" && is_soft)) {
      Wrong("neither hard nor soft", head_x, head_y);
    }
    const std::string& to = reading_.names[Box(head_x, head_y + 1)];
    for (const std::size_t box : from) {
      if (!reading_.edges.insert({reading_.names[box], to, is_soft}).second) {
        Wrong("an edge that is there twice", head_x, head_y);
      }
    }
  }

  std::vector<std::vector<std::string_view>> rows_;
  std::size_t width_ = 0;
  std::vector<std::size_t> box_;  // by place: the box there
  std::vector<bool> seen_;        // by place: whether a line there leads to a head
  Reading reading_;
};

void CheckDrawing(const DependencyGraph& graph, const LayeredText& drawing) {
  INFO(drawing.text);
  Reading reading = Reader(drawing.text).Read();
  REQUIRE(reading.wrong == "");
  std::sort(reading.names.begin(), reading.names.end());
  std::vector<std::string> names(graph.names().begin(), graph.names().end());
  std::sort(names.begin(), names.end());
  REQUIRE(reading.names == names);
  Edges edges;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId to : graph.Dependencies(id)) {
      edges.insert({graph.name(id), graph.name(to), false});
    }
    for (const NodeId to : graph.SoftDependencies(id)) {
      edges.insert({graph.name(id), graph.name(to), true});
    }
  }
  REQUIRE(reading.edges == edges);
}

// --- Tests ---------------------------------------------------------------------------------------

TEST_CASE("a graph is drawn in layers, dependents above what they depend on", "[tools][text]") {
  const DependencyGraph graph = GraphOf({{"api", {"db"}, {"log"}}, {"db"}, {"log"}});
  const LayeredText drawing = ToLayeredText(graph, {{"api"}, {"db", "spin_halt"}, {"log"}}).value();
  CHECK("\n" + drawing.text == R"(
         ┌─────┐
         │ api │
         └─┬─┬─┘
         ╭─╯ ╰╌╌╌╌╌╮
         ▼         ▽
┌───────────┐   ┌─────┐
│    db     │   │ log │
│ spin_halt │   └─────┘
└───────────┘
)");
  CHECK("\n" + Drawn(graph, {.ascii = true}).text == R"(
     +-----+
     | api |
     +-+-+-+
   .---' '~~~.
   v         v
+----+    +-----+
| db |    | log |
+----+    +-----+
)");
}

TEST_CASE("the empty graph is the empty string", "[tools][text]") {
  CHECK(Drawn(DependencyGraph()).text.empty());
}

TEST_CASE("a chain stands straight, and a diamond is one", "[tools][text]") {
  CheckDrawing(Chain(5), Drawn(Chain(5)));
  CHECK(Drawn(Chain(5)).width == 6);
  CheckDrawing(Diamond(), Drawn(Diamond()));
  CheckDrawing(Star(9), Drawn(Star(9)));
}

TEST_CASE("a drawing can be read: every node once, every line from its dependent to its dependency",
          "[tools][text]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 150; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = RandomGraph(random, 14);
    const LayeredTextOptions options = {.ascii = round % 2 == 1, .width = 20 + random() % 100};
    const LayeredText drawing = Drawn(graph, options);
    CheckDrawing(graph, drawing);
    REQUIRE(drawing.text == Drawn(graph, options).text);
  }
}

TEST_CASE("parts that do not hang together stand side by side where there is room",
          "[tools][text]") {
  const DependencyGraph graph = GraphOf({{.name = "a"}, {.name = "b"}, {.name = "c"}});
  CHECK(Drawn(graph).height == 3);
  CHECK(Drawn(graph, {.width = 12}).height == 6);
  CHECK(Drawn(graph, {.width = 1}).height == 9);
}

TEST_CASE("wide characters take two columns, marks none", "[tools][text]") {
  const DependencyGraph graph =
      GraphOf({{.name = "数据库", .dependencies = {"e\u0301"}}, {.name = "e\u0301"}});
  CHECK("\n" + Drawn(graph).text == R"(
┌────────┐
│ 数据库 │
└────┬───┘
     │
     ▼
   ┌───┐
   │ é │
   └───┘
)");
}

TEST_CASE("what is much too large is refused", "[tools][text]") {
  const DependencyGraph graph = Chain(3'001);
  std::vector<std::vector<std::string>> labels(graph.size(), {"x"});
  CHECK(absl::IsResourceExhausted(ToLayeredText(graph, labels).status()));
}

}  // namespace
}  // namespace stemma::tools
