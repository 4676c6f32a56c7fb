// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/commands.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "docs/examples/kv_service/temporary_directory.h"

namespace kv {
namespace {

using Catch::Matchers::ContainsSubstring;
using std::chrono::milliseconds;

// A server without a network: takes inline commands, gives the bytes of the reply.
struct Console {
  TemporaryDirectory directory;
  WallTime now{milliseconds(1'000'000)};
  std::shared_ptr<AppendLog> log;
  std::shared_ptr<Database> database;
  std::vector<std::string> failed;  // "component verdict", by DEBUG FAIL
  int shutdowns = 0;
  CommandHost host;
  ClientState client;
  Execution execution = Execution::kReplied;  // of the last command

  Console() {
    host.now = [this] { return now; };
    host.request_shutdown = [this] { ++shutdowns; };
    host.fail_component = [this](std::string_view component, std::string_view verdict) {
      if (component != "log") return absl::NotFoundError("no component 'x'");
      failed.push_back(std::string(component) + " " + std::string(verdict));
      return absl::OkStatus();
    };
    host.info = [] {
      return std::vector<InfoSection>{{"Server", {{"redis_version", "5.0"}, {"tcp_port", "1"}}}};
    };
    host.settings = {{"appendfsync", "always"}, {"appendonly", "yes"}, {"save", ""}};
    auto opened = AppendLog::Open(directory.File("log"));
    REQUIRE(opened.ok());
    log = *std::move(opened);
    Load();
  }

  void Load() {
    auto loaded = Database::Load(log);
    REQUIRE(loaded.ok());
    database = *loaded;
  }

  std::string operator()(std::string_view line) {
    const auto request = SplitInline(line);
    REQUIRE(request);
    std::string reply;
    execution = Execute(*request, database.get(), host, client, reply);
    return reply;
  }
};

TEST_CASE("the commands of a key-value session are answered as Redis answers them", "[kv]") {
  Console console;
  CHECK(console("PING") == "+PONG\r\n");
  CHECK(console("ping hello") == "$5\r\nhello\r\n");
  CHECK(console("ECHO \"a b\"") == "$3\r\na b\r\n");
  CHECK(console("GET k") == "$-1\r\n");
  CHECK(console("SET k v") == "+OK\r\n");
  CHECK(console("get k") == "$1\r\nv\r\n");
  CHECK(console("EXISTS k k other") == ":2\r\n");
  CHECK(console("DBSIZE") == ":1\r\n");
  CHECK(console("DEL k other") == ":1\r\n");
  CHECK(console("INCR n") == ":1\r\n");
  CHECK(console("INCR n") == ":2\r\n");
  CHECK(console("FLUSHALL") == "+OK\r\n");
  CHECK(console("FLUSHALL ASYNC") == "+OK\r\n");
  CHECK(console("DBSIZE") == ":0\r\n");
  CHECK(console("SELECT 0") == "+OK\r\n");
}

TEST_CASE("the options of SET", "[kv]") {
  Console console;
  CHECK(console("SET k a XX") == "$-1\r\n");
  CHECK(console("SET k a NX EX 10") == "+OK\r\n");
  CHECK(console("SET k b nx") == "$-1\r\n");
  CHECK(console("PTTL k") == ":10000\r\n");
  CHECK(console("SET k b XX KEEPTTL") == "+OK\r\n");
  CHECK(console("PTTL k") == ":10000\r\n");
  CHECK(console("SET k b PX 1500") == "+OK\r\n");
  CHECK(console("TTL k") == ":2\r\n");  // rounded, as Redis rounds
  CHECK(console("SET k b EXAT 2000") == "+OK\r\n");
  CHECK(console("PTTL k") == ":1000000\r\n");
  CHECK(console("SET k b PXAT 1000007") == "+OK\r\n");
  CHECK(console("PTTL k") == ":7\r\n");
  for (const char* wrong :
       {"SET k v NX XX", "SET k v EX", "SET k v EX 1 PX 1", "SET k v EX 1 KEEPTTL",
        "SET k v KEEPTTL PX 1", "SET k v nonsense", "FLUSHALL now", "SHUTDOWN now"}) {
    INFO(wrong);
    CHECK(console(wrong) == "-ERR syntax error\r\n");
  }
  for (const char* wrong : {"SET k v EX 0", "SET k v PX -1", "SET k v EX 9223372036854775807",
                            "SET k v PX 9223372036854775807"}) {
    INFO(wrong);
    CHECK(console(wrong) == "-ERR invalid expire time in 'set' command\r\n");
  }
  CHECK(console("SET k v EX ten") == "-ERR value is not an integer or out of range\r\n");
}

TEST_CASE("EXPIRE, TTL and the passing of time", "[kv]") {
  Console console;
  CHECK(console("EXPIRE k 10") == ":0\r\n");
  CHECK(console("TTL k") == ":-2\r\n");
  console("SET k v");
  CHECK(console("TTL k") == ":-1\r\n");
  CHECK(console("EXPIRE k 10") == ":1\r\n");
  console.now += milliseconds(9'999);
  CHECK(console("PTTL k") == ":1\r\n");
  console.now += milliseconds(1);
  CHECK(console("GET k") == "$-1\r\n");
  console("SET k v");
  CHECK(console("EXPIRE k -1") == ":1\r\n");
  CHECK(console("EXISTS k") == ":0\r\n");
  CHECK(console("EXPIRE k 9223372036854775807") ==
        "-ERR invalid expire time in 'expire' command\r\n");
  CHECK(console("EXPIRE k x") == "-ERR value is not an integer or out of range\r\n");
}

TEST_CASE("errors have Redis's wording", "[kv]") {
  Console console;
  CHECK(console("GET") == "-ERR wrong number of arguments for 'get' command\r\n");
  CHECK(console("Get a b") == "-ERR wrong number of arguments for 'get' command\r\n");
  CHECK(console("PING a b") == "-ERR wrong number of arguments for 'ping' command\r\n");
  CHECK(console("CLIENT SETNAME") ==
        "-ERR wrong number of arguments for 'client|setname' command\r\n");
  CHECK(console("nonsense a 'b c'") ==
        "-ERR unknown command 'nonsense', with args beginning with: 'a' 'b c' \r\n");
  CHECK(console("HELLO 3") == "-ERR unknown command 'HELLO', with args beginning with: '3' \r\n");
  CHECK(console("\"\"") == "-ERR unknown command '', with args beginning with: \r\n");
  CHECK(console("CLIENT nonsense") == "-ERR unknown subcommand 'nonsense'. Try CLIENT HELP.\r\n");
  CHECK(console("SELECT 1") == "-ERR DB index is out of range\r\n");
  console("SET k text");
  CHECK(console("INCR k") == "-ERR value is not an integer or out of range\r\n");
  console("SET k 9223372036854775807");
  CHECK(console("INCR k") == "-ERR increment or decrement would overflow\r\n");
}

TEST_CASE("an unknown command is quoted up to a length", "[kv]") {
  Console console;
  const std::string reply = console(std::string(500, 'x') + " " + std::string(500, 'y') + " z");
  CHECK(reply.size() < 400);
}

TEST_CASE("what redis-cli and redis-benchmark ask for at their start is answered", "[kv]") {
  Console console;
  CHECK(console("COMMAND") == "*0\r\n");
  CHECK(console("COMMAND DOCS") == "*0\r\n");
  CHECK(console("CONFIG GET save") == "*2\r\n$4\r\nsave\r\n$0\r\n\r\n");
  CHECK(console("CONFIG GET appendonly") == "*2\r\n$10\r\nappendonly\r\n$3\r\nyes\r\n");
  CHECK(console("CONFIG GET nonsense") == "*0\r\n");
  CHECK(console("CONFIG GET APPEND*c") == "*2\r\n$11\r\nappendfsync\r\n$6\r\nalways\r\n");
  CHECK(console("CONFIG GET ?ave").substr(0, 4) == "*2\r\n");
  CHECK(console("CONFIG GET *").substr(0, 4) == "*6\r\n");
  CHECK(console("CONFIG GET *x* *y").substr(0, 4) == "*2\r\n");
  CHECK(console("CLIENT GETNAME") == "$-1\r\n");
  CHECK(console("CLIENT SETNAME me") == "+OK\r\n");
  CHECK(console("CLIENT GETNAME") == "$2\r\nme\r\n");
  CHECK(console("CLIENT SETNAME 'a b'").substr(0, 5) == "-ERR ");
  CHECK(console("CLIENT SETINFO LIB-NAME x") == "+OK\r\n");
}

TEST_CASE("INFO shows the asked sections", "[kv]") {
  Console console;
  console("SET k v");
  const std::string server = "# Server\r\nredis_version:5.0\r\ntcp_port:1\r\n";
  const std::string keyspace = "# Keyspace\r\ndb0:keys=1\r\n";
  const auto bulk = [](const std::string& text) {
    std::string out;
    AppendBulk(out, text);
    return out;
  };
  CHECK(console("INFO") == bulk(server + "\r\n" + keyspace));
  CHECK(console("INFO all") == bulk(server + "\r\n" + keyspace));
  CHECK(console("INFO KEYSPACE") == bulk(keyspace));
  CHECK(console("INFO nonsense") == bulk(""));
}

TEST_CASE("QUIT and SHUTDOWN end the connection", "[kv]") {
  Console console;
  CHECK(console("QUIT") == "+OK\r\n");
  CHECK(console.execution == Execution::kRepliedLast);
  CHECK(console("SHUTDOWN nosave").empty());
  CHECK(console.execution == Execution::kClosed);
  CHECK(console.shutdowns == 1);
}

TEST_CASE("DEBUG FAIL reaches the component", "[kv]") {
  Console console;
  CHECK(console("DEBUG FAIL log SpinHalt") == "+OK\r\n");
  CHECK(console.failed == std::vector<std::string>{"log spinhalt"});
  CHECK(console("DEBUG FAIL x restart") == "-ERR no component 'x'\r\n");
  CHECK(console("DEBUG FAIL log") == "-ERR wrong number of arguments for 'debug|fail' command\r\n");
}

TEST_CASE("without a database only the commands that need it wait", "[kv]") {
  Console console;
  console.database = nullptr;
  for (const char* line : {"GET k", "SET k v", "DEL k", "EXISTS k", "INCR k", "EXPIRE k 1", "TTL k",
                           "DBSIZE", "FLUSHALL"}) {
    INFO(line);
    CHECK(console(line).empty());
    CHECK(console.execution == Execution::kNeedsDatabase);
  }
  CHECK(console("PING") == "+PONG\r\n");
  CHECK_THAT(console("INFO"), ContainsSubstring("# Server"));
  CHECK(console("GET") == "-ERR wrong number of arguments for 'get' command\r\n");
  std::string loading;
  AppendLoading(loading);
  CHECK(loading.substr(0, 9) == "-LOADING ");
}

TEST_CASE("a write while the log is between incarnations waits, and then is done once", "[kv]") {
  Console console;
  console("INCR n");
  REQUIRE(console.log->Close().ok());
  CHECK(console("INCR n").empty());
  CHECK(console.execution == Execution::kNeedsDatabase);
  auto reopened = AppendLog::Open(console.directory.File("log"));
  REQUIRE(reopened.ok());
  console.log = *std::move(reopened);
  console.Load();
  CHECK(console("INCR n") == ":2\r\n");
}

TEST_CASE("a write that the disk refuses is answered with MISCONF and not done", "[kv]") {
  Console console;
  console("SET k before");
  console.log.reset();
  console.database.reset();
  bool full = false;
  AppendLogOptions options;
  options.calls.write = [&](int fd, const void* bytes, std::size_t count) -> ssize_t {
    if (!full) return ::write(fd, bytes, count);
    errno = ENOSPC;
    return -1;
  };
  auto reopened = AppendLog::Open(console.directory.File("log"), options);
  REQUIRE(reopened.ok());
  console.log = *std::move(reopened);
  console.Load();
  full = true;
  CHECK_THAT(console("SET k after"), ContainsSubstring("-MISCONF Errors writing to the AOF file"));
  CHECK(console("GET k") == "$6\r\nbefore\r\n");
  full = false;
  CHECK(console("SET k after") == "+OK\r\n");
}

}  // namespace
}  // namespace kv
