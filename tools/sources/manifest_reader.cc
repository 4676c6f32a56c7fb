// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/manifest_reader.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/sources/json_document.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Verdict = ErrorHandlingBehavior;

constexpr Verdict kVerdicts[] = {Verdict::kRestart, Verdict::kStop, Verdict::kStopParents,
                                 Verdict::kShutdown, Verdict::kSpinHalt};
constexpr std::string_view kHandler = "handler";

// absl::StrCat takes Abseil's string_view, which need not be the standard one.
absl::string_view Piece(std::string_view text) { return {text.data(), text.size()}; }

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMaxShown = 100;  // names may be of any length
  if (text.size() <= kMaxShown) return "'" + Printable(text) + "'";
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80) --end;
  return "'" + Printable(text.substr(0, end)) + "…'";
}

// A name of a word in the manifest, and what it stands for.
template <class T>
struct Word {
  std::string_view text;
  T value;
};

// Reads the tree of one manifest into nodes, and notes what is wrong on the way.
class Reader {
 public:
  // Returns: false if this is not a manifest; then there is one finding.
  bool Read(const JsonValue& root);

  std::vector<Node>& nodes() { return nodes_; }
  std::vector<Finding>& findings() { return findings_; }
  DependencyGraph& graph() { return graph_; }
  // By node, where it stands in `text`, which is the text of what was read.
  std::vector<NodePlaces> PlacesIn(std::string_view text) const;

 private:
  // A field of an object: its key, and what to do with its value. `where` begins every message.
  struct Field {
    std::string_view key;
    std::function<void(const JsonValue&, const std::string& where)> read;
  };
  void ReadObject(const JsonValue& value, const std::string& where, std::span<const Field> fields);
  void ReadNode(const JsonValue& value, std::size_t index);
  void ReadRestart(const JsonValue& value, const std::string& where, RestartPolicy& policy);

  void ReadNames(const JsonValue& value, const std::string& where, std::vector<std::string>& names,
                 std::vector<std::size_t>& offsets);
  void ReadDuration(const JsonValue& value, const std::string& where, nanoseconds& duration);
  void ReadNumber(const JsonValue& value, const std::string& where, double& number);
  void ReadMaxRestarts(const JsonValue& value, const std::string& where, int& max_restarts);
  template <class T>
  bool ReadWord(const JsonValue& value, const std::string& where, std::span<const Word<T>> words,
                T& result);
  void Check();

  // Returns: whether `value` is of kind T; if not, that is noted.
  template <class T>
  bool Expect(const JsonValue& value, const std::string& where, std::string_view kind);
  void Note(std::size_t offset, std::string text) {
    findings_.push_back({.offset = offset, .text = std::move(text)});
  }

  // Where a node stands, and the values of its fields.
  struct Offsets {
    std::size_t node = 0;
    std::unordered_map<std::string_view, std::size_t> fields = {};  // views the tree's keys
    std::unordered_map<std::string_view, std::size_t> restart = {};
    std::vector<std::size_t> dependencies = {};
    std::vector<std::size_t> soft_dependencies = {};
  };

  std::vector<Node> nodes_;
  std::vector<Offsets> offsets_;  // by node
  std::vector<Finding> findings_;
  DependencyGraph graph_;
};

template <class T>
bool Reader::Expect(const JsonValue& value, const std::string& where, std::string_view kind) {
  if (std::holds_alternative<T>(value.content)) return true;
  Note(value.offset, absl::StrCat(where, " must be ", Piece(kind), ", is ", Piece(KindOf(value))));
  return false;
}

void Reader::ReadObject(const JsonValue& value, const std::string& where,
                        std::span<const Field> fields) {
  if (!Expect<JsonValue::Object>(value, where, "an object")) return;
  std::unordered_set<std::string_view> seen;
  for (const JsonMember& member : std::get<JsonValue::Object>(value.content)) {
    if (!seen.insert(member.key).second) {
      Note(member.offset, absl::StrCat(where, " has the key ", Quoted(member.key), " twice"));
      continue;
    }
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& f) { return f.key == member.key; });
    if (field != fields.end()) {
      field->read(member.value, absl::StrCat(where, ": ", Piece(field->key)));
      continue;
    }
    std::vector<std::string_view> keys;
    for (const Field& f : fields) keys.push_back(f.key);
    Note(member.offset, absl::StrCat(where, " has the unknown key ", Quoted(member.key),
                                     DidYouMean(member.key, keys)));
  }
}

bool Reader::Read(const JsonValue& root) {
  const auto refuse = [this](std::size_t offset, std::string text) {
    findings_.clear();
    Note(offset, "this is not a manifest: " + std::move(text));
    return false;
  };
  const auto* members = std::get_if<JsonValue::Object>(&root.content);
  if (members == nullptr) {
    return refuse(root.offset, absl::StrCat("expected an object, found ", Piece(KindOf(root))));
  }
  const auto version = std::find_if(members->begin(), members->end(), [](const JsonMember& member) {
    return member.key == "stemma_manifest";
  });
  if (version == members->end()) {
    return refuse(root.offset, "there is no 'stemma_manifest' in its object");
  }
  const auto* number = std::get_if<std::int64_t>(&version->value.content);
  if (number == nullptr) {
    return refuse(version->value.offset, absl::StrCat("stemma_manifest must be a whole number, is ",
                                                      Piece(KindOf(version->value))));
  }
  if (*number != kManifestVersion) {
    Note(version->value.offset, absl::StrCat("this manifest is of version ", *number,
                                             "; this stemma reads version ", kManifestVersion));
    return false;
  }

  bool has_nodes = false;
  const Field fields[] = {
      {"stemma_manifest", [](const JsonValue&, const std::string&) {}},
      {"$schema",  // for editors
       [this](const JsonValue& value, const std::string& where) {
         Expect<std::string>(value, where, "a string");
       }},
      {"nodes",
       [&](const JsonValue& value, const std::string& where) {
         has_nodes = true;
         if (!Expect<JsonValue::Array>(value, where, "an array")) return;
         const auto& elements = std::get<JsonValue::Array>(value.content);
         for (std::size_t i = 0; i < elements.size(); ++i) ReadNode(elements[i], i);
       }},
  };
  ReadObject(root, "manifest", fields);
  if (!has_nodes) Note(root.offset, "manifest has no 'nodes'");
  Check();
  return true;
}

void Reader::ReadNode(const JsonValue& value, std::size_t index) {
  Node& node = nodes_.emplace_back();
  Offsets& offsets = offsets_.emplace_back(Offsets{.node = value.offset});

  // The name first, wherever it stands: it begins every message. To have none is to have an empty
  // one, which Check refuses.
  std::string where = absl::StrCat("node ", index, " (counting from 0)");
  const JsonValue* name = nullptr;
  if (const auto* members = std::get_if<JsonValue::Object>(&value.content)) {
    for (const JsonMember& member : *members) {
      offsets.fields.try_emplace(member.key, member.value.offset);
      if (name == nullptr && member.key == "name") name = &member.value;
    }
  }
  if (name != nullptr && Expect<std::string>(*name, where + ": name", "a string")) {
    node.name = std::get<std::string>(name->content);
    if (!node.name.empty()) where = "node " + Quoted(node.name);
  }

  const auto read_verdict = [&](const JsonValue& field, const std::string& subject) {
    std::vector<Word<std::optional<Verdict>>> words;
    for (const Verdict verdict : kVerdicts) words.push_back({ManifestWord(verdict), verdict});
    words.push_back({kHandler, std::nullopt});
    std::optional<Verdict> verdict;
    if (!ReadWord<std::optional<Verdict>>(field, subject, words, verdict)) return;
    node.on_error = verdict.has_value()
                        ? Always(*verdict)
                        : OnError([](const Failure&) { return Verdict::kShutdown; });
  };
  static constexpr Word<OnCompletion> kOnCompletion[] = {{"complete", OnCompletion::kComplete},
                                                         {"restart", OnCompletion::kRestart},
                                                         {"shutdown", OnCompletion::kShutdown}};
  static constexpr Word<OnDependencyRestart> kOnDependencyRestart[] = {
      {"keep", OnDependencyRestart::kKeep}, {"restart", OnDependencyRestart::kRestart}};
  using Text = const std::string&;
  const Field fields[] = {
      {"name", [](const JsonValue&, Text) {}},
      {"dependencies", [&](const JsonValue& v,
                           Text w) { ReadNames(v, w, node.dependencies, offsets.dependencies); }},
      {"soft_dependencies",
       [&](const JsonValue& v, Text w) {
         ReadNames(v, w, node.soft_dependencies, offsets.soft_dependencies);
       }},
      {"on_error", read_verdict},
      {"restart",
       [&](const JsonValue& v, Text w) {
         if (const auto* members = std::get_if<JsonValue::Object>(&v.content)) {
           for (const JsonMember& member : *members) {
             offsets.restart.try_emplace(member.key, member.value.offset);
           }
         }
         ReadRestart(v, w, node.restart);
       }},
      {"start_timeout",
       [&](const JsonValue& v, Text w) { ReadDuration(v, w, node.start_timeout); }},
      {"stop_timeout", [&](const JsonValue& v, Text w) { ReadDuration(v, w, node.stop_timeout); }},
      {"watchdog", [&](const JsonValue& v, Text w) { ReadDuration(v, w, node.watchdog); }},
      {"on_completion",
       [&](const JsonValue& v, Text w) {
         ReadWord<OnCompletion>(v, w, kOnCompletion, node.on_completion);
       }},
      {"on_dependency_restart",
       [&](const JsonValue& v, Text w) {
         ReadWord<OnDependencyRestart>(v, w, kOnDependencyRestart, node.on_dependency_restart);
       }},
  };
  ReadObject(value, where, fields);
}

void Reader::ReadRestart(const JsonValue& value, const std::string& where, RestartPolicy& policy) {
  std::vector<Word<Verdict>> words;
  for (const Verdict verdict : kVerdicts) words.push_back({ManifestWord(verdict), verdict});
  using Text = const std::string&;
  const Field fields[] = {
      {"initial", [&](const JsonValue& v, Text w) { ReadDuration(v, w, policy.initial); }},
      {"max", [&](const JsonValue& v, Text w) { ReadDuration(v, w, policy.max); }},
      {"multiplier", [&](const JsonValue& v, Text w) { ReadNumber(v, w, policy.multiplier); }},
      {"jitter", [&](const JsonValue& v, Text w) { ReadNumber(v, w, policy.jitter); }},
      {"reset_after", [&](const JsonValue& v, Text w) { ReadDuration(v, w, policy.reset_after); }},
      {"max_restarts",
       [&](const JsonValue& v, Text w) { ReadMaxRestarts(v, w, policy.max_restarts); }},
      {"window", [&](const JsonValue& v, Text w) { ReadDuration(v, w, policy.window); }},
      {"on_limit",
       [&](const JsonValue& v, Text w) { ReadWord<Verdict>(v, w, words, policy.on_limit); }},
  };
  ReadObject(value, where, fields);
}

void Reader::ReadNames(const JsonValue& value, const std::string& where,
                       std::vector<std::string>& names, std::vector<std::size_t>& offsets) {
  if (!Expect<JsonValue::Array>(value, where, "an array")) return;
  for (const JsonValue& element : std::get<JsonValue::Array>(value.content)) {
    if (Expect<std::string>(element, where + ": each element", "a string")) {
      names.push_back(std::get<std::string>(element.content));
      offsets.push_back(element.offset);
    }
  }
}

void Reader::ReadDuration(const JsonValue& value, const std::string& where, nanoseconds& duration) {
  if (!Expect<std::string>(value, where, "a duration in a string, such as \"1m30s\"")) return;
  const std::string& text = std::get<std::string>(value.content);
  if (const std::optional<nanoseconds> parsed = ParseManifestDuration(text)) {
    duration = *parsed;
    return;
  }
  Note(value.offset,
       absl::StrCat(where, " must be a duration, such as \"1m30s\", \"100ms\" or \"none\", is ",
                    Quoted(text)));
}

void Reader::ReadNumber(const JsonValue& value, const std::string& where, double& number) {
  // What JSON has no number for, as ManifestJson writes it: for Problems to refuse in its words.
  static constexpr Word<double> kNotFinite[] = {{"nan", std::numeric_limits<double>::quiet_NaN()},
                                                {"inf", std::numeric_limits<double>::infinity()},
                                                {"-inf", -std::numeric_limits<double>::infinity()}};
  if (const auto* whole = std::get_if<std::int64_t>(&value.content)) {
    number = static_cast<double>(*whole);
    return;
  }
  if (const auto* text = std::get_if<std::string>(&value.content)) {
    for (const Word<double>& word : kNotFinite) {
      if (word.text == *text) {
        number = word.value;
        return;
      }
    }
  }
  if (Expect<double>(value, where, "a number")) number = std::get<double>(value.content);
}

void Reader::ReadMaxRestarts(const JsonValue& value, const std::string& where, int& max_restarts) {
  constexpr std::string_view kExpected = "a whole number or \"unlimited\"";
  if (const auto* text = std::get_if<std::string>(&value.content); text && *text == "unlimited") {
    max_restarts = kUnlimitedRestarts;
    return;
  }
  if (!Expect<std::int64_t>(value, where, kExpected)) return;
  const std::int64_t number = std::get<std::int64_t>(value.content);
  if (number < std::numeric_limits<int>::min() || number >= kUnlimitedRestarts) {
    Note(value.offset,
         absl::StrCat(where, " is out of range: ", number, "; for no limit write \"unlimited\""));
    return;
  }
  max_restarts = static_cast<int>(number);
}

template <class T>
bool Reader::ReadWord(const JsonValue& value, const std::string& where,
                      std::span<const Word<T>> words, T& result) {
  if (!Expect<std::string>(value, where, "a string")) return false;
  const std::string& text = std::get<std::string>(value.content);
  std::vector<std::string_view> known;
  for (const Word<T>& word : words) {
    known.push_back(word.text);
    if (word.text != text) continue;
    result = word.value;
    return true;
  }
  const auto append = [](std::string* out, std::string_view word) { *out += word; };
  Note(value.offset, absl::StrCat(where, " must be one of ", absl::StrJoin(known, ", ", append),
                                  "; is ", Quoted(text), DidYouMean(text, known)));
  return false;
}

// What a supervisor would refuse, found by the code that refuses it (S1).
void Reader::Check() {
  const std::vector<internal::NodeProblem> problems = internal::Problems(nodes_);
  for (const internal::NodeProblem& problem : problems) {
    const Offsets& offsets = offsets_[problem.node];
    const auto field = offsets.fields.find(problem.field);
    Note(field == offsets.fields.end() ? offsets.node : field->second, problem.text);
  }
  if (findings_.empty()) graph_ = *DependencyGraph::Create(internal::Declarations(nodes_));
}

std::vector<NodePlaces> Reader::PlacesIn(std::string_view text) const {
  std::vector<NodePlaces> places(offsets_.size());
  // Each offset, and where its place belongs: found out in one pass over the text.
  std::vector<std::pair<std::size_t, Place*>> wanted;
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const Offsets& offsets = offsets_[i];
    NodePlaces& node = places[i];
    wanted.emplace_back(offsets.node, &node.node);
    for (const auto& [key, offset] : offsets.fields) {
      wanted.emplace_back(offset, &node.fields[std::string(key)]);
    }
    for (const auto& [key, offset] : offsets.restart) {
      wanted.emplace_back(offset, &node.fields["restart." + std::string(key)]);
    }
    const auto want_each = [&](const std::vector<std::size_t>& names, std::vector<Place>& found) {
      found.resize(names.size());
      for (std::size_t name = 0; name < names.size(); ++name) {
        wanted.emplace_back(names[name], &found[name]);
      }
    };
    want_each(offsets.dependencies, node.dependencies);
    want_each(offsets.soft_dependencies, node.soft_dependencies);
  }
  std::sort(wanted.begin(), wanted.end());
  std::vector<std::size_t> in_order;
  for (const auto& [offset, place] : wanted) in_order.push_back(offset);
  const std::vector<Place> found = PlacesOf(text, in_order);
  for (std::size_t i = 0; i < wanted.size(); ++i) *wanted[i].second = found[i];
  return places;
}

}  // namespace

ManifestReading ReadManifest(std::string_view text) {
  ManifestReading reading;
  Reader reader;
  Finding syntax_error;
  if (const std::optional<JsonValue> root = ParseJson(text, syntax_error); !root.has_value()) {
    reader.findings().push_back(std::move(syntax_error));
  } else if (reader.Read(*root)) {
    reading.nodes = std::move(reader.nodes());
    reading.graph = std::move(reader.graph());
    if (reader.findings().empty()) reading.places = reader.PlacesIn(text);
  }

  reading.problems = ProblemsOf(text, std::move(reader.findings()));
  return reading;
}

}  // namespace stemma::tools
