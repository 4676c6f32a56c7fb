// SPDX-License-Identifier: Apache-2.0
// docs/manifest.schema.json says what the reader of manifests says. It is asked through Debian's
// python3-jsonschema, which has nothing of ours in it.
#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/manifest_reader.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

using nlohmann::json;
using Lines = std::vector<std::string>;

constexpr char kSchema[] = "docs/manifest.schema.json";

json Schema() {
  std::ifstream file(kSchema);
  return json::parse(file);
}

// Whether each of `manifests`, a line of JSON each, is valid by the schema.
std::vector<bool> AreValid(const Lines& manifests) {
  constexpr char kScript[] = R"(
import json, sys
from jsonschema import Draft202012Validator as Validator
schema = json.load(open(sys.argv[1]))
Validator.check_schema(schema)
for line in sys.stdin:
  print(int(Validator(schema).is_valid(json.loads(line))))
)";
  std::string input;
  for (const std::string& manifest : manifests) input += json::parse(manifest).dump() + "\n";
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess({.command = {"/usr/bin/python3", "-c", kScript, kSchema}, .input = input});
  REQUIRE(answer.ok());
  REQUIRE(answer->code == 0);
  std::vector<bool> valid;
  for (const char c : answer->text) {
    if (c != '\n') valid.push_back(c == '1');
  }
  REQUIRE(valid.size() == manifests.size());
  return valid;
}

bool IsValid(const std::string& manifest) { return AreValid({manifest}).front(); }

// Whether the reader finds anything wrong in the text itself, beyond what concerns several of its
// fields at once and is found by Supervisor::Create.
struct Judgement {
  bool is_accepted = false;  // nothing is wrong
  bool is_read = false;      // each field is what it must be
};
Judgement Judge(const std::string& manifest) {
  const ManifestReading reading = ReadManifest(manifest);
  if (!reading.nodes.has_value()) return {};
  return {.is_accepted = reading.problems.empty(),
          .is_read = reading.problems.size() == internal::Problems(*reading.nodes).size()};
}

std::set<std::string> Keys(const json& object) {
  std::set<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.insert(key);
  return keys;
}

// Random nodes, of which a supervisor accepts some.
class RandomNodes {
 public:
  explicit RandomNodes(unsigned seed) : random_(seed) {}

  std::size_t Below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random_);
  }

  std::vector<Node> Make() {
    std::vector<Node> nodes(Below(5));
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      Node& node = nodes[i];
      node.name = "n" + std::to_string(i) + (Below(3) == 0 ? " \"ü\\\n" : "");
      for (std::size_t j = 0; j < i; ++j) {
        const std::size_t choice = Below(4);
        if (choice == 0) node.dependencies.push_back(nodes[j].name);
        if (choice == 1) node.soft_dependencies.push_back(nodes[j].name);
      }
      if (Below(2) == 0) node.on_error = Always(static_cast<ErrorHandlingBehavior>(Below(5)));
      if (Below(6) == 0) node.on_error = [](const Failure&) { return ErrorHandlingBehavior{}; };
      node.restart.initial = Duration();
      node.restart.max = kNoTimeout;
      node.restart.multiplier = 1 + static_cast<double>(Below(30)) / 10;
      node.restart.jitter = static_cast<double>(Below(11)) / 10;
      node.restart.reset_after = Duration();
      node.restart.max_restarts =
          Below(5) == 0 ? kUnlimitedRestarts : static_cast<int>(Below(2000));
      node.restart.window = Duration();
      node.restart.on_limit = static_cast<ErrorHandlingBehavior>(1 + Below(4));
      node.start_timeout = Duration();
      node.stop_timeout = Duration();
      node.watchdog = Duration();
      node.on_completion = static_cast<OnCompletion>(Below(3));
      node.on_dependency_restart = static_cast<OnDependencyRestart>(Below(2));
    }
    return nodes;
  }

 private:
  std::chrono::nanoseconds Duration() {
    if (Below(5) == 0) return kNoTimeout;
    constexpr std::int64_t kUnits[] = {1, 1000, 1'000'000, 1'000'000'000, 3'600'000'000'000};
    return std::chrono::nanoseconds(kUnits[Below(5)] * static_cast<std::int64_t>(1 + Below(5000)));
  }

  std::mt19937 random_;
};

TEST_CASE("the schema has each field that there is, and no other, with its default", "[tools]") {
  const json schema = Schema();
  const json manifest = json::parse(ManifestJson({{.name = "a"}}));
  const json& node = manifest["nodes"][0];
  std::set<std::string> top = Keys(manifest);
  top.insert("$schema");
  CHECK(Keys(schema["properties"]) == top);
  CHECK(schema["properties"]["stemma_manifest"]["const"] == kManifestVersion);
  const json& fields = schema["$defs"]["node"]["properties"];
  CHECK(Keys(fields) == Keys(node));
  CHECK(Keys(schema["$defs"]["restart"]["properties"]) == Keys(node["restart"]));

  for (const auto& [key, field] : fields.items()) {
    INFO(key);
    CHECK(field.contains("description"));
    if (key == "name" || key == "restart") continue;
    const bool is_names = key == "dependencies" || key == "soft_dependencies";
    CHECK((is_names ? schema["$defs"]["names"] : field).at("default") == node[key]);
  }
  for (const auto& [key, field] : schema["$defs"]["restart"]["properties"].items()) {
    INFO(key);
    CHECK(field.contains("description"));
    CHECK(field.at("default") == node["restart"][key]);
  }
}

TEST_CASE("the schema has each word that the reader knows, and no other", "[tools]") {
  const json schema = Schema();
  const auto check = [&](const json& fields, const std::string& prefix, const std::string& suffix) {
    for (const auto& [key, field] : fields.items()) {
      if (!field.contains("enum")) continue;
      Lines known = {"restart", "stop",     "stop_parents", "shutdown", "spin_halt",
                     "handler", "complete", "keep",         "Restart",  "unknown",
                     "none",    "",         "unlimited"};
      for (const std::string& word : known) {
        const std::string manifest = R"({"stemma_manifest": 1, "nodes": [{"name": "a", )" + prefix +
                                     json(key).dump() + ": " + json(word).dump() + suffix + "}]}";
        INFO(manifest);
        const bool is_in_schema =
            std::find(field["enum"].begin(), field["enum"].end(), word) != field["enum"].end();
        CHECK(Judge(manifest).is_accepted == is_in_schema);
      }
      for (const json& word : field["enum"]) {
        CHECK(std::find(known.begin(), known.end(), word) != known.end());
      }
    }
  };
  check(schema["$defs"]["node"]["properties"], "", "");
  check(schema["$defs"]["restart"]["properties"], R"("restart": {)", "}");
}

TEST_CASE("the schema takes the durations that are accepted, and no others", "[tools]") {
  const Lines durations = {"30s", "1m30s", "1.5s", ".5s",  "1.s",   "100ms", "1us",    "1ns",
                           "2h",  "none",  "0",    "0s",   "",      "s",     "30",     "30 s",
                           "1d",  "-1s",   "+1s",  "1m30", "nones", "inf",   "1e3s",   ".s",
                           "00s", "1h.5m", "None", "1S",   "0.0h",  "1µs",   "10m5ms", "x30s"};
  for (const char* const field :
       {"start_timeout", "watchdog", "restart.reset_after", "restart.window"}) {
    Lines manifests;
    for (const std::string& duration : durations) {
      const std::string key = field;
      const bool is_restart = key.starts_with("restart.");
      const std::string member =
          json(is_restart ? key.substr(8) : key).dump() + ": " + json(duration).dump();
      manifests.push_back(R"({"stemma_manifest": 1, "nodes": [{"name": "a", )" +
                          (is_restart ? "\"restart\": {" + member + "}" : member) + "}]}");
    }
    const std::vector<bool> valid = AreValid(manifests);
    for (std::size_t i = 0; i < manifests.size(); ++i) {
      INFO(manifests[i]);
      CHECK(valid[i] == Judge(manifests[i]).is_accepted);
    }
  }
}

TEST_CASE("what Stemma writes is valid by the schema", "[tools]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  RandomNodes random(seed);
  Lines manifests = {ManifestJson({}), ManifestJson({{.name = "a"}})};
  for (int i = 0; i < 200; ++i) manifests.push_back(ManifestJson(random.Make()));
  const std::vector<bool> valid = AreValid(manifests);
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    INFO(manifests[i]);
    CHECK(Judge(manifests[i]).is_accepted);
    CHECK(valid[i]);
  }
}

TEST_CASE("the schema and the reader agree on what is wrong", "[tools]") {
  for (const char* const wrong :
       {"[]", "{}", R"({"nodes": []})", R"({"stemma_manifest": 1})",
        R"({"stemma_manifest": 2, "nodes": []})", R"({"stemma_manifest": "1", "nodes": []})",
        R"({"stemma_manifest": 1, "nodes": [], "extra": 1})",
        R"({"stemma_manifest": 1, "nodes": [{}]})",
        R"({"stemma_manifest": 1, "nodes": [{"name": ""}]})",
        R"({"stemma_manifest": 1, "nodes": [{"name": "a", "restart": {"jitter": "nan"}}]})",
        R"({"stemma_manifest": 1, "$schema": 7, "nodes": []})"}) {
    INFO(wrong);
    CHECK_FALSE(IsValid(wrong));
    CHECK_FALSE(Judge(wrong).is_accepted);
  }
  const char kRight[] = R"({"$schema": "x.json", "stemma_manifest": 1, "nodes": [{"name": "a"}]})";
  CHECK(IsValid(kRight));
  CHECK(Judge(kRight).is_accepted);

  // One value of a manifest replaced by another, or a key that nobody knows.
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  RandomNodes random(seed);
  const json others[] = {
      nullptr,     true,          3,      -1,    0.5,   "x",       "",
      "30s",       "none",        "stop", "nan", "inf", "keep",    "restart",
      "-3s",       json::array(), {"x"},  {1},   7e9,   "handler", json::object(),
      "unlimited", {{"max", "0"}}};
  Lines manifests;
  while (manifests.size() < 1500) {
    json manifest = json::parse(ManifestJson(random.Make()));
    if (manifest["nodes"].empty()) continue;
    json& node = manifest["nodes"][random.Below(manifest["nodes"].size())];
    json& object = random.Below(3) == 0 ? node["restart"] : node;
    auto member = object.begin();
    std::advance(member, random.Below(object.size()));
    switch (random.Below(8)) {
      case 0:
        object["unknown"] = 1;
        break;
      case 1:
        object.erase(member);
        break;
      default:
        *member = others[random.Below(std::size(others))];
        break;
    }
    manifests.push_back(manifest.dump());
  }
  const std::vector<bool> valid = AreValid(manifests);
  std::size_t invalid = 0;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    INFO(manifests[i]);
    const Judgement judgement = Judge(manifests[i]);
    if (valid[i]) CHECK(judgement.is_read);
    if (judgement.is_accepted) CHECK(valid[i]);
    if (!valid[i]) ++invalid;
  }
  CHECK(invalid > 100);
  CHECK(invalid < 1400);
}

}  // namespace
}  // namespace stemma::tools
