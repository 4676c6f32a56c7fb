// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/chain.h"

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/tools/history/chain.h"
#include "stemma/tools/history/words.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/views/chain_text.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  JournalSource source = {};
  std::string node = {};
  bool stop = false;
};

std::string Heading(const History& history, const Chain& chain, bool is_stop, bool is_chosen) {
  const NodeHistory& last = history[chain.steps.back().row];
  const std::string took =
      absl::StrCat(SecondsText(chain.end), ", ", SecondsText(chain.end - chain.begin), " s after ",
                   is_stop ? "the stop began" : "the beginning");
  if (is_stop) {
    const bool is_all = history.is_finished() && !is_chosen;
    return absl::StrCat(is_all ? "everything" : Subject(last), " had ended at ", took, "\n");
  }
  const bool is_all = history.First(Moment::Kind::kAllReady) != nullptr && !is_chosen;
  return absl::StrCat(is_all ? "everything" : Subject(last), " was ready at ", took, "\n");
}

Json ToJson(const History& history, const Chain& chain, bool is_stop) {
  Json json = {{"of", is_stop ? "stop" : "start"},
               {"begin", chain.begin.count()},
               {"end", chain.end.count()},
               {"steps", Json::array()}};
  for (const ChainStep& step : chain.steps) {
    json["steps"].push_back({{"node", history[step.row].name},
                             {"idle", step.idle.count()},
                             {"begin", step.begin.count()},
                             {"own", step.own.count()},
                             {"backing_off", step.backing_off.count()},
                             {"launches", step.launches}});
  }
  return json;
}

absl::Status NoChain(const History& history, const Arguments& arguments) {
  if (!arguments.stop) {
    return absl::FailedPreconditionError(
        arguments.node.empty() ? "nothing was ever ready in this run; 'stemma explain' tells why"
                               : "it was never ready; 'stemma explain' tells why");
  }
  if (!StopBegin(history).has_value()) {
    return absl::FailedPreconditionError("nobody has stopped this run as a whole");
  }
  return absl::FailedPreconditionError("nothing has ended since the stop began, or all had before");
}

absl::StatusOr<Answer> ShowChain(const Arguments& arguments, Session& session) {
  const absl::StatusOr<History> history = LoadHistory(arguments.source, session);
  if (!history.ok()) return history.status();
  std::optional<Row> target;
  if (!arguments.node.empty()) {
    const absl::StatusOr<Row> row = FindRow(*history, arguments.node);
    if (!row.ok()) return row.status();
    target = *row;
  }
  const std::optional<Chain> chain =
      arguments.stop ? StopChain(*history, target) : StartChain(*history, target);
  if (!chain.has_value()) return NoChain(*history, arguments);
  return Answer{.text = absl::StrCat(Heading(*history, *chain, arguments.stop, target.has_value()),
                                     ChainText(*history, *chain)),
                .json = ToJson(*history, *chain, arguments.stop)};
}

}  // namespace

Verb ChainVerb() {
  return {.name = "chain",
          .group = kLookAtARun,
          .summary = "Why does the start, or the stop, take so long? Its critical chain",
          .examples =
              "  stemma chain shop.journal            what start-up waited for, step by step\n"
              "  stemma chain shop.journal --node api until api was ready\n"
              "  stemma chain shop.journal --stop     the same of the stop\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareJournalSource(app, arguments->source);
            app.add_option("--node", arguments->node,
                           "The chain that ends with this node. Default: the last one")
                ->type_name("NODE");
            app.add_flag("--stop", arguments->stop, "Of the stop of everything, not of the start");
            return [arguments](Session& session) { return ShowChain(*arguments, session); };
          }};
}

}  // namespace stemma::tools
