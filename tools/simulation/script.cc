// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/simulation/script.h"

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/glob.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Step = Script::Step;
using Rule = Script::Rule;

std::string Quoted(std::string_view text) { return absl::StrCat("'", Printable(text), "'"); }

absl::Status Wrong(const std::string& what) { return absl::InvalidArgumentError(what); }

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::optional<nanoseconds> ParseTime(std::string_view text) {
  const std::optional<nanoseconds> time = ParseManifestDuration(text);
  return time && *time >= nanoseconds::zero() && *time != kNever ? time : std::nullopt;
}

// "; did you mean 'stop'?", or what there is.
std::string Instead(std::string_view text, const std::vector<std::string_view>& words) {
  std::string near = DidYouMean(text, words);
  if (!near.empty()) return near;
  const std::vector<std::string> all(words.begin(), words.end());
  return "; there are " + absl::StrJoin(all, ", ");
}

absl::StatusOr<ErrorHandlingBehavior> ParseVerdict(std::string_view text) {
  std::string word(text);
  std::replace(word.begin(), word.end(), '-', '_');
  constexpr std::array kVerdicts = {ErrorHandlingBehavior::kRestart, ErrorHandlingBehavior::kStop,
                                    ErrorHandlingBehavior::kStopParents,
                                    ErrorHandlingBehavior::kShutdown,
                                    ErrorHandlingBehavior::kSpinHalt};
  std::vector<std::string_view> words;
  for (const ErrorHandlingBehavior verdict : kVerdicts) {
    if (ManifestWord(verdict) == word) return verdict;
    words.push_back(ManifestWord(verdict));
  }
  return Wrong(absl::StrCat("no verdict ", Quoted(text), Instead(word, words)));
}

absl::StatusOr<std::string> NodeNamed(std::string_view name, const DependencyGraph& graph) {
  if (graph.Find(name)) return std::string(name);
  const std::vector<std::string_view> names(graph.names().begin(), graph.names().end());
  // Was a time meant?
  const std::size_t at = name.rfind('@');
  if (at != std::string_view::npos && graph.Find(name.substr(0, at))) {
    return Wrong(absl::StrCat(Quoted(name.substr(at + 1)), " is no time, such as 500ms or 1m30s"));
  }
  return Wrong(absl::StrCat("no node ", Quoted(name), DidYouMean(name, names)));
}

// NODE[@TIME][=VERDICT]. A name may have any of these signs in it: what is a node's name as it
// stands is one, and the last sign counts.
absl::Status ParseNodeAndTime(std::string_view text, const DependencyGraph& graph, bool may_answer,
                              Step& step) {
  if (!graph.Find(text) && may_answer) {
    const std::size_t equals = text.rfind('=');
    if (equals != std::string_view::npos) {
      const absl::StatusOr<ErrorHandlingBehavior> verdict = ParseVerdict(text.substr(equals + 1));
      if (!verdict.ok()) return verdict.status();
      step.verdict = *verdict;
      text = text.substr(0, equals);
    }
  }
  if (!graph.Find(text)) {
    const std::size_t at = text.rfind('@');
    if (at != std::string_view::npos) {
      step.at = ParseTime(text.substr(at + 1));
      if (step.at) text = text.substr(0, at);
    }
  }
  absl::StatusOr<std::string> node = NodeNamed(text, graph);
  if (!node.ok()) return node.status();
  step.node = *std::move(node);
  return absl::OkStatus();
}

struct StepForm {
  std::string_view word;
  Step::Kind kind;
  enum { kNode, kNodeAndVerdict, kNoNode } has;
};
constexpr std::array kSteps = {
    StepForm{"fail", Step::Kind::kFail, StepForm::kNodeAndVerdict},
    StepForm{"end", Step::Kind::kEnd, StepForm::kNode},
    StepForm{"silence", Step::Kind::kSilence, StepForm::kNode},
    StepForm{"stop", Step::Kind::kStop, StepForm::kNoNode},
    StepForm{"interrupt", Step::Kind::kInterrupt, StepForm::kNoNode},
    StepForm{"terminate", Step::Kind::kTerminate, StepForm::kNoNode},
    StepForm{"stop-node", Step::Kind::kStopNode, StepForm::kNode},
    StepForm{"start-node", Step::Kind::kStartNode, StepForm::kNode},
    StepForm{"restart-node", Step::Kind::kRestartNode, StepForm::kNode},
    StepForm{"remove-node", Step::Kind::kRemoveNode, StepForm::kNode},
};

struct RuleForm {
  std::string_view word;
  Rule::Kind kind;
  enum { kNothing, kTime, kVerdict } has;
};
constexpr std::array kRules = {
    RuleForm{"hang", Rule::Kind::kStop, RuleForm::kNothing},
    RuleForm{"slow-stop", Rule::Kind::kStop, RuleForm::kTime},
    RuleForm{"never-ready", Rule::Kind::kStart, RuleForm::kNothing},
    RuleForm{"slow-start", Rule::Kind::kStart, RuleForm::kTime},
    RuleForm{"crash", Rule::Kind::kCrash, RuleForm::kTime},
    RuleForm{"mute", Rule::Kind::kMute, RuleForm::kNothing},
    RuleForm{"handler", Rule::Kind::kHandler, RuleForm::kVerdict},
};

absl::Status AddStep(const StepForm& form, std::string_view argument, const DependencyGraph& graph,
                     Script& script) {
  Step step{.text = argument.empty()
                        ? std::string(form.word)
                        : absl::StrCat(std::string(form.word), " ", Printable(argument)),
            .kind = form.kind};
  if (form.has != StepForm::kNoNode) {
    if (argument.empty()) return Wrong(absl::StrCat(step.text, ": which node?"));
    if (absl::Status parsed =
            ParseNodeAndTime(argument, graph, form.has == StepForm::kNodeAndVerdict, step);
        !parsed.ok()) {
      return Wrong(absl::StrCat(step.text, ": ", parsed.message()));
    }
  } else if (!argument.empty()) {
    step.at = ParseTime(argument.substr(argument.starts_with('@') ? 1 : 0));
    if (!step.at) {
      return Wrong(
          absl::StrCat(step.text, ": ", Quoted(argument), " is no time, such as @500ms or @1m30s"));
    }
  }
  script.steps.push_back(std::move(step));
  return absl::OkStatus();
}

absl::Status AddRule(const RuleForm& form, std::string_view argument, const DependencyGraph& graph,
                     Script& script) {
  const std::string text = absl::StrCat(std::string(form.word), " ", Printable(argument));
  Rule rule{.kind = form.kind};
  std::string_view glob = argument;
  if (form.has != RuleForm::kNothing) {
    const std::size_t equals = argument.rfind('=');
    if (equals == std::string_view::npos) {
      return Wrong(absl::StrCat(text, ": NODE=", form.has == RuleForm::kTime ? "TIME" : "VERDICT",
                                " is needed"));
    }
    glob = argument.substr(0, equals);
    const std::string_view value = argument.substr(equals + 1);
    if (form.has == RuleForm::kTime) {
      const std::optional<nanoseconds> time = ParseTime(value);
      if (!time) {
        return Wrong(
            absl::StrCat(text, ": ", Quoted(value), " is no time, such as 500ms or 1m30s"));
      }
      rule.time = *time;
    } else {
      const absl::StatusOr<ErrorHandlingBehavior> verdict = ParseVerdict(value);
      if (!verdict.ok()) return Wrong(absl::StrCat(text, ": ", verdict.status().message()));
      rule.verdict = *verdict;
    }
  }
  if (const auto exact = graph.Find(glob)) {
    rule.nodes = {*exact};  // also when there is a sign in its name
  } else {
    rule.nodes = NodesMatching(graph, glob);
  }
  if (rule.nodes.empty()) {
    const std::vector<std::string_view> names(graph.names().begin(), graph.names().end());
    return Wrong(absl::StrCat(text, ": no node matches ", Quoted(glob), DidYouMean(glob, names)));
  }
  script.rules.push_back(std::move(rule));
  return absl::OkStatus();
}

// The nodes as the rules want them: what their handlers answer.
std::vector<Node> WithHandlers(std::vector<Node> nodes, const Script& script,
                               const std::shared_ptr<std::set<std::string>>& assumed) {
  for (Node& node : nodes) {
    ErrorHandlingBehavior verdict;
    if (IsAlways(node.on_error, verdict)) continue;
    node.on_error = [assumed, name = node.name](const Failure&) {
      assumed->insert(name);
      return ErrorHandlingBehavior::kRestart;
    };
  }
  for (const Rule& rule : script.rules) {
    if (rule.kind != Rule::Kind::kHandler) continue;
    for (const NodeId id : rule.nodes) nodes[id].on_error = Always(rule.verdict);
  }
  return nodes;
}

void Behave(const Script& script, Simulation& simulation) {
  for (const Rule& rule : script.rules) {
    for (const NodeId id : rule.nodes) {
      const std::string& name = simulation.engine().graph().name(id);
      Behavior behavior = simulation.BehaviorOf(name);
      switch (rule.kind) {
        case Rule::Kind::kStop:
          behavior.stop = rule.time;
          break;
        case Rule::Kind::kStart:
          behavior.start = rule.time;
          break;
        case Rule::Kind::kCrash:
          behavior.run = rule.time;
          behavior.run_failure = Simulation::SimulatedFailure();
          break;
        case Rule::Kind::kMute:
          behavior.answer = kNever;
          break;
        case Rule::Kind::kHandler:
          continue;
      }
      simulation.Behave(name, std::move(behavior));
    }
  }
}

absl::Status Perform(const Step& step, Simulation& simulation) {
  switch (step.kind) {
    case Step::Kind::kFail:
      return simulation.Fail(step.node, step.verdict);
    case Step::Kind::kEnd:
      return simulation.End(step.node);
    case Step::Kind::kSilence:
      return simulation.FallSilent(step.node);
    case Step::Kind::kStop:
      simulation.RequestStop();
      return absl::OkStatus();
    case Step::Kind::kInterrupt:
      simulation.Interrupt();
      return absl::OkStatus();
    case Step::Kind::kTerminate:
      simulation.Terminate();
      return absl::OkStatus();
    case Step::Kind::kStopNode:
      return simulation.StopNode(step.node);
    case Step::Kind::kStartNode:
      return simulation.StartNode(step.node);
    case Step::Kind::kRestartNode:
      return simulation.RestartNode(step.node);
    case Step::Kind::kRemoveNode:
      return simulation.RemoveNode(step.node);
  }
  return absl::OkStatus();
}

// Lets the steps happen, each in its time.
class Play {
 public:
  Play(const Script& script, SimulatedRun& run) : script_(script), run_(run) {
    for (const Step& step : script.steps) (step.at ? timed_ : others_).push_back(&step);
    std::stable_sort(timed_.begin(), timed_.end(),
                     [](const Step* a, const Step* b) { return *a->at < *b->at; });
    if (!timed_.empty()) last_ = *timed_.back()->at;
  }

  void Run() {
    Simulation& simulation = run_.simulation;
    simulation.Begin();
    while (!simulation.over()) {
      const nanoseconds until =
          next_timed_ < timed_.size() ? std::min(End(), *timed_[next_timed_]->at) : End();
      const absl::Status settled = simulation.Settle(until);
      if (absl::IsResourceExhausted(settled)) return Remark(std::string(settled.message()));
      if (simulation.over()) break;
      if (settled.ok() && next_other_ < others_.size()) {
        Do(*others_[next_other_++]);
      } else if (next_timed_ < timed_.size() && *timed_[next_timed_]->at <= End()) {
        if (!Pass(until)) return;
        if (!simulation.over()) Do(*timed_[next_timed_++]);
      } else {
        if (!settled.ok() && !script_.duration) {
          Remark(absl::StrCat("it does not come to rest within ", ManifestDuration(kPatience)));
        }
        if (script_.duration) Pass(*script_.duration);
        break;
      }
    }
    const std::string_view why =
        simulation.over() ? "the run is over before" : "never comes to that";
    for (; next_timed_ < timed_.size(); ++next_timed_) Skip(*timed_[next_timed_], why);
    for (; next_other_ < others_.size(); ++next_other_) Skip(*others_[next_other_], why);
  }

 private:
  // When to stop waiting for a rest.
  nanoseconds End() const {
    if (script_.duration) return *script_.duration;
    return last_ > kNever - kPatience ? kNever : last_ + kPatience;
  }
  bool Pass(nanoseconds until) {
    const absl::Status passed = run_.simulation.AdvanceTo(std::max(until, run_.simulation.now()));
    if (!passed.ok()) Remark(std::string(passed.message()));
    return passed.ok();
  }
  void Do(const Step& step) {
    last_ = std::max(last_, run_.simulation.now());
    const absl::Status done = Perform(step, run_.simulation);
    if (!done.ok()) Skip(step, std::string_view(done.message().data(), done.message().size()));
  }
  void Skip(const Step& step, std::string_view why) {
    Remark(absl::StrCat(step.text, ": ", std::string(why)));
  }
  void Remark(std::string text) { run_.remarks.push_back(std::move(text)); }

  const Script& script_;
  SimulatedRun& run_;
  std::vector<const Step*> timed_, others_;
  std::size_t next_timed_ = 0, next_other_ = 0;
  nanoseconds last_ = {};
};

}  // namespace

const std::vector<ScriptWord>& ScriptWords() {
  static const auto* const words = new std::vector<ScriptWord>{
      {"fail", "NODE[@TIME][=VERDICT]", "Its component fails, and its handler answers VERDICT"},
      {"end", "NODE[@TIME]", "Its component ends by itself"},
      {"silence", "NODE[@TIME]", "Its workers give no sign of life any more"},
      {"stop", "[@TIME]", "Somebody requests a stop"},
      {"interrupt", "[@TIME]", "SIGINT"},
      {"terminate", "[@TIME]", "SIGTERM"},
      {"stop-node", "NODE[@TIME]", "An operator stops it"},
      {"start-node", "NODE[@TIME]", "An operator starts it"},
      {"restart-node", "NODE[@TIME]", "An operator restarts it"},
      {"remove-node", "NODE[@TIME]", "An operator removes it"},
      {"hang", "GLOB", "What matches never stops once it is asked"},
      {"slow-stop", "GLOB=DURATION", "It takes that long to stop"},
      {"never-ready", "GLOB", "It is never ready"},
      {"slow-start", "GLOB=DURATION", "It takes that long to be ready"},
      {"crash", "GLOB=DURATION", "It fails that long after it was ready, every time"},
      {"mute", "GLOB", "Its handler never answers"},
      {"handler", "GLOB=VERDICT", "Its handler answers this, always"},
      {"for", "DURATION", "The end of the simulation. Default: when nothing goes on any more"},
  };
  return *words;
}

absl::Status AddToScript(std::string_view word, std::string_view argument,
                         const DependencyGraph& graph, Script& script) {
  for (const StepForm& form : kSteps) {
    if (word == form.word) return AddStep(form, argument, graph, script);
  }
  for (const RuleForm& form : kRules) {
    if (word == form.word) return AddRule(form, argument, graph, script);
  }
  if (word == "for") {
    script.duration = ParseTime(argument);
    if (script.duration) return absl::OkStatus();
    return Wrong(
        absl::StrCat("for: ", Quoted(argument), " is no duration, such as 500ms or 1m30s"));
  }
  std::vector<std::string_view> words;
  for (const ScriptWord& known : ScriptWords()) words.push_back(known.word);
  return Wrong(absl::StrCat("no command ", Quoted(word), Instead(word, words)));
}

absl::Status AddLinesToScript(std::string_view text, const DependencyGraph& graph, Script& script) {
  std::vector<std::string> wrong;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    for (std::size_t hash = line.find('#'); hash != std::string_view::npos;
         hash = line.find('#', hash + 1)) {
      if (hash == 0 || line[hash - 1] == ' ' || line[hash - 1] == '\t') {
        line = line.substr(0, hash);
        break;
      }
    }
    line = Trimmed(line);
    if (line.empty()) continue;
    const std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    const absl::Status added =
        AddToScript(line.substr(0, blank), Trimmed(line.substr(blank)), graph, script);
    if (!added.ok()) wrong.push_back(absl::StrCat(number, ": ", added.message()));
  }
  return wrong.empty() ? absl::OkStatus() : Wrong(absl::StrJoin(wrong, "\n"));
}

absl::StatusOr<SimulatedRun> RunScript(std::vector<Node> nodes, const EngineOptions& options,
                                       const Script& script) {
  const auto assumed = std::make_shared<std::set<std::string>>();
  absl::StatusOr<Simulation> simulation =
      Simulation::Create(WithHandlers(std::move(nodes), script, assumed), options);
  if (!simulation.ok()) return simulation.status();
  SimulatedRun run{.simulation = *std::move(simulation)};
  Behave(script, run.simulation);
  Play(script, run).Run();
  for (const std::string& name : *assumed) {
    run.remarks.push_back(absl::StrCat("the handler of ", Quoted(name),
                                       " is the service's own: it is taken to answer restart; "
                                       "'handler ",
                                       Printable(name), "=VERDICT' says otherwise"));
  }
  return run;
}

}  // namespace stemma::tools
