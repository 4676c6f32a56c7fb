// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/journal_source.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/sources/journal_reader.h"
#include "stemma/tools/sources/load.h"

namespace stemma::tools {

void DeclareJournalSource(CLI::App& app, JournalSource& source) {
  app.add_option("FILE", source.file, "A journal, or - for standard input")
      ->type_name("")
      ->required();
}

std::string LabelOf(const JournalSource& source) { return Printable(source.file); }

absl::StatusOr<std::shared_ptr<std::istream>> Open(const JournalSource& source) {
  if (source.file == "-") return std::shared_ptr<std::istream>(&std::cin, [](std::istream*) {});
  errno = 0;
  auto file = std::make_shared<std::ifstream>(source.file, std::ios::binary);
  if (!*file) {
    return absl::NotFoundError(
        absl::StrCat("cannot open '", LabelOf(source), "': ", std::strerror(errno)));
  }
  return file;
}

absl::StatusOr<History> LoadHistory(const JournalSource& source, Session& session) {
  const absl::StatusOr<std::shared_ptr<std::istream>> in = Open(source);
  if (!in.ok()) return in.status();
  JournalReader reader(**in);
  const auto fail = [&](const absl::Status& error) {
    if (!absl::IsDataLoss(error)) {
      return absl::Status(error.code(), absl::StrCat(LabelOf(source), ": ", error.message()));
    }
    session.Report(
        {.label = LabelOf(source), .place = reader.problem().place, .text = reader.problem().text});
    return absl::DataLossError("");
  };
  const absl::StatusOr<JournalHeader> header = reader.ReadHeader();
  if (!header.ok()) return fail(header.status());
  History history(*header);
  while (true) {
    const absl::StatusOr<std::optional<JournalLine>> line = reader.Next();
    if (!line.ok()) return fail(line.status());
    if (!line->has_value()) break;
    history.Add(**line);
    const auto remark = [&](Diagnostic::Severity severity, std::string text) {
      session.Report({.severity = severity,
                      .label = LabelOf(source),
                      .place = Place{.line = reader.line()},
                      .text = std::move(text)});
    };
    if ((*line)->kind == JournalLine::Kind::kGap) {
      remark(Diagnostic::Severity::kWarning,
             absl::StrCat((*line)->lost,
                          " lines are missing here: what is told of what follows is "
                          "a guess"));
    }
    if ((*line)->kind == JournalLine::Kind::kTorn) {
      remark(Diagnostic::Severity::kNote,
             "the last line is torn: the process ended, or still runs; what stands before is good");
      break;
    }
  }
  history.Close();
  return history;
}

absl::StatusOr<Row> FindRow(const History& history, std::string_view name) {
  if (const std::optional<Row> row = history.Find(name)) return *row;
  std::vector<std::string_view> names;
  for (const NodeHistory& node : history.rows()) names.push_back(node.name);
  return absl::InvalidArgumentError(
      absl::StrCat("no node '", Printable(name), "'", DidYouMean(name, names)));
}

absl::StatusOr<std::vector<Row>> FocusedRows(const History& history, const FocusArguments& focus) {
  std::vector<Row> rows;
  if (focus.focus.empty() && focus.from.empty() && focus.to.empty() && !focus.ancestors &&
      !focus.descendants && !focus.depth.has_value()) {
    for (Row row = 0; row < history.rows().size(); ++row) rows.push_back(row);
    return rows;
  }
  LoadedGraph loaded;
  std::vector<DependencyGraph::Declaration> declarations;
  const auto is_last = [&](Row row) { return history.Find(history[row].name) == row; };
  const auto names_of = [&](const std::vector<Row>& others) {
    std::vector<std::string> names;
    for (const Row other : others) {
      if (is_last(other)) names.push_back(history[other].name);
    }
    return names;
  };
  for (Row row = 0; row < history.rows().size(); ++row) {
    if (!is_last(row)) continue;
    const NodeHistory& node = history[row];
    loaded.nodes.push_back({.name = node.name,
                            .dependencies = names_of(node.dependencies),
                            .soft_dependencies = names_of(node.soft_dependencies)});
    declarations.push_back(
        {node.name, loaded.nodes.back().dependencies, loaded.nodes.back().soft_dependencies});
  }
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(std::move(declarations));
  if (!graph.ok()) return absl::DataLossError(graph.status().message());
  loaded.graph = *std::move(graph);
  loaded.is_readable = true;
  absl::StatusOr<LoadedGraph> part = Focused(std::move(loaded), focus);
  if (!part.ok()) return part.status();
  const std::set<std::string> names(part->graph.names().begin(), part->graph.names().end());
  for (Row row = 0; row < history.rows().size(); ++row) {
    if (names.contains(history[row].name)) rows.push_back(row);
  }
  return rows;
}

absl::StatusOr<std::chrono::nanoseconds> ParseTime(std::string_view option, std::string_view text) {
  const std::optional<std::chrono::nanoseconds> time = ParseManifestDuration(text);
  if (time.has_value() && *time >= std::chrono::nanoseconds::zero()) return *time;
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(option), " must be a duration, such as 500ms or 1m30s, is '",
                   Printable(text), "'"));
}

}  // namespace stemma::tools
