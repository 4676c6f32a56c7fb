// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/client.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "catch2/catch_test_macros.hpp"

namespace kv {
namespace {

// The server's side of a connection and the other end of it.
struct Connection {
  Connection() {
    int fds[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    client = std::make_unique<Client>(Descriptor(fds[0]));
    far_end = Descriptor(fds[1]);
    host.now = [] { return WallTime(); };
  }

  void Arrive(const std::string& bytes) {
    REQUIRE(::send(far_end.get(), bytes.data(), bytes.size(), 0) ==
            static_cast<ssize_t>(bytes.size()));
    REQUIRE(client->Receive());
  }

  std::string ReadAll() const {
    std::string all;
    char bytes[4096];
    ssize_t n = 0;
    while ((n = ::recv(far_end.get(), bytes, sizeof bytes, 0)) > 0) {
      all.append(bytes, static_cast<std::size_t>(n));
    }
    return all;
  }

  std::unique_ptr<Client> client;
  Descriptor far_end;
  CommandHost host;
};

TEST_CASE("a client is answered what it has asked, whole requests only", "[kv]") {
  Connection connection;
  Client& client = *connection.client;
  connection.Arrive("PING\r\nECHO a\r\nPI");
  CHECK(client.Execute(nullptr, true, connection.host) == 2);
  CHECK(client.Send());
  CHECK(connection.ReadAll() == "+PONG\r\n$1\r\na\r\n");
  CHECK(client.interest() == EPOLLIN);
  connection.Arrive("NG\r\n");
  CHECK(client.Execute(nullptr, true, connection.host) == 1);
}

TEST_CASE("a request that needs a database holds those behind it", "[kv]") {
  Connection connection;
  Client& client = *connection.client;
  connection.Arrive("GET a\r\nPING\r\n");
  CHECK(client.Execute(nullptr, true, connection.host) == 0);
  CHECK(client.waits_for_database());
  CHECK(client.interest() == 0);  // what it sends meanwhile is left to the kernel
  CHECK(client.Execute(nullptr, false, connection.host) == 2);
  CHECK(!client.waits_for_database());
  CHECK(client.Send());
  CHECK(connection.ReadAll().find("-LOADING") == 0);
}

TEST_CASE("a client that does not read its replies is not served until it does", "[kv]") {
  Connection connection;
  Client& client = *connection.client;
  const std::string echo = "ECHO " + std::string(50'000, 'x') + "\r\n";
  std::size_t sent = 0, executed = 0;
  while (client.interest() == EPOLLIN || client.interest() == (EPOLLIN | EPOLLOUT)) {
    connection.Arrive(echo);
    ++sent;
    executed += client.Execute(nullptr, true, connection.host);
    CHECK(client.Send());
    REQUIRE(sent < 1000);
  }
  CHECK(client.interest() == EPOLLOUT);
  std::size_t received = 0;
  while (client.interest() != EPOLLIN) {
    received += connection.ReadAll().size();
    executed += client.Execute(nullptr, true, connection.host);
    CHECK(client.Send());
  }
  received += connection.ReadAll().size();
  CHECK(executed == sent);
  CHECK(received == sent * (std::string("$50000\r\n\r\n").size() + 50'000));
}

TEST_CASE("QUIT is answered, and the connection is finished", "[kv]") {
  Connection connection;
  Client& client = *connection.client;
  connection.Arrive("QUIT\r\nPING\r\n");
  CHECK(client.Execute(nullptr, true, connection.host) == 1);
  CHECK(!client.finished());
  CHECK(client.Send());
  CHECK(client.finished());
  CHECK(connection.ReadAll() == "+OK\r\n");
}

TEST_CASE("a client that has gone is noticed", "[kv]") {
  Connection connection;
  connection.far_end = Descriptor();
  CHECK(!connection.client->Receive());
}

}  // namespace
}  // namespace kv
