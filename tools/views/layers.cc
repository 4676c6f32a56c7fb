// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layers.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "absl/status/status.h"

namespace stemma::tools {
namespace {

using internal::Adjacency;

// Above this many bends for each node and edge, long edges share them.
constexpr std::size_t kOwnBends = 8;
constexpr std::size_t kFewBends = 20'000;  // this many are always affordable
constexpr std::size_t kMostBends = 20'000'000;

constexpr double kTooWide = 1.4;

// Every node after its dependents.
std::vector<NodeId> Topological(const Adjacency& below, const Adjacency& above) {
  std::vector<std::size_t> missing(below.size());
  std::vector<NodeId> order;
  order.reserve(below.size());
  for (NodeId id = 0; id < below.size(); ++id) {
    missing[id] = above[id].size();
    if (missing[id] == 0) order.push_back(id);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {  // grows while it is worked off
    for (const NodeId to : below[order[i]]) {
      if (--missing[to] == 0) order.push_back(to);
    }
  }
  return order;
}

// Leaves out the layers in which no node is.
void CloseRanks(std::vector<std::uint32_t>& rank) {
  std::vector<std::uint32_t> used = rank;
  std::sort(used.begin(), used.end());
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (std::uint32_t& r : rank) {
    r = static_cast<std::uint32_t>(std::lower_bound(used.begin(), used.end(), r) - used.begin());
  }
}

// The layer of each node.
std::vector<std::uint32_t> Ranks(const Adjacency& below, const Adjacency& above) {
  const std::vector<NodeId> order = Topological(below, above);
  std::vector<std::uint32_t> rank(below.size());
  for (const NodeId id : order) {
    for (const NodeId to : below[id]) rank[to] = std::max(rank[to], rank[id] + 1);
  }
  // A node with more edges down than up makes the drawing calmer further down, and the other way
  // round. Each move shortens the edges in all; a few rounds settle nearly all of it.
  constexpr int kRounds = 8;
  bool moved = true;
  for (int round = 0; moved && round < kRounds; ++round) {
    moved = false;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      const auto down = below[*it], up = above[*it];
      std::uint32_t to = rank[*it];
      if (down.size() > up.size()) {
        to = rank[down.front()];
        for (const NodeId id : down) to = std::min(to, rank[id]);
        --to;
      } else if (up.size() > down.size()) {
        to = 0;
        for (const NodeId id : up) to = std::max(to, rank[id] + 1);
      }
      moved = moved || to != rank[*it];
      rank[*it] = to;
    }
  }
  CloseRanks(rank);
  return rank;
}

// Nodes in the order in which they are found from those on top, depth first: what hangs together is
// found together.
std::vector<NodeId> DepthFirst(const Adjacency& below, const Adjacency& above) {
  std::vector<NodeId> order, open;
  std::vector<bool> found(below.size());
  for (NodeId root = 0; root < below.size(); ++root) {
    if (!above[root].empty()) continue;
    open.push_back(root);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      if (found[id]) continue;
      found[id] = true;
      order.push_back(id);
      open.insert(open.end(), below[id].rbegin(), below[id].rend());
    }
  }
  return order;
}

// Puts the layers that are too wide into several rows: the more a node has below it, and the less
// above, the lower, so that few edges pass the rows between. Of nodes that are alike in that, each
// row gets some from everywhere, so that all are as wide as the drawing.
// Returns: whether there was such a layer.
bool Wrap(const Adjacency& below, const Adjacency& above, const LayerOptions& options,
          std::vector<std::uint32_t>& rank) {
  std::vector<std::vector<NodeId>> layers(*std::max_element(rank.begin(), rank.end()) + 1);
  for (const NodeId id : DepthFirst(below, above)) layers[rank[id]].push_back(id);
  std::uint32_t first = 0;  // row of the layer
  for (const std::vector<NodeId>& layer : layers) {
    double width = 0;
    for (const NodeId id : layer) width += options.widths[id];
    // A single row that is a little wider does less harm than two.
    const double screens = width / options.most_width;
    const auto rows = screens < kTooWide ? 1 : static_cast<std::uint32_t>(std::ceil(screens));
    std::vector<std::tuple<std::ptrdiff_t, std::size_t, NodeId>> order;
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const auto down = std::ssize(below[layer[i]]), up = std::ssize(above[layer[i]]);
      order.emplace_back(down - up, i % rows, layer[i]);
    }
    if (rows > 1) std::sort(order.begin(), order.end());
    double left = 0;
    for (const auto& [key, turn, id] : order) {
      rank[id] = first + std::min(static_cast<std::uint32_t>(left / width * rows), rows - 1);
      left += options.widths[id];
    }
    first += rows;
  }
  return first > layers.size();
}

// Adds bends to `layers`, whose boxes have their rows.
class Bends {
 public:
  Bends(Layers& layers, std::span<const MarkedEdge> edges) : layers_(layers), edges_(edges) {}

  absl::Status Make(BendSharing sharing) {
    layers_.first.reserve(edges_.size());
    layers_.next.resize(layers_.boxes);
    const std::size_t own = std::max(kFewBends, kOwnBends * (layers_.boxes + edges_.size()));
    if (sharing == BendSharing::kAlways || !CountOwn(own)) return MakeShared();
    for (const auto& [edge, soft] : edges_) {
      layers_.first.push_back(Chain(edge.to, layers_.row[edge.from] + 1));
    }
    return absl::OkStatus();
  }

 private:
  std::size_t Length(const Edge& edge) const {
    return layers_.row[edge.to] - layers_.row[edge.from] - 1;
  }

  // Whether bends of their own for all edges are at most so many.
  bool CountOwn(std::size_t most) const {
    std::size_t bends = 0;
    for (const auto& [edge, soft] : edges_) {
      bends += Length(edge);
      if (bends > most) return false;
    }
    return true;
  }

  // Bends from row `top` down to `to`. Returns the uppermost item.
  Item Chain(Item to, std::uint32_t top) {
    Item below = to;
    for (std::uint32_t row = layers_.row[to]; row > top; --row) {
      layers_.next.push_back(below);
      layers_.row.push_back(row - 1);
      below = static_cast<Item>(layers_.row.size() - 1);
    }
    return below;
  }

  absl::Status MakeShared() {
    std::map<std::pair<NodeId, bool>, std::uint32_t> tops;  // by dependency: where its bends begin
    for (const auto& [edge, soft] : edges_) {
      const std::uint32_t top = layers_.row[edge.from] + 1;
      const auto [at, is_new] = tops.emplace(std::pair(edge.to, soft), top);
      at->second = std::min(at->second, top);
    }
    std::size_t bends = 0;
    for (const auto& [to, top] : tops) bends += layers_.row[to.first] - top;
    if (bends > kMostBends) {
      return absl::ResourceExhaustedError("the graph has too many long edges to be laid out");
    }
    std::map<std::pair<NodeId, bool>, Item> heads;
    for (const auto& [to, top] : tops) heads[to] = Chain(to.first, top);
    for (const auto& [edge, soft] : edges_) {
      // A chain's items are numbered from the dependency upward.
      const std::size_t up = Length(edge);
      const std::size_t whole = layers_.row[edge.to] - tops[{edge.to, soft}];
      const Item head = heads[{edge.to, soft}];
      layers_.first.push_back(up == 0 ? edge.to : static_cast<Item>(head - (whole - up)));
    }
    return absl::OkStatus();
  }

  Layers& layers_;
  const std::span<const MarkedEdge> edges_;
};

// Puts the items into the rows, depth first: a good order to begin with.
void FillRows(Layers& layers) {
  layers.rows.resize(*std::max_element(layers.row.begin(), layers.row.end()) + 1);
  for (const Item item : DepthFirst(layers.below, layers.above)) {
    layers.rows[layers.row[item]].push_back(item);
  }
}

}  // namespace

absl::StatusOr<Layers> MakeLayers(std::size_t nodes, std::span<const MarkedEdge> edges,
                                  const LayerOptions& options) {
  Layers layers;
  layers.boxes = nodes;
  if (nodes == 0) return layers;
  std::vector<Edge> steps;
  steps.reserve(edges.size());
  for (const MarkedEdge& edge : edges) steps.push_back(edge.edge);
  BendSharing sharing = options.sharing;
  {
    const Adjacency below(nodes, steps);
    const Adjacency above = below.Reversed();
    layers.row = Ranks(below, above);
    if (!options.widths.empty() && Wrap(below, above, options, layers.row)) {
      sharing = BendSharing::kAlways;
    }
  }
  if (absl::Status status = Bends(layers, edges).Make(sharing); !status.ok()) return status;
  for (std::size_t i = 0; i < edges.size(); ++i) steps[i].to = layers.first[i];
  for (Item bend = static_cast<Item>(nodes); bend < layers.next.size(); ++bend) {
    steps.push_back({bend, layers.next[bend]});
  }
  // Two edges that share bends may share their first step.
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  layers.below = Adjacency(layers.row.size(), steps);
  layers.above = layers.below.Reversed();
  FillRows(layers);
  return layers;
}

}  // namespace stemma::tools
