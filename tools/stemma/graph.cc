// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/graph.h"

#include <memory>
#include <string>

#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/views/drawing.h"
#include "stemma/tools/views/html.h"

namespace stemma::tools {
namespace {

struct Arguments {
  GraphSource source = {};
  FocusArguments focus = {};
  std::string format = {};
};

absl::StatusOr<Answer> Draw(const Arguments& arguments, Session& session) {
  // Chosen before anything is read or run: a wrong option is told at once.
  const absl::StatusOr<Format> format =
      arguments.format.empty() ? FormatFor(session.output) : FormatNamed(arguments.format);
  if (!format.ok()) return format.status();
  const absl::StatusOr<LoadedGraph> loaded =
      LoadFocused(arguments.source, arguments.focus, session);
  if (!loaded.ok()) return loaded.status();
  if (session.json)
    return Answer{.json = nlohmann::ordered_json::parse(ManifestJson(loaded->nodes))};
  absl::StatusOr<std::string> drawing =
      *format == Format::kHtml
          ? ToHtml(*loaded)
          : Draw(loaded->nodes, loaded->graph, *format, !session.style.unicode);
  if (!drawing.ok()) return drawing.status();
  return Answer{.text = *std::move(drawing)};
}

}  // namespace

Verb GraphVerb() {
  return {.name = "graph",
          .group = kLookAtAGraph,
          .summary = "Draws what depends on what: as text, for Graphviz, or as a picture",
          .examples =
              "  stemma graph shop.json               draw the graph on the terminal\n"
              "  stemma graph shop.json -o shop.svg   make a picture (with Graphviz)\n"
              "  stemma graph shop.json -o shop.html  make a page to look around in\n"
              "  stemma graph shop.json --focus orders --depth 1\n"
              "                                       one node and its neighbours\n"
              "  stemma graph --format json -- ./shop print the service's manifest\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareGraphSource(app, arguments->source);
            DeclareFocus(app, arguments->focus);
            app.add_option(
                   "--format", arguments->format,
                   "text, dot, svg, html or json. Default: by the ending of FILE, else text")
                ->type_name("FORMAT");
            return [arguments](Session& session) { return Draw(*arguments, session); };
          }};
}

}  // namespace stemma::tools
