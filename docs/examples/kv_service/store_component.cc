// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "absl/status/statusor.h"
#include "docs/examples/kv_service/components.h"
#include "docs/examples/kv_service/loan.h"

namespace kv {

void RunStore(Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.store, context, ready);
  const std::shared_ptr<AppendLog> log = wiring.append_log.Await(context.stop_token());
  if (log == nullptr) return;
  const absl::StatusOr<std::shared_ptr<Database>> database = Database::Load(
      log, [&wiring] { wiring.expirer.Ring(); }, context.stop_token());
  if (context.stop_requested()) return;
  if (!database.ok()) context.Throw(database.status());
  wiring.logger->info("store: {} keys after replaying {} effects from {}",
                      (*database)->store().size(), (*database)->replayed_effects(), log->path());

  const Loan lent(wiring.database, *database);
  wiring.sessions.Ring();  // they may be holding requests for it
  self.Ready();
  while (self.Wait()) {
  }
}

}  // namespace kv
