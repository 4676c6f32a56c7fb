// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layered_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "stemma/graph/display_width.h"
#include "stemma/tools/views/canvas.h"
#include "stemma/tools/views/columns.h"
#include "stemma/tools/views/crossings.h"
#include "stemma/tools/views/layers.h"
#include "stemma/tools/views/parts.h"
#include "stemma/tools/views/wiring.h"

namespace stemma::tools {
namespace {

// A unit is two columns: lines go down in even ones, so that between two of them there is always
// room for one that crosses them.
using Unit = std::size_t;

constexpr std::size_t kMostItems = 3'000;
constexpr std::size_t kPartGap = 2;  // columns between parts
constexpr Unit kBoxGap = 1;          // between boxes, besides what is left over of a unit

// One part of the graph, drawn from (0, 0).
class PartText {
 public:
  using Labels = std::vector<std::vector<std::string>>;

  PartText(const Part& part, const Labels& labels, bool ascii)
      : part_(part), labels_(labels), canvas_(ascii) {}

  absl::Status Draw() {
    absl::StatusOr<Layers> layers =
        MakeLayers(part_.nodes.size(), part_.edges, {.sharing = BendSharing::kAlways});
    if (!layers.ok()) return layers.status();
    layers_ = *std::move(layers);
    if (layers_.row.size() > kMostItems) {
      return absl::ResourceExhaustedError("the graph is too large to be drawn in layers as text");
    }
    ReduceCrossings(layers_, [](double) { return true; });
    FindSteps();
    PlaceItems();
    PlacePins();
    DrawRows();
    canvas_.TrimLeft();
    return absl::OkStatus();
  }

  const Canvas& canvas() const { return canvas_; }

 private:
  // Lines from a row to the next that lead to the same item there, all soft or none.
  struct Bundle {
    Item to = 0;
    bool soft = false;
    Canvas::Net net = 0;          // the same all the way down to the dependency
    std::vector<Item> from = {};  // from left to right
    std::vector<Unit> tops = {};  // of each
    Unit bottom = 0;
  };

  const std::vector<std::string>& Label(Item box) const { return labels_[part_.nodes[box]]; }

  // What a bend is part of is told by the edges only.
  void FindSteps() {
    by_row_.resize(layers_.rows.size());
    std::map<std::pair<Item, bool>, std::pair<std::uint32_t, std::size_t>> known;
    place_.resize(layers_.row.size());
    for (const std::vector<Item>& row : layers_.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) place_[row[i]] = i;
    }
    const auto add = [&](Item from, Item to, bool soft, Canvas::Net net) {
      const std::uint32_t row = layers_.row[from];
      const auto [at, is_new] = known.try_emplace({to, soft}, row, by_row_[row].size());
      if (is_new) by_row_[row].push_back({.to = to, .soft = soft, .net = net});
      std::vector<Item>& sources = by_row_[row][at->second.second].from;
      if (std::find(sources.begin(), sources.end(), from) == sources.end()) sources.push_back(from);
    };
    for (std::size_t i = 0; i < part_.edges.size(); ++i) {
      const auto& [edge, soft] = part_.edges[i];
      const Canvas::Net net = edge.to * 2 + (soft ? 1 : 0);
      Item item = edge.from;
      for (Item next = layers_.first[i];; next = layers_.next[next]) {
        add(item, next, soft, net);
        if (next == edge.to) break;
        item = next;
      }
    }
    for (std::vector<Bundle>& bundles : by_row_) {
      for (Bundle& bundle : bundles) {
        std::sort(bundle.from.begin(), bundle.from.end(),
                  [this](Item a, Item b) { return place_[a] < place_[b]; });
      }
    }
  }

  void PlaceItems() {
    std::vector<Unit> leaving(layers_.boxes), coming(layers_.boxes);
    for (const std::vector<Bundle>& bundles : by_row_) {
      for (const Bundle& bundle : bundles) {
        if (!layers_.IsBend(bundle.to)) ++coming[bundle.to];
        for (const Item item : bundle.from) {
          if (!layers_.IsBend(item)) ++leaving[item];
        }
      }
    }
    std::vector<double> units;
    for (Item item = 0; item < layers_.row.size(); ++item) {
      if (layers_.IsBend(item)) {
        width_.push_back(1);
        units.push_back(1);
        must_be_even_.push_back(true);
        continue;
      }
      std::size_t columns = 0;
      for (const std::string& line : Label(item)) columns = std::max(columns, DisplayWidth(line));
      // A border and a space on both sides; and no line beside a corner.
      const std::size_t lines = std::max(leaving[item], coming[item]);
      width_.push_back(std::max(columns + 4, 2 * lines + 3));
      units.push_back(static_cast<double>(width_[item] / 2 + 1 + kBoxGap));
      must_be_even_.push_back((width_[item] - 4) / 2 < lines);
    }
    const std::vector<double> middles = Columns(layers_, units);
    for (Item item = 0; item < middles.size(); ++item) {
      // What is rounded down alike keeps its distance.
      const double left = 2 * middles[item] - 1 - static_cast<double>(width_[item] - 1) / 2;
      left_.push_back(must_be_even_[item] ? 2 * RoundedDown(left / 2) : RoundedDown(left));
    }
  }

  static std::size_t RoundedDown(double value) {
    return static_cast<std::size_t>(std::max(0.0, std::floor(value + 1e-6)));
  }

  // Where lines may come to an item or leave it: not at a corner.
  Unit LeastPin(Item item) const {
    return layers_.IsBend(item) ? left_[item] / 2 : (left_[item] + 3) / 2;
  }
  Unit MostPin(Item item) const {
    return layers_.IsBend(item) ? left_[item] / 2 : (left_[item] + width_[item] - 3) / 2;
  }
  Unit Middle(Item item) const { return (LeastPin(item) + MostPin(item)) / 2; }

  // Chooses pins of one item, in the given order, each as near as can be to where it wants to be.
  std::vector<Unit> Spread(Item item, std::vector<Unit> pins) const {
    const Unit least = LeastPin(item), most = MostPin(item);
    for (std::size_t i = 0; i < pins.size(); ++i) {
      const Unit from = i == 0 ? least : pins[i - 1] + 1;
      pins[i] = std::clamp(pins[i], std::min(from, most), most);
    }
    for (std::size_t i = pins.size(); i-- > 0;) {
      const Unit to = i + 1 == pins.size() ? most : pins[i + 1] - 1;
      pins[i] = std::min(pins[i], to);
    }
    return pins;
  }

  // Where lines come to boxes and leave them: below what they come from, if they can.
  void PlacePins() {
    for (std::vector<Bundle>& bundles : by_row_) {
      std::map<Item, std::vector<std::size_t>> coming, leaving;  // bundles
      for (std::size_t i = 0; i < bundles.size(); ++i) {
        coming[bundles[i].to].push_back(i);
        bundles[i].tops.resize(bundles[i].from.size());
        for (const Item item : bundles[i].from) leaving[item].push_back(i);
      }
      const auto wanted = [&](std::size_t i) {
        const std::vector<Item>& from = bundles[i].from;
        return (Middle(from[(from.size() - 1) / 2]) + Middle(from[from.size() / 2])) / 2;
      };
      for (auto& [item, indices] : coming) {
        std::sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
          return std::pair(wanted(a), a) < std::pair(wanted(b), b);
        });
        std::vector<Unit> pins;
        for (const std::size_t i : indices) pins.push_back(wanted(i));
        pins = Spread(item, std::move(pins));
        for (std::size_t i = 0; i < pins.size(); ++i) bundles[indices[i]].bottom = pins[i];
      }
      for (auto& [item, indices] : leaving) {
        std::sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
          return bundles[a].bottom < bundles[b].bottom;
        });
        std::vector<Unit> pins;
        for (const std::size_t i : indices) pins.push_back(bundles[i].bottom);
        pins = Spread(item, std::move(pins));
        for (std::size_t i = 0; i < pins.size(); ++i) {
          Bundle& bundle = bundles[indices[i]];
          const auto at = std::find(bundle.from.begin(), bundle.from.end(), item);
          bundle.tops[static_cast<std::size_t>(at - bundle.from.begin())] = pins[i];
        }
      }
    }
  }

  void DrawRows() {
    std::size_t y = 0;
    for (std::size_t row = 0; row < layers_.rows.size(); ++row) {
      std::size_t bottom = y;  // the last line of the row's highest box
      for (const Item item : layers_.rows[row]) {
        if (layers_.IsBend(item)) continue;
        canvas_.Box(left_[item], y, width_[item], Label(item));
        bottom = std::max(bottom, y + Label(item).size() + 1);
      }
      y = DrawBundles(by_row_[row], y, bottom);
    }
  }

  // Returns: where the next row begins. `top` and `bottom`: of the row.
  std::size_t DrawBundles(const std::vector<Bundle>& bundles, std::size_t top, std::size_t bottom) {
    if (bundles.empty()) return bottom + 1;
    std::vector<Wire> wires;
    for (const Bundle& bundle : bundles) {
      Wire& wire = wires.emplace_back();
      for (const Unit unit : bundle.tops) wire.tops.push_back(2 * unit);
      wire.bottom = 2 * bundle.bottom;
    }
    const Wiring wiring = Route(wires);
    const std::size_t first = bottom + 1;  // track
    const std::size_t heads = first + std::max<std::size_t>(wiring.tracks, 1);
    for (std::size_t i = 0; i < bundles.size(); ++i) {
      const auto& [track, step] = wiring.routes[i];
      const Canvas::Stroke stroke = {.net = bundles[i].net, .soft = bundles[i].soft};
      std::vector<std::size_t> ends = wires[i].tops;
      ends.push_back(step.has_value() ? step->column : wires[i].bottom);
      const auto [left, right] = std::minmax_element(ends.begin(), ends.end());
      const std::size_t upper = track.has_value() ? first + *track : heads;
      for (std::size_t j = 0; j < bundles[i].from.size(); ++j) {
        const Item item = bundles[i].from[j];
        const std::size_t x = wires[i].tops[j];
        const std::size_t from = layers_.IsBend(item) ? top : top + Label(item).size() + 1;
        canvas_.Vertical(x, from, upper, stroke);
        if (!layers_.IsBend(item)) canvas_.Port(x, from);
      }
      if (*left < *right) canvas_.Horizontal(upper, *left, *right, stroke);
      std::size_t lower = upper;
      if (step.has_value()) {
        lower = first + step->track;
        canvas_.Vertical(step->column, upper, lower, stroke);
        canvas_.Horizontal(lower, std::min(step->column, wires[i].bottom),
                           std::max(step->column, wires[i].bottom), stroke);
      }
      const bool is_end = !layers_.IsBend(bundles[i].to);
      canvas_.Vertical(wires[i].bottom, lower, is_end ? heads : heads + 1, stroke);
      if (is_end) canvas_.Head(wires[i].bottom, heads, bundles[i].soft);
    }
    return heads + 1;
  }

  const Part& part_;
  const Labels& labels_;
  Layers layers_ = {};
  std::vector<std::size_t> place_ = {};              // by item: in its row
  std::vector<std::vector<Bundle>> by_row_ = {};     // by the row that they come from
  std::vector<std::size_t> left_ = {}, width_ = {};  // by item: columns
  std::vector<bool> must_be_even_ = {};  // by item: its left column, so that lines find one
  Canvas canvas_;
};

}  // namespace

absl::StatusOr<LayeredText> ToLayeredText(const DependencyGraph& graph,
                                          const std::vector<std::vector<std::string>>& labels,
                                          const LayeredTextOptions& options) {
  const std::vector<Part> parts = PartsOf(graph);
  Shelves shelves(static_cast<double>(options.width + kPartGap));
  std::vector<Canvas> canvases;
  for (const Part& part : parts) {
    PartText text(part, labels, options.ascii);
    if (const absl::Status status = text.Draw(); !status.ok()) return status;
    canvases.push_back(text.canvas());
  }
  Canvas all(options.ascii);
  for (const Canvas& canvas : canvases) {
    const auto [left, top] = shelves.Place(static_cast<double>(canvas.width() + kPartGap),
                                           static_cast<double>(canvas.height()));
    all.Paste(static_cast<std::size_t>(left), static_cast<std::size_t>(top), canvas);
  }
  return LayeredText{.text = all.ToString(), .width = all.width(), .height = all.height()};
}

}  // namespace stemma::tools
