// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/packing.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace stemma::tools {
namespace {

// Rows go again and again to where their neighbours pull them: each to the places that are nearest
// to the means of its items' neighbours, by the sum of the squares, among those that keep order and
// distances. For one row that is isotonic regression, which takes one pass.

constexpr int kSweeps = 24;

// What is long shall be straight.
constexpr double kBoxes = 1, kBoxAndBend = 2, kBends = 8;

class Packing {
 public:
  Packing(const Layers& layers, std::span<const double> widths, double most_width,
          std::vector<double> x)
      : layers_(layers), widths_(widths), most_width_(most_width), x_(std::move(x)) {
    const double right = *std::max_element(x_.begin(), x_.end());
    for (double& value : x_) value *= most_width / right;
    for (const std::vector<Item>& row : layers_.rows) {
      Fit(row, [this](Item item) { return Target{.x = x_[item], .weight = 1}; });
    }
  }

  std::vector<double> Make() {
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      const std::size_t count = layers_.rows.size();
      for (std::size_t i = 0; i < count; ++i) {
        Pull(layers_.rows[sweep % 2 == 0 ? i : count - 1 - i]);
      }
    }
    Straighten();
    double left = most_width_;
    for (Item item = 0; item < x_.size(); ++item) {
      left = std::min(left, x_[item] - widths_[item] / 2);
    }
    for (double& x : x_) x -= left;
    return std::move(x_);
  }

 private:
  // Neighbouring items of a row that touch each other: where the first would have its middle if
  // all had no width, and how strongly they are pulled.
  struct Block {
    double x = 0, weight = 0;
    std::size_t end = 0;  // in the row
  };

  double Weight(Item a, Item b) const {
    const bool both = layers_.IsBend(a) && layers_.IsBend(b);
    return both ? kBends : layers_.IsBend(a) || layers_.IsBend(b) ? kBoxAndBend : kBoxes;
  }

  // Where an item should be, and how strongly.
  struct Target {
    double x = 0, weight = 0;
  };

  void Pull(const std::vector<Item>& row) {
    Fit(row, [this](Item item) {
      double sum = 0, weight = 0;
      for (const auto& neighbours : {layers_.above[item], layers_.below[item]}) {
        for (const Item other : neighbours) {
          const double pull = Weight(item, other);
          sum += pull * x_[other];
          weight += pull;
        }
      }
      return weight > 0 ? Target{.x = sum / weight, .weight = weight}
                        : Target{.x = x_[item], .weight = 0.01};
    });
  }

  template <class TargetOf>
  void Fit(const std::vector<Item>& row, const TargetOf& target_of) {
    blocks_.clear();
    double before = 0;  // from the middle of the first
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) before += (widths_[row[i - 1]] + widths_[row[i]]) / 2;
      const Target target = target_of(row[i]);
      Block block = {.x = target.x - before, .weight = target.weight, .end = i + 1};
      while (!blocks_.empty() && blocks_.back().x >= block.x) {
        const Block& left = blocks_.back();
        block.x = (left.x * left.weight + block.x * block.weight) / (left.weight + block.weight);
        block.weight += left.weight;
        blocks_.pop_back();
      }
      blocks_.push_back(block);
    }
    const double least = widths_[row.front()] / 2;
    const double most = most_width_ - widths_[row.back()] / 2 - before;
    before = 0;
    std::size_t i = 0;
    for (const Block& block : blocks_) {
      const double x = std::clamp(block.x, least, std::max(least, most));
      for (; i < block.end; ++i) {
        if (i > 0) before += (widths_[row[i - 1]] + widths_[row[i]]) / 2;
        x_[row[i]] = x + before;
      }
    }
  }

  // Where a bend may be, between those beside it.
  std::pair<double, double> Room(Item bend) const {
    const std::vector<Item>& row = layers_.rows[layers_.row[bend]];
    const std::size_t place = place_[bend];
    const double half = widths_[bend] / 2;
    const auto edge = [&](Item item, double side) { return x_[item] + side * widths_[item] / 2; };
    return {(place == 0 ? 0 : edge(row[place - 1], 1)) + half,
            (place + 1 == row.size() ? most_width_ : edge(row[place + 1], -1)) - half};
  }

  // Puts the bends of each long edge exactly below each other, as many at a time as have room.
  void Straighten() {
    place_.resize(x_.size());
    for (const std::vector<Item>& row : layers_.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) place_[row[i]] = i;
    }
    const auto is_bend = [this](Item item) { return layers_.IsBend(item); };
    for (Item head = static_cast<Item>(layers_.boxes); head < x_.size(); ++head) {
      const auto above = layers_.above[head];
      if (std::any_of(above.begin(), above.end(), is_bend)) continue;
      for (Item bend = head; is_bend(bend);) {
        auto [least, most] = Room(bend);
        double sum = 0, count = 0;
        Item end = bend;
        for (; is_bend(end); end = layers_.next[end]) {
          const auto [left, right] = Room(end);
          if (std::max(least, left) > std::min(most, right)) break;
          least = std::max(least, left);
          most = std::min(most, right);
          sum += x_[end];
          ++count;
        }
        if (count == 0) end = layers_.next[bend];  // rounding has left it no room at all
        for (; bend != end; bend = layers_.next[bend]) {
          if (count > 0) x_[bend] = std::clamp(sum / count, least, most);
        }
      }
    }
  }

  const Layers& layers_;
  const std::span<const double> widths_;
  const double most_width_;
  std::vector<double> x_;                // by item
  std::vector<std::size_t> place_ = {};  // by item: in its row
  std::vector<Block> blocks_ = {};
};

}  // namespace

std::vector<double> PackedColumns(const Layers& layers, std::span<const double> widths,
                                  double most_width, std::vector<double> x) {
  return Packing(layers, widths, most_width, std::move(x)).Make();
}

}  // namespace stemma::tools
