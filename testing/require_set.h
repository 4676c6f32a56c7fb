// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_REQUIRE_SET_H_
#define STEMMA_TESTING_REQUIRE_SET_H_

#include <chrono>
#include <string_view>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/source_location.h"

namespace stemma {

// For how long the waits of this folder wait before they give up. No test waits so long when it
// passes: it is what a hanging test takes to say so.
inline constexpr std::chrono::nanoseconds kPatience = std::chrono::seconds(30);

// Blocks until `event` is set, by whichever thread sets it. Gives up after `timeout` of real time:
// the test has failed then, and is left; the message says that `what` did not happen, and what the
// doubles of the test have seen instead. REQUIRES: the test's thread.
//
// Example:
//   stemma::RequireSet(mailer->Done(), "the mailer has ended");
void RequireSetBefore(const Event& event, std::chrono::nanoseconds timeout, std::string_view what,
                      SourceLocation where = SourceLocation::current());

// The same, with `kPatience`.
void RequireSet(const Event& event, std::string_view what,
                SourceLocation where = SourceLocation::current());

// What every wait does that gives up: fails the test and leaves it. Everything that the doubles of
// the test hold up is let go first, so that the way out is free. `sooner`: why it did not wait for
// all of `timeout`; empty: it did.
[[noreturn]] void GiveUp(std::string_view what, std::chrono::nanoseconds timeout,
                         SourceLocation where, std::string_view sooner = {});

}  // namespace stemma

#endif  // STEMMA_TESTING_REQUIRE_SET_H_
