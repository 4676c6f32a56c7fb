// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_EFFECT_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_EFFECT_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace kv {

// Milliseconds since the epoch, as Redis counts them.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

// What a command does to the store, with nothing left to decide: no conditions, no time that is
// relative to now. Applying the same effects in the same order gives the same store, at any later
// time.
struct Put {
  std::string key, value;
  std::optional<WallTime> expires;  // from then on the key does not exist. Default: never
  bool operator==(const Put&) const = default;
};
struct Remove {
  std::vector<std::string> keys;
  bool operator==(const Remove&) const = default;
};
struct Expire {
  std::string key;
  WallTime expires;
  bool operator==(const Expire&) const = default;
};
struct Clear {
  bool operator==(const Clear&) const = default;
};
using Effect = std::variant<Put, Remove, Expire, Clear>;

// The form in which the log keeps an effect: a Redis command (SET, DEL, PEXPIREAT, FLUSHALL) as
// RESP.
std::string EncodeEffect(const Effect& effect);

// Returns: DataLoss when these bytes are not what EncodeEffect writes.
absl::StatusOr<Effect> DecodeEffect(std::string_view bytes);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_EFFECT_H_
