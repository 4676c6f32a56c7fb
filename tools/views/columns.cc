// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/columns.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <numeric>

namespace stemma::tools {
namespace {

// By U. Brandes and B. Köpf, "Fast and Simple Horizontal Coordinate Assignment": four times, once
// from each corner of the drawing, items are aligned with the middle one of their neighbours into
// columns, and those are pushed together; of the four places of each item the middle is taken. The
// columns are pushed together by longest path over them, which takes any widths.

constexpr Item kNone = static_cast<Item>(-1);

// The steps to one side, up or down, from each item: ordered by where they lead.
struct Steps {
  std::vector<std::size_t> begins = {};  // by item, and the end
  std::vector<Item> ends = {};
  // Whether to leave the step alone, because it crosses one from bend to bend: what is long shall
  // be straight.
  std::vector<bool> is_weak = {};
};

class Alignment {
 public:
  Alignment(const Layers& layers, std::span<const double> widths)
      : layers_(layers), widths_(widths), place_(layers.row.size()) {
    for (const std::vector<Item>& row : layers.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) place_[row[i]] = i;
    }
    MakeAbove();
    MarkWeak();
    MakeBelow();
  }

  // Pushes everything to the left, or if `mirrored` to the right, as seen in a drawing that is
  // mirrored; aligns with the items above, or if `upward` with those below.
  std::vector<double> From(bool upward, bool mirrored) {
    Align(upward, mirrored);
    std::vector<double> x = Push(mirrored);
    if (mirrored) {
      for (double& value : x) value = -value;
    }
    return x;
  }

 private:
  void MakeAbove() {
    const std::size_t count = layers_.row.size();
    above_.begins.resize(count + 1);
    for (Item item = 0; item < count; ++item) {
      above_.begins[item + 1] = above_.begins[item] + layers_.above[item].size();
    }
    above_.ends.resize(above_.begins[count]);
    above_.is_weak.resize(above_.begins[count]);
    std::vector<std::size_t> next(above_.begins.begin(), above_.begins.end() - 1);
    for (const std::vector<Item>& row : layers_.rows) {
      for (const Item item : row) {
        for (const Item other : layers_.below[item]) above_.ends[next[other]++] = item;
      }
    }
  }

  void MakeBelow() {
    const std::size_t count = layers_.row.size();
    below_.begins.resize(count + 1);
    for (Item item = 0; item < count; ++item) {
      below_.begins[item + 1] = below_.begins[item] + layers_.below[item].size();
    }
    below_.ends.resize(above_.ends.size());
    below_.is_weak.resize(above_.ends.size());
    std::vector<std::size_t> next(below_.begins.begin(), below_.begins.end() - 1);
    for (const std::vector<Item>& row : layers_.rows) {
      for (const Item item : row) {
        for (std::size_t i = above_.begins[item]; i < above_.begins[item + 1]; ++i) {
          const std::size_t at = next[above_.ends[i]]++;
          below_.ends[at] = item;
          below_.is_weak[at] = above_.is_weak[i];
        }
      }
    }
  }

  // The bend above a bend, or nothing.
  Item BendAbove(Item item) const {
    if (!layers_.IsBend(item)) return kNone;
    for (std::size_t i = above_.begins[item]; i < above_.begins[item + 1]; ++i) {
      if (layers_.IsBend(above_.ends[i])) return above_.ends[i];
    }
    return kNone;
  }

  void MarkWeak() {
    for (std::size_t r = 1; r < layers_.rows.size(); ++r) {
      const std::vector<Item>& row = layers_.rows[r];
      std::size_t left = 0, scanned = 0;  // the last step from bend to bend ended at `left`
      for (std::size_t i = 0; i < row.size(); ++i) {
        const Item bend = BendAbove(row[i]);
        if (bend == kNone && i + 1 < row.size()) continue;
        const std::size_t right = bend == kNone ? layers_.rows[r - 1].size() : place_[bend];
        for (; scanned <= i; ++scanned) MarkWeakOf(row[scanned], left, right);
        left = right;
      }
    }
  }

  void MarkWeakOf(Item item, std::size_t left, std::size_t right) {
    for (std::size_t i = above_.begins[item]; i < above_.begins[item + 1]; ++i) {
      const Item other = above_.ends[i];
      if (layers_.IsBend(item) && layers_.IsBend(other)) continue;
      if (place_[other] < left || place_[other] > right) above_.is_weak[i] = true;
    }
  }

  void Align(bool upward, bool mirrored) {
    const std::size_t count = layers_.row.size();
    root_.resize(count);
    next_.resize(count);
    std::iota(root_.begin(), root_.end(), Item{0});
    std::iota(next_.begin(), next_.end(), Item{0});
    const Steps& steps = upward ? below_ : above_;
    const std::size_t rows = layers_.rows.size();
    for (std::size_t r = 1; r < rows; ++r) {
      const std::vector<Item>& row = layers_.rows[upward ? rows - 1 - r : r];
      // What stands at this place, or to the left of it, is not aligned with any more.
      std::ptrdiff_t taken = -1;
      const std::size_t beside = layers_.rows[upward ? rows - r : r - 1].size();
      for (std::size_t i = 0; i < row.size(); ++i) {
        const Item item = row[mirrored ? row.size() - 1 - i : i];
        const std::size_t begin = steps.begins[item], end = steps.begins[item + 1];
        if (begin == end) continue;
        // The middle one, or one of the two in the middle.
        const std::size_t low = begin + (end - begin - 1) / 2, high = begin + (end - begin) / 2;
        for (const std::size_t step : mirrored ? std::array{high, low} : std::array{low, high}) {
          const Item other = steps.ends[step];
          const std::size_t place = mirrored ? beside - 1 - place_[other] : place_[other];
          if (steps.is_weak[step] || static_cast<std::ptrdiff_t>(place) <= taken) continue;
          next_[other] = item;
          root_[item] = root_[other];
          next_[item] = root_[item];
          taken = static_cast<std::ptrdiff_t>(place);
          break;
        }
      }
    }
  }

  // Beside the item on its right (mirrored: on its left), or nothing.
  Item Beside(Item item, bool mirrored) const {
    const std::vector<Item>& row = layers_.rows[layers_.row[item]];
    const std::size_t place = place_[item];
    if (mirrored) return place == 0 ? kNone : row[place - 1];
    return place + 1 == row.size() ? kNone : row[place + 1];
  }
  double Gap(Item a, Item b) const { return (widths_[a] + widths_[b]) / 2; }

  // Calls visit(item, beside) for each item of the column that has one beside it.
  template <typename Visit>
  void ForColumn(Item root, bool mirrored, Visit visit) const {
    Item item = root;
    do {
      const Item beside = Beside(item, mirrored);
      if (beside != kNone) visit(item, beside);
      item = next_[item];
    } while (item != root);
  }

  std::vector<double> Push(bool mirrored) const {
    const std::size_t count = root_.size();
    std::vector<std::uint32_t> missing(count);  // by root: items to the left that have no place yet
    for (Item item = 0; item < count; ++item) {
      const Item beside = Beside(item, mirrored);
      if (beside != kNone) ++missing[root_[beside]];
    }
    std::vector<Item> order;  // roots, left before right
    for (Item item = 0; item < count; ++item) {
      if (root_[item] == item && missing[item] == 0) order.push_back(item);
    }
    std::vector<double> x(count);
    for (std::size_t i = 0; i < order.size(); ++i) {  // grows while it is worked off
      ForColumn(order[i], mirrored, [&](Item item, Item beside) {
        const Item root = root_[beside];
        x[root] = std::max(x[root], x[order[i]] + Gap(item, beside));
        if (--missing[root] == 0) order.push_back(root);
      });
    }
    // Now each column is as far left as can be. Those with room go right, nearer to the others.
    for (auto root = order.rbegin(); root != order.rend(); ++root) {
      double most = std::numeric_limits<double>::infinity();
      ForColumn(*root, mirrored, [&](Item item, Item beside) {
        most = std::min(most, x[root_[beside]] - Gap(item, beside));
      });
      if (most != std::numeric_limits<double>::infinity()) x[*root] = std::max(x[*root], most);
    }
    for (Item item = 0; item < count; ++item) x[item] = x[root_[item]];
    return x;
  }

  const Layers& layers_;
  const std::span<const double> widths_;
  std::vector<std::size_t> place_;  // by item
  Steps above_ = {}, below_ = {};
  std::vector<Item> root_ = {};  // by item: the first of its column
  std::vector<Item> next_ = {};  // by item: the next of its column; of the last: the first
};

struct Extent {
  double left = std::numeric_limits<double>::infinity();
  double right = -std::numeric_limits<double>::infinity();
};

Extent ExtentOf(const std::vector<double>& x, std::span<const double> widths) {
  Extent extent;
  for (std::size_t i = 0; i < x.size(); ++i) {
    extent.left = std::min(extent.left, x[i] - widths[i] / 2);
    extent.right = std::max(extent.right, x[i] + widths[i] / 2);
  }
  return extent;
}

void Move(std::vector<double>& x, double by) {
  for (double& value : x) value += by;
}

}  // namespace

std::vector<double> Columns(const Layers& layers, std::span<const double> widths) {
  if (widths.empty()) return {};
  Alignment alignment(layers, widths);
  std::array<std::vector<double>, 4> all;
  std::array<Extent, 4> extents;
  for (std::size_t i = 0; i < 4; ++i) {
    all[i] = alignment.From(/*upward=*/i % 2 == 1, /*mirrored=*/i >= 2);
    extents[i] = ExtentOf(all[i], widths);
  }
  // Laid upon the narrowest of them: those pushed left by their left borders, the others by their
  // right ones.
  const Extent narrowest = *std::min_element(
      extents.begin(), extents.end(),
      [](const Extent& a, const Extent& b) { return a.right - a.left < b.right - b.left; });
  for (std::size_t i = 0; i < 4; ++i) {
    Move(all[i], i < 2 ? narrowest.left - extents[i].left : narrowest.right - extents[i].right);
  }
  std::vector<double> x(widths.size());
  for (std::size_t item = 0; item < x.size(); ++item) {
    std::array<double, 4> places = {all[0][item], all[1][item], all[2][item], all[3][item]};
    std::sort(places.begin(), places.end());
    x[item] = (places[1] + places[2]) / 2;
  }
  Move(x, -ExtentOf(x, widths).left);
  return x;
}

}  // namespace stemma::tools
