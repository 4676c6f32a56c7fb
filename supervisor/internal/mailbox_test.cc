// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/mailbox.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/internal/run_together.h"

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
  CHECK_FALSE(mailbox.has_letters());
}

TEST_CASE("of what many post at once nothing is lost, and each one's letters stay in order",
          "[supervisor][S16][race]") {
  constexpr NodeId kPosters = 3;
  constexpr Incarnation kLetters = 2 * kRaces;
  Mailbox mailbox;
  std::array<Incarnation, kPosters> last{};
  const auto post = [&](NodeId poster) {
    for (Incarnation i = 1; i <= kLetters; ++i) {
      mailbox.Post({.input = {.kind = Input::Kind::kDone, .node = poster, .incarnation = i}});
    }
  };
  RunTogether({[&] { post(0); }, [&] { post(1); }, [&] { post(2); },
               [&] {
                 std::vector<Letter> letters;
                 while (last != std::array{kLetters, kLetters, kLetters}) {
                   mailbox.Wait(std::chrono::nanoseconds::max());  // for ever, if one told nobody
                   mailbox.Take(letters);
                   for (const Letter& letter : letters) {
                     const Incarnation before =
                         std::exchange(last[letter.input.node], letter.input.incarnation);
                     if (letter.input.incarnation != before + 1) return;
                   }
                   letters.clear();
                 }
               }});
  CHECK(last == std::array{kLetters, kLetters, kLetters});
}

// That nobody writes to a descriptor that is closed, ThreadSanitizer sees.
TEST_CASE("a closed mailbox has no descriptors, whoever still wakes it",
          "[supervisor][S12][race]") {
  for (int i = 0; i < kRaces; ++i) {
    Mailbox mailbox;
    const int fd = mailbox.signal_fd();
    RunTogether({[&] { mailbox.Close(); }, [&] { mailbox.Wake(); },
                 [&] { mailbox.Post({.input = {.kind = Input::Kind::kDone}}); }});
    mailbox.Wake();
    REQUIRE(fcntl(fd, F_GETFD) == -1);
  }
}

TEST_CASE("whoever posts wakes the loop unless somebody has, or soon will", "[supervisor][S23]") {
  Mailbox mailbox;
  int asked = 0;
  bool told_soon = false;
  mailbox.RelyOn([&] {
    ++asked;
    return told_soon;
  });
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});  // wakes
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});
  CHECK(asked == 1);
  mailbox.Wait(std::chrono::nanoseconds::max());  // else this never returns
  std::vector<Letter> letters;
  mailbox.Take(letters);
  CHECK(letters.size() == 2);

  told_soon = true;
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});
  mailbox.Post({.input = {.kind = Input::Kind::kBegin}});
  CHECK(asked == 2);  // the second finds the first one's letter there
  CHECK(mailbox.has_letters());
  mailbox.Wake();
  mailbox.Wait(std::chrono::nanoseconds::max());
  letters.clear();
  mailbox.Take(letters);
  CHECK(letters.size() == 2);
  CHECK_FALSE(mailbox.has_letters());
}

}  // namespace
}  // namespace stemma::internal
