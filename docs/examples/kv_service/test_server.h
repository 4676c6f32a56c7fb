// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_TEST_SERVER_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_TEST_SERVER_H_

#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "catch2/catch_test_macros.hpp"
#include "docs/examples/kv_service/kv_nodes.h"
#include "docs/examples/kv_service/resp_client.h"
#include "docs/examples/kv_service/temporary_directory.h"
#include "docs/examples/kv_service/wiring.h"
#include "spdlog/logger.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/manual_clock.h"

namespace kv {

// The whole service in this process, on a port that the kernel chooses, in a directory of its own.
// The clock of its supervisor stands still: what backs off stays away until the test advances it.
//
// Thread safety: the test's thread only.
class TestServer {
 public:
  explicit TestServer(Settings settings = {}) {
    settings.port = 0;
    settings.directory = directory.path();
    wiring = std::make_shared<Wiring>(settings, std::make_shared<spdlog::logger>("nowhere"));
  }
  ~TestServer() {
    if (!thread_.joinable()) return;
    supervisor->EndSpinHalt();
    Stop();
  }

  // Starts everything. `wiring` may be changed before, and clients may connect after.
  void Start() {
    Launch();
    REQUIRE(supervisor->AwaitReady({}).ok());
  }

  // As Start, without waiting.
  void Launch() {
    stemma::SupervisorOptions options;
    options.logger = wiring->logger;
    options.clock = clock;
    auto created = stemma::Supervisor::Create(KvNodes(wiring), std::move(options));
    INFO(created.status().ToString());
    REQUIRE(created.ok());
    supervisor = *std::move(created);
    subscription_ = supervisor->Subscribe([this](const stemma::SupervisorEvent& event) {
      using Kind = stemma::SupervisorEvent::Kind;
      const std::lock_guard lock(mutex_);
      if (event.kind == Kind::kTransition) {
        ++seen_[event.node + " " + std::string(ToString(event.to))];
      } else {
        ++seen_[std::string(ToString(event.kind))];
      }
      changed_.notify_all();
    });
    thread_ = std::jthread([this] { result_.set_value(supervisor->Run()); });
  }

  // Waits until an event has happened that often: "store ready" (a transition), "spin halt".
  void Await(const std::string& event, int times = 1) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return seen_[event] >= times; });
  }

  RespClient Connect() const {
    RespClient client(wiring->port);
    REQUIRE(client.connected());
    return client;
  }

  // Waits for the end of the run.
  stemma::RunResult Join() {
    stemma::RunResult result = result_.get_future().get();
    thread_.join();
    return result;
  }
  stemma::RunResult Stop() {
    supervisor->RequestStop();
    return Join();
  }

  const TemporaryDirectory directory;
  const std::shared_ptr<stemma::ManualClock> clock = std::make_shared<stemma::ManualClock>();
  std::shared_ptr<Wiring> wiring;
  std::unique_ptr<stemma::Supervisor> supervisor;

 private:
  stemma::Subscription subscription_;
  std::promise<stemma::RunResult> result_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> seen_;  // guarded by mutex_

  std::jthread thread_;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_TEST_SERVER_H_
