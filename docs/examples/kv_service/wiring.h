// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_WIRING_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_WIRING_H_

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "docs/examples/kv_service/append_log.h"
#include "docs/examples/kv_service/database.h"
#include "docs/examples/kv_service/descriptor.h"
#include "docs/examples/kv_service/part.h"
#include "spdlog/logger.h"
#include "stemma/lifecycle/slot.h"

namespace kv {

// What the command line says.
struct Settings {
  std::uint16_t port = 6379;    // 0: the kernel chooses
  std::string directory = ".";  // of the log; made if it is not there
  FsyncPolicy fsync = FsyncPolicy::kEverySec;
  // How long the sessions hold requests while the store is away.
  std::chrono::milliseconds hold = std::chrono::seconds(5);
};

// Connections that were accepted and have no session yet.
//
// Thread safety: any thread may call any method.
class Arrivals {
 public:
  void Add(Descriptor socket) {
    const std::lock_guard lock(mutex_);
    sockets_.push_back(std::move(socket));
  }
  std::vector<Descriptor> TakeAll() {
    const std::lock_guard lock(mutex_);
    return std::exchange(sockets_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<Descriptor> sockets_;  // guarded by mutex_
};

// What INFO shows and the reporter reports.
struct Statistics {
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> commands = 0;
  std::atomic<std::uint64_t> expired_keys = 0;
  std::atomic<std::int64_t> clients = 0;  // now
};

// How the components reach each other. It outlives all their incarnations, and a component finds in
// it the live incarnation of another, or none.
//
// Thread safety: any thread may use any member.
struct Wiring {
  Wiring(Settings the_flags, std::shared_ptr<spdlog::logger> the_logger)
      : flags(std::move(the_flags)), logger(std::move(the_logger)) {}

  const Settings flags;
  const std::shared_ptr<spdlog::logger> logger;
  FileCalls file_calls = {};  // the log's; for tests. Changed only before anything runs

  Part config{"config"}, log{"log"}, store{"store"}, expirer{"expirer"}, sessions{"sessions"},
      listener{"listener"}, stats{"stats"};
  const std::array<Part*, 7> parts = {&config,   &log,      &store, &expirer,
                                      &sessions, &listener, &stats};

  // Each is published by the component in the comment.
  const stemma::Slot<const Settings> settings;  // config
  const stemma::Slot<AppendLog> append_log;     // log
  const stemma::Slot<Database> database;        // store
  const stemma::Slot<Arrivals> arrivals;        // sessions

  // Waits until there are settings, or stop is requested. Returns: nullopt if there are none.
  std::optional<Settings> AwaitSettings(std::stop_token stop) const {
    const auto lent = settings.Await(std::move(stop));
    return lent == nullptr ? std::nullopt : std::optional(*lent);
  }

  // Where the listener listens; 0 before it ever has. Its next incarnation takes the same port.
  std::atomic<std::uint16_t> port = 0;
  Statistics statistics;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_WIRING_H_
