// SPDX-License-Identifier: Apache-2.0

// The real server, killed in every way: what it has acknowledged is there when it runs again.

#include <atomic>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/generators/catch_generators.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "docs/examples/kv_service/server_process.h"
#include "docs/examples/kv_service/temporary_directory.h"
#include "stemma/lifecycle/event.h"

namespace kv {
namespace {

using Catch::Matchers::ContainsSubstring;

// A client that writes one key after the other, until the server hangs up or it is told to stop.
class Writer {
 public:
  Writer(const ServerProcess& server, std::string prefix)
      : prefix_(std::move(prefix)),
        thread_([this, client = server.Connect()](const std::stop_token& stop) mutable {
          while (!stop.stop_requested() && client.Ask(Set(acknowledged_)) == "OK") {
            if (++acknowledged_ == kWarm) warm_.Set();
          }
          warm_.Set();
        }) {}

  // Waits until it has had a number of replies.
  void AwaitWarm() const { warm_.event().Wait(); }

  // Returns: how many of its writes were acknowledged, all of them from the first one on.
  int Finish() {
    thread_.request_stop();
    thread_.join();
    return acknowledged_;
  }

  std::string Key(int i) const { return prefix_ + std::to_string(i); }

  static constexpr int kWarm = 50;

 private:
  std::string Set(int i) const { return "SET " + Key(i) + " " + std::to_string(i); }

  const std::string prefix_;
  std::atomic<int> acknowledged_ = 0;
  const stemma::EventSource warm_;
  std::jthread thread_;
};

// Two writers at work while something happens, and afterwards another server that must know all
// that they were told is safe.
class Trial {
 public:
  explicit Trial(const std::string& fsync) : fsync_(fsync), server(directory_.path(), fsync) {
    a_.AwaitWarm();
    b_.AwaitWarm();
  }

  void CheckNothingLost() {
    const int a = a_.Finish(), b = b_.Finish();
    REQUIRE(a >= Writer::kWarm);
    REQUIRE(b >= Writer::kWarm);
    ServerProcess again(directory_.path(), fsync_);
    RespClient client = again.Connect();
    int lost = 0;
    for (int i = 0; i < a; ++i) lost += client.Ask("GET " + a_.Key(i)) != std::to_string(i);
    for (int i = 0; i < b; ++i) lost += client.Ask("GET " + b_.Key(i)) != std::to_string(i);
    INFO("of " << a << " + " << b << " acknowledged writes");
    CHECK(lost == 0);
    CHECK(client.Ask("SHUTDOWN") == "(closed)");
    CHECK(again.Wait() == 0);
  }

  // Makes a component fail. The one who asks is told OK first.
  void Fail(const std::string& component, const std::string& verdict) {
    CHECK(server.Connect().Ask("DEBUG FAIL " + component + " " + verdict) == "OK");
  }

 private:
  const TemporaryDirectory directory_;
  const std::string fsync_;

 public:
  ServerProcess server;

 private:
  Writer a_{server, "a"}, b_{server, "b"};
};

std::string AnyComponent() {
  return GENERATE("config", "log", "store", "expirer", "sessions", "listener", "stats");
}

TEST_CASE("acknowledged writes survive kill -9 under fsync always", "[kv]") {
  Trial trial("always");
  trial.server.Signal(SIGKILL);
  CHECK(trial.server.Wait() == 128 + SIGKILL);
  trial.CheckNothingLost();
}

TEST_CASE("acknowledged writes survive SIGTERM", "[kv]") {
  Trial trial(GENERATE("always", "everysec", "no"));
  trial.server.Signal(SIGTERM);
  CHECK(trial.server.Wait() == 0);
  trial.CheckNothingLost();
}

TEST_CASE("acknowledged writes survive the verdict restart of any component", "[kv]") {
  const std::string component = AnyComponent();
  Trial trial("always");
  trial.Fail(component, "restart");
  CHECK(trial.server.AwaitNode(component, "ready", 2));
  RespClient client = trial.server.Connect();
  CHECK(client.Ask("GET a0") == "0");
  CHECK(client.Ask("SET after 1") == "OK");
  trial.server.Signal(SIGTERM);
  CHECK(trial.server.Wait() == 0);
  trial.CheckNothingLost();
}

TEST_CASE("acknowledged writes survive the verdicts stop and stop-parents of any component",
          "[kv]") {
  const std::string component = AnyComponent();
  Trial trial("always");
  trial.Fail(component, GENERATE("stop", "stop-parents"));
  CHECK(trial.server.AwaitNode(component, "failed"));
  trial.server.Signal(SIGTERM);
  CHECK(trial.server.Wait() == 0);
  trial.CheckNothingLost();
}

TEST_CASE("acknowledged writes survive the verdict shutdown of any component", "[kv]") {
  Trial trial("always");
  trial.Fail(AnyComponent(), "shutdown");
  CHECK(trial.server.Wait() == 70);
  trial.CheckNothingLost();
}

TEST_CASE("acknowledged writes survive a spin halt, which only SIGTERM ends", "[kv]") {
  Trial trial("always");
  trial.Fail(AnyComponent(), "spin-halt");
  CHECK(trial.server.AwaitLine({"event=\"spin halt\""}));
  CHECK(!trial.server.Connect().connected());
  trial.server.Signal(SIGINT);
  CHECK(trial.server.AwaitLine({"event=\"stop ignored\""}));
  trial.server.Signal(SIGTERM);
  CHECK(trial.server.Wait() == 80);
  trial.CheckNothingLost();
}

TEST_CASE("a second server on the same log is refused", "[kv]") {
  const TemporaryDirectory directory;
  const ServerProcess first(directory.path());
  ChildProcess second(
      {"docs/examples/kv_service/kv_service", "--port", "0", "--dir", directory.path()});
  CHECK(second.AwaitLine({"in use by another server"}));
  second.Signal(SIGTERM);
  CHECK(second.Wait() == 0);
}

TEST_CASE("the command line is explained and checked", "[kv]") {
  ChildProcess help({"docs/examples/kv_service/kv_service", "--help"});
  CHECK(help.Wait() == 0);
  CHECK_THAT(help.output(), ContainsSubstring("--appendfsync"));
  ChildProcess wrong({"docs/examples/kv_service/kv_service", "--appendfsync", "sometimes"});
  CHECK(wrong.Wait() != 0);
  CHECK_THAT(wrong.output(), ContainsSubstring("sometimes"));
}

}  // namespace
}  // namespace kv
