// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "docs/examples/kv_service/components.h"

namespace kv {
namespace {

using std::chrono::steady_clock;

std::shared_ptr<AppendLog> Open(Wiring& wiring, const Settings& settings,
                                const stemma::SignalerContext& context) {
  absl::StatusOr<std::unique_ptr<AppendLog>> opened = AppendLog::Open(
      settings.directory + "/appendonly.kv", {.fsync = settings.fsync,
                                              .needs_attention = [&wiring] { wiring.log.Ring(); },
                                              .calls = wiring.file_calls});
  if (!opened.ok()) context.Throw(opened.status());
  if ((*opened)->torn_bytes() > 0) {
    wiring.logger->warn("log: cut {} bytes of an unfinished write off the end of {}",
                        (*opened)->torn_bytes(), (*opened)->path());
  }
  return *std::move(opened);
}

// Syncs when it is time to. Returns: when it will be.
std::optional<Incarnation::Time> SyncWhenDue(AppendLog& log, std::optional<Incarnation::Time> due,
                                             const stemma::SignalerContext& context) {
  if (due && steady_clock::now() >= *due) {
    if (absl::Status synced = log.Sync(); !synced.ok()) context.Throw(synced);
    due.reset();
  }
  if (!log.dirty()) return std::nullopt;
  return due ? due : steady_clock::now() + std::chrono::seconds(1);
}

}  // namespace

void RunLog(Wiring& wiring, const stemma::SignalerContext& context,
            const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.log, context, ready);
  // An incarnation that failed leaves its log open, since the store and the sessions use it until
  // they have been stopped. By now they have been.
  if (const auto before = wiring.append_log.Get()) before->Close().IgnoreError();

  const std::optional<Settings> settings = wiring.AwaitSettings(context.stop_token());
  if (!settings) return;
  const std::shared_ptr<AppendLog> log = Open(wiring, *settings, context);
  wiring.append_log.Publish(log);
  self.Ready();

  std::optional<Incarnation::Time> sync_due;
  while (self.Wait(sync_due)) {
    if (absl::Status status = log->status(); !status.ok()) context.Throw(status);  // it broke
    if (settings->fsync == FsyncPolicy::kEverySec) sync_due = SyncWhenDue(*log, sync_due, context);
  }
  wiring.append_log.Publish(nullptr);
  if (absl::Status closed = log->Close(); !closed.ok()) context.Throw(closed);
}

}  // namespace kv
