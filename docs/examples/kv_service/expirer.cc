// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "docs/examples/kv_service/components.h"

namespace kv {
namespace {

using std::chrono::milliseconds;

// Removes some of the keys whose time has come. Returns: when to come again.
std::optional<Incarnation::Time> RemoveExpired(Wiring& wiring,
                                               const stemma::SignalerContext& context) {
  constexpr std::size_t kAtOnce = 1000;  // so that a stop, or a client, does not wait for all
  const std::shared_ptr<Database> database = wiring.database.Get();
  if (database == nullptr) return std::nullopt;
  const WallTime now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  const absl::StatusOr<std::size_t> removed = database->store().RemoveExpired(now, kAtOnce);
  if (removed.status().code() == absl::StatusCode::kUnavailable) return std::nullopt;
  if (!removed.ok()) context.Throw(removed.status());
  wiring.statistics.expired_keys += *removed;

  const std::optional<WallTime> next = database->store().NextExpiry();
  if (!next) return std::nullopt;
  // It may be further away than a clock can tell.
  const milliseconds delay = std::min<milliseconds>(*next - now, std::chrono::hours(1));
  return std::chrono::steady_clock::now() + delay;
}

}  // namespace

void RunExpirer(Wiring& wiring, const stemma::SignalerContext& context,
                const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.expirer, context, ready);
  self.Ready();
  // The store rings when a key is to expire sooner than any other.
  while (self.Wait(RemoveExpired(wiring, context))) {
  }
}

}  // namespace kv
