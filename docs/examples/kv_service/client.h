// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_CLIENT_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "docs/examples/kv_service/commands.h"
#include "docs/examples/kv_service/database.h"
#include "docs/examples/kv_service/descriptor.h"
#include "docs/examples/kv_service/resp.h"

namespace kv {

// One connection: what has arrived on it, and what is yet to be sent.
//
// Thread safety: none.
class Client {
 public:
  // `socket` does not block.
  explicit Client(Descriptor socket) : socket_(std::move(socket)) {}

  int fd() const { return socket_.get(); }

  // Takes some of what has arrived. Returns: false when the other side has gone.
  bool Receive();

  // Executes the requests that have arrived whole, in order. It stops early when too much is
  // waiting to be sent, and, if `hold`, at a request that needs a database and has none; if not
  // `hold`, such a request is answered with an error. Returns: how many were executed. What they
  // replied may be sent once database->Commit() has succeeded.
  std::size_t Execute(Database* database, bool hold, const CommandHost& host);

  // A request is being held.
  bool waits_for_database() const { return request_.has_value(); }

  // Sends what the socket will take. Returns: false when the other side has gone.
  bool Send();

  // The last reply was sent: to be closed.
  bool finished() const { return last_ && unsent() == 0; }

  // The epoll events that matter now.
  std::uint32_t interest() const;

 private:
  std::size_t unsent() const { return out_.size() - sent_; }

  const Descriptor socket_;
  RequestParser parser_;
  std::optional<Request> request_;  // not executed yet
  ClientState state_;
  std::string out_;
  std::size_t sent_ = 0;  // of out_
  bool more_ = false;     // requests that have arrived were left for later
  bool last_ = false;     // nothing further will be executed
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_CLIENT_H_
