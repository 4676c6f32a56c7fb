// SPDX-License-Identifier: Apache-2.0

// Debian's redis-tools, as they are, against the real server.

#include <csignal>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "docs/examples/kv_service/server_process.h"
#include "docs/examples/kv_service/temporary_directory.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define KV_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define KV_SANITIZED
#endif

namespace kv {
namespace {

using Catch::Matchers::ContainsSubstring;

#if defined(KV_SANITIZED)
constexpr int kRequests = 10'000;
#else
constexpr int kRequests = 100'000;
#endif

// Runs redis-cli with these words. Returns: what it prints.
std::string RedisCli(const ServerProcess& server, std::vector<std::string> words) {
  words.insert(words.begin(), {"redis-cli", "-p", std::to_string(server.port())});
  ChildProcess cli(words);
  if (!cli.started()) SKIP("redis-cli is not installed");
  CHECK(cli.Wait() == 0);
  return cli.output();
}

std::vector<std::string> Benchmark(const ServerProcess& server,
                                   const std::vector<std::string>& options) {
  std::vector<std::string> command = {"redis-benchmark", "-p", std::to_string(server.port()), "-q"};
  command.insert(command.end(), options.begin(), options.end());
  return command;
}

void CheckSucceeded(ChildProcess& benchmark) {
  const int exit_code = benchmark.Wait();
  INFO(benchmark.output());
  CHECK(exit_code == 0);
  CHECK(benchmark.output().find("rror") == std::string::npos);
  CHECK(benchmark.output().find("Could not") == std::string::npos);
  CHECK(benchmark.output().find("WARNING") == std::string::npos);
}

// The number behind `field` in INFO.
long Info(RespClient& client, const std::string& field) {
  const std::string info = client.Ask("INFO");
  const std::size_t at = info.find(field + ":");
  INFO(info);
  REQUIRE(at != std::string::npos);
  return std::stol(info.substr(at + field.size() + 1));
}

TEST_CASE("redis-cli is served", "[kv]") {
  const TemporaryDirectory directory;
  ServerProcess server(directory.path());
  CHECK(RedisCli(server, {"PING"}) == "PONG\n");
  CHECK(RedisCli(server, {"SET", "a key", "a value"}) == "OK\n");
  CHECK(RedisCli(server, {"GET", "a key"}) == "a value\n");
  CHECK(RedisCli(server, {"SET", "a key", "2", "NX"}) == "\n");
  CHECK(RedisCli(server, {"INCR", "n"}) == "1\n");
  CHECK(RedisCli(server, {"DBSIZE"}) == "2\n");
  CHECK_THAT(RedisCli(server, {"GET"}), ContainsSubstring("ERR wrong number of arguments"));
  CHECK_THAT(RedisCli(server, {"INFO"}), ContainsSubstring("component_store:state=ready"));
  CHECK(RedisCli(server, {"CONFIG", "GET", "appendfsync"}) == "appendfsync\neverysec\n");
  CHECK(RedisCli(server, {"SHUTDOWN"}).empty());
  CHECK(server.Wait() == 0);
}

TEST_CASE("redis-benchmark runs without an error", "[kv]") {
  const TemporaryDirectory directory;
  const ServerProcess server(directory.path());
  ChildProcess benchmark(
      Benchmark(server, {"-t", "ping,set,get,incr", "-n", std::to_string(kRequests), "-P", "16"}));
  if (!benchmark.started()) SKIP("redis-benchmark is not installed");
  CheckSucceeded(benchmark);
}

TEST_CASE("redis-benchmark does not notice that the listener is restarted under it", "[kv]") {
  constexpr int kClients = 50;
  const TemporaryDirectory directory;
  ServerProcess server(directory.path());
  RespClient operator_client = server.Connect();
  // One test per run, since it connects anew for each test, and gives up when nobody listens.
  ChildProcess benchmark(Benchmark(server, {"-t", "set", "-c", std::to_string(kClients), "-n",
                                            std::to_string(3 * kRequests), "-P", "16"}));
  if (!benchmark.started()) SKIP("redis-benchmark is not installed");
  // Besides its clients it has a connection on which it asks for the configuration.
  while (Info(operator_client, "total_connections_received") < 1 + 1 + kClients) {
  }
  for (int restarts = 1; restarts <= 3; ++restarts) {
    CHECK(operator_client.Ask("DEBUG FAIL listener restart") == "OK");
    CHECK(server.AwaitNode("listener", "ready", 1 + restarts));
  }
  CHECK(Info(operator_client, "connected_clients") == 1 + kClients);  // they are all still there
  CHECK(server.Connect().Ask("PING") == "PONG");
  CheckSucceeded(benchmark);
}

TEST_CASE("redis-benchmark gets no error while log and store are restarted under it", "[kv]") {
  constexpr int kClients = 50;
  const TemporaryDirectory directory;
  ServerProcess server(directory.path());
  RespClient operator_client = server.Connect();
  ChildProcess benchmark(Benchmark(server, {"-t", "incr", "-c", std::to_string(kClients), "-n",
                                            std::to_string(3 * kRequests), "-P", "16"}));
  if (!benchmark.started()) SKIP("redis-benchmark is not installed");
  while (Info(operator_client, "total_connections_received") < 1 + 1 + kClients) {
  }
  for (const std::string component : {"store", "log"}) {
    CHECK(operator_client.Ask("DEBUG FAIL " + component + " restart") == "OK");
    CHECK(operator_client.Ask("EXISTS counter:__rand_int__") == ":1");  // held until it is back
  }
  CheckSucceeded(benchmark);
  // Each was counted once: nothing that was acknowledged is lost, and nothing was done twice.
  CHECK(operator_client.Ask("GET counter:__rand_int__") == std::to_string(3 * kRequests));
}

}  // namespace
}  // namespace kv
