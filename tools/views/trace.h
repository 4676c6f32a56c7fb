// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_TRACE_H_
#define STEMMA_TOOLS_VIEWS_TRACE_H_

#include <string>
#include <vector>

#include "stemma/tools/history/history.h"

namespace stemma::tools {

// A run in the trace event format, JSON, which opens in Perfetto (ui.perfetto.dev) and in
// chrome://tracing. One track for each of `rows`: slices for the states until it has ended, which
// do not overlap; instants for failures, verdicts and ends; arrows from a cause to what came of it:
// from a dependency that became ready to the launch of who waited for it last, from a failure to
// the stops that it brought about. One more track for the run: requests, commands, gaps.
//
// Times are in microseconds since the beginning of the run.
std::string TraceJson(const History& history, const std::vector<Row>& rows);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_TRACE_H_
