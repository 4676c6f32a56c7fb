// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_STORE_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_STORE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "docs/examples/kv_service/effect.h"

namespace kv {

enum class SetCondition { kAlways, kIfAbsent, kIfPresent };

struct SetOptions {
  SetCondition condition = SetCondition::kAlways;
  std::optional<WallTime> expires = {};  // Default: never
  bool keep_ttl = false;  // the key keeps the expiry that it has, and `expires` is ignored
};

// The keys, their values, and when they expire.
//
// A write is worked out into an Effect, given to the journal, and applied only when the journal has
// taken it: all under one lock, so the journal's order is the order in which the effects took
// place, and applying the journal to an empty store gives this one. When the journal refuses,
// nothing has changed, and the write returns the journal's error.
//
// Time is a parameter. A key whose expiry has come does not exist for any operation, but for
// size(), until RemoveExpired takes it away, as in Redis.
//
// Thread safety: all methods may be called from any thread. The journal and on_earlier_expiry are
// called by the thread that writes; the journal under the store's lock, so it must not call the
// store.
class Store {
 public:
  using Journal = std::function<absl::Status(const Effect&)>;

  // `on_earlier_expiry` is called when NextExpiry has come to be earlier than it was, without a
  // lock. Defaults: a journal that takes everything; nobody is told.
  explicit Store(Journal journal = {}, std::function<void()> on_earlier_expiry = {});

  std::optional<std::string> Get(std::string_view key, WallTime now) const;
  std::size_t CountExisting(const std::vector<std::string>& keys, WallTime now) const;

  // How long the key still has. Outer nullopt: it does not exist. Inner nullopt: it does not
  // expire.
  std::optional<std::optional<std::chrono::milliseconds>> TimeToLive(std::string_view key,
                                                                     WallTime now) const;

  // Returns: whether the condition let it happen. An expiry that has come already removes the key.
  absl::StatusOr<bool> Set(std::string key, std::string value, const SetOptions& options,
                           WallTime now);

  // Returns: how many of the keys existed.
  absl::StatusOr<std::size_t> Delete(const std::vector<std::string>& keys, WallTime now);

  // Adds to the value, which keeps its expiry; of a key that does not exist it is 0.
  // Returns: the new value. InvalidArgument: the value is not an integer. OutOfRange: the sum is
  // none.
  absl::StatusOr<std::int64_t> Increment(std::string_view key, std::int64_t by, WallTime now);

  // Returns: whether the key existed. An expiry that has come already removes it.
  absl::StatusOr<bool> ExpireAt(std::string_view key, WallTime expires, WallTime now);

  absl::Status FlushAll();

  // All keys, with those that have expired and were not removed yet.
  std::size_t size() const;

  // When the first key expires. nullopt: none does.
  std::optional<WallTime> NextExpiry() const;

  // Removes up to `limit` keys whose expiry has come, the oldest first. Returns: how many it
  // removed.
  absl::StatusOr<std::size_t> RemoveExpired(WallTime now, std::size_t limit);

  // Applies an effect that the journal has already: for the replay at the start.
  void Apply(const Effect& effect);

 private:
  struct Entry {
    std::string value;
    std::optional<WallTime> expires;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>()(key);
    }
  };
  using Entries = std::unordered_map<std::string, Entry, Hash, std::equal_to<>>;

  // REQUIRES of all these: mutex_ is held.
  const Entry* Find(std::string_view key, WallTime now) const;
  absl::Status Perform(const Effect& effect, std::unique_lock<std::mutex> lock);
  void ApplyLocked(const Effect& effect);
  void SetExpiry(Entries::iterator entry, std::optional<WallTime> expires);
  void Erase(std::string_view key);
  std::optional<WallTime> NextExpiryLocked() const;

  const Journal journal_;
  const std::function<void()> on_earlier_expiry_;

  mutable std::mutex mutex_;  // guards what follows
  Entries entries_;
  std::set<std::pair<WallTime, std::string>> by_expiry_;  // of the entries that expire
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_STORE_H_
