// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/journal.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/journal_writer.h"

namespace stemma::tools {
namespace {

using std::chrono::milliseconds;
using Kind = Input::Kind;

// An engine that is told this and that, and the journal of it.
class Run {
 public:
  explicit Run(std::vector<DependencyGraph::Declaration> declarations)
      : engine_(std::make_shared<const DependencyGraph>(*DependencyGraph::Create(declarations)),
                std::vector<NodePolicy>(declarations.size())) {
    text_ = writer_.Header(HeaderOf(engine_));
    Tell({.kind = Kind::kBegin});
  }

  void Tell(Input input) {
    if (input.node < engine_.graph().size()) input.incarnation = engine_.incarnation(input.node);
    JournalEntry entry = {.at = now_ += milliseconds(1), .input = std::move(input)};
    engine_.Handle(entry.input, entry.at, entry.actions);
    text_ += writer_.Line(entry);
  }
  void Add(DependencyGraph::Declaration declaration) {
    Tell({.kind = Kind::kAddNode,
          .addition = std::make_shared<const Addition>(Addition{std::move(declaration), {}})});
  }

  const Engine& engine() const { return engine_; }
  const std::string& text() const { return text_; }

 private:
  Engine engine_;
  JournalWriter writer_;
  std::string text_;
  std::chrono::nanoseconds now_ = {};
};

// What the journal leaves is what the engine was left with.
void CheckEnd(const Run& run) {
  const JournalReading reading = ReadJournal(run.text());
  INFO(run.text() << reading.problem.text);
  REQUIRE(reading.journal.has_value());
  const JournalEnd end = EndOf(*reading.journal);
  const std::vector<DependencyGraph::Declaration> expected = run.engine().graph().Declarations();
  REQUIRE(end.nodes.size() == expected.size());
  REQUIRE(end.states.size() == expected.size());
  std::vector<DependencyGraph::Declaration> declarations;
  for (const Node& node : end.nodes) {
    declarations.push_back({node.name, node.dependencies, node.soft_dependencies});
  }
  const auto graph = DependencyGraph::Create(declarations);
  REQUIRE(graph.ok());
  declarations = graph->Declarations();
  for (NodeId id = 0; id < expected.size(); ++id) {
    CHECK(declarations[id].name == expected[id].name);
    CHECK(declarations[id].dependencies == expected[id].dependencies);
    CHECK(declarations[id].soft_dependencies == expected[id].soft_dependencies);
    CHECK(end.states[id].state == run.engine().state(id));
    if (run.engine().incarnation(id) != 0) {
      CHECK(end.states[id].incarnation == run.engine().incarnation(id));
    }
  }
}

TEST_CASE("the end of a journal has the nodes that commands added, not those they removed",
          "[tools][S24]") {
  Run run({{.name = "api", .dependencies = {"db"}, .soft_dependencies = {"log"}},
           {.name = "db"},
           {.name = "log"}});
  run.Add({.name = "cache", .dependencies = {"db"}});
  run.Tell({.kind = Kind::kRemoveNode, .node = 2});
  run.Tell({.kind = Kind::kDone, .node = 2});
  run.Tell({.kind = Kind::kGone, .node = 2});
  REQUIRE(run.engine().graph().Find("log") == std::nullopt);
  REQUIRE(run.engine().graph().Find("cache") == 2);
  CheckEnd(run);
}

TEST_CASE("the end of a journal is what the engine was left with", "[tools][S17][S24]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) {
    return static_cast<NodeId>(std::uniform_int_distribution<std::size_t>(0, bound - 1)(random));
  };
  for (int round = 0; round < 50; ++round) {
    Run run({{.name = "a"}, {.name = "b", .dependencies = {"a"}, .soft_dependencies = {}}});
    for (int step = 0; step < 60 && !run.engine().finished(); ++step) {
      const DependencyGraph& graph = run.engine().graph();
      constexpr Kind kKinds[] = {
          Kind::kReady,    Kind::kReady,     Kind::kReady,       Kind::kFailed,     Kind::kDone,
          Kind::kGone,     Kind::kVerdict,   Kind::kDone,        Kind::kGone,       Kind::kTick,
          Kind::kStopNode, Kind::kStartNode, Kind::kRestartNode, Kind::kRemoveNode, Kind::kAddNode};
      const Kind kind = kKinds[below(std::size(kKinds))];
      if (kind != Kind::kAddNode) {
        if (graph.size() == 0 && kind != Kind::kTick) continue;
        run.Tell({.kind = kind, .node = kind == Kind::kTick ? kNoNode : below(graph.size())});
        continue;
      }
      DependencyGraph::Declaration declaration = {.name = "n" + std::to_string(step)};
      for (NodeId id = 0; id < graph.size(); ++id) {
        const NodeId choice = below(4);
        if (choice == 0) declaration.dependencies.push_back(graph.name(id));
        if (choice == 1) declaration.soft_dependencies.push_back(graph.name(id));
      }
      run.Add(std::move(declaration));
    }
    CheckEnd(run);
  }
}

TEST_CASE("what a handler answers is not known from a journal", "[tools]") {
  const Run run({{.name = "a"}});
  const JournalEnd end = EndOf(*ReadJournal(run.text()).journal);
  ErrorHandlingBehavior verdict;
  CHECK_FALSE(IsAlways(end.nodes.front().on_error, verdict));
}

TEST_CASE("of a torn journal what stands before the tear is read", "[tools][S17]") {
  const Run run({{.name = "a"}});
  const std::string& text = run.text();
  const JournalReading reading = ReadJournal(text.substr(0, text.size() - 3));
  REQUIRE(reading.journal.has_value());
  CHECK(reading.journal->is_torn);
  CHECK(reading.journal->lines.empty());
  CHECK_FALSE(ReadJournal(text).journal->is_torn);
}

TEST_CASE("what is wrong with a journal has a place", "[tools][S17]") {
  const Run run({{.name = "a"}});
  const JournalReading reading = ReadJournal(run.text() + "{\"at\": x}\n");
  CHECK_FALSE(reading.journal.has_value());
  CHECK(reading.problem.place.line == 3);
  CHECK(reading.problem.place.column == 8);
  CHECK(reading.problem.text.find("syntax error") == 0);
}

}  // namespace
}  // namespace stemma::tools
