// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/log_format.h"

#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "absl/status/status.h"
#include "docs/examples/kv_service/crc32.h"

namespace kv {
namespace {

constexpr std::uint64_t kWindowBytes = 256 * 1024;

template <class Integer>
std::string LittleEndian(Integer value) {
  std::string bytes(sizeof(value), '\0');
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xFFu);
    value = static_cast<Integer>(value >> 8);
  }
  return bytes;
}

std::uint32_t ReadUint32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (int i = 3; i >= 0; --i) {
    value = (value << 8) | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  }
  return value;
}

// Binds a head to one place in one file.
std::uint32_t HeadCrc(std::string_view salt, std::uint64_t offset, std::string_view head) {
  return Crc32(head, Crc32(LittleEndian(offset), Crc32(salt)));
}

}  // namespace

std::string EncodeLogHeader(std::string_view salt) {
  std::string header(kLogMagic);
  header += salt;
  header += LittleEndian(Crc32(header));
  return header;
}

std::optional<std::string> DecodeLogHeader(std::string_view header) {
  if (header.size() != kLogHeaderBytes) return std::nullopt;
  std::string salt(header.substr(kLogMagic.size(), kLogSaltBytes));
  if (header != EncodeLogHeader(salt)) return std::nullopt;
  return salt;
}

std::string EncodeRecord(std::string_view salt, std::uint64_t offset, std::string_view payload) {
  std::string record;
  record.reserve(kRecordHeadBytes + payload.size());
  record += LittleEndian(static_cast<std::uint32_t>(payload.size()));
  record += LittleEndian(Crc32(payload));
  record += LittleEndian(HeadCrc(salt, offset, record));
  record += payload;
  return record;
}

LogReader::LogReader(int fd, std::string_view salt, std::uint64_t begin, std::uint64_t end)
    : fd_(fd), salt_(salt), end_(end), offset_(begin) {}

absl::StatusOr<std::optional<std::string_view>> LogReader::Next() {
  const auto head = HeadAt(offset_);
  if (!head.ok()) return head.status();
  if (!head->has_value()) return std::nullopt;
  auto payload = PayloadAt(offset_, **head);
  if (payload.ok() && payload->has_value()) offset_ += kRecordHeadBytes + (**head).payload_bytes;
  return payload;
}

absl::StatusOr<bool> LogReader::SoundRecordBehind() {
  const auto bad = HeadAt(offset_);
  if (!bad.ok()) return bad.status();
  // A sound head vouches for where the next record begins; after anything else it may begin
  // anywhere.
  std::uint64_t at =
      offset_ + (bad->has_value() ? kRecordHeadBytes + (**bad).payload_bytes : std::uint64_t{1});
  for (; at < end_; ++at) {
    const auto head = HeadAt(at);
    if (!head.ok()) return head.status();
    if (!head->has_value()) continue;
    const auto payload = PayloadAt(at, **head);
    if (!payload.ok()) return payload.status();
    if (payload->has_value()) return true;
  }
  return false;
}

absl::StatusOr<std::optional<LogReader::Head>> LogReader::HeadAt(std::uint64_t offset) {
  if (offset >= end_ || end_ - offset < kRecordHeadBytes) return std::nullopt;
  const auto bytes = View(offset, kRecordHeadBytes);
  if (!bytes.ok()) return bytes.status();
  if (HeadCrc(salt_, offset, bytes->substr(0, 8)) != ReadUint32(bytes->substr(8))) {
    return std::nullopt;
  }
  return Head{.payload_bytes = ReadUint32(*bytes), .payload_crc = ReadUint32(bytes->substr(4))};
}

absl::StatusOr<std::optional<std::string_view>> LogReader::PayloadAt(std::uint64_t offset,
                                                                     const Head& head) {
  const std::uint64_t begin = offset + kRecordHeadBytes;
  if (end_ - begin < head.payload_bytes) return std::nullopt;
  const auto payload = View(begin, head.payload_bytes);
  if (!payload.ok()) return payload.status();
  if (Crc32(*payload) != head.payload_crc) return std::nullopt;
  return *payload;
}

// The `bytes` bytes at `offset`, valid until the next call. REQUIRES: they end at or before end_.
absl::StatusOr<std::string_view> LogReader::View(std::uint64_t offset, std::uint64_t bytes) {
  const bool here = offset >= window_begin_ && offset + bytes <= window_begin_ + window_.size();
  if (!here) {
    window_.resize(std::max(bytes, std::min(kWindowBytes, end_ - offset)));
    window_begin_ = offset;
    std::size_t filled = 0;
    while (filled < window_.size()) {
      const ssize_t n = ::pread(fd_, window_.data() + filled, window_.size() - filled,
                                static_cast<off_t>(offset + filled));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        const int error = errno;
        window_.clear();
        if (n == 0) return absl::DataLossError("the file has become shorter");
        return absl::ErrnoToStatus(error, "read failed");
      }
      filled += static_cast<std::size_t>(n);
    }
  }
  return std::string_view(window_).substr(offset - window_begin_, bytes);
}

}  // namespace kv
