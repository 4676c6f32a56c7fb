// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOG_FORMAT_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOG_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

// The bytes of an append log.
//
// The file begins with a header of 24 bytes: "stemma-kv-1\n", 8 random bytes (the salt), and the
// CRC-32 of those 20. Then the records, each a head of 12 bytes and a payload. A head,
// little-endian: length of the payload, CRC-32 of the payload, CRC-32 of (salt, the record's offset
// in the file, the 8 bytes before). Because the head vouches for the length, and only at its own
// place in its own file, nothing that a client stores can look like a record.

namespace kv {

inline constexpr std::string_view kLogMagic = "stemma-kv-1\n";
inline constexpr std::size_t kLogSaltBytes = 8;
inline constexpr std::size_t kLogHeaderBytes = 24;
inline constexpr std::size_t kRecordHeadBytes = 12;
inline constexpr std::size_t kMaxRecordBytes = 0xFFFF'FFFFu;

// REQUIRES: salt.size() == kLogSaltBytes.
std::string EncodeLogHeader(std::string_view salt);

// The salt of a header. Returns: nullopt when these are not the bytes of a sound one.
std::optional<std::string> DecodeLogHeader(std::string_view header);

// A record, head and payload, for the place `offset` in the file of that salt.
// REQUIRES: payload.size() <= kMaxRecordBytes.
std::string EncodeRecord(std::string_view salt, std::uint64_t offset, std::string_view payload);

// Reads the records of a file from `begin` to `end`.
//
// Thread safety: none. Lifetime: does not own `fd`, and uses pread only.
class LogReader {
 public:
  LogReader(int fd, std::string_view salt, std::uint64_t begin, std::uint64_t end);

  // The next record's payload, valid until the next call. Returns: nullopt when there is no sound
  // record at offset(): the end, if offset() is `end`. The system's error; DataLoss when the file
  // is shorter than `end`.
  absl::StatusOr<std::optional<std::string_view>> Next();

  // Where the record that Next would read begins.
  std::uint64_t offset() const { return offset_; }

  // After Next has returned nullopt short of the end: is there a sound record anywhere behind? If
  // so, what is at offset() was damaged after it was written. Otherwise it is the tail of an
  // unfinished write.
  absl::StatusOr<bool> SoundRecordBehind();

 private:
  struct Head {
    std::uint64_t payload_bytes;
    std::uint32_t payload_crc;
  };

  absl::StatusOr<std::optional<Head>> HeadAt(std::uint64_t offset);
  absl::StatusOr<std::optional<std::string_view>> PayloadAt(std::uint64_t offset, const Head& head);
  absl::StatusOr<std::string_view> View(std::uint64_t offset, std::uint64_t bytes);

  const int fd_;
  const std::string salt_;
  const std::uint64_t end_;
  std::uint64_t offset_;
  std::string window_;  // what was read last, from window_begin_ on
  std::uint64_t window_begin_ = 0;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_LOG_FORMAT_H_
