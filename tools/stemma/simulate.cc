// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/simulate.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/supervisor/outcome.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/learn.h"
#include "stemma/tools/simulation/script.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/views/journal_json.h"
#include "stemma/tools/views/timeline.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

// What was given for one of the script's words.
struct Given {
  std::string_view word = {};
  std::vector<std::string> arguments = {};
};

struct Arguments {
  GraphSource source = {};
  std::string script = {};
  std::vector<std::unique_ptr<Given>> given = {};  // one for each word
  std::map<const CLI::Option*, Given*> given_by_option = {};
  std::string journal = {};
  std::string on_stuck = {}, shutdown_deadline = {}, shutdown_delay = {};
  std::uint64_t seed = 0;
};

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // Copying a file of nothing fails, too, but without an error.
  if (file.is_open() && (text << file.rdbuf() || errno == 0)) return text.str();
  return absl::NotFoundError(
      absl::StrCat("cannot read '", Printable(path), "': ", std::strerror(errno)));
}

// What the command line says, in its order, after what the file says.
absl::StatusOr<Script> ReadScript(const CLI::App& app, const Arguments& arguments,
                                  const DependencyGraph& graph, Session& session) {
  Script script;
  if (!arguments.script.empty()) {
    const absl::StatusOr<std::string> text = ReadFile(arguments.script);
    if (!text.ok()) return text.status();
    const absl::Status added = AddLinesToScript(*text, graph, script);
    if (!added.ok()) {
      for (const std::string& line :
           std::vector<std::string>(absl::StrSplit(added.message(), '\n'))) {
        const std::size_t colon = line.find(':');
        session.Report({.label = Printable(arguments.script),
                        .place = Place{.line = std::stoul(line.substr(0, colon))},
                        .text = line.substr(colon + 2)});
      }
      return absl::DataLossError("");
    }
  }
  std::map<const Given*, std::size_t> taken;
  for (const CLI::Option* option : app.parse_order()) {
    const auto found = arguments.given_by_option.find(option);
    if (found == arguments.given_by_option.end()) continue;
    const Given& given = *found->second;
    const std::size_t index = taken[&given]++;
    if (index >= given.arguments.size()) continue;
    // CLI11 has this in place of a value that is missing.
    const std::string argument = given.arguments[index] == "true" && option->get_expected_min() == 0
                                     ? ""
                                     : given.arguments[index];
    const absl::Status added = AddToScript(given.word, argument, graph, script);
    if (!added.ok()) return absl::InvalidArgumentError(absl::StrCat("--", added.message()));
  }
  return script;
}

absl::Status SetOptions(const Arguments& arguments, EngineOptions& options) {
  options.jitter_seed = arguments.seed;
  const auto duration = [](const char* option, const std::string& text,
                           std::chrono::nanoseconds& value) {
    if (text.empty()) return absl::OkStatus();
    const absl::StatusOr<std::chrono::nanoseconds> time = ParseTime(option, text);
    if (time.ok()) value = *time;
    return time.status();
  };
  if (!arguments.on_stuck.empty()) {
    options.on_stuck = arguments.on_stuck == "wait"    ? OnStuck::kWait
                       : arguments.on_stuck == "abort" ? OnStuck::kAbort
                                                       : OnStuck::kAbandon;
  }
  if (absl::Status set =
          duration("--shutdown-deadline", arguments.shutdown_deadline, options.shutdown_deadline);
      !set.ok()) {
    return set;
  }
  return duration("--shutdown-delay", arguments.shutdown_delay, options.shutdown_delay);
}

struct Told {
  std::string text;
  Json json;
};

// How the run ended, as its supervisor would tell.
Told TellResult(const Simulation& simulation) {
  const RunResult result = simulation.Result();
  Told told;
  told.json = {{"over", simulation.over()}, {"at", simulation.now().count()}};
  if (simulation.over()) {
    const int code = simulation.immediate_exit_code().value_or(result.ExitCode());
    told.text = absl::StrCat("the run is over: ", std::string(ToString(result.outcome)));
    told.json["outcome"] = ToString(result.outcome);
    told.json["exit_code"] = code;
    if (!result.status.ok()) {
      absl::StrAppend(&told.text, ", ", Printable(result.status.ToString()));
      told.json["status"] = result.status.ToString();
    }
    absl::StrAppend(&told.text, "; exit code ", code, "\n");
  } else {
    told.text = simulation.engine().outcome() == Outcome::kSpinHalt
                    ? "the run goes on, halted: only SIGTERM ends it\n"
                    : "the run goes on\n";
  }
  told.json["nodes"] = Json::array();
  for (const NodeReport& node : result.nodes) {
    Json& report = told.json["nodes"].emplace_back();
    report = {{"node", node.name},
              {"state", ToString(node.state)},
              {"incarnations", node.incarnations},
              {"failure_count", node.failure_count},
              {"failures", Json::array()}};
    for (const Failure& failure : node.failures) report["failures"].push_back(Describe(failure));
  }
  return told;
}

std::string JournalText(const Simulation& simulation) {
  JournalWriter writer;
  std::string text = writer.Header(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) text += writer.Line(entry);
  return text;
}

Answer Tell(const SimulatedRun& run, const Session& session) {
  const Simulation& simulation = run.simulation;
  Told result = TellResult(simulation);
  Answer answer;
  if (session.json) {
    JournalJson lines(simulation.header());
    History history(simulation.header());
    Json entries = Json::array();
    for (const JournalEntry& entry : simulation.entries()) {
      entries.push_back(lines.Entry(entry));
      history.Add(entry);
    }
    answer.json = std::move(result.json);
    answer.json["states"] = StatesJson(history);
    answer.json["entries"] = std::move(entries);
    return answer;
  }
  Timeline timeline(simulation.header());
  answer.text = timeline.Title();
  for (const JournalEntry& entry : simulation.entries()) answer.text += timeline.Show(entry);
  absl::StrAppend(&answer.text, "then\n", timeline.States(), result.text);
  return answer;
}

absl::StatusOr<Answer> Simulate(const CLI::App& app, const Arguments& arguments, Session& session) {
  absl::StatusOr<LoadedGraph> loaded = LoadSound(arguments.source, session);
  if (!loaded.ok()) return loaded.status();
  const auto remark = [&](Diagnostic::Severity severity, std::string text) {
    session.Report({.severity = severity, .label = loaded->label, .text = std::move(text)});
  };
  EngineOptions options;
  std::vector<Script::Rule> learned;
  if (loaded->journal.has_value()) {
    History history(loaded->journal->header);
    for (const JournalLine& line : loaded->journal->lines) history.Add(line);
    history.Close();
    options = history.options();
    learned = Learned(history, loaded->graph);
    remark(Diagnostic::Severity::kNote,
           "starts, stops and handlers are simulated as they were in this journal");
  } else if (!loaded->has_policies) {
    remark(Diagnostic::Severity::kNote,
           "names and edges only: policies and verdicts are the defaults");
  }
  if (absl::Status set = SetOptions(arguments, options); !set.ok()) return set;
  absl::StatusOr<Script> script = ReadScript(app, arguments, loaded->graph, session);
  if (!script.ok()) return script.status();
  script->rules.insert(script->rules.begin(), learned.begin(), learned.end());
  const absl::StatusOr<SimulatedRun> run = RunScript(std::move(loaded->nodes), options, *script);
  if (!run.ok()) return absl::DataLossError(run.status().message());
  for (const std::string& text : run->remarks) remark(Diagnostic::Severity::kWarning, text);
  if (!arguments.journal.empty()) {
    if (absl::Status written = WriteResult(JournalText(run->simulation), arguments.journal);
        !written.ok()) {
      return written;
    }
  }
  return Tell(*run, session);
}

void DeclareScript(CLI::App& app, Arguments& arguments) {
  constexpr char kGroup[] = "What happens; each of these may be given more than once";
  for (const ScriptWord& word : ScriptWords()) {
    Given& given = *arguments.given.emplace_back(std::make_unique<Given>(Given{.word = word.word}));
    CLI::Option* const option =
        app.add_option("--" + std::string(word.word), given.arguments, std::string(word.meaning))
            ->type_name(std::string(word.argument))
            ->group(kGroup);
    constexpr int kMost = 1'000'000;
    option->expected(word.argument.starts_with("[") ? 0 : 1, word.word == "for" ? 1 : kMost);
    arguments.given_by_option[option] = &given;
  }
}

}  // namespace

Verb SimulateVerb() {
  return {
      .name = "simulate",
      .group = kAskAGraph,
      .summary = "What would happen if? The engine of production decides, in no time",
      .examples =
          "  stemma simulate shop.json --fail ledger\n"
          "                                       everything is up, then the ledger fails\n"
          "  stemma simulate shop.json --slow-start '*=1s' --fail orders@2s=stop --stop @1m\n"
          "                                       each at its time\n"
          "  stemma simulate shop.json --hang http --stop --journal would.journal\n"
          "                                       a journal as of a real run\n",
      .declare = [](CLI::App& app) -> Runner {
        const auto arguments = std::make_shared<Arguments>();
        DeclareGraphSource(app, arguments->source);
        app.add_option("--script", arguments->script,
                       "A file with what happens: the words below and their arguments,\n"
                       "one on each line")
            ->type_name("FILE");
        app.add_option("--journal", arguments->journal, "Write the journal of the run to this file")
            ->type_name("FILE");
        DeclareScript(app, *arguments);
        constexpr char kOptions[] = "The supervisor's options";
        app.add_option("--on-stuck", arguments->on_stuck,
                       "What becomes of a node that does not stop in time. Default: abandon")
            ->type_name("wait|abandon|abort")
            ->group(kOptions);
        app.add_option("--shutdown-deadline", arguments->shutdown_deadline,
                       "From the stop until all that remains is left behind. Default: none")
            ->type_name("DURATION")
            ->group(kOptions);
        app.add_option("--shutdown-delay", arguments->shutdown_delay,
                       "From a request to stop until the stop. Default: 0")
            ->type_name("DURATION")
            ->group(kOptions);
        app.add_option("--seed", arguments->seed, "What backoffs are drawn from. Default: 0")
            ->type_name(kWholeNumber)
            ->group(kOptions);
        return [&app, arguments](Session& session) { return Simulate(app, *arguments, session); };
      }};
}

}  // namespace stemma::tools
