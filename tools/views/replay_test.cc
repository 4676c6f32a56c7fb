// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/replay.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/journal_writer.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;

// The journal of a run in which db fails, api goes down with it, and nothing is left.
std::string Journal() {
  JournalHeader header = {
      .declarations = {{.name = "db"}, {.name = "api\n", .dependencies = {"db"}}},
      .policies = {{}, {}},
      .at = 1h,
      .wall = std::chrono::system_clock::time_point(1'700'000'000s)};
  std::vector<JournalEntry> entries = {
      {.at = 1h, .input = {.kind = Input::Kind::kBegin}},
      {.at = 1h + 1500us, .input = {.kind = Input::Kind::kReady, .node = 0, .incarnation = 1}},
      {.at = 1h + 2s,
       .input = {.kind = Input::Kind::kFailed, .node = 0, .incarnation = 1},
       .detail = FailureDetail{.code = absl::StatusCode::kDataLoss,
                               .message = "bad\x1b[m",
                               .worker = "flusher",
                               .file = "db.cc",
                               .line = 81}},
      {.at = 1h + 3s,
       .input = {.kind = Input::Kind::kVerdict,
                 .verdict = ErrorHandlingBehavior::kStop,
                 .node = 0,
                 .incarnation = 1}}};
  Engine engine(
      std::make_shared<const DependencyGraph>(*DependencyGraph::Create(header.declarations)),
      header.policies, header.options);
  JournalWriter writer;
  std::string text = writer.Header(header);
  for (JournalEntry& entry : entries) {
    engine.Handle(entry.input, entry.at, entry.actions);
    text += writer.Line(entry);
  }
  return text;
}

struct Result {
  absl::Status status;
  std::string out;
  std::string told;
};

Result Run(const std::string& text, const ReplayRequest& request = {}) {
  std::istringstream in(text);
  Result result;
  result.status = ReplayJournal(
      in, request,
      {.write =
           [&](std::string_view out) {
             result.out += out;
             return absl::OkStatus();
           },
       .remark =
           [&](const ReplayRemark& remark) {
             result.told += (remark.is_error ? "" : "note: ") + std::to_string(remark.place.line) +
                            ":" + std::to_string(remark.place.column) + ": " + remark.text + "\n";
           },
       .begin = {},
       .entry = {}});
  return result;
}

constexpr char kShown[] = R"(2 nodes, begun 2023-11-14T22:13:20+00:00
    0.000000  begin
              db#1: waiting -> starting
              launch db#1
    0.001500  db#1 ready
              db#1: starting -> ready
              api\n#2: waiting -> starting
              launch api\n#2
    2.000000  db#1 failed (Thrown): DATA_LOSS: bad\x1b[m (worker flusher) [db.cc:81]
              db#1: ready -> deciding <- failure of db#1
              request stop db#1 <- failure of db#1
              ask handler db#1 (Thrown) <- failure of db#1
    3.000000  db#1 verdict: stop
              db#1: verdict: stop <- failure of db#1, verdict stop
              db#1: deciding -> stopping <- failure of db#1, verdict stop
              api\n#2: starting -> stopping <- failure of db#1, verdict stop
              request stop api\n#2 <- failure of db#1, verdict stop
)";

TEST_CASE("a journal is shown as what happened and what was decided", "[stemma][S17]") {
  const Result result = Run(Journal());
  CHECK(result.status.ok());
  CHECK(result.out == kShown);
  CHECK(result.told.empty());
}

TEST_CASE("up to a time, with the states of then", "[stemma][S17]") {
  const Result result = Run(Journal(), {.until = 1999ms});
  CHECK(result.status.ok());
  const std::string shown = kShown;
  CHECK(result.out == shown.substr(0, shown.find("    2.000000")) + R"(then
              db#1 is ready since 0.001500
              api\n#2 is starting since 0.001500
)");
}

TEST_CASE("every decision is verified", "[stemma][S17]") {
  const Result result = Run(Journal(), {.verify = true});
  CHECK(result.status.ok());
  CHECK(result.out == "ok: 4 lines, every decision is the same\n");
  CHECK(result.told.empty());
}

TEST_CASE("a line that was changed is found", "[stemma][S17]") {
  std::string text = Journal();
  const std::string launch = R"({"do":"launch","node":"api\n","incarnation":2})";
  const std::size_t at = text.find(launch);
  REQUIRE(at != std::string::npos);
  std::string changed = text;
  changed.replace(at, launch.size(), R"({"do":"launch","node":"api\n","incarnation":3})");
  Result result = Run(changed, {.verify = true});
  CHECK(result.status.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(result.out.empty());
  CHECK(result.told ==
        "3:1: the journal has 'launch api\\n#3' as decision 3 of this line, the replay "
        "'launch api\\n#2'\n");
  changed = text;
  changed.erase(at - 1, launch.size() + 1);
  result = Run(changed, {.verify = true});
  CHECK(result.told ==
        "3:1: the journal has no more as decision 3 of this line, the replay "
        "'launch api\\n#2'\n");
  // An input that is gone is found by what is not decided later.
  changed = text;
  const std::size_t line = text.find("{\"at\":3600001500000");
  changed.erase(line, text.find('\n', line) + 1 - line);
  CHECK(Run(changed, {.verify = true}).told.starts_with("3:1: the journal has "));
}

TEST_CASE("past a gap nothing can be verified, and the rest is shown", "[stemma][S17]") {
  std::string text = Journal();
  const std::size_t third = text.find("{\"at\":3602");
  text.replace(third, text.find('\n', third) + 1 - third, JournalWriter::Gap(7));
  const Result verified = Run(text, {.verify = true});
  CHECK(verified.status.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(verified.told ==
        "4:1: 7 lines missing here: the 2 lines before are verified, what follows cannot be\n");
  const Result shown = Run(text);
  CHECK(shown.status.ok());
  CHECK(shown.out.find("launch api\\n#2\n              ... 7 lines are missing ...\n"
                       "    3.000000  db#1 verdict: stop\n") != std::string::npos);
}

TEST_CASE("a torn last line is reported, and what stands before it is good", "[stemma][S17]") {
  std::string text = Journal();
  text.resize(text.size() - 10);
  for (const bool verify : {false, true}) {
    const Result result = Run(text, {.verify = verify});
    CHECK(result.status.ok());
    CHECK(result.told ==
          "note: 5:1: the last line is torn: the process ended, or still runs; "
          "what stands before is good\n");
    if (verify) CHECK(result.out == "ok: 3 lines, every decision is the same\n");
  }
}

TEST_CASE("what is malformed is told after what was good", "[stemma][S17]") {
  const Result result = Run(Journal() + "{\"at\":1}\n");
  CHECK(result.status.code() == absl::StatusCode::kDataLoss);
  CHECK(result.told == "6:1: there is no 'input'\n");
  CHECK(result.out == kShown);
}

}  // namespace
}  // namespace stemma::tools
