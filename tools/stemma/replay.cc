// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/replay.h"

#include <cstddef>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/views/journal_json.h"
#include "stemma/tools/views/replay.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  JournalSource source = {};
  std::string until = {};
  bool verify = false;
};

// The journal for programs: what is read of it, and the states at its end.
class Collector {
 public:
  void Begin(const JournalHeader& header) {
    lines_.emplace(header);
    history_.emplace(header);
  }
  void Take(const JournalEntry& entry) {
    entries_.push_back(lines_->Entry(entry));
    history_->Add(entry);
  }
  Json TakeJson() {
    Json json = {{"entries", std::move(entries_)}, {"states", Json::array()}};
    if (history_.has_value()) json["states"] = StatesJson(*history_);
    return json;
  }

 private:
  std::optional<JournalJson> lines_;
  std::optional<History> history_;
  Json entries_ = Json::array();
};

absl::StatusOr<Answer> Replay(const Arguments& arguments, Session& session) {
  ReplayRequest request = {.verify = arguments.verify};
  if (!arguments.until.empty()) {
    const absl::StatusOr<std::chrono::nanoseconds> until = ParseTime("--until", arguments.until);
    if (!until.ok()) return until.status();
    request.until = *until;
  }
  const absl::StatusOr<std::shared_ptr<std::istream>> in = Open(arguments.source);
  if (!in.ok()) return in.status();
  Answer answer;
  Collector collector;
  std::size_t entries = 0;
  // A journal may be long: what is to be read on standard output is written as it comes.
  const bool stream = session.output.empty();
  const bool collects = session.json && !arguments.verify;
  ReplayOutput output;
  output.write = [&](std::string_view text) {
    if (session.json) return absl::OkStatus();
    if (stream) return WriteResult(text);
    answer.text += text;
    return absl::OkStatus();
  };
  output.remark = [&](const ReplayRemark& remark) {
    session.Report(
        {.severity = remark.is_error ? Diagnostic::Severity::kError : Diagnostic::Severity::kNote,
         .label = LabelOf(arguments.source),
         .place = remark.place,
         .text = remark.text});
  };
  output.begin = [&](const JournalHeader& header) {
    if (collects) collector.Begin(header);
  };
  output.entry = [&](const JournalEntry& entry) {
    ++entries;
    if (collects) collector.Take(entry);
  };
  const absl::Status replayed = ReplayJournal(**in, request, output);
  if (absl::IsDataLoss(replayed)) return absl::DataLossError("");  // it was told where
  answer.is_yes = !absl::IsFailedPrecondition(replayed);
  if (!replayed.ok() && answer.is_yes) {
    if (!absl::IsNotFound(replayed)) return replayed;
    return absl::NotFoundError(absl::StrCat(LabelOf(arguments.source), ": ", replayed.message()));
  }
  if (arguments.verify) {
    answer.json = {{"verified", answer.is_yes}, {"lines", entries}};
  } else if (session.json) {
    answer.json = collector.TakeJson();
  }
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
            DeclareJournalSource(app, arguments->source);
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
