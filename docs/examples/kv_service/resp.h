// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// RESP2, the Redis protocol: requests in, replies out.

namespace kv {

// One request: the command's name, then its arguments. Never empty.
using Request = std::vector<std::string>;

// What one client may make the server hold. The defaults are Redis's own.
struct RequestLimits {
  std::size_t inline_bytes = 64 * 1024;         // an inline request, or a line that carries a count
  std::int64_t arguments = 1024 * 1024;         // of one request
  std::int64_t bulk_bytes = 512 * 1024 * 1024;  // one argument
  std::int64_t request_bytes = 1024 * 1024 * 1024;  // all arguments of one request together
};

// Turns the bytes of one connection into requests.
//
// Feed it whatever arrived, in pieces of any size, then call Next until it has no whole request
// left:
//
//   parser.Feed(bytes);
//   for (;;) {
//     absl::StatusOr<std::optional<Request>> next = parser.Next();
//     if (!next.ok()) ...;          // reply with the error, then close
//     if (!next->has_value()) break;  // the rest has not arrived yet
//     Execute(**next);
//   }
//
// Memory is taken as bytes arrive, never because a client announced a size.
//
// Thread safety: none; one parser belongs to one connection.
class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits = {}) : limits_(limits) {}

  void Feed(std::string_view bytes);

  // Returns: the next whole request; nullopt when more bytes are needed. Empty requests are
  // skipped. InvalidArgument once the client has broken the protocol, worded as Redis words it, and
  // from then on always: send it as an error reply and close the connection.
  absl::StatusOr<std::optional<Request>> Next();

  // Bytes that were fed and are not yet part of a request that Next returned.
  std::size_t pending_bytes() const;

 private:
  absl::StatusOr<std::optional<Request>> NextInline();
  absl::StatusOr<std::optional<Request>> NextArray();
  absl::StatusOr<std::optional<std::int64_t>> CountLine(std::string_view too_big,
                                                        std::string_view not_a_count);
  absl::Status Break(std::string_view what);

  const RequestLimits limits_;
  std::string buffer_;
  std::size_t position_ = 0;  // of the first byte of buffer_ that is not consumed
  absl::Status broken_;       // not OK: the protocol error
  // The array being read.
  Request arguments_;
  std::int64_t arguments_left_ = 0;          // 0: no array is being read
  std::int64_t argument_bytes_ = 0;          // sum over the lengths announced so far
  std::optional<std::int64_t> bulk_length_;  // of the argument being read, once its header was
};

// Splits one inline request as Redis does: blanks separate, "..." with \n \r \t \b \a \xHH escapes,
// '...' with \' only. Returns: nullopt when the quotes are unbalanced.
std::optional<Request> SplitInline(std::string_view line);

// The value of `text` if it is a 64-bit integer in the one form that Redis takes for one: no
// blanks, no plus sign, no leading zeros.
std::optional<std::int64_t> ParseInteger(std::string_view text);

// Each appends one reply to `out`.
void AppendSimpleString(std::string& out, std::string_view text);
void AppendError(std::string& out, std::string_view text);  // text begins with its code: "ERR ..."
void AppendInteger(std::string& out, std::int64_t value);
void AppendBulk(std::string& out, std::string_view value);
void AppendNull(std::string& out);
void AppendArrayHeader(std::string& out, std::size_t elements);

// A request in the form that RequestParser reads.
std::string EncodeRequest(const Request& request);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_RESP_H_
