// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_SERVICE_UNDER_TEST_H_
#define STEMMA_TESTING_SERVICE_UNDER_TEST_H_

#include <memory>
#include <string_view>
#include <vector>

#include "stemma/lifecycle/source_location.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/event_recorder.h"
#include "stemma/testing/manual_clock.h"

namespace stemma {

// A graph of nodes, run by the real supervisor on a thread of its own, by a clock that the test
// advances, with every event recorded.
//
// All waits give up after kPatience (require_set.h): the test has failed then, and is left.
//
// Thread safety: belongs to the test's thread; its supervisor, clock and events to any.
// Lifetime: declare it after everything that its nodes use. Its destructor stops the service,
// letting go what scripted components hold up, and waits until it has ended.
//
// Example:
//   stemma::ServiceUnderTest service(Nodes());
//   service.RequireReady();
//   ...
//   CHECK(service.Stop().outcome == stemma::Outcome::kStopRequested);
class ServiceUnderTest {
 public:
  // Creates the supervisor and runs it. `options.clock` is set to `clock()`. Nodes or options that
  // are refused fail the test, which is left.
  explicit ServiceUnderTest(std::vector<Node> nodes, SupervisorOptions options = {},
                            SourceLocation where = SourceLocation::current());
  ~ServiceUnderTest();
  ServiceUnderTest(const ServiceUnderTest&) = delete;
  ServiceUnderTest& operator=(const ServiceUnderTest&) = delete;

  Supervisor& supervisor();
  ManualClock& clock();
  const EventRecorder& events() const;

  // As the methods of EventRecorder.
  void RequireReady(SourceLocation where = SourceLocation::current()) const;
  void RequireState(std::string_view node, NodeState state,
                    SourceLocation where = SourceLocation::current()) const;

  // Waits until the run is over; all events are recorded then. Returns: how it ended.
  RunResult RequireEnd(SourceLocation where = SourceLocation::current());

  // Asks for an orderly stop, lets `shutdown_delay` pass by the clock, and waits for the end.
  RunResult Stop(SourceLocation where = SourceLocation::current());

 private:
  struct Running;

  void AskToStop() const;

  const std::unique_ptr<Running> running_;
};

}  // namespace stemma

#endif  // STEMMA_TESTING_SERVICE_UNDER_TEST_H_
