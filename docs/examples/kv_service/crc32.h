// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_CRC32_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_CRC32_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kv {

namespace internal {

constexpr std::array<std::uint32_t, 256> MakeCrc32Table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t remainder = i;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1u) != 0 ? 0xEDB88320u : 0u);
    }
    table[i] = remainder;
  }
  return table;
}

inline constexpr std::array<std::uint32_t, 256> kCrc32Table = MakeCrc32Table();

}  // namespace internal

// The CRC-32 of IEEE 802.3 (zlib's). `before` is the CRC of the bytes before these: the CRC of "ab"
// is Crc32("b", Crc32("a")).
constexpr std::uint32_t Crc32(std::string_view bytes, std::uint32_t before = 0) {
  std::uint32_t remainder = ~before;
  for (const char c : bytes) {
    remainder = (remainder >> 8) ^
                internal::kCrc32Table[(remainder ^ static_cast<unsigned char>(c)) & 0xFFu];
  }
  return ~remainder;
}

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_CRC32_H_
