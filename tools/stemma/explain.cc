// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/explain.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/tools/history/explain.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/history/words.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/journal_source.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  JournalSource source = {};
  std::string node = {};
  std::string at = {};
  std::optional<Incarnation> incarnation = {};
};

// The incarnations of the node, for a message.
std::string Incarnations(const NodeHistory& node) {
  std::vector<std::string> numbers;
  for (const Span& span : node.spans) {
    if (span.state == NodeState::kStarting) numbers.push_back(absl::StrCat(span.incarnation));
  }
  return numbers.empty() ? "it was never launched" : "there are " + Listed(numbers, 10);
}

absl::StatusOr<std::size_t> FindSpan(const Arguments& arguments, const History& history, Row row) {
  const NodeHistory& node = history[row];
  if (arguments.incarnation.has_value()) {
    for (std::size_t i = node.spans.size(); i > 0; --i) {
      const Span& span = node.spans[i - 1];
      if (span.incarnation != *arguments.incarnation || span.incarnation == 0) continue;
      if (span.state != NodeState::kWaiting) return i - 1;  // for the next one
    }
    return absl::InvalidArgumentError(absl::StrCat(
        Subject(node), " has no incarnation ", *arguments.incarnation, ": ", Incarnations(node)));
  }
  if (arguments.at.empty()) return node.spans.size() - 1;
  const absl::StatusOr<std::chrono::nanoseconds> at = ParseTime("--at", arguments.at);
  if (!at.ok()) return at.status();
  if (*at < node.added) {
    return absl::InvalidArgumentError(absl::StrCat(
        Subject(node), " was not there yet: it was added at ", SecondsText(node.added)));
  }
  return static_cast<std::size_t>(&history.At(row, *at) - node.spans.data());
}

Json ToJson(const History& history, const Explanation& explanation) {
  Json json = {{"node", history[explanation.row].name},
               {"incarnation", explanation.span.incarnation},
               {"state", std::string(ToString(explanation.span.state))},
               {"since", explanation.span.begin.count()},
               {"is_current", explanation.is_current},
               {"chain", Json::array()},
               {"notes", explanation.notes}};
  for (const Reason& reason : explanation.chain) {
    Json& link = json["chain"].emplace_back();
    link["kind"] = ToString(reason.kind);
    if (reason.row != kNoRow) link["node"] = history[reason.row].name;
    if (reason.incarnation != 0) link["incarnation"] = reason.incarnation;
    link["at"] = reason.at.count();
    link["text"] = reason.text;
  }
  return json;
}

bool IsFile(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

absl::StatusOr<Answer> Explain(const Arguments& arguments, Session& session) {
  if (!IsFile(arguments.source.file) && IsFile(arguments.node)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the journal comes first; did you mean 'stemma explain ", Printable(arguments.node), " ",
        Printable(arguments.source.file), "'?"));
  }
  const absl::StatusOr<History> history = LoadHistory(arguments.source, session);
  if (!history.ok()) return history.status();
  const absl::StatusOr<Row> row = FindRow(*history, arguments.node);
  if (!row.ok()) return row.status();
  const absl::StatusOr<std::size_t> span = FindSpan(arguments, *history, *row);
  if (!span.ok()) return span.status();
  const Explanation explanation = tools::Explain(*history, *row, *span);
  return Answer{.text = TextOf(explanation), .json = ToJson(*history, explanation)};
}

}  // namespace

Verb ExplainVerb() {
  return {.name = "explain",
          .group = kLookAtARun,
          .summary = "Why is a node in its state? The chain of causes, back to where it began",
          .examples =
              "  stemma explain shop.journal api      why is api down, or up again?\n"
              "  stemma explain shop.journal api --at 2m\n"
              "                                       and two minutes after the beginning?\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareJournalSource(app, arguments->source);
            app.add_option("NODE", arguments->node, "The node")->type_name("")->required();
            app.add_option("--at", arguments->at,
                           "The state at this time after the beginning. Default: the last")
                ->type_name("DURATION");
            app.add_option("--incarnation", arguments->incarnation,
                           "The last state of this incarnation: of api#3 it is 3")
                ->type_name(kWholeNumber);
            return [arguments](Session& session) { return Explain(*arguments, session); };
          }};
}

}  // namespace stemma::tools
