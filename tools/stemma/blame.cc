// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/blame.h"

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "stemma/tools/history/chain.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/views/chain_text.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  JournalSource source = {};
  FocusArguments focus = {};
  bool stop = false;
};

Json ToJson(const History& history, const std::vector<NodeTimes>& all) {
  Json json = Json::array();
  for (const NodeTimes& times : all) {
    json.push_back({{"node", history[times.row].name},
                    {"own", times.own.count()},
                    {"waiting", times.waiting.count()},
                    {"backing_off", times.backing_off.count()},
                    {"total", times.total().count()},
                    {"launches", times.launches},
                    {"is_over", times.is_over}});
  }
  return json;
}

absl::StatusOr<Answer> Blame(const Arguments& arguments, Session& session) {
  const absl::StatusOr<History> history = LoadHistory(arguments.source, session);
  if (!history.ok()) return history.status();
  const absl::StatusOr<std::vector<Row>> rows = FocusedRows(*history, arguments.focus);
  if (!rows.ok()) return rows.status();
  if (arguments.stop && !StopBegin(*history).has_value()) {
    return absl::FailedPreconditionError("nobody has stopped this run as a whole");
  }
  const std::vector<NodeTimes> times =
      arguments.stop ? StopTimes(*history, *rows) : StartTimes(*history, *rows);
  return Answer{
      .text = TimesText(*history, times),
      .json = {{"of", arguments.stop ? "stop" : "start"}, {"nodes", ToJson(*history, times)}}};
}

}  // namespace

Verb BlameVerb() {
  return {.name = "blame",
          .group = kLookAtARun,
          .summary = "Which nodes took how long to start, or to stop, apart from waiting?",
          .examples =
              "  stemma blame shop.journal            the slowest starts first\n"
              "  stemma blame shop.journal --stop     the slowest stops first\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareJournalSource(app, arguments->source);
            app.add_flag("--stop", arguments->stop, "Of the stop of everything, not of the start");
            DeclareFocus(app, arguments->focus);
            return [arguments](Session& session) { return Blame(*arguments, session); };
          }};
}

}  // namespace stemma::tools
