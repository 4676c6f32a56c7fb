// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/exception_text.h"

#include <catch2/catch_test_macros.hpp>
#include <stdexcept>

#include "stemma/lifecycle/internal/unwind.h"

namespace stemma::internal {
namespace {

struct NotAStandardException {};

template <class Exception>
std::string TextOf(Exception exception) {
  try {
    throw exception;
  } catch (...) {
    return CurrentExceptionText();
  }
}

TEST_CASE("an exception is told by its dynamic type and its message", "[lifecycle][L4]") {
  CHECK(TextOf(std::out_of_range("no such key")) == "std::out_of_range: no such key");
}

TEST_CASE("an exception that is not a std::exception is told by its type", "[lifecycle][L4]") {
  CHECK(TextOf(42) == "int");
  CHECK(TextOf(NotAStandardException{}).find("NotAStandardException") != std::string::npos);
}

TEST_CASE("a Throw that has gone astray is told by its status", "[lifecycle][L3]") {
  CHECK(TextOf(Unwind{.context = nullptr, .status = absl::DataLossError("astray")}) ==
        "SignalerContext::Throw: DATA_LOSS: astray");
}

}  // namespace
}  // namespace stemma::internal
