// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/manifest_reader.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/manifest.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it

std::string WithNodes(const std::string& nodes) {
  return "{\"stemma_manifest\": 1,\n\"nodes\": [" + nodes + "]}";
}

// A manifest of the node "a" with some more fields.
std::string WithFields(const std::string& fields) {
  return WithNodes("{\"name\": \"a\",\n" + fields + "}");
}

// The problems, each as "line:column: text".
std::vector<std::string> ProblemsOf(const std::string& text) {
  std::vector<std::string> lines;
  for (const Problem& problem : ReadManifest(text).problems) {
    lines.push_back(
        absl::StrCat(problem.place.line, ":", problem.place.column, ": ", problem.text));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST_CASE("a manifest without problems gives nodes and their graph", "[tools]") {
  const ManifestReading reading = ReadManifest(
      WithNodes(R"({"name": "api", "dependencies": ["db"], "soft_dependencies": ["log"]},
                   {"name": "db"}, {"name": "log"})"));
  CHECK(reading.problems.empty());
  REQUIRE(reading.nodes.has_value());
  REQUIRE(reading.nodes->size() == 3);
  CHECK((*reading.nodes)[0].dependencies == std::vector<std::string>{"db"});
  CHECK((*reading.nodes)[0].soft_dependencies == std::vector<std::string>{"log"});
  CHECK(reading.graph.size() == 3);
  CHECK(reading.graph.edge_count() == 2);
}

TEST_CASE("each node, field and dependency has its place", "[tools]") {
  const ManifestReading reading = ReadManifest(R"({"stemma_manifest": 1, "nodes": [
  {"name": "ä", "dependencies": [
    "db", "log"], "restart": {"max": "1m"}},
  {"name": "db", "soft_dependencies": ["log"]}, {"name": "log"}
]})");
  REQUIRE(reading.problems.empty());
  REQUIRE(reading.places.size() == 3);
  const auto shown = [](const Place& place) { return absl::StrCat(place.line, ":", place.column); };
  const NodePlaces& first = reading.places[0];
  CHECK(shown(first.node) == "2:3");
  CHECK(shown(first.fields.at("name")) == "2:12");
  CHECK(shown(first.fields.at("dependencies")) == "2:33");
  CHECK(shown(first.fields.at("restart")) == "3:30");
  CHECK(shown(first.fields.at("restart.max")) == "3:38");
  CHECK_FALSE(first.fields.contains("on_error"));
  REQUIRE(first.dependencies.size() == 2);
  CHECK(shown(first.dependencies[0]) == "3:5");
  CHECK(shown(first.dependencies[1]) == "3:11");
  REQUIRE(reading.places[1].soft_dependencies.size() == 1);
  CHECK(shown(reading.places[1].soft_dependencies[0]) == "4:40");
  CHECK(shown(reading.places[2].node) == "4:49");
  CHECK(ReadManifest(WithNodes(R"({"name": "a", "nam": 1})")).places.empty());
}

TEST_CASE("no nodes are fine", "[tools][S1]") {
  const ManifestReading reading = ReadManifest(WithNodes(""));
  CHECK(reading.problems.empty());
  CHECK(reading.graph.size() == 0);
}

TEST_CASE("what ManifestJson writes reads back as the same nodes", "[tools]") {
  std::vector<Node> nodes = {
      {.name = "plain"},
      {.name = "every \"field\" \\ größe",
       .dependencies = {"plain"},
       .soft_dependencies = {"handler"},
       .on_error = Always(ErrorHandlingBehavior::kStopParents),
       .restart = {.initial = 1ms,
                   .max = kNoTimeout,
                   .multiplier = 1.5,
                   .jitter = 1,
                   .reset_after = 0s,
                   .max_restarts = 0,
                   .window = kNoTimeout,
                   .on_limit = ErrorHandlingBehavior::kSpinHalt},
       .start_timeout = kNoTimeout,
       .stop_timeout = 1ns,
       .watchdog = 2min,
       .on_completion = OnCompletion::kShutdown,
       .on_dependency_restart = OnDependencyRestart::kRestart},
      {.name = "handler",
       .on_error = [](const Failure&) { return ErrorHandlingBehavior::kStop; },
       .restart = RestartPolicy::Unlimited(),
       .on_completion = OnCompletion::kRestart}};
  const std::string text = ManifestJson(nodes);
  const ManifestReading reading = ReadManifest(text);
  CHECK(ProblemsOf(text) == Lines{});
  REQUIRE(reading.nodes.has_value());
  CHECK(ManifestJson(*reading.nodes) == text);
}

TEST_CASE("fields that are not there have their default", "[tools]") {
  const ManifestReading reading = ReadManifest(WithNodes(R"({"name": "a"})"));
  REQUIRE(reading.nodes.has_value());
  CHECK(ManifestJson(*reading.nodes) == ManifestJson({Node{.name = "a"}}));
}

TEST_CASE("text that is not JSON is not a manifest, and the place is told", "[tools]") {
  const ManifestReading reading = ReadManifest("{\"stemma_manifest\": 1,\n  \"nodes\": [NaN]}");
  CHECK_FALSE(reading.nodes.has_value());
  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems[0].place.line == 2);
  CHECK(reading.problems[0].text.starts_with("syntax error"));
}

TEST_CASE("JSON that is no manifest is refused as such", "[tools]") {
  CHECK(ProblemsOf("[]") ==
        Lines{"1:1: this is not a manifest: expected an object, found an array"});
  CHECK(ProblemsOf("{\"nodes\": []}") ==
        Lines{"1:1: this is not a manifest: there is no 'stemma_manifest' in its object"});
  CHECK(ProblemsOf("{\"stemma_manifest\": \"1\"}") ==
        Lines{"1:21: this is not a manifest: stemma_manifest must be a whole number, is a string"});
  CHECK(ProblemsOf("{\"stemma_manifest\": 2, \"extra\": 0}") ==
        Lines{"1:21: this manifest is of version 2; this stemma reads version 1"});
  for (const char* text : {"[]", "{}", "{\"stemma_manifest\": 2}"}) {
    CHECK_FALSE(ReadManifest(text).nodes.has_value());
  }
}

TEST_CASE("a manifest must have nodes", "[tools]") {
  CHECK(ProblemsOf("{\"stemma_manifest\": 1}") == Lines{"1:1: manifest has no 'nodes'"});
  CHECK(ProblemsOf("{\"stemma_manifest\": 1, \"nodes\": {}}") ==
        Lines{"1:33: manifest: nodes must be an array, is an object"});
}

TEST_CASE("all the problems are found at once, in the order of the text", "[tools][S1]") {
  CHECK(ProblemsOf(R"({
  "stemma_manifest": 1,
  "nodes": [
    {"name": "api", "dependencies": ["dbb"], "on_eror": "stop"},
    {"name": "db", "start_timeout": "fast"},
    {"name": "db", "stop_timeout": "-1s", "watchdog": "0"}
  ],
  "edges": 3
})") == Lines{"4:5: 'api' has the unknown dependency 'dbb'; did you mean 'db'?",
              "4:46: node 'api' has the unknown key 'on_eror'; did you mean 'on_error'?",
              "5:37: node 'db': start_timeout must be a duration, such as \"1m30s\", \"100ms\" or "
              "\"none\", is 'fast'",
              "6:5: the name 'db' is declared twice: by node 1 and by node 2 (counting from 0)",
              "6:36: node 'db': stop_timeout must be positive, is -1000000000ns",
              "6:55: node 'db': watchdog must be positive, is 0ns",
              "8:3: manifest has the unknown key 'edges'"});
}

TEST_CASE("a duplicate key is a problem on every level", "[tools]") {
  CHECK(ProblemsOf("{\"stemma_manifest\": 1, \"nodes\": [], \"nodes\": []}") ==
        Lines{"1:37: manifest has the key 'nodes' twice"});
  CHECK(ProblemsOf(WithFields("\"name\": \"b\"")) ==
        Lines{"3:1: node 'a' has the key 'name' twice"});
  CHECK(ProblemsOf(WithFields(R"("restart": {"max": "1m", "max": "2m"})")) ==
        Lines{"3:26: node 'a': restart has the key 'max' twice"});
}

TEST_CASE("a value of the wrong type is a problem", "[tools]") {
  const auto problem_with = [](const std::string& fields) {
    const Lines lines = ProblemsOf(WithFields(fields));
    REQUIRE(lines.size() == 1);
    return lines[0];
  };
  CHECK(problem_with("\"dependencies\": \"b\"") ==
        "3:17: node 'a': dependencies must be an array, is a string");
  CHECK(problem_with("\"soft_dependencies\": [1]") ==
        "3:23: node 'a': soft_dependencies: each element must be a string, is a number");
  CHECK(problem_with("\"on_error\": true") ==
        "3:13: node 'a': on_error must be a string, is true or false");
  CHECK(problem_with("\"restart\": []") ==
        "3:12: node 'a': restart must be an object, is an array");
  CHECK(problem_with("\"start_timeout\": 30") ==
        "3:18: node 'a': start_timeout must be a duration in a string, such as \"1m30s\", is a "
        "number");
  CHECK(problem_with("\"stop_timeout\": null") ==
        "3:17: node 'a': stop_timeout must be a duration in a string, such as \"1m30s\", is null");
  CHECK(problem_with(R"("restart": {"multiplier": "2"})") ==
        "3:27: node 'a': restart: multiplier must be a number, is a string");
  CHECK(problem_with(R"("restart": {"max_restarts": 1.5})") ==
        "3:29: node 'a': restart: max_restarts must be a whole number or \"unlimited\", is a "
        "number");
}

TEST_CASE("a node that is no object, or has no name, is a problem", "[tools][S1]") {
  CHECK(ProblemsOf(WithNodes("7")) ==
        Lines{"2:11: node 0 (counting from 0) must be an object, is a number",
              "2:11: node 0 (counting from 0) has an empty name"});
  CHECK(ProblemsOf(WithNodes("{}")) == Lines{"2:11: node 0 (counting from 0) has an empty name"});
  CHECK(ProblemsOf(WithNodes("{\"name\": 7}")) ==
        Lines{"2:11: node 0 (counting from 0) has an empty name",
              "2:20: node 0 (counting from 0): name must be a string, is a number"});
  CHECK(ProblemsOf(WithNodes("{\"name\": \"\"}")) ==
        Lines{"2:11: node 0 (counting from 0) has an empty name"});
}

TEST_CASE("a name is known to the messages wherever in its node it stands", "[tools]") {
  CHECK(ProblemsOf(WithNodes(R"({"oops": 1, "name": "late"})")) ==
        Lines{"2:12: node 'late' has the unknown key 'oops'"});
}

TEST_CASE("an unknown word is answered with the known ones and the nearest", "[tools]") {
  CHECK(ProblemsOf(WithFields("\"on_error\": \"restrat\"")) ==
        Lines{"3:13: node 'a': on_error must be one of restart, stop, stop_parents, shutdown, "
              "spin_halt, handler; is 'restrat'; did you mean 'restart'?"});
  CHECK(ProblemsOf(WithFields("\"on_completion\": \"never\"")) ==
        Lines{"3:18: node 'a': on_completion must be one of complete, restart, shutdown; is "
              "'never'"});
  CHECK(ProblemsOf(WithFields("\"on_dependency_restart\": \"keeps\"")) ==
        Lines{"3:26: node 'a': on_dependency_restart must be one of keep, restart; is 'keeps'; did "
              "you mean 'keep'?"});
  CHECK(ProblemsOf(WithFields(R"("restart": {"on_limit": "handler"})")) ==
        Lines{"3:25: node 'a': restart: on_limit must be one of restart, stop, stop_parents, "
              "shutdown, spin_halt; is 'handler'"});
}

TEST_CASE("a restart policy is held to the rules of the library", "[tools][S1]") {
  CHECK(ProblemsOf(WithFields(
            R"("restart": {"initial": "2s", "max": "1s", "multiplier": "nan", "jitter": 2,
                           "max_restarts": -1, "window": "0", "on_limit": "restart"})")) ==
        Lines{"3:12: node 'a': restart: max must be at least initial (2000000000ns), is "
              "1000000000ns",
              "3:12: node 'a': restart: multiplier must be a number and at least 1, is nan",
              "3:12: node 'a': restart: jitter must be in [0, 1], is 2",
              "3:12: node 'a': restart: max_restarts must not be negative, is -1",
              "3:12: node 'a': restart: window must be positive, is 0ns",
              "3:12: node 'a': restart: on_limit must not be kRestart: it is what happens instead "
              "of a restart"});
  CHECK(ProblemsOf(WithFields(R"("restart": {"max_restarts": 99999999999})")) ==
        Lines{"3:29: node 'a': restart: max_restarts is out of range: 99999999999; for no limit "
              "write \"unlimited\""});
}

TEST_CASE("what the library would refuse is refused after a trip through a manifest too",
          "[tools][S1]") {
  Node node = {.name = "a", .start_timeout = 0s};
  node.restart.multiplier = std::numeric_limits<double>::infinity();
  node.restart.jitter = std::numeric_limits<double>::quiet_NaN();
  CHECK(ReadManifest(ManifestJson({node})).problems.size() == 3);
}

TEST_CASE("a problem of the graph is placed at its node", "[tools][S1]") {
  CHECK(ProblemsOf(WithNodes(
            "\n{\"name\": \"x\"},\n {\"name\": \"b\", \"dependencies\": [\"c\"]},\n"
            "{\"name\": \"c\", \"dependencies\": [\"b\"]}")) == Lines{"4:2: cycle: b -> c -> b"});
  CHECK(ProblemsOf(
            WithNodes("\n{\"name\": \"x\"},\n {\"name\": \"b\", \"dependencies\": [\"b\"]}")) ==
        Lines{"4:2: 'b' depends on itself"});
  CHECK(ProblemsOf(WithNodes("{\"name\": \"x\"},\n {\"name\": \"it's 'b' here\", "
                             "\"dependencies\": [\"x\", \"x\"]}")) ==
        Lines{"3:2: 'it's 'b' here' has the dependency 'x' twice"});
}

TEST_CASE("names of a megabyte and names that would act on a terminal do no harm", "[tools]") {
  const std::string name(1 << 20, 'n');
  CHECK(ReadManifest(WithNodes("{\"name\": \"" + name + "\"}")).problems.empty());
  const Lines long_name = ProblemsOf(WithNodes("{\"name\": \"" + name + "\", \"x\": 1}"));
  REQUIRE(long_name.size() == 1);
  CHECK(long_name[0].size() < 300);
  const Lines long_key = ProblemsOf(WithNodes("{\"name\": \"a\", \"" + name + "\": 1}"));
  REQUIRE(long_key.size() == 1);
  CHECK(long_key[0].size() < 300);
  for (const std::string& line :
       ProblemsOf(WithNodes(R"({"name": "\u001b[31m\n", "\u0007": 1})"))) {
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\x07') == std::string::npos);
  }
}

TEST_CASE("a manifest that is cut off anywhere is refused", "[tools]") {
  const std::string text = ManifestJson({{.name = "api", .dependencies = {"db"}}, {.name = "db"}});
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {  // the last byte is a newline
    INFO(size);
    const ManifestReading reading = ReadManifest(text.substr(0, size));
    CHECK_FALSE(reading.nodes.has_value());
    CHECK(reading.problems.size() == 1);
  }
}

TEST_CASE("a byte that is changed anywhere never does harm", "[tools]") {
  const std::string text = ManifestJson({{.name = "api", .dependencies = {"db"}}, {.name = "db"}});
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'\0', '"', '\\', '{', ']', '9', '\xFF', ' '}) {
      std::string changed = text;
      changed[i] = c;
      const ManifestReading reading = ReadManifest(changed);
      if (!reading.nodes.has_value()) CHECK(reading.problems.size() == 1);
    }
  }
}

TEST_CASE("a thousand problems are all told", "[tools]") {
  std::string nodes;
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&nodes, i == 0 ? "" : ",\n", "{\"name\": \"n", i,
                    "\", \"stop_timeout\": \"0\"}");
  }
  CHECK(ProblemsOf(WithNodes(nodes)).size() == 1000);
}

}  // namespace
}  // namespace stemma::tools
