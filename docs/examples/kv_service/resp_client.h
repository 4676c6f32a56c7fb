// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_CLIENT_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_CLIENT_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "docs/examples/kv_service/descriptor.h"

namespace kv {

// A client for tests, that waits for each reply.
//
// Thread safety: none.
class RespClient {
 public:
  explicit RespClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  bool connected() const { return connected_; }

  // Sends an inline command, or several, without waiting for replies.
  void Send(std::string_view lines) const {
    const std::string bytes = std::string(lines) + "\r\n";
    // If the server has gone, the next Receive says so.
    [[maybe_unused]] const auto n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // Waits for a reply. Returns: its text, with '-' before it if it is an error and ':' if it is an
  // integer; "(nil)"; "(closed)" when the server has closed the connection.
  std::string Receive() {
    const std::string line = ReadLine();
    if (line.empty()) return "(closed)";
    if (line[0] == '+') return line.substr(1);
    if (line[0] != '$') return line;
    if (line == "$-1") return "(nil)";
    const std::string value = ReadBytes(std::stoul(line.substr(1)) + 2);
    return value.empty() ? "(closed)" : value.substr(0, value.size() - 2);
  }

  std::string Ask(std::string_view command) {
    Send(command);
    return Receive();
  }

 private:
  std::string ReadLine() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!ReadMore()) return "";
    }
    const std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }

  std::string ReadBytes(std::size_t n) {
    while (buffer_.size() < n) {
      if (!ReadMore()) return "";
    }
    const std::string bytes = buffer_.substr(0, n);
    buffer_.erase(0, n);
    return bytes;
  }

  bool ReadMore() {
    char bytes[4096];
    const ssize_t n = ::recv(socket_.get(), bytes, sizeof bytes, 0);
    if (n > 0) buffer_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }

  Descriptor socket_;
  bool connected_ = false;
  std::string buffer_;  // received and not read
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_CLIENT_H_
