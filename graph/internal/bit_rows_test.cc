// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/bit_rows.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace {

using stemma::internal::BitRows;
using stemma::internal::ColumnWeights;

TEST_CASE("a table has the columns that are wanted, up to its limit of memory", "[graph]") {
  CHECK(BitRows(10, 0, 1'000).columns() == 0);
  CHECK(BitRows(10, 1, 1'000).columns() == 64);
  CHECK(BitRows(10, 64, 1'000).columns() == 64);
  CHECK(BitRows(10, 65, 1'000).columns() == 128);
  CHECK(BitRows(0, 65, 1'000).columns() == 128);
  CHECK(BitRows(10, 1'000'000, 10 * 16).columns() == 128);
  CHECK(BitRows(1'000'000, 1'000'000, 1).columns() == 64);  // never less, or nothing gets done
}

TEST_CASE("random tables: rows and sums of weights are those of plain vectors", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const std::size_t rows = 1 + random() % 5, columns = 1 + random() % 200;
    BitRows bits(rows, columns, 1'000'000);
    std::vector<std::vector<bool>> naive(rows, std::vector<bool>(columns));
    std::vector<std::size_t> weights(columns);
    for (std::size_t& weight : weights) weight = random() % 1'000;
    const ColumnWeights column_weights(weights);
    for (std::size_t row = 0; row < rows; ++row) bits.Clear(row);
    for (int step = 0; step < 100; ++step) {
      const std::size_t row = random() % rows, other = random() % rows;
      const std::size_t column = random() % columns;
      const auto what = random() % 10;
      if (what == 0) {
        bits.Clear(row);
        naive[row].assign(columns, false);
      } else if (what == 1) {
        bits.Add(row, other);
        for (std::size_t i = 0; i < columns; ++i) naive[row][i] = naive[row][i] || naive[other][i];
      } else {
        bits.Set(row, column);
        naive[row][column] = true;
      }
      std::size_t sum = 0;
      for (std::size_t i = 0; i < columns; ++i) {
        REQUIRE(bits.Test(row, i) == naive[row][i]);
        if (naive[row][i]) sum += weights[i];
      }
      REQUIRE(column_weights.Sum(bits[row]) == sum);
    }
  }
}

}  // namespace
