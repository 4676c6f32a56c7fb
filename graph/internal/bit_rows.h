// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_BIT_ROWS_H_
#define STEMMA_GRAPH_INTERNAL_BIT_ROWS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stemma::internal {

// A table of bits: which of some nodes (the columns) each node (a row) reaches. All of a large
// graph's closure does not fit into memory, so that columns come in blocks: of as many as the table
// has room for. Rows begin with anything in them: clear each first. Thread safety: as a standard
// container.
class BitRows {
 public:
  // Makes room for `wanted` columns, or fewer if the table would take more than `max_bytes`; but at
  // least 64.
  BitRows(std::size_t rows, std::size_t wanted, std::size_t max_bytes);

  std::size_t columns() const { return words_ * 64; }  // a multiple of 64; 0 if none are wanted

  // REQUIRES, here and below: each row less than `rows`, each column less than columns().
  void Clear(std::size_t row);
  void Set(std::size_t row, std::size_t column) {
    bits_[row * words_ + column / 64] |= std::uint64_t{1} << (column % 64);
  }
  bool Test(std::size_t row, std::size_t column) const {
    return (bits_[row * words_ + column / 64] >> (column % 64) & 1) != 0;
  }
  void Add(std::size_t row, std::size_t other);  // row |= other
  std::span<const std::uint64_t> operator[](std::size_t row) const {
    return std::span(bits_).subspan(row * words_, words_);
  }

 private:
  std::size_t words_;  // in each row
  std::vector<std::uint64_t> bits_;
};

// Adds up weights of columns, a byte of a row at a time.
class ColumnWeights {
 public:
  explicit ColumnWeights(std::span<const std::size_t> weights);  // by column; others have none

  std::size_t Sum(std::span<const std::uint64_t> row) const;

 private:
  std::vector<std::array<std::size_t, 256>> sums_;  // for each byte of a row, by its value
};

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_BIT_ROWS_H_
