// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_ADD_FORGETTING_H_
#define STEMMA_LIFECYCLE_INTERNAL_ADD_FORGETTING_H_

#include <algorithm>
#include <utility>

namespace stemma::internal {

// Appends `value`. Before `values` would grow, it forgets those that are `gone`, so that adding and
// losing for ever takes no more memory than the most that were ever there at once, and looking for
// them costs as little as growing does.
template <class Vector, class Gone>
void AddForgetting(Vector& values, typename Vector::value_type value, const Gone& gone) {
  if (values.size() == values.capacity()) {
    values.erase(std::remove_if(values.begin(), values.end(), gone), values.end());
    values.reserve(2 * values.size());
  }
  values.push_back(std::move(value));
}

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_ADD_FORGETTING_H_
