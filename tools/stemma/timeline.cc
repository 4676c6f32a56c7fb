// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/timeline.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/journal_source.h"
#include "stemma/tools/views/bars.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

// Where the output is no terminal: the same input, the same bytes.
constexpr std::size_t kUsualWidth = 100;
constexpr std::size_t kWidest = 10'000;

struct Arguments {
  JournalSource source = {};
  FocusArguments focus = {};
  std::string format = {}, from = {}, until = {};
  std::string by = "time";
  std::optional<std::size_t> width = {};
};

enum class Picture { kText, kSvg };

absl::StatusOr<Picture> PictureOf(const Arguments& arguments, const Session& session) {
  if (arguments.format == "svg") return Picture::kSvg;
  if (arguments.format == "text" || session.json) return Picture::kText;
  const std::string& file = session.output;
  if (file.ends_with(".svg")) return Picture::kSvg;
  const std::size_t dot = file.rfind('.');
  if (dot == std::string::npos || dot == 0 || file[dot - 1] == '/' || file.ends_with(".txt") ||
      file.find('/', dot) != std::string::npos) {
    return Picture::kText;
  }
  return absl::InvalidArgumentError(absl::StrCat("no format goes with the ending of '",
                                                 Printable(file),
                                                 "': .txt or .svg; or choose one "
                                                 "with --format"));
}

std::size_t WidthOf(const Arguments& arguments, const Session& session) {
  if (arguments.width.has_value()) return std::min(*arguments.width, kWidest);
  winsize size = {};
  const bool is_terminal = session.output.empty() && isatty(STDOUT_FILENO) &&
                           ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_terminal ? size.ws_col : kUsualWidth;
}

Json ToJson(const History& history, const std::vector<Row>& rows) {
  Json json = {{"end", history.end().count()}, {"nodes", Json::array()}};
  for (const Row row : rows) {
    const NodeHistory& node = history[row];
    Json& told = json["nodes"].emplace_back();
    told = {{"node", node.name}, {"spans", Json::array()}};
    if (node.removed.has_value()) told["removed"] = node.removed->count();
    for (const Span& span : node.spans) {
      told["spans"].push_back({{"state", std::string(ToString(span.state))},
                               {"incarnation", span.incarnation},
                               {"begin", span.begin.count()},
                               {"end", span.end.count()}});
    }
  }
  return json;
}

absl::StatusOr<Answer> ShowTimeline(const Arguments& arguments, Session& session) {
  const absl::StatusOr<Picture> picture = PictureOf(arguments, session);
  if (!picture.ok()) return picture.status();
  BarRequest request = {.by_lines = arguments.by == "lines"};
  const auto parse = [](const char* option, const std::string& text,
                        std::optional<std::chrono::nanoseconds>& time) {
    if (text.empty()) return absl::OkStatus();
    const absl::StatusOr<std::chrono::nanoseconds> parsed = ParseTime(option, text);
    if (parsed.ok()) time = *parsed;
    return parsed.status();
  };
  if (absl::Status from = parse("--since", arguments.from, request.from); !from.ok()) return from;
  if (absl::Status until = parse("--until", arguments.until, request.until); !until.ok()) {
    return until;
  }
  const absl::StatusOr<History> history = LoadHistory(arguments.source, session);
  if (!history.ok()) return history.status();
  absl::StatusOr<std::vector<Row>> rows = FocusedRows(*history, arguments.focus);
  if (!rows.ok()) return rows.status();
  request.rows = *std::move(rows);
  if (session.json) return Answer{.json = ToJson(*history, request.rows)};
  if (*picture == Picture::kSvg) return Answer{.text = BarsSvg(*history, request)};
  return Answer{.text = BarsText(*history, request,
                                 {.width = WidthOf(arguments, session),
                                  .unicode = session.style.unicode,
                                  .color = session.style.color})};
}

}  // namespace

Verb TimelineVerb() {
  return {.name = "timeline",
          .group = kLookAtARun,
          .summary = "What was when: a bar over time for each node, as text or as a picture",
          .examples =
              "  stemma timeline shop.journal         on the terminal\n"
              "  stemma timeline shop.journal -o run.svg\n"
              "                                       as a picture\n"
              "  stemma timeline shop.journal --since 1m --until 2m --focus api\n"
              "                                       a part of it\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareJournalSource(app, arguments->source);
            app.add_option("--format", arguments->format,
                           "Default: by the ending of -o FILE, else text")
                ->type_name("text|svg");
            app.add_option("--since", arguments->from,
                           "Only from this time after the beginning: 500ms, 1m")
                ->type_name("DURATION");
            app.add_option("--until", arguments->until, "Only up to this time after the beginning")
                ->type_name("DURATION");
            app.add_option("--by", arguments->by,
                           "By time, or so that each line of the journal has as much room.\n"
                           "Default: time")
                ->type_name("time|lines");
            app.add_option("--width", arguments->width,
                           "Of the text, in characters. Default: the terminal's, else 100")
                ->type_name(kWholeNumber);
            DeclareFocus(app, arguments->focus);
            return [arguments](Session& session) { return ShowTimeline(*arguments, session); };
          }};
}

}  // namespace stemma::tools
