// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/load.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/graph/internal/seed.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::StartsWith;

const std::string kManifest =
    R"({"stemma_manifest": 1, "nodes": [{"name": "api", "dependencies": ["db"]}, {"name": "db"}]})";

std::string Contents(const char* path) {
  std::ifstream file(path);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

LoadedGraph Read(const std::string& text, bool has_places = true) {
  absl::StatusOr<LoadedGraph> loaded =
      LoadText({.text = text, .label = "it", .has_places = has_places});
  REQUIRE(loaded.ok());
  return *std::move(loaded);
}

TEST_CASE("a source is known by its content", "[tools]") {
  const std::string journal = Contents("testing/data/shop.journal");
  for (const auto& [text, kind] : {
           std::pair{kManifest, SourceKind::kManifest},
           std::pair{"\xEF\xBB\xBF \n" + kManifest, SourceKind::kManifest},
           std::pair{
               std::string(R"({"stemma_manifest": 1, "nodes": [{"name": "api", )"
                           R"("dependencies": ["stemma_journal"]}, {"name": "stemma_journal"}]})"),
               SourceKind::kManifest},
           std::pair{journal, SourceKind::kJournal},
           std::pair{std::string("digraph { api -> db }"), SourceKind::kDot},
           std::pair{std::string("// by hand\nstrict graph \"g\" { api -- db }"), SourceKind::kDot},
           std::pair{std::string("api db\n"), SourceKind::kEdgeList},
           std::pair{std::string("# edges\napi -> db"), SourceKind::kEdgeList},
           std::pair{std::string("graph digraph"), SourceKind::kEdgeList},
       }) {
    INFO(text);
    const LoadedGraph loaded = Read(text);
    CHECK(loaded.kind == kind);
    CHECK(loaded.is_readable);
    CHECK(loaded.problems.empty());
    CHECK(loaded.nodes.size() == 2);
    CHECK(loaded.graph.size() == 2);
    CHECK(loaded.graph.edge_count() == 1);
    const bool has_policies = kind == SourceKind::kManifest || kind == SourceKind::kJournal;
    CHECK(loaded.has_policies == has_policies);
    CHECK(loaded.journal.has_value() == (kind == SourceKind::kJournal));
    CHECK(loaded.states.size() == (kind == SourceKind::kJournal ? 2u : 0u));
  }
}

TEST_CASE("what looks like JSON is told as JSON, with its place", "[tools]") {
  for (const char* const text :
       {"{", "{}", "[]", "[{\"name\": \"a\"}]", " [ [1] ]", "{\"a\" b",
        "{\"stemma_journal\":1,\"at\":15}\n", "{\"stemma_journal\":1,\"a"}) {
    INFO(text);
    const LoadedGraph loaded = Read(text);
    CHECK_FALSE(loaded.is_readable);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems.front().place.has_value());
    CHECK((loaded.kind == SourceKind::kManifest || loaded.kind == SourceKind::kJournal));
  }
  CHECK(Read("[a] [b]\n").kind == SourceKind::kEdgeList);
}

TEST_CASE("what a service answers is a manifest or nothing", "[tools]") {
  for (const char* const text : {"api db", "digraph {}", "{\"stemma_journal\": 1}"}) {
    const absl::StatusOr<LoadedGraph> loaded =
        LoadText({.text = text, .label = "it", .is_manifest = true});
    REQUIRE(loaded.ok());
    CHECK(loaded->kind == SourceKind::kManifest);
    CHECK_FALSE(loaded->is_readable);
  }
}

TEST_CASE("nothing at all is no graph", "[tools]") {
  for (const char* const text : {"", "\n", " \t\r\n"}) {
    const LoadedGraph loaded = Read(text);
    CHECK_FALSE(loaded.is_readable);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems.front().text == "there is nothing in it");
  }
}

TEST_CASE("where nobody has the text before them, problems have no place", "[tools]") {
  for (const char* const text : {"", "{", "a b c", "a a", "{\"stemma_journal\": 1}\n"}) {
    INFO(text);
    for (const SourceProblem& problem : Read(text, false).problems) {
      CHECK_FALSE(problem.place.has_value());
    }
    CHECK(Read(text).problems.front().place.has_value());
  }
}

TEST_CASE("a journal is a graph with the states of its end", "[tools][S17]") {
  const LoadedGraph loaded = Read(Contents("testing/data/shop.journal"));
  REQUIRE(loaded.nodes.size() == 2);
  CHECK(loaded.nodes[0].name == "db");
  CHECK(loaded.states[0].state == NodeState::kStopped);
  CHECK(loaded.states[1].state == NodeState::kStopped);
  CHECK(loaded.journal->lines.size() == 17);
}

// Random bytes, and sources of each kind with random bytes in them.
TEST_CASE("whatever a source has in it, it is read, or refused with a reason", "[tools]") {
  const std::vector<std::string> valid = {kManifest, Contents("testing/data/shop.json"),
                                          Contents("testing/data/shop.journal"),
                                          "a b\n\"c \\u00fc\" -> d -> \"e\"\n# comment\nf\r\n"};
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  const std::string telling = "{}[]\",:\\/->#\n\r\t 019eE+-.ntfua\x01\x7f\xc3\xff\xf4";
  const auto byte = [&] {
    return below(2) == 0 ? telling[below(telling.size())] : static_cast<char>(below(256));
  };
  std::size_t readable = 0;
  for (int round = 0; round < 800; ++round) {
    std::string text;
    if (round % 4 == 0) {
      for (std::size_t size = below(60); size > 0; --size) text += byte();
    } else {
      text = valid[below(valid.size())];
      for (std::size_t k = below(4); k > 0; --k) {
        const std::size_t at = below(text.size());
        switch (below(4)) {
          case 0:
            text[at] = byte();
            break;
          case 1:
            text.insert(at, 1, byte());
            break;
          case 2:
            text.erase(at, below(20));
            break;
          default:
            text.insert(at, text.substr(below(text.size()), below(40)));
            break;
        }
      }
      if (below(8) == 0) text.resize(below(text.size()));
    }
    UNSCOPED_INFO(text);
    const LoadedGraph loaded = Read(text);
    CHECK((loaded.is_readable || !loaded.problems.empty()));
    CHECK((loaded.is_readable || loaded.nodes.empty()));
    CHECK((!loaded.problems.empty() || loaded.graph.size() == loaded.nodes.size()));
    if (loaded.is_readable) ++readable;
  }
  CHECK(readable > 40);
  CHECK(readable < 760);
}

TEST_CASE("a chain of a hundred thousand nodes, and names of a megabyte, come as a manifest too",
          "[tools]") {
  std::string text = "{\"stemma_manifest\": 1, \"nodes\": [{\"name\": \"0\"}";
  for (int i = 1; i < 100'000; ++i) {
    absl::StrAppend(&text, ",\n{\"name\": \"", i, "\", \"dependencies\": [\"", i - 1, "\"]}");
  }
  const std::string name(1 << 20, 'x');
  absl::StrAppend(&text, ", {\"name\": \"", name, "\", \"dependencies\": [\"99999\"]}]}");
  const LoadedGraph loaded = Read(text);
  CHECK(loaded.problems.empty());
  CHECK(loaded.graph.edge_count() == 100'000);
  CHECK(loaded.nodes.back().name == name);
}

TEST_CASE("keys that are there twice, and numbers that are none, are told", "[tools][S1]") {
  CHECK_THAT(Read(R"({"stemma_manifest": 1, "nodes": [{"name": "a", "name": "b"}]})")
                 .problems.front()
                 .text,
             StartsWith("node 'a' has the key 'name' twice"));
  CHECK_FALSE(
      Read(R"({"stemma_manifest": 1, "nodes": [{"name": "a", "restart": {"jitter": NaN}}]})")
          .is_readable);
  CHECK(Read(R"({"stemma_manifest": 1, "nodes": [{"name": "a", "restart": {"jitter": "nan"}}]})")
            .problems.size() == 1);
}

}  // namespace
}  // namespace stemma::tools
