// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/journal_writer.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <set>
#include <string>

#include "stemma/supervisor/journal_words.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;

JournalHeader TwoNodes() {
  JournalHeader header{
      .declarations = {{.name = "db"}, {.name = "api", .dependencies = {"db"}}},
      .policies = {{}, {}},
      .options = {.shutdown_delay = 5s, .jitter_seed = 18446744073709551615u},
      .at = 1min,
      .wall = std::chrono::system_clock::time_point(std::chrono::nanoseconds(1'700'000'000'250ms))};
  header.policies[1].restart = RestartPolicy::Unlimited();
  header.policies[1].stop_timeout = kNoTimeout;
  return header;
}

TEST_CASE("the first line of a journal has what the engine was made of", "[supervisor][S17]") {
  CHECK(JournalWriter().Header(TwoNodes()) ==
        R"({"stemma_journal":1,"at":60000000000,"wall":"2023-11-14T22:13:20.25+00:00",)"
        R"("options":{"on_stuck":"abandon","shutdown_deadline":"none","shutdown_delay":5000000000,)"
        R"("spin_halt_reminder":60000000000,"jitter_seed":"18446744073709551615"},"nodes":[)"
        R"({"name":"db","dependencies":[],"soft_dependencies":[],)"
        R"("restart":{"initial":100000000,"max":30000000000,"multiplier":2,"jitter":0.2,)"
        R"("reset_after":60000000000,"max_restarts":5,"window":60000000000,"on_limit":"shutdown"},)"
        R"("start_timeout":30000000000,"stop_timeout":10000000000,)"
        R"("on_completion":"complete","on_dependency_restart":"keep"},)"
        R"({"name":"api","dependencies":["db"],"soft_dependencies":[],)"
        R"("restart":{"initial":100000000,"max":30000000000,"multiplier":2,"jitter":0.2,)"
        R"("reset_after":60000000000,"max_restarts":"unlimited","window":60000000000,)"
        R"("on_limit":"shutdown"},"start_timeout":30000000000,"stop_timeout":"none",)"
        R"("on_completion":"complete","on_dependency_restart":"keep"}]})"
        "\n");
}

TEST_CASE("a line has an input and what was decided, its fields in a fixed order",
          "[supervisor][S17]") {
  JournalWriter writer;
  writer.Header(TwoNodes());
  const Cause cause{.kind = Cause::Kind::kFailure, .node = 0, .incarnation = 3};
  JournalEntry entry{.at = 61s,
                     .input = {.kind = Input::Kind::kFailed,
                               .failure = FailureKind::kException,
                               .node = 0,
                               .incarnation = 3},
                     .detail = FailureDetail{.code = absl::StatusCode::kDataLoss,
                                             .message = "line 1\nline \"2\"",
                                             .worker = "flusher",
                                             .file = "db.cc",
                                             .line = 7}};
  entry.actions.push_back({.kind = Action::Kind::kPublish,
                           .node = 0,
                           .incarnation = 3,
                           .event = {.kind = EngineEvent::Kind::kTransition,
                                     .from = NodeState::kReady,
                                     .to = NodeState::kBackingOff,
                                     .node = 0,
                                     .incarnation = 3,
                                     .cause = cause}});
  entry.actions.push_back({.kind = Action::Kind::kAskHandler,
                           .failure = FailureKind::kException,
                           .node = 0,
                           .incarnation = 3,
                           .cause = cause});
  entry.actions.push_back({.kind = Action::Kind::kFinish});
  CHECK(writer.Line(entry) ==
        R"({"at":61000000000,"input":"failed","node":"db","incarnation":3,"failure":"Exception",)"
        R"("status":"DATA_LOSS","message":"line 1\nline \"2\"","worker":"flusher","file":"db.cc",)"
        R"("line":7,"actions":[{"event":"transition","node":"db","incarnation":3,"from":"ready",)"
        R"("to":"backing off","cause":{"kind":"failure","node":"db","incarnation":3}},)"
        R"({"do":"ask handler","node":"db","incarnation":3,"failure":"Exception",)"
        R"("cause":{"kind":"failure","node":"db","incarnation":3}},{"do":"finish"}]})"
        "\n");
  CHECK(writer.Line({.at = 62s, .input = {.kind = Input::Kind::kTick}}) ==
        R"({"at":62000000000,"input":"tick","actions":[]})"
        "\n");
  CHECK(JournalWriter::Gap(12) == "{\"gap\":12}\n");
}

TEST_CASE("an answer that is no verdict is written as the number that it is",
          "[supervisor][S9][S17]") {
  JournalWriter writer;
  writer.Header(TwoNodes());
  CHECK(writer.Line({.input = {.kind = Input::Kind::kVerdict,
                               .verdict = static_cast<ErrorHandlingBehavior>(17),
                               .node = 1,
                               .incarnation = 2}}) ==
        R"({"at":0,"input":"verdict","node":"api","incarnation":2,"verdict":17,"actions":[]})"
        "\n");
}

// Expects `count` enumerators, each with a word of its own.
template <class Enum>
void CheckWords(std::size_t count) {
  std::set<std::string> words;
  ForEachWord<Enum>([&](Enum, std::string_view word) { words.insert(std::string(word)); });
  CHECK(words.size() == count);
}

TEST_CASE("every kind has a word of its own", "[supervisor][S17]") {
  CheckWords<Input::Kind>(static_cast<std::size_t>(Input::Kind::kRemoveNode) + 1);
  CheckWords<Action::Kind>(static_cast<std::size_t>(Action::Kind::kFinish));  // but for kPublish
  CheckWords<EngineEvent::Kind>(static_cast<std::size_t>(EngineEvent::Kind::kLatchFailed) + 1);
  CheckWords<Cause::Kind>(static_cast<std::size_t>(Cause::Kind::kShutdownDeadline));  // but kNone
  CheckWords<FailureKind>(static_cast<std::size_t>(FailureKind::kNestedSpinHalt) + 1);
  CheckWords<NodeState>(static_cast<std::size_t>(NodeState::kAbandoned) + 1);
  CheckWords<Refusal>(static_cast<std::size_t>(Refusal::kOverLimit) + 1);
  CheckWords<ErrorHandlingBehavior>(5);
}

}  // namespace
}  // namespace stemma
