// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/html.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/views/page/assets.h"
#include "stemma/tools/views/page_journal.h"
#include "stemma/tools/views/text_width.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

// In CSS pixels. The page's script knows the same card.
constexpr double kCardHeight = 44;
constexpr double kCardBorders = 58;  // what is beside the name: block, gaps
constexpr double kNarrowest = 132;
constexpr double kWidest = 290;  // a longer name is cut; the page shows all of it beside
constexpr double kFontSize = 13;

std::vector<std::pair<double, double>> CardSizes(const std::vector<std::string>& names) {
  std::vector<std::pair<double, double>> sizes;
  sizes.reserve(names.size());
  for (const std::string& name : names) {
    const double width =
        std::clamp(kFontSize * TextWidth(name) + kCardBorders, kNarrowest, kWidest);
    sizes.emplace_back(2 * std::ceil(width / 2), kCardHeight);
  }
  return sizes;
}

// A tenth of a pixel is enough, and short.
Json Coordinate(double value) {
  const double rounded = std::round(value * 10) / 10;
  if (rounded == std::floor(rounded)) return static_cast<std::int64_t>(rounded);
  return rounded;
}

// Each node's policies as in a manifest, without its name and edges.
Json Policies(const std::vector<Node>& nodes) {
  std::vector<Node> bare;
  bare.reserve(nodes.size() + 1);
  for (Node node : nodes) {
    node.name.clear();
    node.dependencies.clear();
    node.soft_dependencies.clear();
    bare.push_back(std::move(node));
  }
  bare.emplace_back();  // the defaults, last
  Json policies = Json::parse(ManifestJson(bare))["nodes"];
  for (Json& policy : policies) {
    for (const char* key : {"name", "dependencies", "soft_dependencies"}) policy.erase(key);
  }
  return policies;
}

// What of `policies` is another than in `defaults`.
Json Differences(const Json& policies, const Json& defaults) {
  Json differences = Json::object();
  for (const auto& [key, value] : policies.items()) {
    if (value == defaults[key]) continue;
    differences[key] = value.is_object() ? Differences(value, defaults[key]) : value;
  }
  return differences;
}

Json NodesJson(const LoadedGraph& loaded, const std::vector<std::string>& names,
               const Layout& layout, const Json& policies) {
  Json nodes = Json::array();
  for (std::size_t id = 0; id < names.size(); ++id) {
    const Box& box = layout.nodes[id];
    Json node = {{"name", names[id]},
                 {"x", Coordinate(box.x)},
                 {"y", Coordinate(box.y)},
                 {"w", Coordinate(box.width)},
                 {"h", Coordinate(box.height)}};
    if (!loaded.members.empty() && !loaded.members[id].empty()) {
      for (const std::string& member : loaded.members[id]) {
        node["members"].push_back(Printable(member));
      }
    } else if (loaded.has_policies) {
      node["on_error"] = policies[id]["on_error"];
      node.update(Differences(policies[id], policies.back()));
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Json EdgesJson(const Layout& layout) {
  Json edges = Json::array();
  for (const EdgePath& path : layout.edges) {
    Json edge = {path.edge.from, path.edge.to, path.soft ? 1 : 0};
    for (const Point& point : path.points) {
      edge.push_back(Coordinate(point.x));
      edge.push_back(Coordinate(point.y));
    }
    edges.push_back(std::move(edge));
  }
  return edges;
}

// The same JSON without any character that HTML, or JavaScript, gives a meaning of its own.
std::string InScript(std::string_view json) {
  std::string text;
  text.reserve(json.size() + json.size() / 16);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = json.substr(i);
    if (json[i] == '<') {
      text += "\\u003c";
    } else if (json[i] == '>') {
      text += "\\u003e";
    } else if (json[i] == '&') {
      text += "\\u0026";
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      text += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      text += json[i];
    }
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ToHtml(const LoadedGraph& loaded, LayoutOptions options) {
  std::vector<std::string> names;
  names.reserve(loaded.nodes.size());
  for (const Node& node : loaded.nodes) names.push_back(Printable(node.name));
  options.node_gap = 28;
  options.rank_gap = 56;
  const absl::StatusOr<Layout> layout = LayOut(loaded.graph, CardSizes(names), options);
  if (!layout.ok()) return layout.status();

  Json data = {{"title", loaded.label},
               {"width", Coordinate(layout->width)},
               {"height", Coordinate(layout->height)}};
  Json policies;
  if (loaded.has_policies) {
    policies = Policies(loaded.nodes);
    data["defaults"] = policies.back();
  }
  data["nodes"] = NodesJson(loaded, names, *layout, policies);
  data["edges"] = EdgesJson(*layout);
  if (loaded.journal.has_value()) {
    data["journal"] = PageJournal(*loaded.journal, loaded.nodes);
    if (const auto& wall = loaded.journal->header.wall; wall.has_value()) {
      data["note"] = absl::StrCat(
          "begun ",
          absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromChrono(*wall), absl::UTCTimeZone()));
    }
  }
  const std::string json = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  return absl::StrCat(absl::string_view(kPageHead.data(), kPageHead.size()), InScript(json), "\n",
                      absl::string_view(kPageTail.data(), kPageTail.size()));
}

}  // namespace stemma::tools
