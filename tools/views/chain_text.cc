// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/chain_text.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

std::size_t Width(nanoseconds longest, const char* heading = "") {
  return std::max(SecondsText(longest).size(), std::string(heading).size());
}

std::string Right(const std::string& text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}

// What else is to be known of a step.
std::string Remarks(const ChainStep& step) {
  std::vector<std::string> remarks;
  if (step.idle > nanoseconds::zero()) {
    remarks.push_back(absl::StrCat("idle for ", SecondsText(step.idle), " before"));
  }
  if (step.launches > 1) {
    remarks.push_back(
        absl::StrCat(step.launches, " launches, backing off for ", SecondsText(step.backing_off)));
  }
  return remarks.empty() ? "" : absl::StrCat("  (", absl::StrJoin(remarks, "; "), ")");
}

}  // namespace

std::string ChainText(const History& history, const Chain& chain) {
  const double whole = static_cast<double>((chain.end - chain.begin).count());
  const std::size_t width = Width(chain.end);
  std::string text;
  for (const ChainStep& step : chain.steps) {
    const double share = whole > 0 ? static_cast<double>(step.own.count()) / whole : 0;
    absl::StrAppend(&text, "  ", Right("@" + SecondsText(step.begin), width + 1), "  ",
                    Right("+" + SecondsText(step.own), width + 1),
                    absl::StrFormat("  %3.0f%%  ", share * 100), Subject(history[step.row]),
                    Remarks(step), "\n");
  }
  return text;
}

std::string TimesText(const History& history, const std::vector<NodeTimes>& times) {
  nanoseconds longest = {};
  for (const NodeTimes& node : times) longest = std::max(longest, node.total());
  const std::size_t width = Width(longest, "backing off");
  const auto line = [&](const std::string& own, const std::string& waiting,
                        const std::string& backing_off, const std::string& total,
                        const std::string& name) {
    return absl::StrCat(Right(own, width), "  ", Right(waiting, width), "  ",
                        Right(backing_off, width), "  ", Right(total, width), "  ", name, "\n");
  };
  std::string text = line("own", "waiting", "backing off", "total", "node");
  for (const NodeTimes& node : times) {
    std::string name = Subject(history[node.row]);
    if (node.launches > 1) absl::StrAppend(&name, "  (", node.launches, " launches)");
    if (!node.is_over) {
      absl::StrAppend(&name, "  (and is ", std::string(ToString(history[node.row].last().state)),
                      ")");
    }
    text += line(SecondsText(node.own), SecondsText(node.waiting), SecondsText(node.backing_off),
                 SecondsText(node.total()), name);
  }
  return text;
}

}  // namespace stemma::tools
