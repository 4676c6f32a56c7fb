// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/bit_rows.h"

#include <algorithm>
#include <bit>

namespace stemma::internal {

BitRows::BitRows(std::size_t rows, std::size_t wanted, std::size_t max_bytes)
    : words_(std::min((wanted + 63) / 64,
                      std::max<std::size_t>(1, max_bytes / 8 / std::max<std::size_t>(1, rows)))),
      bits_(rows * words_) {}

void BitRows::Clear(std::size_t row) {
  std::uint64_t* const words = bits_.data() + row * words_;
  std::fill(words, words + words_, 0);
}

void BitRows::Add(std::size_t row, std::size_t other) {
  std::uint64_t* const words = bits_.data() + row * words_;
  const std::uint64_t* const others = bits_.data() + other * words_;
  for (std::size_t i = 0; i < words_; ++i) words[i] |= others[i];
}

ColumnWeights::ColumnWeights(std::span<const std::size_t> weights)
    : sums_((weights.size() + 7) / 8) {
  for (std::size_t byte = 0; byte < sums_.size(); ++byte) {
    std::array<std::size_t, 256>& sums = sums_[byte];
    sums[0] = 0;
    for (std::size_t value = 1; value < sums.size(); ++value) {
      const std::size_t column = byte * 8 + static_cast<std::size_t>(std::countr_zero(value));
      sums[value] = sums[value & (value - 1)] + (column < weights.size() ? weights[column] : 0);
    }
  }
}

std::size_t ColumnWeights::Sum(std::span<const std::uint64_t> row) const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    std::size_t byte = i * 8;
    for (std::uint64_t word = row[i]; word != 0 && byte < sums_.size(); word >>= 8) {
      sum += sums_[byte++][word & 0xff];
    }
  }
  return sum;
}

}  // namespace stemma::internal
