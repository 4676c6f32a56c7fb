// SPDX-License-Identifier: Apache-2.0
// What a supervisor says of why things happen: S16, and the texts of S17's events.
#include "stemma/supervisor/internal/chronicle.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "catch2/catch_test_macros.hpp"
#include "stemma/supervisor/internal/telling.h"

namespace stemma::internal {
namespace {

constexpr NodeId kDb = 0, kApi = 1;
constexpr Incarnation kThird = 3;

Chronicle DbAndApi() {
  Chronicle chronicle;
  chronicle.Add({.name = "db"});
  chronicle.Add({.name = "api", .dependencies = {"db"}});
  return chronicle;
}

void LetDbFail(Chronicle& chronicle) {
  chronicle.Hear({.kind = Input::Kind::kFailed, .node = kDb, .incarnation = kThird},
                 {.status = absl::DataLossError("bad page"), .component = "db"});
}

Cause CauseOf(Cause::Kind kind, NodeId node = kNoNode,
              ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kStop) {
  return {.kind = kind, .verdict = verdict, .node = node, .incarnation = kThird};
}

TEST_CASE("each kind of cause has a text, a reason and a status", "[supervisor][S16]") {
  using Kind = Cause::Kind;
  using Reason = StopReason::Kind;
  struct {
    Cause cause;
    const char* text;
    Reason reason;  // of api's stop
    const char* node;
  } const cases[] = {
      {CauseOf(Kind::kFailure, kDb), "db failed (Thrown): DATA_LOSS: bad page", Reason::kCascade,
       "db"},
      {CauseOf(Kind::kFailure, kDb, ErrorHandlingBehavior::kShutdown),
       "db failed (Thrown): DATA_LOSS: bad page", Reason::kShutdown, "db"},
      {CauseOf(Kind::kFailure, kDb, ErrorHandlingBehavior::kSpinHalt),
       "db failed (Thrown): DATA_LOSS: bad page", Reason::kSpinHalt, "db"},
      {CauseOf(Kind::kFailure, kApi), "'api' failed", Reason::kFailure, "api"},
      {CauseOf(Kind::kFailure), "a node that has been removed since failed", Reason::kCascade, ""},
      {CauseOf(Kind::kStopRequest), "a stop was requested", Reason::kRequested, ""},
      {CauseOf(Kind::kInterrupt), "SIGINT", Reason::kSignal, ""},
      {CauseOf(Kind::kTerminate), "SIGTERM", Reason::kSignal, ""},
      {CauseOf(Kind::kCompletion, kDb), "'db' ended by itself", Reason::kShutdown, "db"},
      {CauseOf(Kind::kDependencyRestart, kDb), "its dependency 'db' is restarted", Reason::kRestart,
       "db"},
      {CauseOf(Kind::kOperator, kDb), "an operator's command about 'db'", Reason::kOperator, "db"},
      {CauseOf(Kind::kOperator), "an operator's command", Reason::kOperator, ""},
      {CauseOf(Kind::kShutdownDeadline), "the time for the whole stop is over", Reason::kRequested,
       ""},
  };
  Chronicle chronicle = DbAndApi();
  LetDbFail(chronicle);
  for (const auto& one : cases) {
    CAPTURE(one.text);
    CHECK(chronicle.CauseText(one.cause) == one.text);
    const auto reason = chronicle.SharedReasonFor(kApi, one.cause);
    CHECK(reason->kind == one.reason);
    CHECK(reason->text == one.text);
    CHECK(reason->node == one.node);
    CHECK_FALSE(chronicle.StatusOf(one.cause).ok());
  }
  CHECK(chronicle.CauseText({}).empty());
  CHECK(chronicle.StatusOf({}).message() == "a node did not end and was left behind");
  CHECK(chronicle.StatusOf(cases[0].cause) == absl::DataLossError("bad page"));
  CHECK(chronicle.StatusOf(cases[6].cause) == absl::FailedPreconditionError("SIGINT"));
}

TEST_CASE("who is stopped for the same shares the reason; another cause has its own",
          "[supervisor][S16]") {
  Chronicle chronicle = DbAndApi();
  const Cause requested = CauseOf(Cause::Kind::kStopRequest);
  const auto first = chronicle.SharedReasonFor(kApi, requested);
  CHECK(chronicle.SharedReasonFor(kDb, requested) == first);
  const auto other = chronicle.SharedReasonFor(kDb, CauseOf(Cause::Kind::kTerminate));
  CHECK(other != first);
  CHECK(first->text == "a stop was requested");
  LetDbFail(chronicle);
  const Cause failure = CauseOf(Cause::Kind::kFailure, kDb);
  // The same cause, but its own failure is another reason than that of a node above it.
  CHECK(chronicle.SharedReasonFor(kDb, failure)->kind == StopReason::Kind::kFailure);
  CHECK(chronicle.SharedReasonFor(kApi, failure)->kind == StopReason::Kind::kCascade);
}

TEST_CASE("an operator's restart and stop are told apart", "[supervisor][S16][S24]") {
  Chronicle chronicle = DbAndApi();
  const Cause command = CauseOf(Cause::Kind::kOperator, kDb);
  CHECK(chronicle.SharedReasonFor(kDb, command)->kind == StopReason::Kind::kOperator);
  chronicle[kDb].recalled = true;
  CHECK(chronicle.SharedReasonFor(kDb, command)->kind == StopReason::Kind::kRestart);
  CHECK(chronicle.SharedReasonFor(kApi, command)->kind == StopReason::Kind::kOperator);
}

TEST_CASE("a supervisor that runs as a component is stopped for its own supervisor's reason",
          "[supervisor][S16][S18]") {
  Chronicle chronicle = DbAndApi();
  StopReason outer;
  chronicle.SetOuterReason([&] { return outer; });
  const Cause requested = CauseOf(Cause::Kind::kStopRequest);
  CHECK(chronicle.CauseText(requested) == "a stop was requested");
  outer = {.kind = StopReason::Kind::kCascade, .text = "disk failed", .node = "disk"};
  CHECK(chronicle.CauseText(requested) == "disk failed");
  CHECK(*chronicle.SharedReasonFor(kDb, requested) == outer);
}

TEST_CASE("what the engine has found itself is a failure with a text of its own",
          "[supervisor][S3][S9][S22]") {
  Chronicle chronicle = DbAndApi();
  const auto text_of = [&](FailureKind kind) {
    return std::string(chronicle.Synthesised(kDb, kind).status.message());
  };
  CHECK(text_of(FailureKind::kStartTimeout) == "not ready within its start timeout of 30 s");
  CHECK(text_of(FailureKind::kEndedBeforeReady) == "ended before it was ready");
  chronicle.FailuresOf(kDb).quiet_worker = "reader";
  CHECK(chronicle.Synthesised(kDb, FailureKind::kWatchdog).worker == "reader");

  const EngineEvent silent{
      .kind = EngineEvent::Kind::kHandlerFault, .node = kDb, .incarnation = kThird};
  CHECK(chronicle.FindHandlerFault(silent));
  CHECK(EventOf(silent, chronicle).text.find("silent for the stop timeout") != std::string::npos);
}

TEST_CASE("the first signal's event says what a second one does", "[supervisor][S13]") {
  const Chronicle chronicle = DbAndApi();
  const auto text_of = [&](EngineEvent::Kind kind, Cause::Kind cause) {
    return EventOf({.kind = kind, .cause = CauseOf(cause)}, chronicle).text;
  };
  CHECK(text_of(EngineEvent::Kind::kStopping, Cause::Kind::kInterrupt) ==
        "SIGINT; a second signal forces the exit");
  CHECK(text_of(EngineEvent::Kind::kStopDelayed, Cause::Kind::kTerminate) ==
        "SIGTERM; a second signal forces the exit");
  CHECK(text_of(EngineEvent::Kind::kStopping, Cause::Kind::kStopRequest) == "a stop was requested");
}

}  // namespace
}  // namespace stemma::internal
