// SPDX-License-Identifier: Apache-2.0
// What a client sends: the parser must survive it, and find the same requests however the bytes are
// cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "docs/examples/kv_service/resp.h"

namespace {

struct Parsed {
  std::vector<kv::Request> requests = {};
  std::string error = {};

  friend bool operator==(const Parsed&, const Parsed&) = default;
};

// `piece`: how many bytes arrive at a time.
Parsed Parse(std::string_view bytes, std::size_t piece) {
  // Small, so that the fuzzer reaches them.
  kv::RequestParser parser(
      {.inline_bytes = 64, .arguments = 8, .bulk_bytes = 64, .request_bytes = 128});
  Parsed parsed;
  while (!bytes.empty()) {
    parser.Feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      absl::StatusOr<std::optional<kv::Request>> next = parser.Next();
      if (!next.ok()) {
        parsed.error = std::string(next.status().message());
        return parsed;
      }
      if (!next->has_value()) break;
      if ((*next)->empty()) std::abort();  // promised never to be
      parsed.requests.push_back(**std::move(next));
    }
  }
  return parsed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (Parse(bytes, 1 + data[0] % 16) != Parse(bytes, bytes.size() + 1)) std::abort();
  kv::SplitInline(bytes);
  return 0;
}
