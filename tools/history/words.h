// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_WORDS_H_
#define STEMMA_TOOLS_HISTORY_WORDS_H_

#include <chrono>
#include <string>
#include <vector>

#include "stemma/supervisor/journal.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// How what a journal tells is put into words. All of it is one line, safe to show on a terminal.

// "12.001500": seconds, to the microsecond.
std::string SecondsText(std::chrono::nanoseconds time);

// The same without zeros at its end: "12.0015", "12".
std::string AxisText(std::chrono::nanoseconds time);

// "api#2", "api" for the incarnation 0.
std::string Subject(const NodeHistory& node, Incarnation incarnation = 0);

// "api, db and web"; of more than `most` the first, "api, db and 7 more".
std::string Listed(const std::vector<std::string>& names, std::size_t most = 4);

// "DATA_LOSS: checksum mismatch (worker flusher) [db.cc:81]"
std::string DetailText(const FailureDetail& detail);

// "(Thrown): DATA_LOSS: checksum mismatch (worker flusher) [db.cc:81]", "(StartTimeout): not ready
// within its start timeout of 30s"
std::string FailureText(const FailureRecord& failure, const NodePolicy& policy);

// "3 restarts", "1 restart"
std::string Counted(std::size_t count, const std::string& noun);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_WORDS_H_
