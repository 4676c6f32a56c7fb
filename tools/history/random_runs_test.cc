// SPDX-License-Identifier: Apache-2.0
// What must be true of everything that is made of any journal, on random runs.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/chain.h"
#include "stemma/tools/history/explain.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/random_run.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr int kRuns = 300;
constexpr std::size_t kMostNodes = 12;

History HistoryOf(const Simulation& simulation, std::size_t lines) {
  History history(simulation.header());
  for (std::size_t i = 0; i < lines; ++i) history.Add(simulation.entries()[i]);
  history.Close();
  return history;
}

std::vector<Row> AllRows(const History& history) {
  std::vector<Row> rows(history.rows().size());
  std::iota(rows.begin(), rows.end(), Row{0});
  return rows;
}

// Calls `check` with random runs, and with the beginnings of some.
template <class Check>
void ForRandomRuns(const Check& check) {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int run = 0; run < kRuns; ++run) {
    CAPTURE(run);
    const Simulation simulation = RandomRun(random, kMostNodes);
    const std::size_t lines = simulation.entries().size();
    check(simulation, HistoryOf(simulation, lines));
    const std::size_t part = random() % (lines + 1);
    CAPTURE(part);
    check(simulation, HistoryOf(simulation, part));
  }
}

TEST_CASE("a simulated run replays the same", "[simulation][random][S17]") {
  ForRandomRuns([](const Simulation& simulation, const History&) {
    const auto difference = Replay(simulation.header(), simulation.entries());
    REQUIRE(difference.ok());
    REQUIRE_FALSE(difference->has_value());
  });
}

TEST_CASE("a history has no holes, and ends in the states of the engine", "[tools][random][S16]") {
  ForRandomRuns([](const Simulation& simulation, const History& history) {
    for (const NodeHistory& node : history.rows()) {
      CAPTURE(node.name);
      REQUIRE(node.spans.front().begin == node.added);
      for (std::size_t i = 0; i < node.spans.size(); ++i) {
        const Span& span = node.spans[i];
        REQUIRE(span.begin <= span.end);
        if (i > 0) REQUIRE(node.spans[i - 1].end == span.begin);
        if (i > 0) REQUIRE(node.spans[i - 1].state != span.state);
      }
      REQUIRE(node.last().end == node.removed.value_or(history.end()));
    }
    if (history.lines() != simulation.entries().size()) return;
    const Engine& engine = simulation.engine();
    std::size_t live = 0;
    for (Row row = 0; row < history.rows().size(); ++row) {
      if (history[row].removed.has_value()) continue;
      const auto id = engine.graph().Find(history[row].name);
      REQUIRE(id.has_value());
      CAPTURE(history[row].name);
      REQUIRE(history[row].last().state == engine.state(*id));
      REQUIRE(history[row].last().incarnation == engine.incarnation(*id));
      REQUIRE(history.Find(history[row].name) == row);
      ++live;
    }
    REQUIRE(live == engine.graph().size());
  });
}

TEST_CASE("every state of every node is explained by what came from outside",
          "[tools][random][S16]") {
  ForRandomRuns([](const Simulation&, const History& history) {
    for (Row row = 0; row < history.rows().size(); ++row) {
      for (std::size_t span = 0; span < history[row].spans.size(); ++span) {
        const Explanation explanation = Explain(history, row, span);
        INFO(TextOf(explanation));
        REQUIRE(explanation.chain.front().kind == Reason::Kind::kState);
        const Reason& root = explanation.chain.back();
        REQUIRE(IsRoot(root.kind));
        REQUIRE(root.kind != Reason::Kind::kMissing);
        REQUIRE(root.at <= history.end());
        if (!explanation.is_current) REQUIRE(root.at <= history[row].spans[span].end);
        REQUIRE(std::count_if(explanation.chain.begin(), explanation.chain.end(),
                              [](const Reason& reason) { return IsRoot(reason.kind); }) == 1);
        for (const Reason& reason : explanation.chain) {
          REQUIRE_FALSE(reason.text.empty());
          REQUIRE(reason.text.find('\n') == std::string::npos);
        }
      }
    }
  });
}

bool Has(const std::vector<Row>& rows, Row row) {
  return std::find(rows.begin(), rows.end(), row) != rows.end();
}

// Each step begins where the one before it ends, and is of who waits for that one.
void CheckChain(const History& history, const Chain& chain, bool is_stop) {
  REQUIRE_FALSE(chain.steps.empty());
  nanoseconds at = chain.begin;
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const ChainStep& step = chain.steps[i];
    CAPTURE(history[step.row].name, i);
    REQUIRE(step.idle >= nanoseconds::zero());
    REQUIRE(step.own >= nanoseconds::zero());
    REQUIRE(step.backing_off <= step.own);
    REQUIRE(step.begin == at + step.idle);
    at = step.begin + step.own;
    if (i == 0) continue;
    const Row before = chain.steps[i - 1].row;
    const NodeHistory& node = history[step.row];
    if (is_stop) {
      REQUIRE((Has(node.dependents, before) || Has(node.soft_dependents, before)));
    } else {
      REQUIRE((Has(node.dependencies, before) || Has(node.soft_dependencies, before)));
    }
  }
  REQUIRE(at == chain.end);
}

TEST_CASE("the steps of a critical chain add up to the whole", "[tools][random]") {
  ForRandomRuns([](const Simulation&, const History& history) {
    std::optional<nanoseconds> last;
    for (Row row = 0; row < history.rows().size(); ++row) {
      const std::vector<Span>& spans = history[row].spans;
      const auto ready = std::find_if(spans.begin(), spans.end(), [](const Span& span) {
        return span.state == NodeState::kReady;
      });
      const std::optional<Chain> chain = StartChain(history, row);
      REQUIRE(chain.has_value() == (ready != spans.end()));
      if (chain.has_value()) {
        REQUIRE(chain->end == ready->begin);
        last = std::max(last.value_or(chain->end), chain->end);
        CheckChain(history, *chain, false);
      }
      if (const std::optional<Chain> stop = StopChain(history, row)) {
        REQUIRE(stop->begin == StopBegin(history));
        REQUIRE(stop->steps.back().row == row);
        CheckChain(history, *stop, true);
      }
    }
    const std::optional<Chain> whole = StartChain(history);
    REQUIRE(whole.has_value() == last.has_value());
    if (whole.has_value()) REQUIRE(whole->end == *last);
    if (const std::optional<Chain> stop = StopChain(history)) CheckChain(history, *stop, true);
  });
}

TEST_CASE("where the time of a node went adds up to the whole", "[tools][random]") {
  ForRandomRuns([](const Simulation&, const History& history) {
    std::set<Row> told;
    for (const NodeTimes& times : StartTimes(history, AllRows(history))) {
      told.insert(times.row);
      const NodeHistory& node = history[times.row];
      CAPTURE(node.name);
      const auto end = std::find_if(node.spans.begin(), node.spans.end(), [&](const Span& span) {
        return span.state == NodeState::kReady || IsTerminal(span.state);
      });
      REQUIRE(times.is_over == (end != node.spans.end() && end->state == NodeState::kReady));
      const nanoseconds until = end == node.spans.end() ? node.last().end : end->begin;
      const nanoseconds from = std::max(node.added, history.begin());
      REQUIRE(times.total() == std::max(nanoseconds::zero(), until - from));
    }
    REQUIRE(told.size() == history.rows().size());
    const std::optional<nanoseconds> stop = StopBegin(history);
    for (const NodeTimes& times : StopTimes(history, AllRows(history))) {
      const NodeHistory& node = history[times.row];
      CAPTURE(node.name);
      nanoseconds until = node.last().end;
      if (times.is_over) {
        for (std::size_t i = node.spans.size(); i > 0; --i) {
          if (!IsTerminal(node.spans[i - 1].state)) break;
          if (node.spans[i - 1].begin >= *stop) until = node.spans[i - 1].begin;
        }
      }
      REQUIRE(times.total() == until - *stop);
    }
  });
}

}  // namespace
}  // namespace stemma::tools
