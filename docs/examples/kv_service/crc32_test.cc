// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/crc32.h"

#include <catch2/catch_test_macros.hpp>

namespace kv {
namespace {

TEST_CASE("the CRC-32 is the one that everybody has", "[kv]") {
  CHECK(Crc32("") == 0u);
  CHECK(Crc32("123456789") == 0xCBF43926u);  // the check value of the catalogue
}

TEST_CASE("the CRC-32 can be computed in pieces", "[kv]") {
  CHECK(Crc32("6789", Crc32("12345")) == Crc32("123456789"));
}

}  // namespace
}  // namespace kv
