// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/witness.h"

#include <list>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace stemma::internal {
namespace {

// Never destroyed: a double may be a static object.
struct Registry {
  std::mutex mutex;
  std::list<const Witness*> witnesses;  // guarded by mutex
};

Registry& TheRegistry() {
  static Registry& registry = *new Registry;
  return registry;
}

}  // namespace

Witness::Witness(std::function<std::string()> tell, std::function<void()> let_go)
    : tell_(std::move(tell)), let_go_(std::move(let_go)) {
  const std::lock_guard lock(TheRegistry().mutex);
  TheRegistry().witnesses.push_back(this);
}

Witness::~Witness() {
  const std::lock_guard lock(TheRegistry().mutex);
  TheRegistry().witnesses.remove(this);
}

std::string Witness::TellAll() {
  const std::lock_guard lock(TheRegistry().mutex);
  std::string all;
  for (const Witness* const witness : TheRegistry().witnesses) {
    absl::StrAppend(&all, "\n  ", absl::StrReplaceAll(witness->tell_(), {{"\n", "\n    "}}));
  }
  return all;
}

void Witness::LetAllGo() {
  const std::lock_guard lock(TheRegistry().mutex);
  for (const Witness* const witness : TheRegistry().witnesses) {
    if (witness->let_go_) witness->let_go_();
  }
}

}  // namespace stemma::internal
