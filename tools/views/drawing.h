// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_DRAWING_H_
#define STEMMA_TOOLS_VIEWS_DRAWING_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/load.h"

namespace stemma::tools {

enum class Format {
  kText,     // a drawing for a terminal
  kDot,      // Graphviz's language
  kSvg,      // a picture
  kPng,      // a picture of points
  kMermaid,  // a flowchart in Mermaid's language
  kHtml,     // a page for a browser
  kJson,     // the manifest itself, complete, as ManifestJson writes it
};

// Their names.
inline constexpr char kFormatNames[] = "text|dot|svg|png|mermaid|html|json";

// The format of that name. Returns: InvalidArgument for a name that is none of those.
absl::StatusOr<Format> FormatNamed(std::string_view name);

// The format that suits a file of that path, by its ending: .txt, .dot or .gv, .svg, .png, .mmd or
// .mermaid, .html, .json; without an ending, text. Returns: InvalidArgument for any other ending.
absl::StatusOr<Format> FormatFor(std::string_view path);

// How a text is drawn.
enum class TextShape {
  kAutomatic,  // in layers if it is small enough and fits; as a tree with a state beside each node
  kLayers,     // ToLayeredText
  kTree,       // ToText
};

// Who lays out a picture.
enum class Layouter {
  kAutomatic,  // Graphviz if it is there, and the graph not too large for it
  kGraphviz,
  kOwn,
};

struct DrawingRequest {
  Format format = Format::kText;
  TextShape shape = TextShape::kAutomatic;
  bool ascii = false;      // a text makes do with ASCII lines
  std::size_t width = 80;  // of the terminal, in columns
  Layouter layouter = Layouter::kAutomatic;
  std::function<bool(double share)> progress = {};  // LayoutOptions::progress
};

struct Drawing {
  std::string content = {};
  std::vector<std::string> notes = {};  // what the user should know about it
};

// Draws the graph. Each node has the verdict of its handler, "handler" for one that is the
// service's own function, or, of a journal, its state at the end; a picture has a legend that tells
// which is which. A text leaves out the default, restart. The same graph gives the same bytes (by
// the same version of Graphviz, where that draws).
//
// Returns: Unavailable if a program is needed and cannot be run, with what can be done; the errors
// of LayOut and ToLayeredText. REQUIRES: as RunProcess.
absl::StatusOr<Drawing> Draw(const LoadedGraph& loaded, const DrawingRequest& request);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_DRAWING_H_
