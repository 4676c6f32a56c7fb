// SPDX-License-Identifier: Apache-2.0
// What must be true of everything that is made of any journal, on random runs.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cctype>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
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
#include "stemma/tools/history/reach.h"
#include "stemma/tools/history/words.h"
#include "stemma/tools/simulation/random_run.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr int kRuns = 300;
constexpr std::size_t kMostNodes = 12;

// A run, and what its journal tells up to some line.
struct Told {
  const Simulation& simulation;
  std::vector<JournalEntry> entries;
  History history;
};

Told TellOf(const Simulation& simulation, std::size_t lines) {
  const auto begin = simulation.entries().begin();
  Told told{.simulation = simulation,
            .entries = {begin, begin + static_cast<std::ptrdiff_t>(lines)},
            .history = History(simulation.header())};
  for (const JournalEntry& entry : told.entries) told.history.Add(entry);
  told.history.Close();
  return told;
}

std::vector<Row> AllRows(const History& history) {
  std::vector<Row> rows(history.rows().size());
  std::iota(rows.begin(), rows.end(), Row{0});
  return rows;
}

// Random runs, and the beginning of each.
struct Runs {
  unsigned seed = internal::Seed();
  std::vector<std::unique_ptr<Simulation>> simulations = {};
  std::vector<Told> told = {};
};

Runs MakeRuns() {
  Runs runs;
  std::mt19937 random(runs.seed);
  for (int run = 0; run < kRuns; ++run) {
    runs.simulations.push_back(std::make_unique<Simulation>(RandomRun(random, kMostNodes)));
    const Simulation& simulation = *runs.simulations.back();
    const std::size_t lines = simulation.entries().size();
    runs.told.push_back(TellOf(simulation, lines));
    runs.told.push_back(TellOf(simulation, random() % (lines + 1)));
  }
  return runs;
}

// Notes the first thing that is not as it must be. Hundreds of thousands are looked at: that many
// assertions would take their time.
class Judge {
 public:
  void Expect(bool holds, const char* what) {
    if (!holds && wrong_.empty()) wrong_ = what;
  }
  // What is looked at, for the message.
  void Name(const std::string& about) {
    if (wrong_.empty()) about_ = about;
  }
  void Blame(const std::string& about) { about_ = about; }
  bool is_content() const { return wrong_.empty(); }
  std::string Complaint() const { return wrong_.empty() ? "" : wrong_ + "; it is " + about_; }

 private:
  std::string wrong_, about_;
};

void JudgeRuns(void (*judge_run)(const Told&, Judge&)) {
  static const Runs runs = MakeRuns();
  INFO("to run it again: --test_env=STEMMA_SEED=" << runs.seed);
  for (std::size_t i = 0; i < runs.told.size(); ++i) {
    CAPTURE(i / 2, runs.told[i].entries.size());
    Judge judge;
    judge_run(runs.told[i], judge);
    REQUIRE(judge.Complaint() == "");
  }
}

TEST_CASE("a simulated run replays the same", "[simulation][random][S17]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    const auto difference = Replay(told.simulation.header(), told.entries);
    judge.Expect(difference.ok() && !difference->has_value(), "another decision");
  });
}

TEST_CASE("a history has no holes, and ends in the states of the engine", "[tools][random][S16]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    const History& history = told.history;
    for (const NodeHistory& node : history.rows()) {
      judge.Name(node.name);
      judge.Expect(node.spans.front().begin == node.added, "it does not begin when it was added");
      for (std::size_t i = 0; i < node.spans.size(); ++i) {
        const Span& span = node.spans[i];
        judge.Expect(span.begin <= span.end, "a span ends before it begins");
        if (i == 0) continue;
        const Span& before = node.spans[i - 1];
        judge.Expect(before.end == span.begin, "there is a hole between two spans");
        judge.Expect(before.state != span.state, "two spans are of the same state");
        judge.Expect(before.line <= span.line, "spans are not in the order of the lines");
      }
      judge.Expect(node.last().end == node.removed.value_or(history.end()), "it ends elsewhere");
    }
    if (history.lines() != told.simulation.entries().size()) return;
    const Engine& engine = told.simulation.engine();
    std::size_t live = 0;
    for (Row row = 0; row < history.rows().size(); ++row) {
      const NodeHistory& node = history[row];
      if (node.removed.has_value()) continue;
      ++live;
      judge.Name(node.name);
      const auto id = engine.graph().Find(node.name);
      judge.Expect(id.has_value() && history.Find(node.name) == row, "it is no node");
      if (!id.has_value()) continue;
      judge.Expect(node.last().state == engine.state(*id), "it is in another state");
      judge.Expect(node.last().incarnation == engine.incarnation(*id), "another incarnation");
      const bool has_instance = !node.endings.empty() && !node.endings.back().gone.has_value();
      judge.Expect(has_instance == engine.has_instance(*id), "it has an instance, or has none");
    }
    judge.Expect(live == engine.graph().size(), "there are more nodes, or fewer");
  });
}

// --- Explanations

// What kind of root the cause of a transition leads to; nothing: more than one will do.
std::optional<Reason::Kind> RootOf(Cause::Kind cause) {
  switch (cause) {
    case Cause::Kind::kFailure:
      return Reason::Kind::kFailure;
    case Cause::Kind::kStopRequest:
      return Reason::Kind::kStopRequest;
    case Cause::Kind::kInterrupt:
      return Reason::Kind::kInterrupt;
    case Cause::Kind::kTerminate:
      return Reason::Kind::kTerminate;
    case Cause::Kind::kCompletion:
      return Reason::Kind::kCompletion;
    case Cause::Kind::kOperator:
      return Reason::Kind::kCommand;
    default:
      return std::nullopt;
  }
}

bool IsAccepted(const JournalEntry& entry) {
  return std::any_of(entry.actions.begin(), entry.actions.end(), [](const Action& action) {
    return action.kind == Action::Kind::kAnswer && action.refusal == Refusal::kNone;
  });
}

// Whether the line of the journal is what the root says.
bool IsRootLine(const Reason& root, const JournalEntry& entry) {
  const Input& input = entry.input;
  if (entry.at != root.at) return false;
  switch (root.kind) {
    case Reason::Kind::kFailure:
      return std::any_of(entry.actions.begin(), entry.actions.end(), [&](const Action& action) {
        const bool is_secondary = action.kind == Action::Kind::kPublish &&
                                  action.event.kind == EngineEvent::Kind::kSecondaryFailure;
        return action.incarnation == root.incarnation &&
               (action.kind == Action::Kind::kAskHandler || is_secondary);
      });
    case Reason::Kind::kCompletion:
      return input.kind == Input::Kind::kDone && input.incarnation == root.incarnation;
    case Reason::Kind::kCommand:
      return input.kind >= Input::Kind::kStopNode && IsAccepted(entry);
    case Reason::Kind::kStopRequest:
      return input.kind == Input::Kind::kStopRequested;
    case Reason::Kind::kInterrupt:
      return input.kind == Input::Kind::kInterrupt;
    case Reason::Kind::kTerminate:
      return input.kind == Input::Kind::kTerminate;
    case Reason::Kind::kBegin:
      return input.kind == Input::Kind::kBegin;
    default:
      return false;
  }
}

// The times that a sentence names, "12.001500", in the order of the sentence.
std::vector<std::string> TimesIn(const std::string& text) {
  constexpr std::size_t kDigits = 6;
  std::vector<std::string> times;
  for (std::size_t dot = text.find('.'); dot != std::string::npos; dot = text.find('.', dot + 1)) {
    std::size_t begin = dot, end = dot + 1;
    while (begin > 0 && std::isdigit(text[begin - 1]) != 0) --begin;
    while (end < text.size() && std::isdigit(text[end]) != 0) ++end;
    if (begin < dot && end == dot + 1 + kDigits) times.push_back(text.substr(begin, end - begin));
  }
  return times;
}

bool IsBelowAbandoned(const History& history, Row row) {
  for (Row other = 0; other < history.rows().size(); ++other) {
    const std::vector<Span>& spans = history[other].spans;
    const bool was_left = std::any_of(spans.begin(), spans.end(), [](const Span& span) {
      return span.state == NodeState::kAbandoned;
    });
    if (was_left && IsAncestor(history, row, other)) return true;
  }
  return false;
}

void JudgeExplanation(const Told& told, const std::set<std::string>& times,
                      const Explanation& explanation, Judge& judge) {
  const std::vector<Reason>& chain = explanation.chain;
  const Reason& root = chain.back();
  judge.Expect(chain.front().kind == Reason::Kind::kState, "it does not begin with the state");
  judge.Expect(IsRoot(root.kind), "it does not end with a root");
  judge.Expect(root.kind != Reason::Kind::kMissing, "the root is missing, and nothing is");
  judge.Expect(std::count_if(chain.begin(), chain.end(),
                             [](const Reason& reason) { return IsRoot(reason.kind); }) == 1,
               "it has more than one root");
  if (root.kind != Reason::Kind::kBegin || told.history.begin_line() != 0) {
    judge.Expect(std::any_of(told.entries.begin(), told.entries.end(),
                             [&](const JournalEntry& entry) { return IsRootLine(root, entry); }),
                 "no line of the journal is the root");
  }
  // Whoever waits may do so for longer than what it waits for now has been going on.
  const bool is_waiting = explanation.span.state == NodeState::kWaiting;
  nanoseconds before = is_waiting ? told.history.end() : chain.front().at;
  for (std::size_t i = 1; i < chain.size(); ++i) {
    judge.Expect(chain[i].at <= before, "a cause comes after what it causes");
    if (chain[i].kind != Reason::Kind::kWaits) before = chain[i].at;
  }
  // Of the others the cause may be one of what comes next.
  const NodeState state = explanation.span.state;
  const bool is_own = state == NodeState::kDeciding || state == NodeState::kStopping ||
                      state == NodeState::kBackingOff || state == NodeState::kStopped ||
                      state == NodeState::kFailed;
  const Why& why = explanation.span.why;
  if (const auto expected = RootOf(why.kind); is_own && expected.has_value()) {
    judge.Expect(root.kind == *expected, "the root is not of the kind of the cause");
    judge.Expect(root.kind != Reason::Kind::kFailure || root.incarnation == why.incarnation,
                 "the root is another failure than the cause");
  }
  for (const Reason& reason : chain) {
    // S12: only what an abandoned descendant may use has no successor for that reason.
    const bool is_kept = reason.text.find("what was left behind may use it") != std::string::npos;
    judge.Expect(!is_kept || IsBelowAbandoned(told.history, reason.row),
                 "a restart was refused for what was left behind, and nothing was");
    judge.Expect(!reason.text.empty() && reason.text.find('\n') == std::string::npos,
                 "a link is not one line");
    for (const std::string& time : TimesIn(reason.text)) {
      judge.Expect(times.contains(time), "a time is told that the journal does not have");
    }
  }
}

TEST_CASE("every state of every node is explained by what came from outside",
          "[tools][random][S16]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    std::set<std::string> times = {SecondsText({})};
    for (const JournalEntry& entry : told.entries) times.insert(SecondsText(entry.at));
    for (Row row = 0; row < told.history.rows().size(); ++row) {
      for (std::size_t span = 0; span < told.history[row].spans.size(); ++span) {
        const Explanation explanation = Explain(told.history, row, span);
        JudgeExplanation(told, times, explanation, judge);
        if (!judge.is_content()) return judge.Blame(TextOf(explanation));
      }
    }
  });
}

// --- Where the time went

// For how long between two times the instance of the node was on its way out by itself, and not
// because it waited for others: by looking after each line.
nanoseconds OwnTimeOf(const Told& told, Row row, nanoseconds from, nanoseconds to) {
  nanoseconds own = {};
  std::set<Incarnation> incarnations, ending, judged, destroyed;
  for (const Ending& of : told.history[row].endings) incarnations.insert(of.incarnation);
  for (std::size_t i = 0; i < told.entries.size(); ++i) {
    const JournalEntry& entry = told.entries[i];
    const Incarnation about = entry.input.incarnation;
    for (const Action& action : entry.actions) {
      if (!incarnations.contains(action.incarnation)) continue;
      if (action.kind == Action::Kind::kRequestStop) ending.insert(action.incarnation);
      if (action.kind == Action::Kind::kAskHandler) judged.insert(action.incarnation);
      if (action.kind == Action::Kind::kDestroy) destroyed.insert(action.incarnation);
      const bool has_verdict =
          action.kind == Action::Kind::kPublish && action.event.kind == EngineEvent::Kind::kVerdict;
      if (has_verdict) judged.erase(action.incarnation);
      if (action.kind != Action::Kind::kAbandon) continue;
      ending.erase(action.incarnation);
      destroyed.erase(action.incarnation);
    }
    if (entry.input.kind == Input::Kind::kDone) ending.erase(about);
    if (entry.input.kind == Input::Kind::kGone) destroyed.erase(about);
    if (ending.empty() && judged.empty() && destroyed.empty()) continue;
    const bool is_last = i + 1 == told.entries.size();
    const nanoseconds until = is_last ? told.history.end() : told.entries[i + 1].at;
    own += std::max(nanoseconds::zero(), std::min(until, to) - std::max(entry.at, from));
  }
  return own;
}

bool Has(const std::vector<Row>& rows, Row row) {
  return std::find(rows.begin(), rows.end(), row) != rows.end();
}

// Each step begins where the one before it ends, and is of who waits for that one.
void JudgeChain(const Told& told, const Chain& chain, bool is_stop, Judge& judge) {
  const History& history = told.history;
  judge.Expect(!chain.steps.empty(), "a chain without a step");
  nanoseconds at = chain.begin, sum = {};
  for (std::size_t i = 0; i < chain.steps.size(); ++i) {
    const ChainStep& step = chain.steps[i];
    judge.Expect(step.idle >= nanoseconds::zero(), "a step is idle for less than no time");
    judge.Expect(step.own >= nanoseconds::zero(), "a step takes less than no time");
    judge.Expect(step.backing_off <= step.own, "a step backs off for longer than it takes");
    judge.Expect(step.begin == at + step.idle, "a step begins where none has ended");
    at = step.begin + step.own;
    sum += step.idle + step.own;
    if (is_stop) {
      judge.Expect(OwnTimeOf(told, step.row, step.begin, at) == step.own,
                   "a step of a stop is not all its own time");
    }
    if (i == 0) continue;
    const Row before = chain.steps[i - 1].row;
    const NodeHistory& node = history[step.row];
    if (is_stop) {
      judge.Expect(Has(node.dependents, before) || Has(node.soft_dependents, before),
                   "a step of a stop comes after who does not depend on it");
      judge.Expect(step.idle == nanoseconds::zero(), "a step of a stop is idle in the middle");
    } else {
      judge.Expect(Has(node.dependencies, before) || Has(node.soft_dependencies, before),
                   "a step of a start comes after what it does not depend on");
    }
  }
  judge.Expect(at == chain.end, "the last step does not end with the chain");
  judge.Expect(sum == chain.end - chain.begin, "the steps do not add up to the whole");
}

TEST_CASE("the steps of a critical chain add up to the whole", "[tools][random]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    const History& history = told.history;
    std::optional<nanoseconds> last;
    for (Row row = 0; row < history.rows().size(); ++row) {
      judge.Name(history[row].name);
      const std::vector<Span>& spans = history[row].spans;
      const auto ready = std::find_if(spans.begin(), spans.end(), [](const Span& span) {
        return span.state == NodeState::kReady;
      });
      const std::optional<Chain> chain = StartChain(history, row);
      judge.Expect(chain.has_value() == (ready != spans.end()), "there is a chain, or none");
      if (chain.has_value() && ready != spans.end()) {
        judge.Expect(chain->begin == history.begin(), "it does not begin with the run");
        judge.Expect(chain->end == ready->begin, "it does not end when the node was ready");
        last = std::max(last.value_or(chain->end), chain->end);
        JudgeChain(told, *chain, false, judge);
      }
      if (const std::optional<Chain> stop = StopChain(history, row)) {
        judge.Expect(stop->begin == StopBegin(history), "it does not begin with the stop");
        judge.Expect(stop->steps.back().row == row, "it ends with another node");
        JudgeChain(told, *stop, true, judge);
      }
    }
    judge.Name("that of all");
    const std::optional<Chain> whole = StartChain(history);
    judge.Expect(whole.has_value() == last.has_value(), "there is a chain, or none");
    if (whole.has_value()) judge.Expect(whole->end == last, "another node was ready later");
    if (const std::optional<Chain> stop = StopChain(history)) JudgeChain(told, *stop, true, judge);
  });
}

TEST_CASE("where the time of a start went adds up to the whole", "[tools][random]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    const History& history = told.history;
    std::set<Row> seen;
    for (const NodeTimes& times : StartTimes(history, AllRows(history))) {
      seen.insert(times.row);
      const NodeHistory& node = history[times.row];
      judge.Name(node.name);
      const auto end = std::find_if(node.spans.begin(), node.spans.end(), [&](const Span& span) {
        return span.state == NodeState::kReady || IsTerminal(span.state);
      });
      const bool was_ready = end != node.spans.end() && end->state == NodeState::kReady;
      judge.Expect(times.is_over == was_ready, "it was ready, or was not");
      const nanoseconds until = end == node.spans.end() ? node.last().end : end->begin;
      const nanoseconds from = std::max(node.added, history.begin());
      judge.Expect(times.total() == std::max(nanoseconds::zero(), until - from),
                   "its times do not add up to the whole");
    }
    judge.Expect(seen.size() == history.rows().size(), "a node is missing");
  });
}

TEST_CASE("where the time of a stop went adds up to the whole, and is its own when it was",
          "[tools][random][S5]") {
  JudgeRuns([](const Told& told, Judge& judge) {
    const History& history = told.history;
    const std::optional<nanoseconds> stop = StopBegin(history);
    const std::vector<NodeTimes> all = StopTimes(history, AllRows(history));
    judge.Expect(stop.has_value() || all.empty(), "there are times of no stop");
    for (const NodeTimes& times : all) {
      const NodeHistory& node = history[times.row];
      judge.Name(node.name);
      const bool has_instance = !node.endings.empty() && !node.endings.back().gone.has_value();
      judge.Expect(times.is_over == (IsTerminal(node.last().state) && !has_instance),
                   "it had ended, or had not");
      const nanoseconds until = *stop + times.total();
      judge.Expect(until <= history.end(), "its times are longer than the journal");
      nanoseconds ended = history.end();
      if (times.is_over) {
        for (std::size_t i = node.spans.size(); i > 0; --i) {
          if (!IsTerminal(node.spans[i - 1].state)) break;
          ended = node.spans[i - 1].begin;
        }
        if (!node.endings.empty()) ended = std::max(ended, node.endings.back().gone->at);
      }
      judge.Expect(until == ended, "its times do not go on to its end");
      judge.Expect(times.own == OwnTimeOf(told, times.row, *stop, until),
                   "what is told as its own time is not");
      const std::optional<Chain> chain = StopChain(history, times.row);
      judge.Expect(chain.has_value() == times.is_over, "there is a chain, or none");
      if (chain.has_value()) judge.Expect(chain->end == until, "its chain ends at another time");
    }
  });
}

}  // namespace
}  // namespace stemma::tools
