// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/crossings.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace stemma::tools {
namespace {

using Rows = std::vector<std::vector<Item>>;
using Place = std::uint32_t;  // in a row, from the left

// Counts how many of the numbers that were added are above a bound; a binary indexed tree.
class Counter {
 public:
  explicit Counter(std::size_t end) : sums_(end + 1) {}

  void Add(Place place) {
    ++added_;
    for (std::size_t i = place + 1; i < sums_.size(); i += i & (~i + 1)) ++sums_[i];
  }
  std::uint64_t Above(Place place) const {
    std::uint64_t not_above = 0;
    for (std::size_t i = place + 1; i > 0; i -= i & (~i + 1)) not_above += sums_[i];
    return added_ - not_above;
  }

 private:
  std::vector<std::uint32_t> sums_;
  std::uint64_t added_ = 0;
};

std::vector<Place> PlacesIn(const Layers& layers) {
  std::vector<Place> places(layers.row.size());
  for (const std::vector<Item>& row : layers.rows) {
    for (Place place = 0; place < row.size(); ++place) places[row[place]] = place;
  }
  return places;
}

std::uint64_t CountCrossings(const Layers& layers, const std::vector<Place>& places) {
  std::uint64_t crossings = 0;
  std::vector<Place> below;
  for (std::size_t i = 0; i + 1 < layers.rows.size(); ++i) {
    Counter counter(layers.rows[i + 1].size());
    for (const Item item : layers.rows[i]) {
      below.clear();
      for (const Item other : layers.below[item]) below.push_back(places[other]);
      // Steps from one item do not cross each other: count for all before adding any.
      for (const Place place : below) crossings += counter.Above(place);
      for (const Place place : below) counter.Add(place);
    }
  }
  return crossings;
}

// One search from one order of the rows.
class Search {
 public:
  explicit Search(Layers& layers) : layers_(layers), places_(PlacesIn(layers)) { Remember(); }

  std::uint64_t least() const { return least_; }
  const Rows& best() const { return best_; }

  // Goes over all rows once, downward or upward. `turn`: which of two goes left that could both.
  void Sweep(bool downward, bool turn) {
    const std::size_t count = layers_.rows.size();
    for (std::size_t i = 1; i < count; ++i) {
      if (downward) {
        Sort(layers_.rows[i], layers_.above, turn);
      } else {
        Sort(layers_.rows[count - 1 - i], layers_.below, turn);
      }
    }
  }

  // Swaps neighbours while that helps, for some rounds at most. `even`: also when it does not hurt.
  void Swap(bool even) {
    constexpr int kRounds = 10;
    bool better = true;
    for (int round = 0; better && round < kRounds; ++round) {
      better = false;
      for (std::vector<Item>& row : layers_.rows) better = SwapIn(row, even) || better;
      even = false;  // else two items could be swapped for ever
    }
  }

  // Returns: whether this is the best order so far.
  bool Remember() {
    const std::uint64_t crossings = CountCrossings(layers_, places_);
    if (!best_.empty() && crossings >= least_) return false;
    least_ = crossings;
    best_ = layers_.rows;
    return true;
  }

 private:
  // Sorts the row by the middles of the neighbours. What has none stays where it is.
  void Sort(std::vector<Item>& row, const internal::Adjacency& neighbours, bool turn) {
    keys_.clear();
    for (const Item item : row) {
      const auto others = neighbours[item];
      if (others.empty()) continue;
      double sum = 0;
      for (const Item other : others) sum += places_[other];
      keys_.emplace_back(sum / static_cast<double>(others.size()), item);
    }
    if (turn) std::reverse(keys_.begin(), keys_.end());
    std::stable_sort(keys_.begin(), keys_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    auto next = keys_.begin();
    for (Item& item : row) {
      if (!neighbours[item].empty()) item = (next++)->second;
    }
    for (Place place = 0; place < row.size(); ++place) places_[row[place]] = place;
  }

  std::vector<Place> SortedPlaces(std::span<const Item> items) const {
    std::vector<Place> places;
    places.reserve(items.size());
    for (const Item item : items) places.push_back(places_[item]);
    std::sort(places.begin(), places.end());
    return places;
  }

  // How many steps cross of an item on the left with these neighbours and one on the right.
  static std::int64_t Crossings(const std::vector<Place>& left, const std::vector<Place>& right) {
    std::int64_t crossings = 0;
    std::size_t smaller = 0;  // of `right`
    for (const Place place : left) {
      while (smaller < right.size() && right[smaller] < place) ++smaller;
      crossings += static_cast<std::int64_t>(smaller);
    }
    return crossings;
  }

  bool SwapIn(std::vector<Item>& row, bool even) {
    std::vector<std::pair<std::vector<Place>, std::vector<Place>>> around;  // by place
    around.reserve(row.size());
    for (const Item item : row) {
      around.emplace_back(SortedPlaces(layers_.above[item]), SortedPlaces(layers_.below[item]));
    }
    bool better = false;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      const auto& [above, below] = around[i];
      const auto& [next_above, next_below] = around[i + 1];
      const std::int64_t gain = Crossings(above, next_above) + Crossings(below, next_below) -
                                Crossings(next_above, above) - Crossings(next_below, below);
      if (gain < 0 || (gain == 0 && !even)) continue;
      better = better || gain > 0;
      std::swap(row[i], row[i + 1]);
      std::swap(around[i], around[i + 1]);
      std::swap(places_[row[i]], places_[row[i + 1]]);
    }
    return better;
  }

  Layers& layers_;
  std::vector<Place> places_;  // by item
  std::vector<std::pair<double, Item>> keys_ = {};
  std::uint64_t least_ = 0;
  Rows best_ = {};
};

// How much is tried.
struct Effort {
  std::size_t searches = 1;
  std::size_t sweeps = 4;   // in each, at most
  std::size_t in_vain = 4;  // sweeps after which a search ends
  bool swaps = false;
};

Effort EffortFor(const Layers& layers) {
  constexpr std::size_t kSmall = 3'000, kMedium = 20'000, kWork = 4'000'000;
  const std::size_t size = layers.row.size() + layers.below.edge_count();
  if (size <= kSmall) return {.searches = 4, .sweeps = 32, .in_vain = 8, .swaps = true};
  if (size <= kMedium) return {.searches = 1, .sweeps = 24, .in_vain = 6, .swaps = true};
  return {.sweeps = std::clamp<std::size_t>(kWork / size, 4, 16)};
}

}  // namespace

std::uint64_t CountCrossings(const Layers& layers) {
  return CountCrossings(layers, PlacesIn(layers));
}

bool ReduceCrossings(Layers& layers, const std::function<bool(double)>& go_on) {
  const Effort effort = EffortFor(layers);
  const Rows first = layers.rows;
  Rows best = first;
  std::uint64_t least = 0;
  for (std::size_t number = 0; number < effort.searches; ++number) {
    // The searches differ in where they begin: at the given order or at its mirror image; and in
    // whether they first go down or up.
    layers.rows = first;
    if (number % 2 == 1) {
      for (std::vector<Item>& row : layers.rows) std::reverse(row.begin(), row.end());
    }
    Search search(layers);
    if (number == 0) least = search.least();
    std::size_t in_vain = 0;
    for (std::size_t i = 0; i < effort.sweeps && in_vain < effort.in_vain; ++i) {
      if (search.least() == 0) break;
      const double share = static_cast<double>(number * effort.sweeps + i) /
                           static_cast<double>(effort.searches * effort.sweeps);
      if (!go_on(share)) return false;
      search.Sweep((i + number / 2) % 2 == 0, i % 4 >= 2);
      if (effort.swaps) search.Swap(i % 2 == 0);
      in_vain = search.Remember() ? 0 : in_vain + 1;
    }
    if (search.least() < least) {
      least = search.least();
      best = search.best();
    }
    if (least == 0) break;
  }
  layers.rows = std::move(best);
  return true;
}

}  // namespace stemma::tools
