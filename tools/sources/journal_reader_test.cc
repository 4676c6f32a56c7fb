// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/journal_reader.h"

#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <thread>

#include "stemma/graph/internal/seed.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

struct Reading {
  JournalHeader header;
  std::vector<JournalEntry> entries;
  std::vector<JournalEntry> added;
  std::uint64_t lost = 0;
  bool torn = false;
  std::string error;  // empty: none
};

Reading Read(const std::string& text) {
  std::istringstream in(text);
  JournalReader reader(in);
  Reading reading;
  absl::StatusOr<JournalHeader> header = reader.ReadHeader();
  if (!header.ok()) {
    reading.error = std::string(header.status().message());
    return reading;
  }
  reading.header = *std::move(header);
  while (true) {
    absl::StatusOr<std::optional<JournalLine>> line = reader.Next();
    if (!line.ok()) {
      reading.error = std::string(line.status().message());
      return reading;
    }
    if (!line->has_value()) return reading;
    const JournalLine& what = **line;
    if (what.kind == JournalLine::Kind::kEntry) reading.entries.push_back(what.entry);
    if (what.kind == JournalLine::Kind::kAdded) reading.added.push_back(what.entry);
    if (what.kind == JournalLine::Kind::kTorn) reading.torn = true;
    reading.lost += what.lost;
  }
}

std::string Write(const JournalHeader& header, const std::vector<JournalEntry>& entries) {
  JournalWriter writer;
  std::string text = writer.Header(header);
  for (const JournalEntry& entry : entries) text += writer.Line(entry);
  return text;
}

JournalHeader TwoNodes() {
  return {.declarations = {{.name = "db"}, {.name = "api", .dependencies = {"db"}}},
          .policies = {{}, {}}};
}

// Expects that nothing is lost on the way through text.
void CheckRoundTrip(const JournalHeader& header, const std::vector<JournalEntry>& entries) {
  const std::string text = Write(header, entries);
  INFO(text);
  const Reading reading = Read(text);
  REQUIRE(reading.error == "");
  REQUIRE(reading.entries.size() == entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    CHECK(reading.entries[i].at == entries[i].at);
    CHECK(reading.entries[i].input.kind == entries[i].input.kind);
    CHECK(reading.entries[i].input.failure == entries[i].input.failure);
    CHECK(reading.entries[i].input.verdict == entries[i].input.verdict);
    CHECK(reading.entries[i].input.node == entries[i].input.node);
    CHECK(reading.entries[i].input.at == entries[i].input.at);
    CHECK(reading.entries[i].input.incarnation == entries[i].input.incarnation);
    CHECK(reading.entries[i].detail == entries[i].detail);
    CHECK(reading.entries[i].actions == entries[i].actions);
    CHECK((reading.entries[i].input.addition != nullptr) == (entries[i].input.addition != nullptr));
  }
  CHECK(Write(reading.header, reading.entries) == text);
}

TEST_CASE("every kind of input, decision, event and cause comes back as it was", "[stemma][S17]") {
  const Cause no_cause;
  std::vector<Cause> causes = {no_cause};
  ForEachWord<Cause::Kind>([&](Cause::Kind kind, std::string_view) {
    const bool has_node = (FormOf(kind).fields & kNodeField) != 0;
    causes.push_back({.kind = kind,
                      .verdict = has_node ? ErrorHandlingBehavior::kStopParents
                                          : ErrorHandlingBehavior::kRestart,
                      .node = has_node ? 1 : kNoNode,
                      .incarnation = has_node ? 7u : 0u});
  });
  std::vector<Action> actions;
  ForEachWord<Action::Kind>([&](Action::Kind kind, std::string_view) {
    if (kind == Action::Kind::kAdded || kind == Action::Kind::kRemoved) return;  // below
    const bool has_node = (FormOf(kind).fields & kNodeField) != 0;
    for (const Cause& cause : causes) {
      actions.push_back({.kind = kind,
                         .failure = (FormOf(kind).fields & kFailureField) != 0
                                        ? FailureKind::kStartTimeout
                                        : FailureKind::kThrown,
                         .node = has_node ? 0 : kNoNode,
                         .incarnation = has_node ? 3u : 0u,
                         .cause = cause});
    }
  });
  ForEachWord<EngineEvent::Kind>([&](EngineEvent::Kind kind, std::string_view) {
    const unsigned has = FormOf(kind).fields;
    for (const Cause& cause : causes) {
      Action& action = actions.emplace_back(Action{.kind = Action::Kind::kPublish});
      if ((has & kNodeField) != 0) action.node = 1;
      if ((has & kNodeField) != 0) action.incarnation = 12;
      action.event = {
          .kind = kind, .node = action.node, .incarnation = action.incarnation, .cause = cause};
      if ((has & kStatesField) != 0) action.event.from = NodeState::kBackingOff;
      if ((has & kStatesField) != 0) action.event.to = NodeState::kAbandoned;
      if ((has & kVerdictField) != 0) action.event.verdict = ErrorHandlingBehavior::kSpinHalt;
    }
  });
  std::vector<JournalEntry> entries;
  ForEachWord<Input::Kind>([&](Input::Kind kind, std::string_view) {
    const unsigned has = FormOf(kind).fields;
    if (kind == Input::Kind::kAddNode) return;  // below
    JournalEntry& entry = entries.emplace_back();
    entry.at = std::chrono::nanoseconds(entries.size());
    entry.input.kind = kind;
    if ((has & kNodeField) != 0) entry.input.node = 1;
    if ((has & kNodeField) != 0) entry.input.incarnation = 5;
    if ((has & kVerdictField) != 0) entry.input.verdict = ErrorHandlingBehavior::kShutdown;
    if ((has & kFailureField) != 0) entry.input.failure = FailureKind::kNestedSpinHalt;
    if ((has & kHeardField) != 0) entry.input.at = 3ns;
    if ((has & kFailureField) != 0) entry.detail = FailureDetail{.message = "it broke"};
  });
  entries.back().actions = actions;
  CheckRoundTrip(TwoNodes(), entries);
}

TEST_CASE("every failure kind, state, verdict and status comes back as it was", "[stemma][S17]") {
  std::vector<JournalEntry> entries;
  ForEachWord<FailureKind>([&](FailureKind kind, std::string_view) {
    entries.push_back(
        {.input = {.kind = Input::Kind::kFailed, .failure = kind, .node = 0, .incarnation = 1}});
  });
  ForEachWord<NodeState>([&](NodeState state, std::string_view) {
    Action action{.kind = Action::Kind::kPublish, .node = 0, .incarnation = 1};
    action.event = {.from = state, .to = state, .node = 0, .incarnation = 1};
    entries.push_back({.input = {.kind = Input::Kind::kTick}, .actions = {action}});
  });
  for (const int verdict : {0, 1, 2, 3, 4, 17, -1}) {
    entries.push_back({.input = {.kind = Input::Kind::kVerdict,
                                 .verdict = static_cast<ErrorHandlingBehavior>(verdict),
                                 .node = 0,
                                 .incarnation = 1}});
  }
  for (int code = 1; code <= 16; ++code) {
    entries.push_back({.input = {.kind = Input::Kind::kHandlerThrew, .node = 0, .incarnation = 1},
                       .detail = FailureDetail{.code = static_cast<absl::StatusCode>(code),
                                               .message = "",
                                               .worker = "w",
                                               .file = "a.cc",
                                               .line = 7}});
  }
  CheckRoundTrip(TwoNodes(), entries);
}

TEST_CASE("every answer to a command comes back as it was", "[stemma][S17][S24]") {
  std::vector<JournalEntry> entries;
  ForEachWord<Refusal>([&](Refusal refusal, std::string_view) {
    entries.push_back({.input = {.kind = Input::Kind::kStopNode, .node = 1},
                       .actions = {{.kind = Action::Kind::kAnswer, .refusal = refusal, .node = 1},
                                   {.kind = Action::Kind::kAnswer, .refusal = refusal}}});
  });
  CHECK(entries.size() == 8);
  CheckRoundTrip(TwoNodes(), entries);
}

TEST_CASE("nodes that come and go keep their names", "[stemma][S17][S24]") {
  const JournalHeader header = TwoNodes();
  std::vector<JournalEntry> entries;
  Engine engine(
      std::make_shared<const DependencyGraph>(*DependencyGraph::Create(header.declarations)),
      header.policies, header.options);
  const auto tell = [&](const Input& input) {
    JournalEntry& entry = entries.emplace_back(JournalEntry{.at = 1s, .input = input});
    engine.Handle(input, entry.at, entry.actions);
  };
  const auto add = [&](DependencyGraph::Declaration declaration) {
    Addition addition{.declaration = std::move(declaration), .policy = {}};
    addition.policy.start_timeout = 3s;
    tell({.kind = Input::Kind::kAddNode,
          .addition = std::make_shared<const Addition>(std::move(addition))});
  };
  tell({.kind = Input::Kind::kBegin});
  add({.name = "log", .dependencies = {"db"}});
  add({.name = "no", .dependencies = {"such node"}});
  tell({.kind = Input::Kind::kReady, .node = 0, .incarnation = 1});
  tell({.kind = Input::Kind::kRemoveNode, .node = 1});  // api, which has been launched
  tell({.kind = Input::Kind::kDone, .node = 1, .incarnation = 2});
  tell({.kind = Input::Kind::kVerdict, .node = 1, .incarnation = 2});
  tell({.kind = Input::Kind::kGone, .node = 1, .incarnation = 2});
  REQUIRE(engine.graph().size() == 2);
  CHECK(engine.graph().name(1) == "log");
  tell({.kind = Input::Kind::kReady, .node = 1, .incarnation = 3});
  tell({.kind = Input::Kind::kDone, .node = kNoNode, .incarnation = 2});  // of what is gone
  add({.name = "api"});                                                   // another one
  tell({.kind = Input::Kind::kStopNode, .node = 2});
  tell({.kind = Input::Kind::kRestartNode, .node = 1});
  tell({.kind = Input::Kind::kStopRequested});
  CHECK(engine.state(1) == NodeState::kStopping);
  CheckRoundTrip(header, entries);
  const auto difference = Replay(header, Read(Write(header, entries)).entries);
  REQUIRE(difference.ok());
  CHECK_FALSE(difference->has_value());
}

TEST_CASE("the header comes back as it was", "[stemma][S17]") {
  JournalHeader header = TwoNodes();
  header.declarations.push_back(
      {.name = "log", .dependencies = {}, .soft_dependencies = {"api", "db"}});
  NodePolicy& policy = header.policies.emplace_back();
  policy.restart = {.initial = 1ns,
                    .max = kNoTimeout,
                    .multiplier = 1.1,
                    .jitter = 0.30000000000000004,
                    .reset_after = kNoTimeout,
                    .max_restarts = kUnlimitedRestarts,
                    .window = kNoTimeout,
                    .on_limit = ErrorHandlingBehavior::kSpinHalt};
  policy.start_timeout = policy.stop_timeout = kNoTimeout;
  policy.watchdog = 7s;
  policy.on_completion = OnCompletion::kShutdown;
  policy.on_dependency_restart = OnDependencyRestart::kRestart;
  header.options = {.on_stuck = OnStuck::kAbort,
                    .shutdown_deadline = 1h,
                    .shutdown_delay = 3s,
                    .spin_halt_reminder = 0s,
                    .latch = true,
                    .nested = true,
                    .jitter_seed = ~std::uint64_t{0}};
  header.at = 5ns;
  header.wall = std::chrono::system_clock::time_point(1'700'000'000'123'456'789ns);
  const Reading reading = Read(Write(header, {}));
  REQUIRE(reading.error == "");
  CHECK(Write(reading.header, {}) == Write(header, {}));
  CHECK(reading.header.options.jitter_seed == ~std::uint64_t{0});
  CHECK(reading.header.wall == header.wall);
  CHECK(reading.header.options.latch);
  CHECK(reading.header.options.nested);
  CHECK(reading.header.policies[2].watchdog == 7s);
  CHECK(reading.header.policies[2].restart.jitter == 0.30000000000000004);
  CHECK(reading.header.policies[2].restart.max_restarts == kUnlimitedRestarts);
}

TEST_CASE("hostile names and messages come back as they were", "[stemma][S17]") {
  JournalHeader header;
  const std::string names[] = {"a\"b",  "line 1\nline 2", "\xFF", "\xFE",
                               "\\xff", "größe 🌳",        "\\",   std::string("\0nul", 4)};
  for (const std::string& name : names) {
    header.declarations.push_back({.name = name});
    header.policies.emplace_back();
  }
  header.declarations[0].dependencies = {"\xFF", "\\xff"};
  std::vector<JournalEntry> entries;
  for (NodeId id = 0; id < header.declarations.size(); ++id) {
    entries.push_back({.input = {.kind = Input::Kind::kFailed, .node = id, .incarnation = 1},
                       .detail = FailureDetail{.message = names[id], .worker = names[id]}});
  }
  CheckRoundTrip(header, entries);
  CHECK(Read(Write(header, {})).header.declarations[2].name == "\xFF");
}

TEST_CASE("a torn last line is told apart, wherever it is torn", "[stemma][S17]") {
  const std::vector<JournalEntry> entries(3, {.input = {.kind = Input::Kind::kTick}});
  const std::string whole = Write(TwoNodes(), entries);
  const std::string two = Write(TwoNodes(), {entries[0], entries[1]});
  for (std::size_t size = two.size(); size <= whole.size(); ++size) {
    INFO(whole.substr(two.size(), size - two.size()));
    const Reading reading = Read(whole.substr(0, size));
    CHECK(reading.error == "");
    const bool complete = size + 1 >= whole.size();  // only the newline is missing, or nothing
    CHECK(reading.entries.size() == (complete ? 3 : 2));
    CHECK(reading.torn == (!complete && size > two.size()));
  }
}

TEST_CASE("a gap tells how many lines are missing", "[stemma][S17]") {
  const Reading reading = Read(Write(TwoNodes(), {}) + JournalWriter::Gap(12));
  CHECK(reading.error == "");
  CHECK(reading.lost == 12);
}

TEST_CASE("past a gap, nodes that nobody has heard of were added in it", "[stemma][S17][S24]") {
  const std::string line = R"({"at":1,"input":"ready","node":"x","incarnation":7,"actions":[)"
                           R"({"event":"all ready"},{"do":"launch","node":"y","incarnation":8}]})"
                           "\n";
  const std::string header = Write(TwoNodes(), {});
  CHECK_THAT(Read(header + line).error, EndsWith("must be the name of a node, is 'x'"));
  const Reading reading = Read(header + JournalWriter::Gap(12) + line + line);
  CHECK(reading.error == "");
  REQUIRE(reading.added.size() == 2);
  CHECK(reading.added[0].input.addition->declaration.name == "x");
  CHECK(reading.added[1].input.addition->declaration.name == "y");
  REQUIRE(reading.entries.size() == 2);
  CHECK(reading.entries[1].input.node == 2);
  CHECK(reading.entries[1].actions[1].node == 3);
}

TEST_CASE("what is no journal is told so", "[stemma][S17]") {
  CHECK(Read("").error == "1:1: this journal is empty: nothing was written to it");
  CHECK_THAT(Read("hello\n").error, StartsWith("1:1: this is not a journal: syntax error"));
  CHECK(Read("[]\n").error == "1:1: this is not a journal: expected an object, found an array");
  CHECK(Read("{\"stemma_manifest\":1}\n").error ==
        "1:1: this is not a journal: there is no 'stemma_journal' in its object");
  CHECK(Read("{\"stemma_journal\":2}\n").error ==
        "1:19: this journal is of version 2; this stemma reads version 1");
  CHECK(Read("{\"stemma_journal\":1,\"at\"").error ==
        "1:1: the first line of this journal is torn: it has nothing to replay");
}

TEST_CASE("anything else that is malformed is told with its place, field and what was expected",
          "[stemma][S17]") {
  const std::string header = Write(TwoNodes(), {});
  const auto error_of = [&](const std::string& line) { return Read(header + line + "\n").error; };
  CHECK_THAT(error_of("{\"at\":1,"), StartsWith("2:"));  // with a newline: not torn
  CHECK(error_of("") != "");
  CHECK(error_of("7") == "2:1: a line must be an object, is a number");
  CHECK(error_of(R"({"at":1,"input":"tick"})") == "2:1: there is no 'actions'");
  CHECK(error_of(R"({"input":"tick","actions":[]})") == "2:1: there is no 'at'");
  CHECK(error_of(R"({"at":-1,"input":"tick","actions":[]})") == "2:7: at is out of range: -1");
  CHECK(error_of(R"({"at":"1","input":"tick","actions":[]})") ==
        "2:7: at must be a whole number of at least 0, is '1'");
  CHECK(error_of(R"({"at":1,"input":"tick","at":1,"actions":[]})") ==
        "2:24: the key 'at' stands there twice");
  CHECK(error_of(R"({"at":1,"input":"tick","actons":[],"actions":[]})") ==
        "2:24: the key 'actons' has no meaning here; did you mean 'actions'?");
  CHECK(error_of(R"({"at":1,"input":"tock","actions":[]})") ==
        "2:17: input must be one of begin, ready, failed, done, gone, verdict, handler threw, "
        "heartbeat, left behind, stop requested, interrupt, terminate, end spin halt, latch "
        "written, latch failed, tick, stop node, start node, restart node, add node, remove node, "
        "is 'tock'");
  CHECK(error_of(R"({"at":1,"input":"ready","node":"bd","incarnation":1,"actions":[]})") ==
        "2:32: node must be the name of a node, is 'bd'");
  CHECK(error_of(R"({"at":1,"input":"ready","node":"\\x","incarnation":1,"actions":[]})") ==
        "2:32: node must be a string with each backslash doubled, or begun as \\xff, is '\\x'");
  CHECK(error_of(R"({"at":1,"input":"tick","actions":[{"do":"launch"}]})") ==
        "2:35: actions[0]: there is no 'node'");
  CHECK(error_of(R"({"at":1,"input":"add node","actions":[]})") == "2:1: there is no 'addition'");
  CHECK(error_of(R"({"at":1,"input":"tick","actions":[{"do":"answer","node":"db"}]})") ==
        "2:35: actions[0]: there is no 'answer'");
  CHECK(error_of(R"({"at":1,"input":"tick","actions":[{"do":"lunch"}]})")
            .starts_with("2:41: actions[0]: do must be one of launch, request stop, "));
  CHECK(error_of(R"({"at":1,"input":"tick","actions":[{"do":"finish"},{}]})") ==
        "2:51: actions[1]: there is no 'do'");
  CHECK(error_of(R"({"at":1,"input":"tick","actions":[{"do":"finish","cause":{"kind":1}}]})")
            .starts_with("2:66: actions[0]: cause: kind must be one of failure, "));
  CHECK(error_of(R"({"gap":0})") == "2:8: gap is out of range: 0");
  const std::string late = R"({"at":5,"input":"tick","actions":[]})";
  CHECK(error_of(late + "\n" + R"({"at":4,"input":"tick","actions":[]})") ==
        "3:7: at is earlier than on the line before");
}

TEST_CASE("a header that no supervisor would have run is refused", "[stemma][S1][S17]") {
  const auto error_of = [&](const std::string& from, const std::string& to) {
    std::string header = Write(TwoNodes(), {});
    header.replace(header.find(from), from.size(), to);
    return Read(header).error;
  };
  CHECK(error_of("[\"db\"]", "[\"bd\"]")
            .ends_with(": 'api' has the unknown dependency 'bd'; did you mean 'db'?"));
  CHECK(error_of("\"multiplier\":2", "\"multiplier\":0.5").find("multiplier") != std::string::npos);
  CHECK(error_of("\"start_timeout\":30000000000", "\"start_timeout\":-1")
            .ends_with(": nodes[0]: start_timeout is out of range: -1"));
  CHECK(error_of("\"jitter_seed\":\"0\"", "\"jitter_seed\":0")
            .ends_with(": options: jitter_seed must be a whole number below 2^64, in a string, "
                       "is a number"));
}

TEST_CASE("whatever bytes of a journal are changed, reading it ends, and so does its replay",
          "[stemma][S17]") {
  std::vector<JournalEntry> entries = {{.at = 1s, .input = {.kind = Input::Kind::kBegin}}};
  entries.push_back(
      {.at = 2s, .input = {.kind = Input::Kind::kReady, .node = 0, .incarnation = 1}});
  entries.push_back(
      {.at = 3s, .input = {.kind = Input::Kind::kFailed, .node = 0, .incarnation = 1}});
  entries.push_back({.at = 4s, .input = {.kind = Input::Kind::kStopRequested}});
  const std::string text = Write(TwoNodes(), entries);
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  int replayed = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string changed = text;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const char* const kPieces[] = {"0", "9", "-", "\"", "{", "\n", "none", "\\", "1e9", "\xFF"};
      const std::size_t at = random() % changed.size();
      if (random() % 2 == 0) changed.erase(at, 1);
      if (random() % 2 == 0) changed.insert(at, kPieces[random() % std::size(kPieces)]);
    }
    const Reading reading = Read(changed);
    if (reading.error.empty()) replayed += Replay(reading.header, reading.entries).ok();
  }
  CHECK(replayed > 0);
}

TEST_CASE("the journal file of a supervisor's run is read, and replays to the same decisions",
          "[stemma][S17]") {
  std::string pattern = fs::temp_directory_path() / "journal_test_XXXXXX";
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  const std::string path = pattern + "/journal";
  int launches = 0;
  std::vector<Node> nodes(2);
  nodes[0] = {.name = "flaky \xFF",
              .factory =
                  [&] {
                    const bool fails = ++launches <= 2;
                    return ComponentManagerBuilder()
                        .AddWorker([fails](const SignalerContext& context, const ReadyFunc& ready) {
                          ready();
                          if (fails) context.Throw(absl::DataLossError("\"torn\"\n"));
                          context.WaitForStop();
                        })
                        .Build();
                  },
              .restart = {.initial = 1ms}};
  nodes[1] = {.name = "api",
              .dependencies = {"flaky \xFF"},
              .factory = [] { return ComponentManagerBuilder().AddWorker(NoopWorker).Build(); },
              .on_dependency_restart = OnDependencyRestart::kRestart};
  auto supervisor = Supervisor::Create(std::move(nodes), {.journal = path});
  REQUIRE(supervisor.ok());
  std::jthread runner([&] { (*supervisor)->Run(); });
  REQUIRE((*supervisor)->AwaitReady({}).ok());
  (*supervisor)->RequestStop();
  runner.join();
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  fs::remove_all(pattern);
  INFO(text);
  const Reading reading = Read(text);
  REQUIRE(reading.error == "");
  CHECK_FALSE(reading.torn);
  CHECK(reading.lost == 0);
  CHECK(reading.entries.size() > 5);
  const auto difference = Replay(reading.header, reading.entries);
  REQUIRE(difference.ok());
  CHECK_FALSE(difference->has_value());
}

}  // namespace
}  // namespace stemma::tools
