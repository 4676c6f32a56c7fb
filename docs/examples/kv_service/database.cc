// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/database.h"

#include <string_view>
#include <utility>

#include "docs/examples/kv_service/effect.h"

namespace kv {

absl::StatusOr<std::shared_ptr<Database>> Database::Load(std::shared_ptr<AppendLog> log,
                                                         std::function<void()> on_earlier_expiry,
                                                         std::stop_token stop) {
  std::shared_ptr<Database> database(new Database(log, std::move(on_earlier_expiry)));
  absl::Status replayed = log->Replay([&](std::string_view record) -> absl::Status {
    if (stop.stop_requested()) return absl::CancelledError("asked to stop");
    const absl::StatusOr<Effect> effect = DecodeEffect(record);
    if (!effect.ok()) return effect.status();
    database->store_.Apply(*effect);
    ++database->replayed_effects_;
    return absl::OkStatus();
  });
  if (!replayed.ok()) return replayed;
  return database;
}

Database::Database(std::shared_ptr<AppendLog> log, std::function<void()> on_earlier_expiry)
    : log_(std::move(log)),
      store_([this](const Effect& effect) { return log_->Append(EncodeEffect(effect)); },
             std::move(on_earlier_expiry)) {}

}  // namespace kv
