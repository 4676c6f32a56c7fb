// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest.h"

#include <chrono>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/manifest_words.h"

namespace stemma {
namespace {

using internal::JsonNumber;
using internal::JsonString;

std::string JsonStrings(const std::vector<std::string>& texts) {
  const auto append = [](std::string* out, const std::string& text) { *out += JsonString(text); };
  return absl::StrCat("[", absl::StrJoin(texts, ", ", append), "]");
}

std::string JsonDuration(std::chrono::nanoseconds duration) {
  return JsonString(ManifestDuration(duration));
}

std::string JsonVerdict(const OnError& handler) {
  ErrorHandlingBehavior verdict;
  return JsonString(IsAlways(handler, verdict) ? ManifestWord(verdict) : "handler");
}

std::string JsonRestart(const RestartPolicy& policy) {
  const bool unlimited = policy.max_restarts == kUnlimitedRestarts;
  return absl::StrCat(
      "{\"initial\": ", JsonDuration(policy.initial), ", \"max\": ", JsonDuration(policy.max),
      ", \"multiplier\": ", JsonNumber(policy.multiplier),
      ", \"jitter\": ", JsonNumber(policy.jitter),
      ", \"reset_after\": ", JsonDuration(policy.reset_after), ", \"max_restarts\": ",
      unlimited ? JsonString("unlimited") : absl::StrCat(policy.max_restarts),
      ", \"window\": ", JsonDuration(policy.window),
      ", \"on_limit\": ", JsonString(ManifestWord(policy.on_limit)), "}");
}

std::string JsonNode(const Node& node) {
  return absl::StrCat("    {\n      \"name\": ", JsonString(node.name),
                      ",\n      \"dependencies\": ", JsonStrings(node.dependencies),
                      ",\n      \"soft_dependencies\": ", JsonStrings(node.soft_dependencies),
                      ",\n      \"on_error\": ", JsonVerdict(node.on_error),
                      ",\n      \"restart\": ", JsonRestart(node.restart),
                      ",\n      \"start_timeout\": ", JsonDuration(node.start_timeout),
                      ",\n      \"stop_timeout\": ", JsonDuration(node.stop_timeout),
                      ",\n      \"watchdog\": ", JsonDuration(node.watchdog),
                      ",\n      \"on_completion\": ", JsonString(ToString(node.on_completion)),
                      ",\n      \"on_dependency_restart\": ",
                      JsonString(ToString(node.on_dependency_restart)), "\n    }");
}

}  // namespace

std::string ManifestJson(const std::vector<Node>& nodes) {
  const auto append = [](std::string* out, const Node& node) { *out += JsonNode(node); };
  return absl::StrCat("{\n  \"stemma_manifest\": ", kManifestVersion, ",\n  \"nodes\": [",
                      nodes.empty() ? "" : "\n", absl::StrJoin(nodes, ",\n", append),
                      nodes.empty() ? "" : "\n  ", "]\n}\n");
}

}  // namespace stemma
