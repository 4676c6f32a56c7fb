// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_CHAIN_TEXT_H_
#define STEMMA_TOOLS_VIEWS_CHAIN_TEXT_H_

#include <string>
#include <vector>

#include "stemma/tools/history/chain.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// A critical chain for people: a line for each step, in order of time,
//
//      @1.000000  +5.000000  83%  ledger
//
// when it began, how long it took, how much of the whole that is, and what else is to be known.
std::string ChainText(const History& history, const Chain& chain);

// Where the time went, a line for each node: own time, waiting, backing off, whole.
std::string TimesText(const History& history, const std::vector<NodeTimes>& times);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_CHAIN_TEXT_H_
