// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/effect.h"

#include <cstdint>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "docs/examples/kv_service/resp.h"

namespace kv {
namespace {

std::string EncodeTime(WallTime time) { return std::to_string(time.time_since_epoch().count()); }

std::optional<WallTime> DecodeTime(const std::string& text) {
  const std::optional<std::int64_t> count = ParseInteger(text);
  if (!count) return std::nullopt;
  return WallTime(std::chrono::milliseconds(*count));
}

struct ToRequest {
  Request operator()(const Put& put) const {
    Request request = {"SET", put.key, put.value};
    if (put.expires) {
      request.emplace_back("PXAT");
      request.push_back(EncodeTime(*put.expires));
    }
    return request;
  }
  Request operator()(const Remove& remove) const {
    Request request = {"DEL"};
    request.insert(request.end(), remove.keys.begin(), remove.keys.end());
    return request;
  }
  Request operator()(const Expire& expire) const {
    return {"PEXPIREAT", expire.key, EncodeTime(expire.expires)};
  }
  Request operator()(const Clear&) const { return {"FLUSHALL"}; }
};

std::optional<Effect> FromRequest(Request request) {
  const std::string& name = request.front();
  const std::size_t size = request.size();
  if (name == "FLUSHALL" && size == 1) return Clear{};
  if (name == "DEL" && size > 1) {
    request.erase(request.begin());
    return Remove{std::move(request)};
  }
  if (name == "PEXPIREAT" && size == 3) {
    const auto time = DecodeTime(request[2]);
    if (!time) return std::nullopt;
    return Expire{std::move(request[1]), *time};
  }
  if (name == "SET" && size == 3) {
    return Put{std::move(request[1]), std::move(request[2]), std::nullopt};
  }
  if (name == "SET" && size == 5 && request[3] == "PXAT") {
    const auto time = DecodeTime(request[4]);
    if (!time) return std::nullopt;
    return Put{std::move(request[1]), std::move(request[2]), time};
  }
  return std::nullopt;
}

}  // namespace

std::string EncodeEffect(const Effect& effect) {
  return EncodeRequest(std::visit(ToRequest(), effect));
}

absl::StatusOr<Effect> DecodeEffect(std::string_view bytes) {
  // A client's limits do not bind here: the effect of the largest request is larger than the
  // request.
  constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
  RequestParser parser({.arguments = kNoLimit, .bulk_bytes = kNoLimit, .request_bytes = kNoLimit});
  parser.Feed(bytes);
  auto request = parser.Next();
  if (!request.ok()) return absl::DataLossError(std::string(request.status().message()));
  if (request->has_value() && parser.pending_bytes() == 0) {
    if (auto effect = FromRequest(*std::move(*request))) return *std::move(effect);
  }
  return absl::DataLossError("the record holds no effect that this server knows");
}

}  // namespace kv
