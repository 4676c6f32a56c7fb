// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_STATUS_COLUMNS_H_
#define STEMMA_TOOLS_VIEWS_STATUS_COLUMNS_H_

#include <string>
#include <vector>

#include "stemma/tools/sources/load.h"

namespace stemma::tools {

// How the nodes of a journal are at its end, in columns: state, incarnations, since when, failures.
struct StatusColumns {
  std::string heading = {};
  std::vector<std::string> rows = {};  // by node
};

// REQUIRES: a journal.
StatusColumns StatusColumnsOf(const LoadedGraph& loaded);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_STATUS_COLUMNS_H_
