// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_LAZY_EVENT_H_
#define STEMMA_LIFECYCLE_INTERNAL_LAZY_EVENT_H_

#include <optional>

#include "stemma/lifecycle/event.h"

namespace stemma::internal {

// An event that is made when somebody asks for it, for those that hardly anybody asks for.
//
// Thread safety: none of its own; the owner's mutex guards it.
class LazyEvent {
 public:
  Event event() {
    if (!source_) {
      source_.emplace();
      if (set_) source_->Set();  // it has no callbacks yet
    }
    return source_->event();
  }

  // Returns: what is to be set as soon as the mutex is released, for that runs callbacks.
  [[nodiscard]] std::optional<EventSource> Set() {
    set_ = true;
    return source_;
  }

 private:
  bool set_ = false;
  std::optional<EventSource> source_;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_LAZY_EVENT_H_
