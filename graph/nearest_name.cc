// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "stemma/graph/printable.h"

namespace stemma {
namespace {

constexpr std::size_t kMinLimit = 1, kMaxLimit = 4, kBytesPerEdit = 3;

char Folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool Same(char a, char b) { return Folded(a) == Folded(b); }

// The edit distance with swaps of neighbours (optimal string alignment), as far as a limit: only
// the cells within `limit` of the diagonal are computed, because a path that leaves that band has
// more edits than the limit.
class BoundedEditDistance {
 public:
  // Returns the distance, or limit + 1 when it is more than the limit.
  std::size_t operator()(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t too_far = limit + 1;
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return too_far;
    for (std::vector<std::size_t>* row : {&before_last_, &last_, &row_}) {
      if (row->size() < b.size() + 1) row->resize(b.size() + 1);
    }
    for (std::size_t j = 0; j <= std::min(b.size(), limit + 1); ++j) last_[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t from = i > limit ? i - limit : 1;
      const std::size_t to = std::min(b.size(), i + limit);
      row_[from - 1] = from == 1 ? i : too_far;
      std::size_t least = row_[from - 1];
      for (std::size_t j = from; j <= to; ++j) {
        const bool same = Same(a[i - 1], b[j - 1]);
        std::size_t cell = std::min({last_[j] + 1, row_[j - 1] + 1, last_[j - 1] + (same ? 0 : 1)});
        if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) {
          cell = std::min(cell, before_last_[j - 2] + 1);
        }
        row_[j] = cell;
        least = std::min(least, cell);
      }
      if (least > limit) return too_far;  // a swap is no way round: it costs what replacing does
      if (to < b.size()) row_[to + 1] = too_far;  // the next row looks one cell further
      std::swap(before_last_, last_);
      std::swap(last_, row_);
    }
    return std::min(last_[b.size()], too_far);
  }

 private:
  // Kept, so that most comparisons allocate nothing.
  std::vector<std::size_t> before_last_, last_, row_;
};

}  // namespace

std::optional<std::string_view> NearestName(std::string_view name,
                                            std::span<const std::string_view> candidates) {
  std::optional<std::string_view> nearest;
  std::size_t limit = std::clamp(name.size() / kBytesPerEdit, kMinLimit, kMaxLimit);
  BoundedEditDistance distance;
  for (std::string_view candidate : candidates) {
    const std::size_t edits = distance(name, candidate, limit);
    if (edits > limit || edits >= std::max(name.size(), candidate.size())) continue;
    nearest = candidate;
    if (edits == 0) break;
    limit = edits - 1;  // from here on only what is nearer
  }
  return nearest;
}

std::string DidYouMean(std::string_view name, std::span<const std::string_view> candidates) {
  const std::optional<std::string_view> nearest = NearestName(name, candidates);
  return nearest ? "; did you mean '" + Printable(*nearest) + "'?" : std::string();
}

}  // namespace stemma
