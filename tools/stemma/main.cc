// SPDX-License-Identifier: Apache-2.0
// The `stemma` command: docs/stemma_command.md.
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/latch.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/stemma/drawing.h"
#include "stemma/tools/stemma/manifest_reader.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/stemma/replay.h"
#include "stemma/tools/stemma/source.h"

namespace stemma::tools {
namespace {

// How the command ends. The numbers from 64 on are those of sysexits.h.
enum ExitCode : int {
  kYes = 0,           // it did what it was asked
  kNo = 1,            // a supervisor would refuse the manifest; a decision is not the same
  kUsage = 64,        // the command line is wrong
  kBadInput = 65,     // the input is not a manifest, not a journal, or no latch
  kNoInput = 66,      // there is no such input, or it cannot be read
  kUnreachable = 69,  // a program that is needed is missing, or does not answer
  kBug = 70,          // a bug of the command
  kWriteFailed = 74,  // the result could not be written, or the latch not removed
};

constexpr char kExitCodes[] =
    "Exit codes:\n"
    "  0   done; for check: a supervisor would accept the manifest; for\n"
    "      replay --verify: every decision is the same\n"
    "  1   it would not, or it is not; the reasons are on standard error\n"
    "  64  the command line is wrong\n"
    "  65  the input is not a manifest, not a journal, or no latch\n"
    "  66  the input, or the latch, is not there or cannot be read\n"
    "  69  a program is missing, crashed, or did not answer: PROGRAM, or Graphviz's dot\n"
    "  70  a bug of stemma\n"
    "  74  the result could not be written, or the latch not removed\n";

constexpr char kExamples[] =
    "Examples:\n"
    "  stemma check shop.json               would a supervisor accept this graph?\n"
    "  stemma check -- ./shop --port 80     ask the service itself; it is not started\n"
    "  stemma graph shop.json               draw the graph on the terminal\n"
    "  stemma graph shop.json -o shop.svg   make a picture (with Graphviz)\n"
    "  stemma graph --format json -- ./shop\n"
    "                                       print the service's manifest\n"
    "  stemma replay shop.journal           what happened, and what was decided\n"
    "  stemma replay shop.journal --verify  would this stemma decide the same?\n"
    "  stemma latch show /var/lib/shop/halt why does it refuse to start?\n"
    "  stemma latch clear /var/lib/shop/halt\n"
    "                                       that is dealt with: let it start\n\n";

// The libraries of this folder say with each error which of these it can be.
ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kYes;
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kDataLoss:
      return kBadInput;
    case absl::StatusCode::kNotFound:
      return kNoInput;
    case absl::StatusCode::kUnavailable:
      return kUnreachable;
    case absl::StatusCode::kAborted:
      return kWriteFailed;
    default:
      return kBug;
  }
}

// Returns: the exit code, once the error, if it is one, is told.
int Finish(const absl::Status& status) {
  if (!status.ok()) Tell(absl::StrCat("stemma: ", status.message(), "\n"));
  return ExitCodeOf(status);
}

int FinishUsage(const std::string& message) {
  return Finish(absl::InvalidArgumentError(message + "\nTry 'stemma --help'."));
}

// What stands on the command line.
struct Arguments {
  std::string file;
  std::string timeout = "10s";
  std::string output;
  std::string latch;
  std::string format;
  bool ascii = false;
  std::string until;
  bool verify = false;
  std::optional<std::vector<std::string>> program;  // what follows `--`; nothing: no `--`
};

// Gets and reads the manifest, and tells everything that is wrong with it.
// Returns: kYes, and the nodes and their graph in `reading`; or the exit code for what is wrong.
int Read(const Arguments& arguments, ManifestReading& reading) {
  const std::optional<std::chrono::nanoseconds> timeout = ParseManifestDuration(arguments.timeout);
  if (!timeout.has_value() || *timeout <= std::chrono::nanoseconds::zero()) {
    return FinishUsage(
        absl::StrCat("--timeout must be a positive duration, such as 10s, or none, is '",
                     Printable(arguments.timeout), "'"));
  }
  const absl::StatusOr<SourceText> source =
      ReadSource({.file = arguments.file, .program = arguments.program, .timeout = *timeout});
  if (!source.ok()) return Finish(source.status());
  reading = ReadManifest(source->text);
  std::string told;
  for (const Problem& problem : reading.problems) {
    absl::StrAppend(&told, source->label, ":");
    if (source->has_places) {
      absl::StrAppend(&told, problem.place.line, ":", problem.place.column, ":");
    }
    absl::StrAppend(&told, " ", problem.text, "\n");
  }
  Tell(told);
  if (!reading.nodes.has_value()) return kBadInput;
  return reading.problems.empty() ? kYes : kNo;
}

std::string Counted(std::size_t count, const char* noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

int Check(const Arguments& arguments) {
  ManifestReading reading;
  if (const int code = Read(arguments, reading); code != kYes) return code;
  return Finish(WriteResult(absl::StrCat("ok: ", Counted(reading.graph.size(), "node"), ", ",
                                         Counted(reading.graph.edge_count(), "edge"), "\n")));
}

// Whether the user's locale can show lines that are not ASCII.
bool IsUtf8Locale() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return false;  // one that is not installed
  const bool is_utf8 = std::string_view(nl_langinfo_l(CODESET, locale)) == "UTF-8";
  freelocale(locale);
  return is_utf8;
}

int Graph(const Arguments& arguments) {
  // Chosen before anything is read or run: a wrong option is told at once.
  const absl::StatusOr<Format> format =
      arguments.format.empty() ? FormatFor(arguments.output) : FormatNamed(arguments.format);
  if (!format.ok()) return Finish(format.status());
  ManifestReading reading;
  if (const int code = Read(arguments, reading); code != kYes) return code;
  const absl::StatusOr<std::string> drawing =
      Draw(*reading.nodes, reading.graph, *format, arguments.ascii || !IsUtf8Locale());
  if (!drawing.ok()) return Finish(drawing.status());
  return Finish(WriteResult(*drawing, arguments.output));
}

// Returns: the exit code for a latch that cannot be shown or cleared, once that is told.
int FinishLatch(const absl::Status& status) {
  Tell(absl::StrCat("stemma: ", std::string(status.message()), "\n"));
  if (absl::IsAborted(status)) return kWriteFailed;
  return absl::IsInvalidArgument(status) ? kBadInput : kNoInput;
}

int ShowLatch(const std::string& file) {
  const absl::StatusOr<std::string> said = internal::ReadLatch(file);
  return said.ok() ? Finish(WriteResult(*said + "\n")) : FinishLatch(said.status());
}

int ClearLatch(const std::string& file) {
  const absl::Status cleared = internal::ClearLatch(file);
  return cleared.ok() ? kYes : FinishLatch(cleared);
}

int Replay(const Arguments& arguments) {
  if (arguments.program.has_value()) return FinishUsage("replay reads a file, and no program");
  if (arguments.file.empty()) {
    return FinishUsage("no journal: give a file, or - for standard input");
  }
  ReplayRequest request = {.label = Printable(arguments.file), .verify = arguments.verify};
  if (!arguments.until.empty()) {
    request.until = ParseManifestDuration(arguments.until);
    if (!request.until.has_value()) {
      return FinishUsage(absl::StrCat("--until must be a duration, such as 1m30s, is '",
                                      Printable(arguments.until), "'"));
    }
  }
  std::ifstream file;
  const bool is_stdin = arguments.file == "-";
  if (!is_stdin) {
    errno = 0;
    file.open(arguments.file, std::ios::binary);
    if (!file) {
      return Finish(absl::NotFoundError(
          absl::StrCat("cannot open '", request.label, "': ", std::strerror(errno))));
    }
  }
  const ReplayOutput output = {.write = [](std::string_view text) { return WriteResult(text); },
                               .tell = [](std::string_view text) { Tell(text); }};
  const absl::Status replayed = ReplayJournal(is_stdin ? std::cin : file, request, output);
  if (replayed.code() == absl::StatusCode::kDataLoss) {  // begins with the place
    Tell(absl::StrCat(replayed.message(), "\n"));
    return kBadInput;
  }
  // It was told where.
  if (replayed.code() == absl::StatusCode::kFailedPrecondition) return kNo;
  return Finish(replayed);
}

void DeclareSource(CLI::App& app, Arguments& arguments) {
  app.add_option("SOURCE", arguments.file,
                 "A manifest: a file, or - for standard input; or instead, last,\n"
                 "-- PROGRAM ARGS...: a service, which is asked for its manifest\n"
                 "and not started")
      ->type_name("");
  app.add_option("--timeout", arguments.timeout,
                 "How long PROGRAM may take to answer: 500ms, 1m, none. Default: 10s")
      ->type_name("DURATION");
}

int RunCommandLine(int argc, const char* const* argv) {
  Arguments arguments;
  CLI::App app("Looks at the component graph and the journal of a service that uses Stemma.",
               "stemma");
  app.set_help_flag("-h,--help", "Show this help and exit");
  app.set_version_flag("--version", absl::StrCat("stemma, manifest version ", kManifestVersion));
  app.footer(absl::StrCat(kExamples, kExitCodes));
  app.require_subcommand(1);

  CLI::App& check = *app.add_subcommand(
      "check", "Would a supervisor accept this graph? Tells all the problems at once");
  DeclareSource(check, arguments);
  CLI::App& graph = *app.add_subcommand(
      "graph", "Draws what depends on what: as text, for Graphviz, or as a picture");
  DeclareSource(graph, arguments);
  graph
      .add_option("-o,--output", arguments.output,
                  "Write to this file, whole or not at all. Default: standard output")
      ->type_name("FILE");
  graph
      .add_option("--format", arguments.format,
                  "text, dot, svg or json. Default: by the ending of FILE, else text")
      ->type_name("FORMAT");
  graph.add_flag("--ascii", arguments.ascii,
                 "Text with ASCII lines only. Default: unless the locale is one of UTF-8");
  CLI::App& replay =
      *app.add_subcommand("replay", "Shows a journal: what happened, when, and what was decided");
  replay.add_option("FILE", arguments.file, "A journal, or - for standard input")->type_name("");
  replay
      .add_option("--until", arguments.until,
                  "Only up to this long after the beginning, and the states then: 500ms, 1m")
      ->type_name("DURATION");
  replay.add_flag("--verify", arguments.verify,
                  "Show nothing; decide everything again and tell the first difference");
  CLI::App& latch =
      *app.add_subcommand("latch", "Shows or clears what keeps a service down after a spin halt");
  latch.require_subcommand(1);
  CLI::App& show = *latch.add_subcommand("show", "Tells what the latch says");
  CLI::App& clear = *latch.add_subcommand("clear", "Removes it, so that the service can start");
  for (CLI::App* verb : {&show, &clear}) {
    verb->add_option("FILE", arguments.latch, "The latch: SupervisorOptions::spin_halt_latch")
        ->type_name("")
        ->required();
  }
  for (CLI::App* verb : {&check, &graph, &replay, &latch, &show, &clear})
    verb->footer(absl::StrCat(kExamples, kExitCodes));

  // What follows `--` is not ours to read; CLI11 would take it for more positional arguments.
  const char* const* const dashes = std::find(argv + 1, argv + argc, std::string_view("--"));
  if (dashes != argv + argc) arguments.program.emplace(dashes + 1, argv + argc);

  const std::string_view verb = dashes == argv + 1 ? "" : argv[1];
  if (!verb.starts_with("-") && verb != "check" && verb != "graph" && verb != "replay" &&
      verb != "latch") {
    const std::string what = verb.empty() ? "no verb" : "no verb '" + Printable(verb) + "'";
    return FinishUsage(what + "; there are check, graph, replay and latch");
  }
  if (verb == "latch") {
    const std::string_view what = dashes <= argv + 2 ? "" : argv[2];
    if (!what.starts_with("-") && what != "show" && what != "clear") {
      return FinishUsage(absl::StrCat("no verb ", what.empty() ? "" : "'" + Printable(what) + "' ",
                                      "for the latch; there are show and clear"));
    }
  }
  try {
    app.parse(static_cast<int>(dashes - argv), argv);
  } catch (const CLI::Success& success) {  // --help and its like
    std::ostringstream text;
    app.exit(success, text);
    return Finish(WriteResult(text.str()));
  } catch (const CLI::ParseError& error) {
    return FinishUsage(Printable(error.what()));
  }
  if (replay.parsed()) return Replay(arguments);
  if (latch.parsed() && arguments.program.has_value()) {
    return FinishUsage("a latch is a file; nothing may follow --");
  }
  if (show.parsed()) return ShowLatch(arguments.latch);
  if (clear.parsed()) return ClearLatch(arguments.latch);
  return check.parsed() ? Check(arguments) : Graph(arguments);
}

}  // namespace
}  // namespace stemma::tools

int main(int argc, char** argv) {
  // Files and pipes must not get the numbers of the standard descriptors.
  int descriptor = open("/dev/null", O_RDWR);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDWR);
  close(descriptor);
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is found out by writing

  try {
    return stemma::tools::RunCommandLine(argc, argv);
  } catch (const std::exception& exception) {
    stemma::tools::Tell(absl::StrCat("stemma: a bug, please report it: ", exception.what(), "\n"));
    return stemma::tools::kBug;
  }
}
