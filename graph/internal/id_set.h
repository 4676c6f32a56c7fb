// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_ID_SET_H_
#define STEMMA_GRAPH_INTERNAL_ID_SET_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "stemma/graph/node_id.h"

namespace stemma::internal {

// A set of ids of which the smallest is taken again and again: a priority queue of what could come
// next. One bit for each id, one for each 64 of those, and so on up to a single word: so adding and
// taking look at one word of each level, of which a million ids have four.
//
// Thread safety: as a standard container.
class IdSet {
 public:
  IdSet() = default;  // for no ids
  explicit IdSet(std::size_t ids) { Resize(ids); }

  // For ids less than `ids` from now on. REQUIRES: it is empty.
  void Resize(std::size_t ids) {
    levels_.clear();
    for (std::size_t bits = ids; bits > 0; bits = bits > kBits ? levels_.back().size() : 0) {
      levels_.emplace_back((bits + kBits - 1) / kBits);
    }
  }

  bool empty() const { return levels_.empty() || levels_.back().front() == 0; }

  // Does nothing if it is there already. REQUIRES: less than what the set is for.
  void Add(NodeId id) {
    std::size_t bit = id;
    for (std::vector<Word>& level : levels_) {
      Word& word = level[bit / kBits];
      const bool known = word != 0;  // above
      word |= Word{1} << (bit % kBits);
      if (known) return;
      bit /= kBits;
    }
  }

  // Returns the smallest, which is not in it any more. REQUIRES: not empty.
  NodeId TakeSmallest() {
    std::size_t smallest = 0;
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      smallest = smallest * kBits + static_cast<std::size_t>(std::countr_zero((*level)[smallest]));
    }
    std::size_t bit = smallest;
    for (std::vector<Word>& level : levels_) {
      Word& word = level[bit / kBits];
      word &= word - 1;  // its lowest bit
      if (word != 0) break;
      bit /= kBits;
    }
    return static_cast<NodeId>(smallest);
  }

 private:
  using Word = std::uint64_t;
  static constexpr std::size_t kBits = 64;

  std::vector<std::vector<Word>> levels_;  // the last has one word
};

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_ID_SET_H_
