// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_DATABASE_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_DATABASE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "docs/examples/kv_service/append_log.h"
#include "docs/examples/kv_service/store.h"

namespace kv {

// A store and the log that remembers it: every effect is in the log before it is in the store.
//
// A write is acknowledged in two steps, so that one sync serves many: execute a batch on store(),
// then Commit once, then send the replies. Replies to reads wait for the Commit as well, lest
// somebody be shown a value that a crash takes back.
//
// Thread safety: all methods may be called from any thread. Lifetime: shares the log. Once that is
// closed, writes and Commit return Unavailable, and this database is to be replaced by a new one.
class Database {
 public:
  // Replays the log. Returns: DataLoss, naming file and offset, when a record is no effect;
  // Cancelled once `stop` is requested; otherwise the error of AppendLog::Replay.
  // `on_earlier_expiry` is Store's.
  static absl::StatusOr<std::shared_ptr<Database>> Load(
      std::shared_ptr<AppendLog> log, std::function<void()> on_earlier_expiry = {},
      std::stop_token stop = {});

  Store& store() { return store_; }

  // Returns: AppendLog::Commit's. Not OK: acknowledge none of the writes since the last Commit.
  absl::Status Commit() { return log_->Commit(); }

  std::size_t replayed_effects() const { return replayed_effects_; }

 private:
  Database(std::shared_ptr<AppendLog> log, std::function<void()> on_earlier_expiry);

  const std::shared_ptr<AppendLog> log_;
  std::size_t replayed_effects_ = 0;  // constant after Load
  Store store_;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_DATABASE_H_
