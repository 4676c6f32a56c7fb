// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/trace.h"

#include <memory>
#include <string>
#include <vector>

#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/views/safe_json.h"
#include "stemma/tools/views/trace.h"

namespace stemma::tools {
namespace {

struct Arguments {
  JournalSource source = {};
  FocusArguments focus = {};
};

absl::StatusOr<Answer> WriteTrace(const Arguments& arguments, Session& session) {
  const absl::StatusOr<History> history = LoadHistory(arguments.source, session);
  if (!history.ok()) return history.status();
  const absl::StatusOr<std::vector<Row>> rows = FocusedRows(*history, arguments.focus);
  if (!rows.ok()) return rows.status();
  Answer answer{.text = SafeJson(TraceJson(*history, *rows))};
  if (session.json) answer.json = nlohmann::ordered_json::parse(answer.text);
  return answer;
}

}  // namespace

Verb TraceVerb() {
  return {.name = "trace",
          .group = kLookAtARun,
          .summary = "A run for Perfetto or chrome://tracing: a track for each node",
          .examples =
              "  stemma trace shop.journal -o run.json\n"
              "                                       open it at https://ui.perfetto.dev\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareJournalSource(app, arguments->source);
            DeclareFocus(app, arguments->focus);
            return [arguments](Session& session) { return WriteTrace(*arguments, session); };
          }};
}

}  // namespace stemma::tools
