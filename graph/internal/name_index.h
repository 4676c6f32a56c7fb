// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_NAME_INDEX_H_
#define STEMMA_GRAPH_INTERNAL_NAME_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "stemma/graph/node_id.h"

namespace stemma::internal {

// Which id a name has: a hash table that leaves the names where they are, and is one array. (A
// standard map makes a node and a copy of each name, and takes ten times as long.)
//
// `name_of(id)` gives the name that was added with an id; it must give the same for ever.
//
// Thread safety: as a standard container.
class NameIndex {
 public:
  NameIndex() = default;  // for no names

  // For up to `names` of them.
  explicit NameIndex(std::size_t names) {
    std::size_t slots = 2;
    while (slots < 2 * names) slots *= 2;
    slots_.resize(slots);
  }

  // Returns: the id that the name had before, or kNone, and then it has `id` from now on.
  // REQUIRES: room, and id < kNone.
  template <class NameOf>
  NodeId Add(std::string_view name, NodeId id, const NameOf& name_of) {
    Slot& slot = slots_[Position(name, name_of)];
    if (slot.id != kNone) return slot.id;
    slot = {.hash = Hash(name), .id = id};
    return kNone;
  }

  // Returns: the id of the name, or kNone.
  template <class NameOf>
  NodeId Find(std::string_view name, const NameOf& name_of) const {
    return slots_.empty() ? kNone : slots_[Position(name, name_of)].id;
  }

  static constexpr NodeId kNone = UINT32_MAX;

 private:
  struct Slot {
    std::uint32_t hash = 0;  // a part of it: hardly ever are two names compared for nothing
    NodeId id = kNone;       // free
  };

  static std::uint32_t Hash(std::string_view name) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>()(name));
  }

  // Where the name is, or would be.
  template <class NameOf>
  std::size_t Position(std::string_view name, const NameOf& name_of) const {
    const std::uint32_t hash = Hash(name);
    const std::size_t mask = slots_.size() - 1;
    std::size_t position = hash & mask;
    while (slots_[position].id != kNone &&
           (slots_[position].hash != hash || name_of(slots_[position].id) != name)) {
      position = (position + 1) & mask;
    }
    return position;
  }

  std::vector<Slot> slots_;  // as many as a power of two, at most half of them taken
};

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_NAME_INDEX_H_
