// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_FAILURE_INJECTION_H_
#define STEMMA_TESTING_FAILURE_INJECTION_H_

#include <chrono>
#include <climits>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/event.h"
#include "stemma/supervisor/node.h"

// Failures that are made to happen in real components: in a test, by code, or in a running service,
// by what an environment variable says.
//
// The component is the real one, its workers run. Beside them runs one more, named "injected",
// which fails at the chosen point; the supervisor, the handler, and the dependents see what they
// would see if the component itself had failed.
//
// Example, in a test:
//   Node db = ...;
//   db.factory = InjectFailure(db.factory, {.point = FailurePoint::kOnStop});
//
// Example, in the main of a service; STEMMA_INJECT="db:after=5s,http:on_stop" ./shop then does so:
//   return stemma::Main(argc, argv, stemma::WithInjectedFailures(Nodes()));

namespace stemma {

// Where in its life a component fails. In text, the name without the k: "before_ready".
enum class FailurePoint : std::uint8_t {
  kFactory,      // the factory returns the error, and the real one is not called
  kStart,        // Start returns the error, and that of the real component is not called
  kBeforeReady,  // it starts, and fails with the error before it is ready
  kAfter,        // it fails with the error some time after it was ready
  kOnStop,       // asked to stop, it fails with the error
  kNeverStops,   // asked to stop, it does not end
};

// A failure to be injected. A plain value.
struct InjectedFailure {
  static constexpr int kEachTime = INT_MAX;

  FailurePoint point = FailurePoint::kAfter;
  // Of kAfter: how long after it was ready. Real time, whatever the supervisor's clock is. Default:
  // 0: at once. REQUIRES: not negative.
  std::chrono::nanoseconds after = {};
  // Of kAfter, for tests: not before this is set. Default: none.
  std::optional<Event> when = std::nullopt;
  // Of kNeverStops, for tests: until this is set. Default: none: as long as the process lives.
  std::optional<Event> until = std::nullopt;
  // How many incarnations fail, from the first one on; those after them are real. Default: all.
  int times = kEachTime;
  // Default: Internal("injected").
  absl::Status error = absl::InternalError("injected");
};

// Returns: a factory of the same components, which fail. Copies of it count their incarnations
// together. `factory` must not make supervisors (SupervisorNode): inject into the nodes in it.
ComponentFactory InjectFailure(ComponentFactory factory, InjectedFailure failure);

// Injects what `text` says, such as "db:after=5s, http:on_stop*2":
//
//   NODE:factory, NODE:start, NODE:before_ready, NODE:after=DURATION, NODE:on_stop,
//   NODE:never_stops
//
// with commas between; *TIMES says in how many incarnations (default: all). A node of a
// SupervisorNode is named with the way to it: "shop/cart:after=5s".
//
// Returns: InvalidArgument with everything that is wrong, a line each, with what was expected and
// the nearest node or word; nothing is injected then.
absl::Status InjectFailures(std::string_view text, std::vector<Node>& nodes);

// The environment variable.
inline constexpr char kInjectVariable[] = "STEMMA_INJECT";

// The one line that a service's main needs: the nodes with what the environment variable says
// injected, which is said on stderr, too. Without the variable they are as they were. What is wrong
// with it ends the process, with exit code 64, before anything runs.
std::vector<Node> WithInjectedFailures(std::vector<Node> nodes);

}  // namespace stemma

#endif  // STEMMA_TESTING_FAILURE_INJECTION_H_
