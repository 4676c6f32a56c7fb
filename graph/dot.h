// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_DOT_H_
#define STEMMA_GRAPH_DOT_H_

#include <functional>
#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// What the drawing of one node shows beside its name, in the values of Graphviz's attributes. All
// of it is escaped, so any text will do.
struct DotAttributes {
  std::string extra_label = {};  // below the name; a newline begins a line. Default: nothing
  std::string style = {};        // filled, bold, dashed, … Default: Graphviz's
  std::string color = {};        // of the outline: a name or #rrggbb. Default: Graphviz's
  std::string fill_color = {};   // likewise; needs the style `filled`. Default: Graphviz's
  int pen_width = 1;             // of the outline. Default: Graphviz's
};

// One line of a legend: a sample of a look, and what it means.
struct DotLegendRow {
  std::string sample = {};      // the text in its box
  std::string meaning = {};     // what stands beside
  std::string fill_color = {};  // of its box; empty: there is no box. Default: none
  int pen_width = 1;            // of its outline
};

struct DotOptions {
  // Called once for each node, in the order of the ids. Default: no attributes.
  std::function<DotAttributes(NodeId)> attributes = {};

  // What the looks mean, below a title: the label of the graph, at its lower left, so that it is
  // none of the nodes. Default: no legend.
  std::string legend_title = {};
  std::vector<DotLegendRow> legend = {};
};

// Returns the graph in Graphviz's DOT language, in UTF-8, with a newline at the end. An arrow goes
// from the dependent to its dependency, dashed when that is a soft one. The nodes are called n0,
// n1, …, by their ids, and labelled with their names.
//
// Any name is safe: quotes, backslashes and ampersands are escaped so that Graphviz shows them as
// they are, a newline breaks the line, and the rest is made Printable.
//
// Thread safety: any thread. What `attributes` throws passes through.
//
// Example:
//   std::ofstream("service.dot") << stemma::ToDot(graph);   // dot -Tsvg service.dot > service.svg
std::string ToDot(const DependencyGraph& graph, const DotOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_GRAPH_DOT_H_
