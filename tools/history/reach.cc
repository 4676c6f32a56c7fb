// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/reach.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

std::vector<Row> WithAncestors(const History& history, Row row) {
  std::vector<Row> found{row};
  std::vector<bool> seen(history.rows().size());
  seen[row] = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const Row other : history[found[i]].dependencies) {
      if (!seen[other]) found.push_back(other);
      seen[other] = true;
    }
  }
  return found;
}

// "api depends on db by way of cache", by the shortest way to one of `targets`.
std::string Path(const History& history, Row from, const std::vector<Row>& targets) {
  std::vector<bool> is_target(history.rows().size());
  for (const Row target : targets) is_target[target] = true;
  std::vector<Row> came_from(history.rows().size(), kNoRow), queue{from};
  for (std::size_t i = 0; i < queue.size(); ++i) {
    for (const Row other : history[queue[i]].dependencies) {
      if (other == from || came_from[other] != kNoRow) continue;
      came_from[other] = queue[i];
      if (!is_target[other]) {
        queue.push_back(other);
        continue;
      }
      std::vector<std::string> between;
      for (Row step = came_from[other]; step != from; step = came_from[step]) {
        between.push_back(Subject(history[step]));
      }
      std::reverse(between.begin(), between.end());
      return absl::StrCat(Subject(history[from]), " depends on ", Subject(history[other]),
                          between.empty() ? "" : " by way of " + Listed(between));
    }
  }
  return absl::StrCat(Subject(history[from]), " depended on it");
}

}  // namespace

bool IsAncestor(const History& history, Row ancestor, Row row) {
  const std::vector<Row> all = WithAncestors(history, row);
  return ancestor != row && std::find(all.begin(), all.end(), ancestor) != all.end();
}

std::string ReachText(const History& history, ErrorHandlingBehavior verdict, Row row, Row failed) {
  const std::string word(FormOf(verdict).word);
  switch (verdict) {
    case ErrorHandlingBehavior::kShutdown:
    case ErrorHandlingBehavior::kSpinHalt:
      return word + ", which stops everything";
    case ErrorHandlingBehavior::kStop:
    case ErrorHandlingBehavior::kStopParents:
      break;
    default:
      return word;
  }
  if (row == failed || row == kNoRow) return word;
  if (verdict == ErrorHandlingBehavior::kStop) {
    return absl::StrCat(word, ", and ", Path(history, row, {failed}));
  }
  if (IsAncestor(history, row, failed)) {
    return absl::StrCat(word, ", and ", Path(history, failed, {row}));
  }
  return absl::StrCat(word, ", which takes down what ", Subject(history[failed]),
                      " depends on, and ", Path(history, row, WithAncestors(history, failed)));
}

}  // namespace stemma::tools
