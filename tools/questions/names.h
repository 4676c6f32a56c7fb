// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_NAMES_H_
#define STEMMA_TOOLS_QUESTIONS_NAMES_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma::tools {

// How nodes are named in answers for people. Names may be of any length and have anything in them:
// all of it is Printable, and what is longer than a line is cut.

// The name, at most about 100 bytes of it, with "..." in the place of the rest.
std::string Shown(std::string_view name);

// The same between single quotes, for a sentence.
std::string Quoted(std::string_view name);

// "api, db and 12 more": the first `most` of them. Nobody: "".
std::string NameList(const DependencyGraph& graph, std::span<const NodeId> ids, std::size_t most);

// "api -> cache -> db". Of a path of more than `most` nodes, the middle is left out: "-> (7 more)
// ->". REQUIRES: most >= 3.
std::string PathText(const DependencyGraph& graph, std::span<const NodeId> path, std::size_t most);

// "1 node", "1,234 nodes".
std::string Counted(std::size_t count, std::string_view noun);

// "1,234".
std::string Grouped(std::size_t number);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_NAMES_H_
