// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/journal.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using internal::Diary;
using internal::Part;
using internal::Service;
using Verdict = ErrorHandlingBehavior;

// To be read once Run has returned.
struct Recording final : JournalSink {
  void Begin(const JournalHeader& the_header) override { header = the_header; }
  void Record(const JournalEntry& entry) override { entries.push_back(entry); }

  JournalHeader header;
  std::vector<JournalEntry> entries;
};

bool ReplaysEqual(const Recording& recording) {
  const auto difference = Replay(recording.header, recording.entries);
  REQUIRE(difference.ok());
  if (difference->has_value()) UNSCOPED_INFO("the first difference is at " << (*difference)->entry);
  return !difference->has_value();
}

// What a restart, a stuck node, a cascade and a stop have left in the journal.
std::shared_ptr<Recording> EventfulRun() {
  const auto recording = std::make_shared<Recording>();
  Diary diary;
  Part db("db", diary), api("api", diary), web("web", diary);
  std::vector<Node> nodes(3);
  nodes[0] = {.name = "db", .factory = db.Factory()};
  nodes[1] = {.name = "api",
              .dependencies = {"db"},
              .factory = api.Factory(),
              .on_error = Always(Verdict::kStop),
              .on_dependency_restart = OnDependencyRestart::kRestart};
  nodes[2] = {.name = "web", .dependencies = {"api"}, .factory = web.Factory()};
  Service service(std::move(nodes), {.journal_sink = recording});
  service.Start();
  service.diary.Await("web -> ready");
  db.Fail(absl::DataLossError("checksum mismatch"));
  service.diary.Await("db -> backing off");
  service.clock->Advance(1s);
  service.diary.Await("db -> ready", 2);
  service.diary.Await("api -> ready", 2);
  api.Fail();
  service.diary.Await("web -> stopped");
  service.diary.Await("api -> failed");
  CHECK(service.Stop().outcome == Outcome::kStopRequested);
  return recording;
}

TEST_CASE("the journal of a supervisor's run replays to the same decisions", "[supervisor][S17]") {
  const auto recording = EventfulRun();
  CHECK(recording->entries.size() > 15);
  CHECK(ReplaysEqual(*recording));
  // Nothing that the run did is missing in it.
  CHECK(recording->entries.back().actions.back().kind == Action::Kind::kFinish);
}

TEST_CASE("commands are in the journal, those before Run too, and replay to the same decisions",
          "[supervisor][S17][S24]") {
  const auto recording = std::make_shared<Recording>();
  Diary diary;
  Part db("db", diary), api("api", diary), web("web", diary);
  std::vector<Node> nodes(1);
  nodes[0] = {.name = "db", .factory = db.Factory()};
  Service service(std::move(nodes), {.journal_sink = recording});
  CHECK(
      service.supervisor->AddNode({.name = "api", .dependencies = {"db"}, .factory = api.Factory()})
          .ok());
  CHECK(service.supervisor->StopNode("api").ok());
  service.Start();
  service.diary.Await("db -> ready");
  CHECK(service.supervisor->AddNode({.name = "web", .factory = web.Factory()}).ok());
  CHECK(service.supervisor->StartNode("api").ok());
  service.diary.Await("api -> ready");
  CHECK(service.supervisor->RestartNode("db").ok());
  service.diary.Await("db -> ready", 2);
  CHECK_FALSE(service.supervisor->RemoveNode("db").ok());
  CHECK(service.supervisor->RemoveNode("api").ok());
  service.diary.Await("api -> stopped", 2);
  service.Stop();
  CHECK(recording->header.declarations.size() == 1);
  CHECK(recording->entries[0].input.kind == Input::Kind::kAddNode);
  CHECK(recording->entries[1].input.kind == Input::Kind::kStopNode);
  CHECK(ReplaysEqual(*recording));
}

TEST_CASE("the header has what the engine was made of", "[supervisor][S17]") {
  const auto recording = std::make_shared<Recording>();
  Diary diary;
  Part a("a", diary), b("b", diary), c("c", diary);
  std::vector<Node> nodes(3);
  nodes[0] = {.name = "c",
              .dependencies = {"a"},
              .soft_dependencies = {"b"},
              .factory = c.Factory(),
              .start_timeout = 7s,
              .on_completion = OnCompletion::kShutdown};
  nodes[1] = {.name = "a", .factory = a.Factory(), .restart = RestartPolicy::Unlimited()};
  nodes[2] = {.name = "b", .factory = b.Factory()};
  Service service(
      std::move(nodes),
      {.on_stuck = OnStuck::kWait, .shutdown_deadline = 5min, .journal_sink = recording});
  service.Start();
  service.diary.Await("all ready");
  service.Stop();
  const JournalHeader& header = recording->header;
  REQUIRE(header.declarations.size() == 3);
  CHECK(header.declarations[0].name == "c");
  CHECK(header.declarations[0].dependencies == std::vector<std::string>{"a"});
  CHECK(header.declarations[0].soft_dependencies == std::vector<std::string>{"b"});
  REQUIRE(header.policies.size() == 3);
  CHECK(header.policies[0].start_timeout == 7s);
  CHECK(header.policies[0].on_completion == OnCompletion::kShutdown);
  CHECK(header.policies[1].restart.max_restarts == kUnlimitedRestarts);
  CHECK(header.options.on_stuck == OnStuck::kWait);
  CHECK(header.options.shutdown_deadline == 5min);
  CHECK(header.options.jitter_seed != 0);  // by chance: once in 2^64 runs
  CHECK(header.wall.has_value());
}

TEST_CASE("the jitter's seed belongs to the journal: with another one backoffs are others",
          "[supervisor][S8][S17]") {
  const auto recording = EventfulRun();
  JournalHeader other = recording->header;
  other.options.jitter_seed ^= 1;
  auto replayer = Replayer::Create(recording->header), impostor = Replayer::Create(other);
  REQUIRE((replayer.ok() && impostor.ok()));
  bool differs = false;
  for (const JournalEntry& entry : recording->entries) {
    CHECK_FALSE(replayer->Next(entry).has_value());
    impostor->Next(entry);
    differs |= replayer->engine().next_deadline() != impostor->engine().next_deadline();
  }
  CHECK(differs);
}

TEST_CASE("an entry says what people want to know of a failure", "[supervisor][S17]") {
  const auto recording = EventfulRun();
  const auto failed = std::find_if(
      recording->entries.begin(), recording->entries.end(),
      [](const JournalEntry& entry) { return entry.input.kind == Input::Kind::kFailed; });
  REQUIRE(failed != recording->entries.end());
  REQUIRE(failed->detail.has_value());
  CHECK(failed->detail->code == absl::StatusCode::kDataLoss);
  CHECK(failed->detail->message == "checksum mismatch");
  CHECK(failed->detail->worker == "main");
  CHECK(failed->detail->file.find("test_service.h") != std::string::npos);
  CHECK(failed->detail->line > 0);
}

TEST_CASE("whatever in a journal is changed, its replay tells where", "[supervisor][S17]") {
  const auto recording = EventfulRun();
  const auto difference_of = [&](const std::vector<JournalEntry>& entries) {
    const auto difference = Replay(recording->header, entries);
    REQUIRE(difference.ok());
    REQUIRE(difference->has_value());
    return **difference;
  };
  for (std::size_t i = 0; i < recording->entries.size(); ++i) {
    const std::vector<Action>& actions = recording->entries[i].actions;
    if (actions.empty()) continue;
    std::vector<JournalEntry> entries = recording->entries;
    const std::size_t last = actions.size() - 1;

    ++entries[i].actions[last].incarnation;
    const ReplayDifference changed = difference_of(entries);
    CHECK(changed.entry == i);
    CHECK(changed.difference.action == last);
    CHECK(changed.difference.recorded == entries[i].actions[last]);
    CHECK(changed.difference.decided == actions[last]);

    entries[i].actions.pop_back();
    const ReplayDifference missing = difference_of(entries);
    CHECK(missing.entry == i);
    CHECK(missing.difference.action == last);
    CHECK_FALSE(missing.difference.recorded.has_value());

    entries[i].actions = actions;
    entries[i].actions.push_back({.kind = Action::Kind::kAbort});
    const ReplayDifference more = difference_of(entries);
    CHECK(more.entry == i);
    CHECK(more.difference.action == last + 1);
    CHECK_FALSE(more.difference.decided.has_value());
  }
}

TEST_CASE("a header that no engine could have been made of is refused", "[supervisor][S17]") {
  JournalHeader header{.declarations = {{.name = "a", .dependencies = {"b"}}}, .policies = {{}}};
  CHECK(Replay(header, {}).status().code() == absl::StatusCode::kInvalidArgument);
  header = {.declarations = {{.name = "a"}, {.name = "b"}}, .policies = {{}}};
  CHECK(Replay(header, {}).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("random runs on real threads by the real clock replay to the same decisions",
          "[supervisor][S17]") {
  const unsigned seed = internal::Seed();
  for (unsigned run = 0; run < 10; ++run) {
    INFO("to run it again: --test_env=STEMMA_SEED=" << seed + run);
    std::mt19937 random(seed + run);
    const auto roll = [&](int sides) {
      return std::uniform_int_distribution<int>(0, sides - 1)(random);
    };
    Diary diary;
    std::vector<std::unique_ptr<Part>> parts;
    std::vector<Node> nodes;
    const int size = 1 + roll(20);
    for (int i = 0; i < size; ++i) {
      parts.push_back(std::make_unique<Part>("n" + std::to_string(i), diary));
      Node& node = nodes.emplace_back();
      node.name = parts.back()->name;
      node.factory = parts.back()->Factory();
      for (int j = 0; j < i; ++j) {
        if (roll(4) == 0) node.dependencies.push_back(parts[static_cast<std::size_t>(j)]->name);
      }
      node.on_error = Always(roll(4) == 0 ? Verdict::kStop : Verdict::kRestart);
      node.restart.initial = roll(2) * 1ms;
      if (roll(2) == 0) node.on_dependency_restart = OnDependencyRestart::kRestart;
    }
    const auto recording = std::make_shared<Recording>();
    auto supervisor = Supervisor::Create(std::move(nodes), {.journal_sink = recording});
    REQUIRE(supervisor.ok());
    std::jthread runner([&] { (*supervisor)->Run(); });
    REQUIRE((*supervisor)->AwaitReady({}).ok());
    std::vector<std::jthread> saboteurs;
    for (int i = 0; i < 2; ++i) {
      saboteurs.emplace_back([&parts, which = random()]() mutable {
        for (int hit = 0; hit < 5; ++hit) parts[(which += 7) % parts.size()]->Fail();
      });
    }
    saboteurs.clear();
    (*supervisor)->RequestStop();
    runner.join();
    REQUIRE(ReplaysEqual(*recording));
    CHECK(recording->entries.back().actions.back().kind == Action::Kind::kFinish);
  }
}

}  // namespace
}  // namespace stemma
