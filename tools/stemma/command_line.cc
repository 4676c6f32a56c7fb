// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/command_line.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/stemma/completion.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/declared_json.h"
#include "stemma/tools/stemma/envelope.h"
#include "stemma/tools/stemma/exit_code.h"
#include "stemma/tools/stemma/help.h"
#include "stemma/tools/stemma/man_page.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/stemma/style.h"
#include "stemma/tools/stemma/version.h"
#include "stemma/tools/stemma/words.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {
namespace {

constexpr char kName[] = "stemma";

// What is common to all verbs, and no verb's business.
struct CommonArguments {
  std::string color = "auto";
  bool ascii = false;
};

void DeclareCommon(CLI::App& verb, Session& session, CommonArguments& common) {
  constexpr char kGroup[] = "How it is told";
  verb.add_option("-o,--output", session.output,
                  "Write to this file, whole or not at all. Default: standard output")
      ->type_name("FILE")
      ->group(kGroup);
  verb.add_flag("--json", session.json, "For programs: the answer, or the error, as JSON")
      ->group(kGroup);
  verb.add_option("--color", common.color,
                  "Default: auto, which is on a terminal without NO_COLOR, and not into a file")
      ->type_name("auto|always|never")
      ->group(kGroup);
  verb.add_flag("--ascii", common.ascii,
                "Text with ASCII lines only. Default: unless the locale is one of UTF-8")
      ->group(kGroup);
  verb.set_help_flag("-h,--help", "Show this help and exit")->group(kGroup);
}

// Completes what a verb declared: what is common is on the verbs that have none below.
void DeclareCommonBelow(CLI::App& app, Session& session, CommonArguments& common) {
  const std::vector<CLI::App*> below = app.get_subcommands([](const CLI::App*) { return true; });
  if (below.empty()) DeclareCommon(app, session, common);
  for (CLI::App* verb : below) DeclareCommonBelow(*verb, session, common);
  // "[a,b]" is one value, and not two.
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) option->allow_extra_args(false);
  }
}

std::size_t PlaceOf(const std::string& group) {
  constexpr std::string_view kGroups[] = {kLookAtAGraph, kAskAGraph, kLookAtARun};
  return static_cast<std::size_t>(std::find(std::begin(kGroups), std::end(kGroups), group) -
                                  std::begin(kGroups));
}

// The words as CLI11 reads them without a doubt; it cannot tell of itself where the values of an
// option end, and tells less of what is wrong.
std::vector<std::string> Unambiguous(const CommandWords& words) {
  std::vector<std::string> result;
  std::string_view path = words.verb->path;
  for (path.remove_prefix(path.find(' ') + 1); !path.empty();) {
    const std::size_t length = std::min(path.find(' '), path.size());
    result.emplace_back(path.substr(0, length));
    path.remove_prefix(std::min(length + 1, path.size()));
  }
  for (const GivenOption& given : words.options) {
    result.push_back(given.value.empty() ? given.option->name()
                                         : absl::StrCat(given.option->name(), "=", given.value));
  }
  if (words.arguments.empty()) return result;
  result.emplace_back("--");
  auto next = words.arguments.begin();
  for (const DeclaredOption& argument : words.verb->arguments) {
    if (next == words.arguments.end()) break;
    // The place of the SOURCE that is a program stays empty.
    const bool has_place =
        std::find(words.places.begin(), words.places.end(), &argument) != words.places.end();
    result.push_back(has_place ? *next++ : "");
  }
  result.insert(result.end(), next, words.arguments.end());
  return result;
}

// The first option, or argument, whose value is not of its type.
std::string NotOfItsType(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    try {
      if (option->count() > 0) option->run_callback();
    } catch (const CLI::Error&) {
      return absl::StrCat(option->get_name(), " must be a number, is '",
                          Printable(absl::StrJoin(option->results(), " ")), "'");
    }
  }
  for (CLI::App* verb : app.get_subcommands()) {
    if (std::string wrong = NotOfItsType(*verb); !wrong.empty()) return wrong;
  }
  return "";
}

Answer VersionAnswer() {
  return {.text = absl::StrCat(kName, " ", kVersion, "\nreads and writes: manifest version ",
                               kManifestVersion, ", journal version ", kJournalVersion,
                               ", --json version ", kEnvelopeVersion, "\n"),
          .json = {{"version", kVersion},
                   {"manifest", kManifestVersion},
                   {"journal", kJournalVersion},
                   {"envelope", kEnvelopeVersion}}};
}

// One run of the command.
class Run {
 public:
  explicit Run(const Command& command)
      : node_names_(command.node_names), app_(command.summary, kName) {
    app_.require_subcommand(1);
    app_.set_help_flag("-h,--help", "Show this help and exit");
    app_.set_version_flag("--version", std::string(kVersion), "Show the versions and exit");
    std::vector<Verb> verbs = command.verbs;
    verbs.push_back(HelpVerb());
    verbs.push_back(CompletionVerb());
    std::stable_sort(verbs.begin(), verbs.end(), [](const Verb& a, const Verb& b) {
      return PlaceOf(a.group) < PlaceOf(b.group);
    });
    std::string examples;
    for (const Verb& verb : verbs) {
      CLI::App& declared = *app_.add_subcommand(verb.name, verb.summary);
      declared.group(verb.group.empty() ? kBesides : verb.group);
      runners_.emplace_back(&declared, verb.declare(declared));
      DeclareCommonBelow(declared, session_, common_);
      examples += verb.examples;
    }
    declared_ = Declared(app_, kName, examples);
    declared_.examples = command.examples;
  }

  int operator()(int argc, const char* const* argv) {
    if (argc > 1 && std::string_view(argv[1]) == kCompleteVerb) {
      const std::vector<std::string> words(argv + 2, argv + argc);
      return Finish(Answer{.text = ToString(Complete(declared_, words, node_names_))});
    }
    // What follows `--` is not ours to read.
    const char* const* const dashes = std::find(argv + 1, argv + argc, std::string_view("--"));
    if (dashes != argv + argc) session_.program.emplace(dashes + 1, argv + argc);
    const std::vector<std::string> given(argv + 1, dashes);
    if (given.empty() && !session_.program.has_value()) return TellShortUsage();
    const CommandWords words = ReadWords(declared_, given, session_.program.has_value());
    verb_ = words.verb;
    // Even what is wrong with the command line is told as it asks.
    session_.json = std::find(given.begin(), given.end(), "--json") != given.end();
    session_.color_errors = WantsColor("auto", STDERR_FILENO);
    if (!words.status.ok()) return Finish(words.status);
    if (words.Has("--help")) return Finish(HelpAbout(*verb_));
    if (words.Has("--version")) return Finish(VersionAnswer());
    if (const absl::Status missing = Missing(words); !missing.ok()) {
      return Finish(missing);
    }
    std::vector<std::string> read = Unambiguous(words);
    std::reverse(read.begin(), read.end());  // as CLI11 wants it
    try {
      app_.parse(std::move(read));
    } catch (const CLI::ParseError& error) {
      const std::string reason = NotOfItsType(app_);
      return Finish(absl::InvalidArgumentError(reason.empty() ? Printable(error.what()) : reason));
    }
    const bool to_file = !session_.output.empty() && session_.output != "-";
    session_.style = {
        .color = !session_.json &&
                 (to_file ? common_.color == "always" : WantsColor(common_.color, STDOUT_FILENO)),
        .unicode = !common_.ascii && IsUtf8Locale()};
    session_.color_errors = WantsColor(common_.color, STDERR_FILENO);
    return Finish(Answered());
  }

 private:
  Verb HelpVerb() {
    return {.name = "help",
            .group = kBesides,
            .summary = "Tells what a verb does and takes, with examples",
            .examples = "  stemma help graph                    the same as stemma graph --help\n",
            .declare = [this](CLI::App& app) -> Runner {
              const auto path = std::make_shared<std::vector<std::string>>();
              const auto man = std::make_shared<bool>();
              app.add_option("VERB", *path, "Of which verb. Default: of all, a line each")
                  ->type_name("");
              app.add_flag("--man", *man, "All of it, as a manual page for man(1)");
              return [this, path, man](Session&) -> absl::StatusOr<Answer> {
                if (!*man) return Help(*path);
                const std::string page = ManPage(declared_);
                return Answer{.text = page, .json = {{"page", page}}};
              };
            }};
  }

  static Verb CompletionVerb() {
    return {
        .name = "completion",
        .group = kBesides,
        .summary = "Prints what makes a shell complete verbs, options, files and nodes",
        .examples = "  source <(stemma completion bash)     complete in this shell\n",
        .declare = [](CLI::App& app) -> Runner {
          const auto shell = std::make_shared<std::string>();
          app.add_option("SHELL", *shell, "Which shell it is for")->type_name(kShells)->required();
          return [shell](Session&) -> absl::StatusOr<Answer> {
            const std::string script = CompletionScript(*shell);
            return Answer{.text = script, .json = {{"script", script}}};
          };
        }};
  }

  absl::StatusOr<Answer> Help(const std::vector<std::string>& path) const {
    const CommandWords words = ReadWords(declared_, path);
    if (!words.status.ok()) return words.status;
    if (!words.arguments.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("'", words.verb->path, "' has no verb '",
                                                     Printable(words.arguments.front()), "'"));
    }
    return HelpAbout(*words.verb);
  }

  Answer HelpAbout(const DeclaredVerb& verb) const {
    const std::string text = &verb == &declared_ ? Overview(verb) : HelpOf(verb);
    return {.text = text, .json = DeclaredJson(verb)};
  }

  absl::StatusOr<Answer> Answered() {
    for (const auto& [verb, run] : runners_) {
      if (!verb->parsed()) continue;
      try {
        return run(session_);
      } catch (const std::exception& exception) {
        return absl::InternalError(exception.what());
      }
    }
    return absl::InternalError("no verb was run");
  }

  int TellShortUsage() const {
    std::string verbs;
    for (const DeclaredVerb& verb : declared_.verbs) absl::StrAppend(&verbs, " ", verb.name);
    Tell(absl::StrCat("Usage: ", UsageOf(declared_).front(), "\nVerbs:", verbs, "\n", "Try '",
                      kName, " --help'.\n"));
    return kUsage;
  }

  // "latch show", empty if the words named no verb.
  std::string VerbName() const {
    return verb_ == &declared_ ? "" : verb_->path.substr(verb_->path.find(' ') + 1);
  }

  void TellError(const absl::Status& status) const {
    if (status.message().empty()) return;
    std::string text = absl::StrCat(Painted("stemma:", Paint::kRed, session_.color_errors), " ");
    if (ExitCodeOf(status) == kBug) text += "a bug of stemma, please report it: ";
    absl::StrAppend(&text, status.message(), "\n");
    if (ExitCodeOf(status) == kUsage) absl::StrAppend(&text, "Try '", verb_->path, " --help'.\n");
    Tell(text);
  }

  // Returns: the exit code, once answer or error are told.
  int Finish(const absl::StatusOr<Answer>& answer) const {
    if (!answer.ok()) return FinishError(answer.status());
    const ExitCode code = answer->is_yes ? kYes : kNo;
    const std::string text =
        session_.json ? Envelope(VerbName(), code, answer, session_) : answer->text;
    if (text.empty()) return code;  // an empty answer replaces no file
    const absl::Status written = WriteResult(text, session_.output);
    return written.ok() ? code : FinishError(written);
  }

  // Errors go where the user looks, not into the file that was asked for.
  int FinishError(const absl::Status& error) const {
    const ExitCode code = ExitCodeOf(error);
    if (!session_.json || !WriteResult(Envelope(VerbName(), code, error, session_)).ok()) {
      TellError(error);
    }
    return code;
  }

  const NodeNames node_names_;
  Session session_;
  CommonArguments common_;
  CLI::App app_;
  std::vector<std::pair<CLI::App*, Runner>> runners_;
  DeclaredVerb declared_;
  const DeclaredVerb* verb_ = &declared_;  // what the words named
};

}  // namespace

int RunCommandLine(const Command& command, int argc, const char* const* argv) {
  return Run(command)(argc, argv);
}

}  // namespace stemma::tools
