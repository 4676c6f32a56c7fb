// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/graph.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/stemma/progress.h"
#include "stemma/tools/stemma/style.h"
#include "stemma/tools/views/drawing.h"

namespace stemma::tools {
namespace {

constexpr std::size_t kUsualWidth = 80;

struct Arguments {
  GraphSource source = {};
  FocusArguments focus = {};
  std::string format = {};
  std::string drawing = {};
  std::string layout = {};
};

// What the command line asks for; the rest is as it comes.
// Returns: InvalidArgument for what does not go together.
absl::StatusOr<DrawingRequest> RequestOf(const Arguments& arguments, const Session& session) {
  DrawingRequest request = {.ascii = !session.style.unicode, .width = kUsualWidth};
  // With --json the file has the envelope, whatever its ending.
  const absl::StatusOr<Format> format = arguments.format.empty()
                                            ? FormatFor(session.json ? "" : session.output)
                                            : FormatNamed(arguments.format);
  if (!format.ok()) return format.status();
  request.format = *format;
  if (session.output.empty()) request.width = TerminalWidth().value_or(kUsualWidth);
  if (!arguments.drawing.empty()) {
    if (*format != Format::kText) return absl::InvalidArgumentError("--drawing is for text only");
    request.shape = arguments.drawing == "tree" ? TextShape::kTree : TextShape::kLayers;
  }
  if (!arguments.layout.empty()) {
    if (*format != Format::kSvg && *format != Format::kPng) {
      return absl::InvalidArgumentError("--layout is for pictures only: svg and png");
    }
    request.layouter = arguments.layout == "dot" ? Layouter::kGraphviz : Layouter::kOwn;
  }
  return request;
}

absl::StatusOr<Answer> Draw(const Arguments& arguments, Session& session) {
  // Before anything is read or run: a wrong option is told at once.
  absl::StatusOr<DrawingRequest> request = RequestOf(arguments, session);
  if (!request.ok()) return request.status();
  const absl::StatusOr<LoadedGraph> loaded =
      LoadFocused(arguments.source, arguments.focus, session);
  if (!loaded.ok()) return loaded.status();
  if (session.json)
    return Answer{.json = nlohmann::ordered_json::parse(ManifestJson(loaded->nodes))};
  absl::StatusOr<Drawing> drawing = absl::CancelledError();
  {
    Progress progress("laying out");
    request->progress = [&progress](double share) {
      progress.Tell(share);
      return true;  // who presses Ctrl-C ends the process: nothing is written yet
    };
    drawing = Draw(*loaded, *request);
  }
  if (!drawing.ok()) return drawing.status();
  for (std::string& note : drawing->notes) {
    session.Report(
        {.severity = Diagnostic::Severity::kNote, .label = loaded->label, .text = std::move(note)});
  }
  return Answer{.text = std::move(drawing->content)};
}

}  // namespace

Verb GraphVerb() {
  return {.name = "graph",
          .group = kLookAtAGraph,
          .summary = "Draws what depends on what: as text, as a picture, or as a page",
          .examples =
              "  stemma graph shop.json               draw the graph on the terminal\n"
              "  stemma graph shop.json -o shop.svg   make a picture\n"
              "  stemma graph shop.json -o shop.html  make a page to look around in\n"
              "  stemma graph shop.json --format mermaid\n"
              "                                       for a page of GitHub or GitLab\n"
              "  stemma graph shop.json --focus orders --depth 1\n"
              "                                       one node and its neighbours\n"
              "  stemma graph --format json -- ./shop print the service's manifest\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareGraphSource(app, arguments->source);
            DeclareFocus(app, arguments->focus);
            app.add_option("--format", arguments->format,
                           "Default: by the ending of FILE, else text")
                ->type_name(kFormatNames);
            app.add_option("--drawing", arguments->drawing,
                           "Of text: boxes in layers, or a tree, in which a node has one line.\n"
                           "Default: layers, if they are few and fit the terminal")
                ->type_name("layers|tree");
            app.add_option("--layout", arguments->layout,
                           "Of a picture: by Graphviz's program dot, or by stemma.\n"
                           "Default: by dot, if it is there and the graph not too large for it")
                ->type_name("dot|own");
            return [arguments](Session& session) { return Draw(*arguments, session); };
          }};
}

}  // namespace stemma::tools
