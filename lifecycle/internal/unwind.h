// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_UNWIND_H_
#define STEMMA_LIFECYCLE_INTERNAL_UNWIND_H_

#include "absl/status/status.h"

namespace stemma::internal {

// What `SignalerContext::Throw` unwinds the thread with. Not derived from std::exception, so that
// no `catch (const std::exception&)` of a worker takes it for an error of its own (L3).
struct Unwind {
  // Identifies the context whose Throw it was: one that arrives in another context's worker is a
  // failure there too.
  const void* context;
  // What was thrown.
  absl::Status status;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_UNWIND_H_
