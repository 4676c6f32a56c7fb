// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_BYTES_H_
#define STEMMA_SUPERVISOR_INTERNAL_BYTES_H_

#include <chrono>
#include <initializer_list>
#include <string>
#include <type_traits>

namespace stemma::internal {

// Keys of states, to be compared within one process.
template <class T>
void AppendBytes(const T& value, std::string& key) {
  static_assert(std::has_unique_object_representations_v<T> ||
                std::is_same_v<T, std::chrono::nanoseconds>);
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

// At most 8.
inline void AppendBits(std::initializer_list<bool> bits, std::string& key) {
  unsigned value = 0;
  for (const bool bit : bits) value = value * 2 + (bit ? 1 : 0);
  key += static_cast<char>(value);
}

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_BYTES_H_
