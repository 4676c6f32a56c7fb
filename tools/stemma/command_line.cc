// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/command_line.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/stemma/output.h"

namespace stemma::tools {
namespace {

constexpr int kEnvelopeVersion = 1;

constexpr char kExitCodes[] =
    "Exit codes:\n"
    "  0   done, and the answer is yes\n"
    "  1   the answer is no: the graph is refused, a decision is not the same;\n"
    "      the reasons are on standard error\n"
    "  64  the command line is wrong\n"
    "  65  the input is not what it must be\n"
    "  66  the input is not there or cannot be read\n"
    "  69  a program is missing, crashed, or did not answer: PROGRAM, or Graphviz's dot\n"
    "  70  a bug of stemma\n"
    "  74  the result could not be written\n";

// Whether the user's locale can show lines that are not ASCII.
bool IsUtf8Locale() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;  // one that is not installed
  const bool is_utf8 = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return is_utf8;
}

bool IsSet(const char* variable) {
  const char* const value = getenv(variable);
  return value != nullptr && *value != '\0';
}

// Color for a person's eyes only (https://no-color.org), unless the command line says otherwise.
bool WantsColor(const std::string& choice, const Session& session) {
  if (choice != "auto") return choice == "always";
  const char* const terminal = getenv("TERM");
  return session.output.empty() && !session.json && !IsSet("NO_COLOR") && isatty(STDOUT_FILENO) &&
         terminal != nullptr && std::string_view(terminal) != "dumb";
}

// JSON must be UTF-8: what is not becomes U+FFFD.
std::string Dump(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string Envelope(std::string_view verb, ExitCode code, const Session& session,
                     const absl::Status& status, const Answer& answer) {
  constexpr const char* kSeverities[] = {"error", "warning", "note"};
  nlohmann::ordered_json envelope = {
      {"stemma", kEnvelopeVersion}, {"verb", verb}, {"exit_code", static_cast<int>(code)}};
  if (status.ok()) {
    envelope["result"] = answer.json;
  } else {
    envelope["error"] = std::string(status.message());
  }
  envelope["diagnostics"] = nlohmann::ordered_json::array();
  for (const Diagnostic& diagnostic : session.diagnostics) {
    nlohmann::ordered_json& told = envelope["diagnostics"].emplace_back();
    told["severity"] = kSeverities[static_cast<int>(diagnostic.severity)];
    told["source"] = diagnostic.label;
    if (diagnostic.place.has_value()) {
      told["line"] = diagnostic.place->line;
      told["column"] = diagnostic.place->column;
    }
    told["text"] = diagnostic.text;
  }
  return Dump(envelope);
}

void TellError(const absl::Status& status) {
  if (!status.message().empty()) Tell(absl::StrCat("stemma: ", status.message(), "\n"));
}

// Returns: the exit code, once answer or error are told.
int Finish(std::string_view verb, const Session& session, const absl::StatusOr<Answer>& answer) {
  ExitCode code = answer.ok() ? (answer->is_yes ? kYes : kNo) : ExitCodeOf(answer.status());
  std::string text;
  if (session.json) {
    text = Envelope(verb, code, session, answer.status(), answer.ok() ? *answer : Answer());
  } else if (answer.ok()) {
    text = answer->text;
  } else {
    TellError(answer.status());
  }
  // An empty answer replaces no file.
  if (text.empty()) return code;
  // Errors go where the user looks, not into the file that was asked for.
  const absl::Status written = WriteResult(text, answer.ok() ? session.output : "");
  TellError(written);
  return written.ok() ? code : ExitCodeOf(written);
}

int FinishUsage(const Session& session, const std::string& message) {
  return Finish("", session, absl::InvalidArgumentError(message));
}

// "; did you mean 'x'?" for a verb or a flag.
std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return DidYouMean(word, views);
}

std::vector<std::string> NamesOfSubcommands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(verb->get_name());
  }
  return names;
}

// What is wrong with what follows the verb's path, of which CLI11 made nothing. Empty: nothing.
std::string Unexpected(const CLI::App& app) {
  for (const std::string& word : app.remaining()) {
    if (!word.starts_with("-")) {
      return absl::StrCat("one argument too many: '", Printable(word), "'");
    }
    const std::string flag = word.substr(0, word.find('='));
    std::vector<std::string> known;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
    return absl::StrCat("no option '", Printable(flag), "'", Suggestion(flag, known));
  }
  return "";
}

std::string NoVerb(const std::string& name, const std::vector<std::string>& known) {
  if (name.empty()) return absl::StrCat("no verb; there are ", absl::StrJoin(known, ", "));
  const std::string suggestion = Suggestion(name, known);
  return absl::StrCat(
      "no verb '", Printable(name), "'",
      suggestion.empty() ? absl::StrCat("; there are ", absl::StrJoin(known, ", ")) : suggestion);
}

// Declares on `app`, and on the verbs below it, what is common to all.
void DeclareCommon(CLI::App& app, const std::string& examples, Session& session, std::string& color,
                   bool& ascii) {
  app.allow_extras();
  if (!examples.empty()) {
    app.description(absl::StrCat(app.get_description(), "\n\nExamples:\n", examples));
  }
  app.footer(kExitCodes);
  const std::vector<CLI::App*> below = app.get_subcommands([](const CLI::App*) { return true; });
  for (CLI::App* verb : below) DeclareCommon(*verb, examples, session, color, ascii);
  if (!below.empty()) return;
  constexpr char kGroup[] = "How it is told";
  app.add_option("-o,--output", session.output,
                 "Write to this file, whole or not at all. Default: standard output")
      ->type_name("FILE")
      ->group(kGroup);
  app.add_flag("--json", session.json, "For programs: the answer, or the error, as JSON")
      ->group(kGroup);
  app.add_option("--color", color,
                 "auto, always or never. Default: auto, on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->group(kGroup);
  app.add_flag("--ascii", ascii,
               "Text with ASCII lines only. Default: unless the locale is one of UTF-8")
      ->group(kGroup);
}

}  // namespace

int RunCommandLine(const std::vector<Verb>& verbs, int argc, const char* const* argv) {
  Session session;
  std::string color = "auto";
  bool ascii = false;

  CLI::App app("Looks at the component graph and the journal of a service that uses Stemma.",
               "stemma");
  app.set_help_flag("-h,--help", "Show this help and exit");
  app.set_version_flag("--version", absl::StrCat("stemma, manifest version ", kManifestVersion));
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Runner>> runners;
  std::string examples;
  for (const Verb& verb : verbs) {
    CLI::App& declared = *app.add_subcommand(verb.name, verb.summary);
    runners.emplace_back(&declared, verb.declare(declared));
    DeclareCommon(declared, verb.examples, session, color, ascii);
    examples += verb.examples;
  }
  app.footer(absl::StrCat("Examples:\n", examples, "\n", kExitCodes));

  // What follows `--` is not ours to read; CLI11 would take it for more positional arguments.
  const char* const* const dashes = std::find(argv + 1, argv + argc, std::string_view("--"));
  if (dashes != argv + argc) session.program.emplace(dashes + 1, argv + argc);

  // Even what is wrong with the command line is told as it asks.
  session.json = std::find(argv + 1, dashes, std::string_view("--json")) != dashes;

  // Verbs are looked at here, for CLI11 knows no nearest name.
  CLI::App* level = &app;
  std::string path = "stemma";
  const auto hint = [&path] { return absl::StrCat("\nTry '", path, " --help'."); };
  for (const char* const* word = argv + 1;; ++word) {
    const std::vector<std::string> names = NamesOfSubcommands(*level);
    const std::string name = word < dashes ? *word : "";
    if (names.empty() || name.starts_with("-")) break;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return FinishUsage(session, absl::StrCat(NoVerb(name, names), hint()));
    }
    level = level->get_subcommand(name);
    absl::StrAppend(&path, " ", name);
  }
  try {
    app.parse(static_cast<int>(dashes - argv), argv);
  } catch (const CLI::Success& success) {  // --help and its like
    std::ostringstream text;
    app.exit(success, text);
    return Finish("help", Session{}, Answer{.text = text.str()});
  } catch (const CLI::ParseError& error) {
    return FinishUsage(session, Printable(error.what()) + hint());
  }
  if (const std::string unexpected = Unexpected(*level); !unexpected.empty()) {
    return FinishUsage(session, unexpected + hint());
  }
  session.style = {.color = WantsColor(color, session), .unicode = !ascii && IsUtf8Locale()};
  for (const auto& [verb, run] : runners) {
    if (!verb->parsed()) continue;
    const absl::StatusOr<Answer> answer = run(session);
    if (absl::IsInvalidArgument(answer.status()) && !session.json) {
      return FinishUsage(session, absl::StrCat(answer.status().message(), hint()));
    }
    return Finish(verb->get_name(), session, answer);
  }
  return FinishUsage(session, "no verb\nTry 'stemma --help'.");
}

}  // namespace stemma::tools
