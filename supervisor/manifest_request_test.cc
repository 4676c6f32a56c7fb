// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest_request.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstdlib>
#include <string>
#include <thread>

#include "stemma/supervisor/manifest.h"

namespace stemma {
namespace {

// The environment variable for the time of one test.
class Request {
 public:
  explicit Request(const std::string& value) { setenv(kManifestFdVariable, value.c_str(), 1); }
  ~Request() { unsetenv(kManifestFdVariable); }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;
};

struct Pipe {
  Pipe() { REQUIRE(pipe(ends.data()) == 0); }
  ~Pipe() {
    CloseReader();
    CloseWriter();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int writer() const { return ends[1]; }
  void CloseReader() { Close(ends[0]); }
  void CloseWriter() { Close(ends[1]); }

  // Until every writer has closed it.
  std::string ReadAll() const {
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t n = 0; (n = read(ends[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return text;
  }

  static void Close(int& descriptor) {
    if (descriptor >= 0) close(descriptor);
    descriptor = -1;
  }

  std::array<int, 2> ends = {-1, -1};
};

const std::vector<Node>& SomeNodes() {
  static const auto* const nodes =
      new std::vector<Node>{{.name = "api", .dependencies = {"db"}}, {.name = "db"}};
  return *nodes;
}

TEST_CASE("without a request there is nothing to answer", "[supervisor]") {
  unsetenv(kManifestFdVariable);
  int exit_code = -1;
  CHECK_FALSE(AnswerManifestRequest(SomeNodes(), exit_code));
  CHECK(exit_code == -1);
}

TEST_CASE("a variable that is not a descriptor's number is no request", "[supervisor]") {
  for (const char* value : {"", "x", "3x", " 3", "-1", "99999999999999999999"}) {
    INFO(value);
    const Request request(value);
    int exit_code = -1;
    CHECK_FALSE(AnswerManifestRequest(SomeNodes(), exit_code));
  }
}

TEST_CASE("a request is answered with the manifest on its descriptor", "[supervisor]") {
  Pipe pipe;
  const Request request(std::to_string(pipe.writer()));
  int exit_code = -1;
  CHECK(AnswerManifestRequest(SomeNodes(), exit_code));
  CHECK(exit_code == 0);
  pipe.CloseWriter();
  CHECK(pipe.ReadAll() == ManifestJson(SomeNodes()));
}

TEST_CASE("a graph that a supervisor would refuse is answered with all the same",
          "[supervisor][S1]") {
  Pipe pipe;
  const Request request(std::to_string(pipe.writer()));
  const std::vector<Node> nodes = {{.name = "a", .dependencies = {"a", "nowhere"}}};
  int exit_code = -1;
  CHECK(AnswerManifestRequest(nodes, exit_code));
  CHECK(exit_code == 0);
  pipe.CloseWriter();
  CHECK(pipe.ReadAll() == ManifestJson(nodes));
}

TEST_CASE("a manifest larger than the pipe is written whole, to one that does not block too",
          "[supervisor]") {
  const std::vector<Node> nodes(2000, {.name = std::string(100, 'x')});
  const int extra_flags = GENERATE_COPY(0, O_NONBLOCK);
  Pipe pipe;
  REQUIRE(fcntl(pipe.writer(), F_SETFL, O_WRONLY | extra_flags) == 0);
  std::string read;
  std::thread reader([&] { read = pipe.ReadAll(); });
  const Request request(std::to_string(pipe.writer()));
  int exit_code = -1;
  const bool answered = AnswerManifestRequest(nodes, exit_code);
  pipe.CloseWriter();
  reader.join();
  CHECK(answered);
  CHECK(exit_code == 0);
  CHECK(read == ManifestJson(nodes));
}

TEST_CASE("a reader that went away is an error, and no signal", "[supervisor]") {
  Pipe pipe;
  pipe.CloseReader();
  const Request request(std::to_string(pipe.writer()));
  int exit_code = -1;
  CHECK(AnswerManifestRequest(SomeNodes(), exit_code));  // SIGPIPE would have ended this test
  CHECK(exit_code == 74);
}

TEST_CASE("a descriptor that is not open is an error", "[supervisor]") {
  const Request request("999999");
  int exit_code = -1;
  CHECK(AnswerManifestRequest(SomeNodes(), exit_code));
  CHECK(exit_code == 74);
}

}  // namespace
}  // namespace stemma
