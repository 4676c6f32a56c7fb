// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "stemma/supervisor/policies.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it

// Whether the manifest of just that node has that line.
bool HasLine(const Node& node, const std::string& line) {
  return ManifestJson({node}).find("\n      " + line) != std::string::npos;
}

TEST_CASE("a manifest is complete: fields that equal their default are written too",
          "[supervisor]") {
  CHECK(ManifestJson({Node{.name = "db"}, Node{.name = "api", .dependencies = {"db"}}}) == R"({
  "stemma_manifest": 1,
  "nodes": [
    {
      "name": "db",
      "dependencies": [],
      "soft_dependencies": [],
      "on_error": "restart",
      "restart": {"initial": "100ms", "max": "30s", "multiplier": 2, "jitter": 0.2, "reset_after": "1m", "max_restarts": 5, "window": "1m", "on_limit": "shutdown"},
      "start_timeout": "30s",
      "stop_timeout": "10s",
      "watchdog": "none",
      "on_completion": "complete",
      "on_dependency_restart": "keep"
    },
    {
      "name": "api",
      "dependencies": ["db"],
      "soft_dependencies": [],
      "on_error": "restart",
      "restart": {"initial": "100ms", "max": "30s", "multiplier": 2, "jitter": 0.2, "reset_after": "1m", "max_restarts": 5, "window": "1m", "on_limit": "shutdown"},
      "start_timeout": "30s",
      "stop_timeout": "10s",
      "watchdog": "none",
      "on_completion": "complete",
      "on_dependency_restart": "keep"
    }
  ]
}
)");
}

TEST_CASE("the manifest of no nodes is one all the same", "[supervisor]") {
  CHECK(ManifestJson({}) == "{\n  \"stemma_manifest\": 1,\n  \"nodes\": []\n}\n");
}

TEST_CASE("a manifest shows a handler's verdict as far as it can be told", "[supervisor][S4]") {
  using enum ErrorHandlingBehavior;
  CHECK(HasLine({.name = "a"}, R"("on_error": "restart",)"));
  CHECK(HasLine({.name = "a", .on_error = Always(kStop)}, R"("on_error": "stop",)"));
  CHECK(HasLine({.name = "a", .on_error = Always(kStopParents)}, R"("on_error": "stop_parents",)"));
  CHECK(HasLine({.name = "a", .on_error = Always(kShutdown)}, R"("on_error": "shutdown",)"));
  CHECK(HasLine({.name = "a", .on_error = Always(kSpinHalt)}, R"("on_error": "spin_halt",)"));
  const Node own = {.name = "a", .on_error = [](const Failure&) { return kStop; }};
  CHECK(HasLine(own, R"("on_error": "handler",)"));
}

TEST_CASE("a manifest has every field's own value", "[supervisor]") {
  const Node node = {.name = "a \"quoted\" name",
                     .dependencies = {"b", "c"},
                     .soft_dependencies = {"d"},
                     .restart = {.initial = 1ms,
                                 .max = kNoTimeout,
                                 .multiplier = 1.5,
                                 .jitter = 0,
                                 .reset_after = 2h,
                                 .max_restarts = 7,
                                 .window = 90s,
                                 .on_limit = ErrorHandlingBehavior::kStop},
                     .start_timeout = kNoTimeout,
                     .stop_timeout = 250us,
                     .watchdog = 3s,
                     .on_completion = OnCompletion::kShutdown,
                     .on_dependency_restart = OnDependencyRestart::kRestart};
  CHECK(HasLine(node, R"("name": "a \"quoted\" name",)"));
  CHECK(HasLine(node, R"("dependencies": ["b", "c"],)"));
  CHECK(HasLine(node, R"("soft_dependencies": ["d"],)"));
  CHECK(HasLine(node, R"("restart": {"initial": "1ms", "max": "none", "multiplier": 1.5, )"
                      R"("jitter": 0, "reset_after": "2h", "max_restarts": 7, )"
                      R"("window": "1m30s", "on_limit": "stop"},)"));
  CHECK(HasLine(node, R"("start_timeout": "none",)"));
  CHECK(HasLine(node, R"("stop_timeout": "250us",)"));
  CHECK(HasLine(node, R"("watchdog": "3s",)"));
  CHECK(HasLine(node, R"("on_completion": "shutdown",)"));
  CHECK(HasLine(node, R"("on_dependency_restart": "restart")"));
}

TEST_CASE("what a supervisor would refuse is written all the same", "[supervisor][S1]") {
  Node node = {.name = "", .dependencies = {"", "nowhere"}, .start_timeout = -1s};
  node.restart.multiplier = std::numeric_limits<double>::quiet_NaN();
  node.restart.max_restarts = -1;
  CHECK(HasLine(node, R"("name": "",)"));
  CHECK(HasLine(node, R"("dependencies": ["", "nowhere"],)"));
  CHECK(HasLine(node, R"("start_timeout": "-1s",)"));
  CHECK(ManifestJson({node}).find(R"("multiplier": "nan")") != std::string::npos);
  CHECK(ManifestJson({node}).find(R"("max_restarts": -1)") != std::string::npos);
}

TEST_CASE("a node without a restart limit says so in a word", "[supervisor][S8]") {
  const Node node = {.name = "a", .restart = RestartPolicy::Unlimited()};
  CHECK(ManifestJson({node}).find(R"("max_restarts": "unlimited")") != std::string::npos);
}

}  // namespace
}  // namespace stemma
