// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_REACH_H_
#define STEMMA_TOOLS_HISTORY_REACH_H_

#include <string>

#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// True if `row` depends on `ancestor`, directly or by way of others. Cost: nodes and edges.
bool IsAncestor(const History& history, Row ancestor, Row row);

// A verdict at `failed` in words, and how it reaches `row` by what a verdict takes down (S4):
// "stop, and api depends on db by way of cache", "shutdown, which stops everything". Only the
// verdict where the two are the same node.
// Cost: nodes and edges.
std::string ReachText(const History& history, ErrorHandlingBehavior verdict, Row row, Row failed);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_REACH_H_
