// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/explorer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "stemma/supervisor/internal/bytes.h"
#include "stemma/supervisor/internal/engine_harness.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/testing/internal/tested_engine.h"

namespace stemma {
namespace internal {
namespace {

using namespace std::chrono_literals;

// 128 bits of a key in place of the key. Two keys of ten million share them with a probability of
// less than one in 10^24.
struct Digest {
  std::uint64_t a = 0, b = 0;
  friend bool operator==(const Digest&, const Digest&) = default;
};
struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return digest.a; }
};

Digest DigestOf(std::string_view key) {
  Digest digest{0xcbf29ce484222325U, 0x9e3779b97f4a7c15U};
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    digest.a = (digest.a ^ byte) * 0x100000001b3U;
    digest.b = (digest.b ^ byte) * 0xff51afd7ed558ccdU;
    digest.b ^= digest.b >> 32;
  }
  return digest;
}

using Digests = std::unordered_set<Digest, DigestHash>;

constexpr std::size_t kNowhere = SIZE_MAX;

class Explorer {
 public:
  explicit Explorer(const Exploration& what) : what_(what) {}

  Explored Run(const TestedEngine& engine) {
    // Breadth first, so that the first run that breaks a rule is a shortest one.
    std::vector<Position> level;
    {
      Position start{.engine = engine.Clone(),
                     .referee = EngineReferee(what_.graph, what_.policies, what_.options),
                     .left = what_.happenings};
      Try(start, {.kind = Input::Kind::kBegin});
      // S11, S24: and what comes before the beginning.
      if (start.left.stop_requests > 0)
        Try(start, {.kind = Input::Kind::kStopRequested}, &Happenings::stop_requests);
      if (start.left.commands > 0) TryCommands(start);
    }
    for (std::size_t depth = 1; !next_.empty() && explored_.broken.empty(); ++depth) {
      if (depth == what_.depth) {
        explored_.to_the_end = false;
        break;
      }
      level = std::exchange(next_, {});
      for (Position& position : level) {
        if (explored_.broken.empty()) GoOn(position);
        position.engine.reset();
      }
    }
    return std::move(explored_);
  }

 private:
  struct Position {
    std::unique_ptr<TestedEngine> engine;
    EngineReferee referee;
    Happenings left;
    bool begun = false;
    Engine::Time now = 1h;
    std::size_t visit = kNowhere;

    Position Clone() const { return {engine->Clone(), referee, left, begun, now, visit}; }
  };
  // How a state was first reached.
  struct Visit {
    std::size_t from;
    Input input;
    Engine::Time at;
  };

  // Returns: true if no rule was broken.
  bool Send(Position& position, const Input& input) {
    actions_.clear();
    position.engine->Handle(input, position.now, actions_);
    position.begun |= input.kind == Input::Kind::kBegin;
    explored_.broken =
        position.referee.Judge(position.engine->Claims(), input, position.now, actions_);
    return explored_.broken.empty();
  }

  void Try(const Position& from, const Input& input, int Happenings::*used = nullptr,
           Engine::Time now = Engine::Time::min()) {
    if (!explored_.broken.empty()) return;
    Position to = from.Clone();
    to.now = std::max(to.now, now);
    if (used != nullptr && to.left.*used != Happenings::kAnyNumber) --(to.left.*used);
    ++explored_.transitions;
    tail_.clear();
    if (!Send(to, input)) return Break(from.visit, input, to.now);
    const Happenings& left = to.left;
    key_ = KeyOf(to);
    AppendBytes(left.failures, key_);
    for (const int number : {left.nested_halts, left.ends, left.timers, left.pauses,
                             left.stop_requests, left.signals, left.commands, left.additions}) {
      AppendBytes(number, key_);
    }
    if (!seen_.insert(DigestOf(key_)).second) return;
    ++explored_.states;
    visits_.push_back({from.visit, input, to.now});
    to.visit = visits_.size() - 1;
    if (to.referee.over()) return;
    CheckOldNews(to);
    if (explored_.broken.empty()) CheckStop(to);
    if (!explored_.broken.empty()) return Break(from.visit, input, to.now);
    next_.push_back(std::move(to));
  }

  // The key of what the engine and the referee remember.
  std::string KeyOf(const Position& position) {
    std::string key;
    position.engine->AppendFingerprint(position.now, key);
    position.referee.AppendPicture(position.now, key);
    return key;
  }

  void Break(std::size_t from, const Input& input, Engine::Time at) {
    auto& trace = explored_.trace;
    trace.assign(1, {input, at});
    for (; from != kNowhere; from = visits_[from].from)
      trace.emplace_back(visits_[from].input, visits_[from].at);
    std::reverse(trace.begin(), trace.end());
    trace.insert(trace.end(), tail_.begin(), tail_.end());
  }

  void GoOn(const Position& at) {
    const Happenings& left = at.left;
    if (!at.begun) Try(at, {.kind = Input::Kind::kBegin});
    for (Input input : at.referee.Owed()) {
      if (input.kind != Input::Kind::kVerdict) {
        Try(at, input);
        continue;
      }
      for (const ErrorHandlingBehavior verdict : left.verdicts) {
        input.verdict = verdict;
        Try(at, input);
      }
    }
    for (NodeId id = 0; id < at.referee.size(); ++id) {
      const EngineReferee::Life& life = at.referee.life(id);
      if (!life.exists || life.done) continue;
      Input input{.kind = Input::Kind::kFailed, .node = id, .incarnation = life.incarnation};
      if (left.failures > 0) Try(at, input, &Happenings::failures);
      input.failure = FailureKind::kNestedSpinHalt;
      if (left.nested_halts > 0) Try(at, input, &Happenings::nested_halts);
      if (life.asked || left.ends == 0) continue;  // else its end is owed
      input = {.kind = Input::Kind::kDone, .node = id, .incarnation = life.incarnation};
      Try(at, input, &Happenings::ends);
    }
    if (left.stop_requests > 0)
      Try(at, {.kind = Input::Kind::kStopRequested}, &Happenings::stop_requests);
    for (const auto kind :
         {Input::Kind::kInterrupt, Input::Kind::kTerminate, Input::Kind::kEndSpinHalt}) {
      if (left.signals > 0) Try(at, {.kind = kind}, &Happenings::signals);
    }
    const auto next = at.engine->Claims().next_deadline;
    const Input tick{.kind = Input::Kind::kTick};
    if (left.timers > 0 && next) Try(at, tick, &Happenings::timers, *next);
    if (left.pauses > 0 && (!next || at.now + 1s < *next))
      Try(at, tick, &Happenings::pauses, at.now + 1s);
    if (left.commands > 0) TryCommands(at);
    if (left.additions > 0) TryAdditions(at);
  }

  void TryCommands(const Position& at) {
    for (NodeId id = 0; id < at.referee.size(); ++id) {
      for (const auto kind : {Input::Kind::kStopNode, Input::Kind::kStartNode,
                              Input::Kind::kRestartNode, Input::Kind::kRemoveNode}) {
        Try(at, {.kind = kind, .node = id}, &Happenings::commands);
      }
    }
  }

  void TryAdditions(const Position& at) {
    std::string name = "new";
    while (at.referee.graph().Find(name)) name += "er";
    for (NodeId id = 0; id <= at.referee.size(); ++id) {
      Addition addition{.declaration = {.name = name}, .policy = what_.policies.front()};
      if (id < at.referee.size())
        addition.declaration.dependencies.push_back(at.referee.graph().name(id));
      Try(at,
          {.kind = Input::Kind::kAddNode,
           .addition = std::make_shared<const Addition>(std::move(addition))},
          &Happenings::additions);
    }
  }

  // S16: nothing that is said of an incarnation before the current one changes anything.
  void CheckOldNews(Position& at) {
    const std::string before = KeyOf(at);
    bool any = false;
    for (NodeId id = 0; id < at.referee.size(); ++id) {
      const Incarnation current = at.referee.life(id).incarnation;
      if (current <= 1) continue;
      any = true;
      for (const auto kind : {Input::Kind::kReady, Input::Kind::kFailed, Input::Kind::kDone,
                              Input::Kind::kGone, Input::Kind::kVerdict}) {
        const Input input{.kind = kind,
                          .verdict = ErrorHandlingBehavior::kShutdown,
                          .node = id,
                          .incarnation = current - 1};
        tail_.assign(1, {input, at.now});
        if (!Send(at, input)) return;
      }
    }
    tail_.clear();
    if (any && KeyOf(at) != before)
      explored_.broken = "S16: news of a dead incarnation change nothing";
  }

  // S11, S15: a stop request leads to the end, when everybody does what is asked.
  void CheckStop(const Position& from) {
    Position at = from.Clone();
    tail_.clear();
    std::vector<Digest> passed;
    Input input{.kind = at.begun ? Input::Kind::kStopRequested : Input::Kind::kBegin};
    for (std::size_t steps = 0;; ++steps) {
      tail_.emplace_back(input, at.now);
      if (!Send(at, input)) return;
      if (at.referee.over()) break;
      passed.push_back(DigestOf(KeyOf(at)));
      if (input.kind != Input::Kind::kBegin && ends_.count(passed.back()) != 0) break;
      if (steps > 100 * (at.referee.size() + 1)) {
        explored_.broken = "S15: the stop goes on for ever";
        return;
      }
      const std::vector<Input> owed = at.referee.Owed();
      const auto next = at.engine->Claims().next_deadline;
      if (input.kind == Input::Kind::kBegin && !at.referee.stopping()) {
        input = {.kind = Input::Kind::kStopRequested};
      } else if (!owed.empty()) {
        input = owed.front();  // a handler says kRestart, and is not to be obeyed now
      } else if (at.referee.halted()) {
        input = {.kind = Input::Kind::kEndSpinHalt};
      } else if (next) {
        input = {.kind = Input::Kind::kTick};
        at.now = std::max(at.now, *next);
      } else {
        explored_.broken = "S15: nothing is owed or due, and the stop goes on";
        return;
      }
    }
    ends_.insert(passed.begin(), passed.end());
    tail_.clear();
  }

  const Exploration& what_;
  Explored explored_;
  std::vector<Position> next_;
  std::vector<Visit> visits_;
  Digests seen_;
  Digests ends_;                                      // states from which a stop was seen to end
  std::vector<std::pair<Input, Engine::Time>> tail_;  // of the trace, beyond the last visit
  std::vector<Action> actions_;
  std::string key_;
};

}  // namespace

Explored ExploreEngine(const Exploration& what, const TestedEngine& engine) {
  return Explorer(what).Run(engine);
}

std::string DescribeWith(const Exploration& what, const TestedEngine& tested,
                         const Explored& explored) {
  if (explored.broken.empty()) return "";
  std::string text = explored.broken + "\n";
  for (const DependencyGraph::Declaration& node : what.graph->Declarations()) {
    text += "  " + node.name + " ->";
    for (const std::string& other : node.dependencies) text += " " + other;
    for (const std::string& other : node.soft_dependencies) text += " (" + other + ")";
    text += "\n";
  }
  const auto engine = tested.Clone();
  const Engine::Time begin = explored.trace.front().second;
  for (const auto& [input, at] : explored.trace) {
    const auto before = engine->graph();
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(at - begin).count();
    text += "  " + std::to_string(since) + " ms: " + internal::Describe(*before, input) + "\n";
    std::vector<Action> actions;
    engine->Handle(input, at, actions);
    // A removal comes last: what is said before it is said of the old graph.
    const auto& graph = engine->graph()->size() > before->size() ? *engine->graph() : *before;
    for (const Action& action : actions)
      text += "      " + internal::Describe(graph, action) + "\n";
  }
  return text;
}

}  // namespace internal

Explored Explore(const Exploration& exploration) {
  return internal::ExploreEngine(exploration, internal::TestedEngineOf<Engine>(exploration));
}

std::string Describe(const Exploration& exploration, const Explored& explored) {
  return internal::DescribeWith(exploration, internal::TestedEngineOf<Engine>(exploration),
                                explored);
}

std::string JournalOf(const Exploration& exploration, const Explored& explored) {
  if (explored.broken.empty()) return "";
  Engine engine(exploration.graph, exploration.policies, exploration.options);
  JournalWriter writer;
  std::string text = writer.Header(HeaderOf(engine));
  for (const auto& [input, at] : explored.trace) {
    JournalEntry entry{.at = at, .input = input};
    engine.Handle(input, at, entry.actions);
    text += writer.Line(entry);
  }
  return text;
}

}  // namespace stemma
