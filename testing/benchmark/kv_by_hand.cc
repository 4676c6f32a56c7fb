// SPDX-License-Identifier: Apache-2.0
// The key-value server of docs/examples/kv_service without a supervisor: main starts its workers in
// order, each once the one before is ready, and ends when a client asks for SHUTDOWN. What fails
// ends the process.
//
//     kv_by_hand --port PORT --dir DIRECTORY
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stop_token>
#include <string_view>
#include <thread>
#include <vector>

#include "docs/examples/kv_service/components.h"
#include "docs/examples/kv_service/wiring.h"
#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/signaler_context.h"

int main(int argc, char** argv) {
  kv::Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view option = argv[i];
    if (option == "--port") {
      settings.port = static_cast<std::uint16_t>(std::strtoul(argv[i + 1], nullptr, 10));
    } else if (option == "--dir") {
      settings.directory = argv[i + 1];
    } else {
      std::fputs("usage: kv_by_hand --port PORT --dir DIRECTORY\n", stderr);
      return 64;
    }
  }
  kv::Wiring wiring(settings, std::make_shared<spdlog::logger>(
                                  "kv", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  std::stop_source stop;
  const stemma::SignalerContext context = stemma::WithSignaler(stop.get_token()).first;
  stemma::EventSource shutdown;
  std::vector<std::thread> threads;
  for (auto* const worker : {&kv::RunConfig, &kv::RunLog, &kv::RunStore, &kv::RunExpirer,
                             &kv::RunSessions, &kv::RunListener, &kv::RunStats}) {
    stemma::EventSource ready;
    threads.emplace_back([&wiring, context, worker, ready, shutdown] {
      worker(wiring, context, [&] { ready.Set(); });
      if (worker == &kv::RunSessions) shutdown.Set();
    });
    ready.event().Wait();
  }
  shutdown.event().Wait();
  stop.request_stop();
  for (std::thread& thread : threads) thread.join();
  return 0;
}
