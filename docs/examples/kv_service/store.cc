// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/store.h"

#include <variant>

#include "docs/examples/kv_service/resp.h"

namespace kv {

Store::Store(Journal journal, std::function<void()> on_earlier_expiry)
    : journal_(std::move(journal)), on_earlier_expiry_(std::move(on_earlier_expiry)) {}

std::optional<std::string> Store::Get(std::string_view key, WallTime now) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = Find(key, now);
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

std::size_t Store::CountExisting(const std::vector<std::string>& keys, WallTime now) const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const std::string& key : keys) count += Find(key, now) != nullptr ? 1 : 0;
  return count;
}

std::optional<std::optional<std::chrono::milliseconds>> Store::TimeToLive(std::string_view key,
                                                                          WallTime now) const {
  const std::lock_guard lock(mutex_);
  const Entry* entry = Find(key, now);
  if (entry == nullptr) return std::nullopt;
  std::optional<std::chrono::milliseconds> left;
  if (entry->expires) left = *entry->expires - now;
  return left;
}

absl::StatusOr<bool> Store::Set(std::string key, std::string value, const SetOptions& options,
                                WallTime now) {
  std::unique_lock lock(mutex_);
  const Entry* entry = Find(key, now);
  if (options.condition == SetCondition::kIfAbsent && entry != nullptr) return false;
  if (options.condition == SetCondition::kIfPresent && entry == nullptr) return false;
  std::optional<WallTime> expires = options.expires;
  if (options.keep_ttl) expires = entry == nullptr ? std::nullopt : entry->expires;
  if (expires && *expires <= now) {
    if (!entries_.contains(key)) return true;
    if (absl::Status status = Perform(Remove{{std::move(key)}}, std::move(lock)); !status.ok()) {
      return status;
    }
    return true;
  }
  if (absl::Status status =
          Perform(Put{std::move(key), std::move(value), expires}, std::move(lock));
      !status.ok()) {
    return status;
  }
  return true;
}

absl::StatusOr<std::size_t> Store::Delete(const std::vector<std::string>& keys, WallTime now) {
  std::unique_lock lock(mutex_);
  std::set<std::string_view> existing;  // a key given twice is deleted once
  for (const std::string& key : keys) {
    if (Find(key, now) != nullptr) existing.insert(key);
  }
  const std::size_t count = existing.size();
  if (count == 0) return count;
  Remove remove{std::vector<std::string>(existing.begin(), existing.end())};
  if (absl::Status status = Perform(remove, std::move(lock)); !status.ok()) return status;
  return count;
}

absl::StatusOr<std::int64_t> Store::Increment(std::string_view key, std::int64_t by, WallTime now) {
  std::unique_lock lock(mutex_);
  const Entry* entry = Find(key, now);
  std::optional<std::int64_t> value = 0;
  if (entry != nullptr) value = ParseInteger(entry->value);
  if (!value) return absl::InvalidArgumentError("value is not an integer or out of range");
  std::int64_t sum = 0;
  if (__builtin_add_overflow(*value, by, &sum)) {
    return absl::OutOfRangeError("increment or decrement would overflow");
  }
  Put put{std::string(key), std::to_string(sum), std::nullopt};
  if (entry != nullptr) put.expires = entry->expires;
  if (absl::Status status = Perform(put, std::move(lock)); !status.ok()) return status;
  return sum;
}

absl::StatusOr<bool> Store::ExpireAt(std::string_view key, WallTime expires, WallTime now) {
  std::unique_lock lock(mutex_);
  if (Find(key, now) == nullptr) return false;
  const Effect effect = expires <= now ? Effect(Remove{{std::string(key)}})
                                       : Effect(Expire{std::string(key), expires});
  if (absl::Status status = Perform(effect, std::move(lock)); !status.ok()) return status;
  return true;
}

absl::Status Store::FlushAll() { return Perform(Clear{}, std::unique_lock(mutex_)); }

std::size_t Store::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::optional<WallTime> Store::NextExpiry() const {
  const std::lock_guard lock(mutex_);
  return NextExpiryLocked();
}

absl::StatusOr<std::size_t> Store::RemoveExpired(WallTime now, std::size_t limit) {
  std::unique_lock lock(mutex_);
  // The removal is journalled too: without it the keys would be back, for a while, after every
  // restart, and for good if the wall clock has been set back.
  Remove remove;
  for (const auto& [expires, key] : by_expiry_) {
    if (expires > now || remove.keys.size() == limit) break;
    remove.keys.push_back(key);
  }
  const std::size_t count = remove.keys.size();
  if (count == 0) return count;
  if (absl::Status status = Perform(remove, std::move(lock)); !status.ok()) return status;
  return count;
}

void Store::Apply(const Effect& effect) {
  const std::lock_guard lock(mutex_);
  ApplyLocked(effect);
}

const Store::Entry* Store::Find(std::string_view key, WallTime now) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return nullptr;
  const Entry& entry = found->second;
  return entry.expires && *entry.expires <= now ? nullptr : &entry;
}

absl::Status Store::Perform(const Effect& effect, std::unique_lock<std::mutex> lock) {
  if (journal_) {
    if (absl::Status journalled = journal_(effect); !journalled.ok()) return journalled;
  }
  const std::optional<WallTime> before = NextExpiryLocked();
  ApplyLocked(effect);
  const std::optional<WallTime> after = NextExpiryLocked();
  lock.unlock();
  const bool earlier = after && (!before || *after < *before);
  if (earlier && on_earlier_expiry_) on_earlier_expiry_();
  return absl::OkStatus();
}

void Store::ApplyLocked(const Effect& effect) {
  if (const auto* put = std::get_if<Put>(&effect)) {
    const auto entry = entries_.try_emplace(put->key).first;
    entry->second.value = put->value;
    SetExpiry(entry, put->expires);
  } else if (const auto* remove = std::get_if<Remove>(&effect)) {
    for (const std::string& key : remove->keys) Erase(key);
  } else if (const auto* expire = std::get_if<Expire>(&effect)) {
    const auto entry = entries_.find(expire->key);
    if (entry != entries_.end()) SetExpiry(entry, expire->expires);
  } else {
    entries_.clear();
    by_expiry_.clear();
  }
}

void Store::SetExpiry(Entries::iterator entry, std::optional<WallTime> expires) {
  auto& [key, value] = *entry;
  if (value.expires) by_expiry_.erase({*value.expires, key});
  value.expires = expires;
  if (expires) by_expiry_.emplace(*expires, key);
}

void Store::Erase(std::string_view key) {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return;
  SetExpiry(entry, std::nullopt);
  entries_.erase(entry);
}

std::optional<WallTime> Store::NextExpiryLocked() const {
  if (by_expiry_.empty()) return std::nullopt;
  return by_expiry_.begin()->first;
}

}  // namespace kv
