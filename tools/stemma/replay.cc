// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/replay.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/views/replay.h"

namespace stemma::tools {
namespace {

struct Arguments {
  std::string file = {};
  std::string until = {};
  bool verify = false;
};

absl::StatusOr<Answer> Replay(const Arguments& arguments, Session& session) {
  ReplayRequest request = {.label = Printable(arguments.file), .verify = arguments.verify};
  if (!arguments.until.empty()) {
    request.until = ParseManifestDuration(arguments.until);
    if (!request.until.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--until must be a duration, such as 1m30s, is '", Printable(arguments.until), "'"));
    }
  }
  std::ifstream file;
  const bool is_stdin = arguments.file == "-";
  if (!is_stdin) {
    errno = 0;
    file.open(arguments.file, std::ios::binary);
    if (!file) {
      return absl::NotFoundError(
          absl::StrCat("cannot open '", request.label, "': ", std::strerror(errno)));
    }
  }
  // A journal may be long: what is to be read on standard output is written as it comes.
  Answer answer;
  const bool stream = !session.json && session.output.empty();
  const ReplayOutput output = {.write =
                                   [&](std::string_view text) {
                                     if (stream) return WriteResult(text);
                                     answer.text += text;
                                     return absl::OkStatus();
                                   },
                               .tell = [](std::string_view text) { Tell(text); }};
  const absl::Status replayed = ReplayJournal(is_stdin ? std::cin : file, request, output);
  if (replayed.code() == absl::StatusCode::kDataLoss) {  // begins with the place
    Tell(absl::StrCat(replayed.message(), "\n"));
    return absl::DataLossError("");
  }
  // It was told where.
  if (replayed.code() == absl::StatusCode::kFailedPrecondition) {
    answer.is_yes = false;
  } else if (!replayed.ok()) {
    return replayed;
  }
  answer.json = {{"verified", arguments.verify && answer.is_yes}, {"text", answer.text}};
  return answer;
}

}  // namespace

Verb ReplayVerb() {
  return {.name = "replay",
          .group = kLookAtARun,
          .summary = "Shows a journal: what happened, when, and what was decided",
          .examples =
              "  stemma replay shop.journal           what happened, and what was decided\n"
              "  stemma replay shop.journal --verify  would this stemma decide the same?\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            app.add_option("FILE", arguments->file, "A journal, or - for standard input")
                ->type_name("")
                ->required();
            app.add_option(
                   "--until", arguments->until,
                   "Only up to this long after the beginning, and the states then: 500ms, 1m")
                ->type_name("DURATION");
            app.add_flag("--verify", arguments->verify,
                         "Show nothing; decide everything again and tell the first difference");
            return [arguments](Session& session) { return Replay(*arguments, session); };
          }};
}

}  // namespace stemma::tools
