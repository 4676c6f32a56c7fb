// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOAN_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOAN_H_

#include <memory>
#include <utility>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/slot.h"

namespace kv {

// Publishes a value in a slot for as long as this lives. The destructor takes it back, and waits
// for those who are using it at that moment: so when a component has ended, nobody uses what it had
// lent, and what that rests on may be taken away in turn.
//
// REQUIRES: users keep what Slot::Get gives them for one use, never while they wait for something.
template <class T>
class Loan {
 public:
  Loan(stemma::Slot<T> slot, std::shared_ptr<T> value) : slot_(std::move(slot)) {
    T* const lent = value.get();
    slot_.Publish(
        std::shared_ptr<T>(lent, [value = std::move(value), returned = returned_](T*) mutable {
          value.reset();
          returned.Set();
        }));
  }
  ~Loan() {
    slot_.Publish(nullptr);
    returned_.event().Wait();  // set by whoever lets go last
  }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

 private:
  const stemma::Slot<T> slot_;
  const stemma::EventSource returned_;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOAN_H_
