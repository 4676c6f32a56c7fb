// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/kv_nodes.h"

#include <cerrno>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/generators/catch_generators.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "docs/examples/kv_service/test_server.h"

namespace kv {
namespace {

using Catch::Matchers::ContainsSubstring;
using stemma::NodeState;
using stemma::Outcome;
using namespace std::chrono_literals;

constexpr auto kBackoff = 1min;  // longer than any

void CheckStays(const TestServer& server, const std::set<std::string>& stays) {
  for (const stemma::NodeSnapshot& node : server.supervisor->GetSnapshot().nodes) {
    INFO(node.name);
    CHECK((node.state == NodeState::kReady) == stays.contains(node.name));
  }
}

TEST_CASE("a request to stop stops everything in order", "[kv]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET a 1") == "OK");
  const stemma::RunResult result = server.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.ExitCode() == 0);
  CHECK(client.Receive() == "(closed)");
  CHECK(!RespClient(server.wiring->port).connected());
}

TEST_CASE("SHUTDOWN is a clean end of everything", "[kv][S19]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SHUTDOWN") == "(closed)");
  const stemma::RunResult result = server.Join();
  CHECK(result.outcome == Outcome::kCompleted);
  CHECK(result.ExitCode() == 0);
}

TEST_CASE("any component can be restarted, and what was acknowledged is still there", "[kv][S4]") {
  const std::string component =
      GENERATE("config", "log", "store", "expirer", "sessions", "listener", "stats");
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET a 1") == "OK");
  CHECK(client.Ask("DEBUG FAIL " + component + " restart") == "OK");
  server.Await(component + " backing off");
  server.clock->Advance(kBackoff);
  server.Await(component + " ready", 2);
  // The others are in the same connection, whatever was restarted.
  if (component == "sessions") {
    CHECK(client.Receive() == "(closed)");
    client = server.Connect();
  }
  CHECK(client.Ask("GET a") == "1");
  CHECK(client.Ask("SET a 2") == "OK");
  const std::string info = client.Ask("INFO components");
  CHECK_THAT(info, ContainsSubstring("component_" + component + ":state=ready,incarnations=2"));
  CHECK(server.Connect().Ask("GET a") == "2");
  CHECK(server.Stop().outcome == Outcome::kStopRequested);
}

TEST_CASE("a fresh log brings a fresh store and expirer, and leaves the clients alone",
          "[kv][S6]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL log restart") == "OK");
  server.Await("log backing off");
  server.clock->Advance(kBackoff);
  server.Await("expirer ready", 2);
  const std::string info = client.Ask("INFO components");
  for (const std::string line :
       {"log:state=ready,incarnations=2", "store:state=ready,incarnations=2",
        "expirer:state=ready,incarnations=2", "config:state=ready,incarnations=1",
        "sessions:state=ready,incarnations=1", "listener:state=ready,incarnations=1"}) {
    CHECK_THAT(info, ContainsSubstring("component_" + line));
  }
}

TEST_CASE("requests are held while the store is away, and then answered in order", "[kv]") {
  TestServer server({.hold = 1h});
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET a 1") == "OK");
  CHECK(client.Ask("DEBUG FAIL store restart") == "OK");
  server.Await("store backing off");
  client.Send("PING\r\nGET a\r\nPING\r\nSET a 2\r\nGET a");
  CHECK(client.Receive() == "PONG");  // needs no store
  server.clock->Advance(kBackoff);
  CHECK(client.Receive() == "1");
  CHECK(client.Receive() == "PONG");
  CHECK(client.Receive() == "OK");
  CHECK(client.Receive() == "2");
}

TEST_CASE("requests that have been held for too long are refused as loading", "[kv]") {
  TestServer server({.hold = 0ms});
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL store restart") == "OK");
  server.Await("store backing off");
  CHECK_THAT(client.Ask("GET a"), ContainsSubstring("-LOADING"));
  CHECK_THAT(client.Ask("GET a"), ContainsSubstring("-LOADING"));
  server.clock->Advance(kBackoff);
  server.Await("store ready", 2);
  CHECK(client.Ask("GET a") == "(nil)");
}

TEST_CASE("who connects while the sessions are away waits for them", "[kv]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL sessions restart") == "OK");
  server.Await("sessions backing off");
  RespClient early = server.Connect();
  early.Send("PING");
  server.clock->Advance(kBackoff);
  CHECK(early.Receive() == "PONG");
}

TEST_CASE("a stopped component takes its descendants with it and nobody else", "[kv][S4]") {
  struct Case {
    std::string component;
    std::set<std::string> stays;
  };
  const Case tried =
      GENERATE(Case{"config", {"stats"}}, Case{"log", {"config", "stats"}},
               Case{"store", {"config", "log", "stats"}},
               Case{"expirer", {"config", "log", "store", "sessions", "listener", "stats"}},
               Case{"sessions", {"config", "log", "store", "expirer", "stats"}},
               Case{"listener", {"config", "log", "store", "expirer", "sessions", "stats"}},
               Case{"stats", {"config", "log", "store", "expirer", "sessions", "listener"}});
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL " + tried.component + " stop") == "OK");
  server.Await(tried.component + " failed");
  CheckStays(server, tried.stays);
  // Clients are there as long as the sessions are, listener or not.
  CHECK(client.Ask("PING") == (tried.stays.contains("sessions") ? "PONG" : "(closed)"));
  CHECK(RespClient(server.wiring->port).connected() == tried.stays.contains("listener"));
}

TEST_CASE("stop-parents takes the ancestors with it, and all that stands on those", "[kv][S4]") {
  struct Case {
    std::string component;
    std::set<std::string> stays;
  };
  const Case tried =
      GENERATE(Case{"config", {"stats"}}, Case{"store", {"stats"}}, Case{"listener", {"stats"}},
               Case{"stats", {"config", "log", "store", "expirer", "sessions", "listener"}});
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL " + tried.component + " stop-parents") == "OK");
  server.Await(tried.component == "stats"
                   ? "stats failed"
                   : "config " + std::string(tried.component == "config" ? "failed" : "stopped"));
  CheckStays(server, tried.stays);
  CHECK(client.Ask("PING") == (tried.stays.contains("sessions") ? "PONG" : "(closed)"));
}

TEST_CASE("shutdown ends everything with the failure that caused it", "[kv][S4][S15]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("DEBUG FAIL expirer shutdown") == "OK");
  const stemma::RunResult result = server.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK_THAT(result.status.ToString(), ContainsSubstring("DEBUG FAIL asks for Shutdown"));
  CHECK(client.Receive() == "(closed)");
}

TEST_CASE("DEBUG FAIL refuses what it does not know and what is not running", "[kv]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK_THAT(client.Ask("DEBUG FAIL memory stop"), ContainsSubstring("-ERR unknown component"));
  CHECK_THAT(client.Ask("DEBUG FAIL stats panic"), ContainsSubstring("-ERR unknown verdict"));
  CHECK(client.Ask("DEBUG FAIL stats stop") == "OK");
  server.Await("stats failed");
  CHECK_THAT(client.Ask("DEBUG FAIL stats stop"), ContainsSubstring("-ERR stats is not running"));
}

TEST_CASE("a damaged log halts the service", "[kv][S14]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET first 1") == "OK");
  CHECK(client.Ask("SET second 2") == "OK");
  {
    std::fstream file(server.directory.File("appendonly.kv"), std::ios::in | std::ios::out);
    file.seekp(40);  // in the first record
    file.put('?');
  }
  CHECK(client.Ask("DEBUG FAIL log restart") == "OK");
  server.Await("log backing off");
  server.clock->Advance(kBackoff);
  server.Await("spin halt");
  server.supervisor->EndSpinHalt();
  const stemma::RunResult result = server.Join();
  CHECK(result.outcome == Outcome::kSpinHalt);
  CHECK(result.ExitCode() == 80);
  CHECK_THAT(result.status.ToString(), ContainsSubstring("damaged"));
}

TEST_CASE("when the disk does not take a batch its clients are not told that it did", "[kv]") {
  TestServer server({.fsync = FsyncPolicy::kAlways});
  std::atomic<bool> broken = false;
  server.wiring->file_calls.fdatasync = [&broken](int fd) {
    if (!broken) return ::fdatasync(fd);
    errno = EIO;
    return -1;
  };
  server.Start();
  RespClient writer = server.Connect(), idle = server.Connect();
  CHECK(writer.Ask("SET a 1") == "OK");
  CHECK(idle.Ask("PING") == "PONG");
  broken = true;
  CHECK(writer.Ask("SET a 2") == "(closed)");
  server.Await("log backing off");  // it has seen for itself that it is broken
  broken = false;
  server.clock->Advance(kBackoff);
  server.Await("store ready", 2);
  CHECK(idle.Ask("GET a") == "1");
}

TEST_CASE("the expirer removes keys when they expire", "[kv]") {
  TestServer server;
  const stemma::EventSource removed;
  server.wiring->file_calls.write = [&removed](int fd, const void* bytes, std::size_t n) {
    const ssize_t written = ::write(fd, bytes, n);
    if (std::string_view(static_cast<const char*>(bytes), n).find("DEL") != std::string::npos) {
      removed.Set();
    }
    return written;
  };
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET b 1 EX 1000") == "OK");
  CHECK(client.Ask("SET a 1 PX 1") == "OK");
  removed.event().Wait();
  CHECK(client.Ask("DBSIZE") == ":1");
  CHECK(client.Ask("TTL a") == ":-2");
  CHECK(client.Ask("GET b") == "1");
}

TEST_CASE("thousands of requests may be sent before the first reply is read", "[kv]") {
  constexpr int kRequests = 20'000;
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  CHECK(client.Ask("SET long " + std::string(4000, 'x')) == "OK");
  // More replies than the sockets hold: the server must neither drop any nor keep them all.
  std::jthread sender([&client] {
    for (int i = 0; i < kRequests; ++i) client.Send("INCR a\r\nGET long");
  });
  bool in_order = true;
  for (int i = 1; i <= kRequests; ++i) {
    in_order = in_order && client.Receive() == ":" + std::to_string(i);
    in_order = in_order && client.Receive().size() == 4000;
  }
  CHECK(in_order);
}

TEST_CASE("who breaks the protocol is told and disconnected", "[kv]") {
  TestServer server;
  server.Start();
  RespClient client = server.Connect();
  client.Send("*1\r\n!");
  CHECK_THAT(client.Receive(), ContainsSubstring("-ERR Protocol error"));
  CHECK(client.Receive() == "(closed)");
}

}  // namespace
}  // namespace kv
