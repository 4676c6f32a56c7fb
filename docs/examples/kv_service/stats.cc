// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cstdint>

#include "docs/examples/kv_service/components.h"

namespace kv {

void RunStats(Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.stats, context, ready);
  const Statistics& statistics = wiring.statistics;
  std::uint64_t reported = statistics.commands;
  const auto report = [&] {
    const std::uint64_t commands = statistics.commands;
    if (commands == reported) return;
    wiring.logger->info("stats: {} commands since the last report, {} clients now",
                        commands - reported, statistics.clients.load());
    reported = commands;
  };

  self.Ready();
  constexpr auto kInterval = std::chrono::minutes(1);
  auto next = std::chrono::steady_clock::now() + kInterval;
  while (self.Wait(next)) {
    if (std::chrono::steady_clock::now() < next) continue;
    report();
    next += kInterval;
  }
  report();
}

}  // namespace kv
