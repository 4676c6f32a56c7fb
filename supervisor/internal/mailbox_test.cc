// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/mailbox.h"

#include <unistd.h>

#include <csignal>
#include <vector>

#include "catch2/catch_test_macros.hpp"

namespace stemma::internal {
namespace {

TEST_CASE("signals come before letters, and letters in the order of posting", "[supervisor][S13]") {
  Mailbox mailbox;
  REQUIRE(mailbox.opened().ok());
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});
  mailbox.Post({.input = {.kind = Input::Kind::kStopRequested}});
  const char signal = SIGTERM;
  REQUIRE(write(mailbox.signal_fd(), &signal, 1) == 1);
  std::vector<Letter> letters;
  mailbox.Take(letters);
  REQUIRE(letters.size() == 3);
  CHECK(letters[0].input.kind == Input::Kind::kTerminate);
  CHECK(letters[1].input.kind == Input::Kind::kBegin);
  CHECK(letters[2].input.kind == Input::Kind::kStopRequested);
}

TEST_CASE("what comes after the mailbox was closed is not kept", "[supervisor][S12]") {
  Mailbox mailbox;
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});
  mailbox.Close();
  mailbox.Post({.input = {.kind = Input::Kind::kStopRequested}});
  std::vector<Letter> letters;
  mailbox.Take(letters);
  CHECK(letters.empty());
}

}  // namespace
}  // namespace stemma::internal
