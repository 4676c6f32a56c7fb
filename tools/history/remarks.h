// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_REMARKS_H_
#define STEMMA_TOOLS_HISTORY_REMARKS_H_

#include <string>
#include <vector>

#include "stemma/tools/history/explanation.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// What is worth knowing besides the causes of a state, a sentence each: how often the node was
// restarted, what it or its end waits for, in what state the dependencies were when the root of the
// chain failed. REQUIRES: the chain is there.
std::vector<std::string> RemarksOn(const History& history, const Explanation& explanation);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_REMARKS_H_
