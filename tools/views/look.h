// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_LOOK_H_
#define STEMMA_TOOLS_VIEWS_LOOK_H_

#include <cstddef>
#include <string>
#include <vector>

#include "stemma/tools/sources/load.h"

namespace stemma::tools {

// How a node looks in a drawing, and what that tells: its verdict or, of a journal, its state at
// the end. A look has one meaning in a drawing; what its color says, symbol and word say, too.
struct Look {
  std::string word = {};        // "stop", "backing off"; empty: nothing is known
  std::string symbol = {};      // of the word: "■"
  std::string color = "white";  // of the box: pale, for dark text
  std::string number = {};      // "#2": the incarnation, from the second on
  std::size_t members = 0;      // how many nodes of a cycle it stands for

  // What stands below the name: "■ stop", "✓ ready #2", "cycle of 3". Empty: nothing.
  std::string Line() const;
};

// One line of a legend: a look that is in the drawing, and what it means.
struct LegendRow {
  enum class Sample { kBox, kEdge, kSoftEdge };
  Sample sample = Sample::kBox;
  Look look = {};            // of a box
  std::string meaning = {};  // "everything goes down"
};

// The looks of a whole graph.
struct Looks {
  std::vector<Look> nodes = {};  // by id
  std::string legend_title = {};
  // Every look that is there, once. Those that mean no more than "a node" and "an edge" are in it
  // only if there is another to tell them from; so it may be empty.
  std::vector<LegendRow> legend = {};
};

Looks LooksOf(const LoadedGraph& loaded);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_LOOK_H_
