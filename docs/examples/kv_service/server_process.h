// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_SERVER_PROCESS_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_SERVER_PROCESS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "catch2/catch_test_macros.hpp"
#include "docs/examples/kv_service/child_process.h"
#include "docs/examples/kv_service/resp_client.h"

namespace kv {

// The real server, as a process of its own, that listens already. It chooses its port.
//
// Thread safety: the test's thread only, but for Connect.
class ServerProcess : public ChildProcess {
 public:
  explicit ServerProcess(const std::string& directory, const std::string& fsync = "everysec")
      : ChildProcess({"docs/examples/kv_service/kv_service", "--port", "0", "--dir", directory,
                      "--appendfsync", fsync}) {
    constexpr std::string_view kListening = "listening on 127.0.0.1:";
    const bool listens = AwaitLine({std::string(kListening)}) && AwaitLine({"all ready"});
    const std::string log = output();
    INFO(log);
    REQUIRE(listens);
    const std::size_t at = log.find(kListening) + kListening.size();
    port_ = static_cast<std::uint16_t>(std::stoi(log.substr(at)));
  }

  // Waits until a component has come into that state, for the `times`th time.
  bool AwaitNode(const std::string& component, const std::string& state, int times = 1) {
    return AwaitLine({"event=\"transition\"", "node=\"" + component + "\"", "to=\"" + state + "\""},
                     times);
  }

  std::uint16_t port() const { return port_; }
  RespClient Connect() const { return RespClient(port_); }

 private:
  std::uint16_t port_ = 0;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_SERVER_PROCESS_H_
