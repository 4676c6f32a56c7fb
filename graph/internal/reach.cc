// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/reach.h"

#include <algorithm>
#include <limits>

#include "stemma/graph/internal/bit_rows.h"

namespace stemma::internal {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

// The same edges between positions in the order: each leads to a smaller number.
Adjacency Ranked(const Adjacency& edges, std::span<const NodeId> order) {
  std::vector<NodeId> rank(order.size());
  for (NodeId i = 0; i < order.size(); ++i) rank[order[i]] = i;
  std::vector<Edge> ranked;
  ranked.reserve(edges.edge_count());
  for (const NodeId id : order) {
    for (const NodeId target : edges[id]) ranked.push_back({rank[id], rank[target]});
  }
  return Adjacency(order.size(), ranked);
}

std::vector<std::size_t> InDegrees(const Adjacency& edges) {
  std::vector<std::size_t> degrees(edges.size());
  for (NodeId id = 0; id < edges.size(); ++id) {
    for (const NodeId target : edges[id]) ++degrees[target];
  }
  return degrees;
}

}  // namespace

// A node with one edge to it is reached by whoever reaches the source of that edge, and by that
// source. So the nodes fall into trees, each below a *head* with no edge to it or several; whoever
// reaches a head reaches its tree, and only heads with several edges need a column.
std::vector<std::size_t> ReachCounts(const Adjacency& edges, std::span<const NodeId> order,
                                     std::size_t max_bytes) {
  const Adjacency ranked = Ranked(edges, order);
  const std::vector<std::size_t> in_degrees = InDegrees(ranked);
  std::vector<std::size_t> tree(order.size(), 1);  // the node, and the part of its tree below it
  std::vector<NodeId> heads;
  for (NodeId id = 0; id < order.size(); ++id) {
    for (const NodeId target : ranked[id]) {
      if (in_degrees[target] == 1) tree[id] += tree[target];
    }
    if (in_degrees[id] > 1) heads.push_back(id);
  }

  std::vector<std::size_t> others(order.size());  // in the trees of the heads that it reaches
  std::vector<std::size_t> column(order.size(), kNone);
  BitRows rows(order.size(), heads.size(), max_bytes);
  for (std::size_t done = 0; done < heads.size(); done += rows.columns()) {
    const std::span<const NodeId> block =
        std::span(heads).subspan(done, std::min(rows.columns(), heads.size() - done));
    std::vector<std::size_t> weights;
    for (const NodeId head : block) {
      column[head] = weights.size();
      weights.push_back(tree[head]);
    }
    const ColumnWeights column_weights(weights);
    for (NodeId id = block.front(); id < order.size(); ++id) {  // who comes before reaches none
      rows.Clear(id);
      for (const NodeId target : ranked[id]) {
        if (target < block.front()) continue;
        rows.Add(id, target);
        if (column[target] != kNone) rows.Set(id, column[target]);
      }
      if (ranked[id].size() > 1) others[id] += column_weights.Sum(rows[id]);
    }
    for (const NodeId head : block) column[head] = kNone;
  }

  std::vector<std::size_t> counts(order.size());
  for (NodeId id = 0; id < order.size(); ++id) {
    const std::span<const NodeId> targets = ranked[id];
    counts[order[id]] =
        targets.size() == 1 ? counts[order[targets[0]]] + 1 : tree[id] - 1 + others[id];
  }
  return counts;
}

// Two nodes that reach the same ends have the same answer. A node whose targets are all in one
// class is in that class too; any other opens its own. The classes make a smaller graph.
std::vector<std::size_t> SharedEndCounts(const Adjacency& edges, std::span<const NodeId> order,
                                         std::size_t max_bytes) {
  const Adjacency ranked = Ranked(edges, order);
  std::vector<NodeId> class_of(order.size());
  std::vector<std::size_t> sizes;  // of the classes
  std::vector<Edge> class_edges;
  std::vector<NodeId> targets;
  for (NodeId id = 0; id < order.size(); ++id) {
    targets.clear();
    for (const NodeId target : ranked[id]) targets.push_back(class_of[target]);
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    if (targets.size() == 1) {
      class_of[id] = targets[0];
    } else {
      class_of[id] = static_cast<NodeId>(sizes.size());
      sizes.push_back(0);
      for (const NodeId target : targets) class_edges.push_back({class_of[id], target});
    }
    ++sizes[class_of[id]];
  }
  const Adjacency classes(sizes.size(), class_edges);

  std::vector<std::size_t> class_counts(sizes.size());
  BitRows rows(sizes.size(), sizes.size(), max_bytes);
  for (std::size_t done = 0; done < sizes.size(); done += rows.columns()) {
    const std::size_t end = std::min(done + rows.columns(), sizes.size());
    const ColumnWeights weights{std::span(sizes).subspan(done, end - done)};
    // First, who reaches each class; then, from the ends up again, who else reaches its ends.
    for (NodeId id = 0; id < sizes.size(); ++id) rows.Clear(id);
    for (std::size_t id = end; id-- > 0;) {
      if (id >= done) rows.Set(id, id - done);
      for (const NodeId target : classes[static_cast<NodeId>(id)]) rows.Add(target, id);
    }
    for (NodeId id = 0; id < sizes.size(); ++id) {
      for (const NodeId target : classes[id]) rows.Add(id, target);
      class_counts[id] += weights.Sum(rows[id]);
    }
  }

  std::vector<std::size_t> counts(order.size());
  for (NodeId id = 0; id < order.size(); ++id) counts[order[id]] = class_counts[class_of[id]];
  return counts;
}

// An edge can be redundant only if its source has another edge and its target another source. Only
// such targets need a column, and only as far as their sources.
std::vector<Edge> RedundantEdges(const Adjacency& edges, std::span<const NodeId> order,
                                 std::size_t max_bytes) {
  const Adjacency ranked = Ranked(edges, order);
  const std::vector<std::size_t> in_degrees = InDegrees(ranked);
  std::vector<NodeId> last_source(order.size(), 0);
  for (NodeId id = 0; id < order.size(); ++id) {
    if (ranked[id].size() < 2) continue;
    for (const NodeId target : ranked[id]) {
      if (in_degrees[target] > 1) last_source[target] = id;
    }
  }
  std::vector<NodeId> tracked;
  for (NodeId id = 0; id < order.size(); ++id) {
    if (last_source[id] != 0) tracked.push_back(id);  // a source is never 0: it has targets
  }

  std::vector<Edge> redundant;
  std::vector<std::size_t> column(order.size(), kNone);
  BitRows rows(order.size(), tracked.size(), max_bytes);
  for (std::size_t done = 0; done < tracked.size(); done += rows.columns()) {
    const std::span<const NodeId> block =
        std::span(tracked).subspan(done, std::min(rows.columns(), tracked.size() - done));
    NodeId last = 0;
    for (std::size_t i = 0; i < block.size(); ++i) {
      column[block[i]] = i;
      last = std::max(last, last_source[block[i]]);
    }
    for (NodeId id = block.front(); id <= last; ++id) {
      rows.Clear(id);
      for (const NodeId target : ranked[id]) {
        if (target >= block.front()) rows.Add(id, target);
      }
      for (const NodeId target : ranked[id]) {
        if (column[target] == kNone) continue;
        if (rows.Test(id, column[target])) redundant.push_back({order[id], order[target]});
        rows.Set(id, column[target]);
      }
    }
    for (const NodeId target : block) column[target] = kNone;
  }
  std::sort(redundant.begin(), redundant.end());
  return redundant;
}

}  // namespace stemma::internal
