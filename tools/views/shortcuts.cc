// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/shortcuts.h"

#include <algorithm>
#include <limits>

namespace stemma::tools {
namespace {

constexpr double kBesideABox = 2;

std::pair<double, double> Common(std::pair<double, double> a, std::pair<double, double> b) {
  return {std::max(a.first, b.first), std::min(a.second, b.second)};
}

bool Contains(std::pair<double, double> room, double x) {
  return x >= room.first && x <= room.second;
}

}  // namespace

Shortcuts::Shortcuts(const Layers& layers, std::span<const double> x,
                     std::span<const double> widths)
    : layers_(layers), x_(x), is_needed_(x.size()) {
  FindRooms(widths);
  // Each chain of bends from its lowest upward: what shares it, shares that end.
  for (Item bend = static_cast<Item>(layers.boxes); bend < x.size(); ++bend) {
    if (layers.IsBend(layers.next[bend])) continue;
    std::vector<Item> chain = {bend};
    const auto bend_above = [&](Item item) {
      const auto above = layers.above[item];
      const auto found = std::find_if(above.begin(), above.end(),
                                      [&](Item other) { return layers.IsBend(other); });
      return found == above.end() ? item : *found;
    };
    for (Item above = bend_above(bend); above != chain.back(); above = bend_above(above)) {
      chain.push_back(above);
    }
    Choose(chain);
  }
}

void Shortcuts::FindRooms(std::span<const double> widths) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  room_.resize(x_.size());
  for (const std::vector<Item>& row : layers_.rows) {
    double border = -kInfinity;
    for (const Item item : row) {
      if (!layers_.IsBend(item)) border = x_[item] + widths[item] / 2 + kBesideABox;
      room_[item].first = border;
    }
    border = kInfinity;
    for (auto item = row.rbegin(); item != row.rend(); ++item) {
      if (!layers_.IsBend(*item)) border = x_[*item] - widths[*item] / 2 - kBesideABox;
      room_[*item].second = border;
    }
  }
}

// `chain`: a long edge's bends, from the lowest up. From each that is needed to the farthest that
// can be reached.
void Shortcuts::Choose(const std::vector<Item>& chain) {
  is_needed_[chain.front()] = true;
  for (std::size_t from = 0; from + 1 < chain.size();) {
    std::size_t reached = from + 1;
    Room between = {-std::numeric_limits<double>::infinity(),
                    std::numeric_limits<double>::infinity()};
    for (std::size_t to = from + 2; to < chain.size(); ++to) {
      between = Common(between, room_[chain[to - 1]]);
      if (!Contains(between, x_[chain[from]])) break;
      if (Contains(between, x_[chain[to]])) reached = to;
    }
    is_needed_[chain[reached]] = true;
    from = reached;
  }
}

bool Shortcuts::IsFree(double a, double b, Item bend, Item end) const {
  for (; bend != end; bend = layers_.next[bend]) {
    if (!Contains(room_[bend], a) || !Contains(room_[bend], b)) return false;
  }
  return true;
}

std::vector<Item> Shortcuts::Needed(double x, Item first) const {
  std::vector<Item> needed;
  Item bend = first;
  while (layers_.IsBend(bend) && !is_needed_[bend]) bend = layers_.next[bend];
  if (!layers_.IsBend(first)) return needed;
  // The last bend before a box is always needed, so this is one.
  if (!IsFree(x, x_[bend], first, bend)) {
    for (Item passed = first; passed != bend; passed = layers_.next[passed]) {
      needed.push_back(passed);
    }
  }
  for (; layers_.IsBend(bend); bend = layers_.next[bend]) {
    if (is_needed_[bend]) needed.push_back(bend);
  }
  return needed;
}

}  // namespace stemma::tools
