// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMPONENTS_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMPONENTS_H_

#include "docs/examples/kv_service/wiring.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/signaler_context.h"

// What the components do: for each of them one worker, one call of which is one incarnation. What
// depends on what, and what happens when one fails, is not their business: kv_nodes.h says so.

namespace kv {

// Checks the settings, makes the directory, and publishes the settings.
void RunConfig(Wiring& wiring, const stemma::SignalerContext& context,
               const stemma::ReadyFunc& ready);

// Opens the append-only log, publishes it, and syncs it once a second under kEverySec. Fails with
// DataLoss when the file is damaged.
void RunLog(Wiring& wiring, const stemma::SignalerContext& context, const stemma::ReadyFunc& ready);

// Replays the log into a database and publishes that.
void RunStore(Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready);

// Removes keys as they expire. (They are invisible from that moment, expirer or not.)
void RunExpirer(Wiring& wiring, const stemma::SignalerContext& context,
                const stemma::ReadyFunc& ready);

// Serves all clients. While there is no database their requests are held, for a while. Returns when
// a client asks for SHUTDOWN.
void RunSessions(Wiring& wiring, const stemma::SignalerContext& context,
                 const stemma::ReadyFunc& ready);

// Accepts connections on the loopback interface and hands them to the sessions.
void RunListener(Wiring& wiring, const stemma::SignalerContext& context,
                 const stemma::ReadyFunc& ready);

// Logs a line about the work done, once a minute and at the end.
void RunStats(Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_COMPONENTS_H_
