// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_TESTING_FLUSHER_H_
#define STEMMA_DOCS_EXAMPLES_TESTING_FLUSHER_H_

#include <chrono>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "stemma/lifecycle/component_manager.h"

// The component that docs/testing.md tests.

namespace flusher {

using Flush = std::function<absl::Status()>;

// Flushes once a second, and fails with what `flush` fails with.
inline void RunFlusher(const Flush& flush, const stemma::SignalerContext& context,
                       const stemma::ReadyFunc& ready) {
  ready();
  do {
    if (absl::Status status = flush(); !status.ok()) context.Throw(status);
  } while (context.SleepFor(std::chrono::seconds(1)));
}

// Makes it: the factory of its node.
inline stemma::ComponentFactory Flusher(Flush flush) {
  return [flush = std::move(flush)] {
    return stemma::ComponentManagerBuilder()
        .AddWorker("main", std::bind_front(RunFlusher, flush))
        .Build();
  };
}

}  // namespace flusher

#endif  // STEMMA_DOCS_EXAMPLES_TESTING_FLUSHER_H_
