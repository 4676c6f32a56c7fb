// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/journal_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/tools/sources/json_document.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

// absl::StrCat takes Abseil's string_view, which need not be the standard one.
absl::string_view Piece(std::string_view text) { return {text.data(), text.size()}; }

std::string Quoted(std::string_view text) { return "'" + Printable(text.substr(0, 100)) + "'"; }

// What is wrong with a line. Thrown nowhere: the first is kept, and reading goes on to no effect.
class Complaint {
 public:
  void Note(std::size_t offset, std::string text) {
    if (!found_.has_value()) found_ = {.offset = offset, .text = std::move(text)};
  }
  const std::optional<Finding>& found() const { return found_; }

  // A name that is none of a node, so far.
  void NoteUnknown(const std::string& name) {
    if (!unknown_.has_value()) unknown_ = name;
  }
  const std::optional<std::string>& unknown() const { return unknown_; }

 private:
  std::optional<Finding> found_;
  std::optional<std::string> unknown_;
};

// A value in a line, and what it is called in messages. Its readers say what they expected when the
// value is something else, and return a default.
class Value {
 public:
  Value(const JsonValue& value, std::string where, Complaint& complaint)
      : value_(value), where_(std::move(where)), complaint_(complaint) {}

  const JsonValue& json() const { return value_; }
  const std::string& where() const { return where_; }
  Complaint& complaint() const { return complaint_; }

  void Refuse(const std::string& expected) const {
    const auto* text = std::get_if<std::string>(&value_.content);
    complaint_.Note(value_.offset,
                    absl::StrCat(where_, " must be ", expected, ", is ",
                                 text != nullptr ? Quoted(*text) : std::string(KindOf(value_))));
  }

  std::int64_t Whole(std::int64_t least = 0,
                     std::int64_t most = std::numeric_limits<std::int64_t>::max()) const {
    const auto* number = std::get_if<std::int64_t>(&value_.content);
    if (number != nullptr && least <= *number && *number <= most) return *number;
    const std::string expected = absl::StrCat("a whole number of at least ", least);
    if (number == nullptr) {
      Refuse(expected);
    } else {
      complaint_.Note(value_.offset, absl::StrCat(where_, " is out of range: ", *number));
    }
    return least;
  }

  nanoseconds Duration() const {
    const auto* text = std::get_if<std::string>(&value_.content);
    if (text != nullptr && *text == "none") return kNoTimeout;
    if (std::holds_alternative<std::int64_t>(value_.content)) return nanoseconds(Whole());
    Refuse("a whole number of nanoseconds or \"none\"");
    return {};
  }

  bool Truth() const {
    if (const auto* truth = std::get_if<bool>(&value_.content)) return *truth;
    Refuse("true or false");
    return false;
  }

  double Number() const {
    if (const auto* whole = std::get_if<std::int64_t>(&value_.content)) {
      return static_cast<double>(*whole);
    }
    if (const auto* number = std::get_if<double>(&value_.content)) return *number;
    Refuse("a number");
    return 0;
  }

  // Bytes, as JsonBytes writes them.
  std::string Bytes() const {
    const auto* text = std::get_if<std::string>(&value_.content);
    if (text == nullptr) {
      Refuse("a string");
      return "";
    }
    std::optional<std::string> bytes = internal::BytesOf(*text);
    if (!bytes.has_value()) Refuse("a string with each backslash doubled, or begun as \\xff");
    return std::move(bytes).value_or("");
  }

  template <class Enum>
  Enum Word() const {
    const auto* text = std::get_if<std::string>(&value_.content);
    std::optional<Enum> found;
    std::vector<std::string_view> known;
    ForEachWord<Enum>([&](Enum value, std::string_view word) {
      known.push_back(word);
      if (text != nullptr && *text == word) found = value;
    });
    if (found.has_value()) return *found;
    const auto append = [](std::string* out, std::string_view word) { *out += word; };
    Refuse("one of " + absl::StrJoin(known, ", ", append));
    return {};
  }

  // S9: an answer that is no verdict is a number.
  ErrorHandlingBehavior Verdict() const {
    if (!std::holds_alternative<std::int64_t>(value_.content)) {
      return Word<ErrorHandlingBehavior>();
    }
    return static_cast<ErrorHandlingBehavior>(
        Whole(std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  }

  NodeId Node(const JournalNames& names) const {
    const std::string name = Bytes();
    const NodeId node = names.Find(name);
    if (node != kNoNode) return node;
    if (std::holds_alternative<std::string>(value_.content)) complaint_.NoteUnknown(name);
    Refuse("the name of a node");
    return kNoNode;
  }

  template <class Read>
  void ForEach(const Read& read) const {
    const auto* elements = std::get_if<JsonValue::Array>(&value_.content);
    if (elements == nullptr) return Refuse("an array");
    for (std::size_t i = 0; i < elements->size(); ++i) {
      read(Value((*elements)[i], absl::StrCat(where_, "[", i, "]"), complaint_));
    }
  }

 private:
  const JsonValue& value_;
  const std::string where_;
  Complaint& complaint_;
};

// The fields of an object. Each is asked for once; what nobody has asked for is refused at the end.
class Fields {
 public:
  explicit Fields(const Value& value) : value_(value) {
    const auto* members = std::get_if<JsonValue::Object>(&value.json().content);
    if (members == nullptr) value.Refuse("an object");
    if (members == nullptr) return;
    for (const JsonMember& member : *members) {
      if (members_.try_emplace(member.key, &member).second) continue;
      value.complaint().Note(member.offset,
                             Prefix() + "the key " + Quoted(member.key) + " stands there twice");
    }
  }
  ~Fields() {
    for (const auto& [key, member] : members_) {
      const bool asked = std::find(asked_.begin(), asked_.end(), key) != asked_.end();
      if (asked) continue;
      value_.complaint().Note(
          member->offset, absl::StrCat(Prefix(), "the key ", Quoted(key), " has no meaning here",
                                       DidYouMean(key, asked_)));
    }
  }
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  bool Has(std::string_view key) const { return members_.contains(key); }

  // Calls `read(Value)` if the field is there.
  template <class Read>
  void Optional(std::string_view key, const Read& read) {
    asked_.push_back(key);
    const auto found = members_.find(key);
    if (found == members_.end()) return;
    read(Value(found->second->value, Prefix() + std::string(key), value_.complaint()));
  }

  // The same; that it is not there is refused.
  template <class Read>
  void Required(std::string_view key, const Read& read) {
    Optional(key, read);
    if (Has(key)) return;
    value_.complaint().Note(value_.json().offset,
                            absl::StrCat(Prefix(), "there is no '", Piece(key), "'"));
  }

  template <class Read>
  void If(bool required, std::string_view key, const Read& read) {
    required ? Required(key, read) : Optional(key, read);
  }

 private:
  std::string Prefix() const { return value_.where().empty() ? "" : value_.where() + ": "; }

  const Value& value_;
  std::map<std::string_view, const JsonMember*> members_;
  std::vector<std::string_view> asked_;
};

void ReadNodeFields(Fields& fields, bool required, const JournalNames& names, NodeId& node,
                    Incarnation& incarnation) {
  fields.If(required, "node", [&](const Value& v) { node = v.Node(names); });
  fields.Optional("incarnation",
                  [&](const Value& v) { incarnation = static_cast<Incarnation>(v.Whole()); });
}

Cause ReadCause(const Value& value, const JournalNames& names) {
  Cause cause;
  Fields fields(value);
  fields.Required("kind", [&](const Value& v) { cause.kind = v.Word<Cause::Kind>(); });
  ReadNodeFields(fields, false, names, cause.node, cause.incarnation);
  fields.Optional("verdict", [&](const Value& v) { cause.verdict = v.Verdict(); });
  return cause;
}

Action ReadEvent(Fields& fields, const JournalNames& names) {
  EngineEvent event;
  fields.Required("event", [&](const Value& v) { event.kind = v.Word<EngineEvent::Kind>(); });
  const unsigned has = FormOf(event.kind).fields;
  ReadNodeFields(fields, has & kNodeField, names, event.node, event.incarnation);
  if ((has & kStatesField) != 0) {
    fields.Required("from", [&](const Value& v) { event.from = v.Word<NodeState>(); });
    fields.Required("to", [&](const Value& v) { event.to = v.Word<NodeState>(); });
  }
  fields.If(has & kVerdictField, "verdict", [&](const Value& v) { event.verdict = v.Verdict(); });
  fields.If(has & kRefusalField, "answer",
            [&](const Value& v) { event.refusal = v.Word<Refusal>(); });
  fields.Optional("cause", [&](const Value& v) { event.cause = ReadCause(v, names); });
  return {.kind = Action::Kind::kPublish,
          .node = event.node,
          .incarnation = event.incarnation,
          .event = event};
}

// Follows the commands that change the names.
Action ReadAction(const Value& value, const Input& input, JournalNames& names) {
  Action action;
  Fields fields(value);
  if (fields.Has("event")) return ReadEvent(fields, names);
  fields.Required("do", [&](const Value& v) { action.kind = v.Word<Action::Kind>(); });
  names.FollowBefore(input, action);
  const unsigned has = FormOf(action.kind).fields;
  ReadNodeFields(fields, has & kNodeField, names, action.node, action.incarnation);
  fields.If(has & kFailureField, "failure",
            [&](const Value& v) { action.failure = v.Word<FailureKind>(); });
  if ((has & kRefusalField) != 0) {
    fields.Required("answer", [&](const Value& v) { action.refusal = v.Word<Refusal>(); });
  }
  fields.Optional("cause", [&](const Value& v) { action.cause = ReadCause(v, names); });
  names.FollowAfter(action);
  return action;
}

absl::StatusCode ReadStatusCode(const Value& value) {
  const std::string word = value.Bytes();
  std::vector<std::string> known;
  for (int code = 1; code <= static_cast<int>(absl::StatusCode::kUnauthenticated); ++code) {
    known.push_back(absl::StatusCodeToString(static_cast<absl::StatusCode>(code)));
    if (known.back() == word) return static_cast<absl::StatusCode>(code);
  }
  value.Refuse("one of " + absl::StrJoin(known, ", "));
  return absl::StatusCode::kUnknown;
}

FailureDetail ReadDetail(Fields& fields) {
  FailureDetail detail;
  fields.Required("status", [&](const Value& v) { detail.code = ReadStatusCode(v); });
  fields.Required("message", [&](const Value& v) { detail.message = v.Bytes(); });
  fields.Optional("worker", [&](const Value& v) { detail.worker = v.Bytes(); });
  fields.Optional("file", [&](const Value& v) { detail.file = v.Bytes(); });
  fields.If(fields.Has("file"), "line", [&](const Value& v) {
    detail.line = static_cast<std::uint_least32_t>(
        v.Whole(0, std::numeric_limits<std::uint_least32_t>::max()));
  });
  return detail;
}

RestartPolicy ReadRestart(const Value& value) {
  RestartPolicy policy;
  Fields fields(value);
  fields.Required("initial", [&](const Value& v) { policy.initial = v.Duration(); });
  fields.Required("max", [&](const Value& v) { policy.max = v.Duration(); });
  fields.Required("multiplier", [&](const Value& v) { policy.multiplier = v.Number(); });
  fields.Required("jitter", [&](const Value& v) { policy.jitter = v.Number(); });
  fields.Required("reset_after", [&](const Value& v) { policy.reset_after = v.Duration(); });
  fields.Required("max_restarts", [&](const Value& v) {
    const auto* text = std::get_if<std::string>(&v.json().content);
    policy.max_restarts = text != nullptr && *text == "unlimited"
                              ? kUnlimitedRestarts
                              : static_cast<int>(v.Whole(0, kUnlimitedRestarts - 1));
  });
  fields.Required("window", [&](const Value& v) { policy.window = v.Duration(); });
  fields.Required("on_limit", [&](const Value& v) { policy.on_limit = v.Verdict(); });
  return policy;
}

// A node, as the header and the input that adds one have it.
Addition ReadAddition(const Value& value) {
  Addition addition;
  DependencyGraph::Declaration& declaration = addition.declaration;
  NodePolicy& policy = addition.policy;
  Fields fields(value);
  const auto read_names = [](std::vector<std::string>& names) {
    return [&names](const Value& v) {
      v.ForEach([&](const Value& element) { names.push_back(element.Bytes()); });
    };
  };
  fields.Required("name", [&](const Value& v) { declaration.name = v.Bytes(); });
  fields.Required("dependencies", read_names(declaration.dependencies));
  fields.Required("soft_dependencies", read_names(declaration.soft_dependencies));
  fields.Required("restart", [&](const Value& v) { policy.restart = ReadRestart(v); });
  fields.Required("start_timeout", [&](const Value& v) { policy.start_timeout = v.Duration(); });
  fields.Required("stop_timeout", [&](const Value& v) { policy.stop_timeout = v.Duration(); });
  fields.Optional("watchdog", [&](const Value& v) { policy.watchdog = v.Duration(); });
  fields.Required("on_completion",
                  [&](const Value& v) { policy.on_completion = v.Word<OnCompletion>(); });
  fields.Required("on_dependency_restart", [&](const Value& v) {
    policy.on_dependency_restart = v.Word<OnDependencyRestart>();
  });
  return addition;
}

// S1: what no supervisor would have run, found by the code that refuses it.
void CheckNodes(const std::vector<Addition>& additions, const std::vector<std::size_t>& offsets,
                Complaint& complaint) {
  std::vector<Node> nodes(additions.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    nodes[i].name = additions[i].declaration.name;
    nodes[i].dependencies = additions[i].declaration.dependencies;
    nodes[i].soft_dependencies = additions[i].declaration.soft_dependencies;
    nodes[i].restart = additions[i].policy.restart;
    nodes[i].start_timeout = additions[i].policy.start_timeout;
    nodes[i].stop_timeout = additions[i].policy.stop_timeout;
    nodes[i].watchdog = additions[i].policy.watchdog;
  }
  for (const internal::NodeProblem& problem : internal::Problems(nodes)) {
    complaint.Note(offsets[problem.node], problem.text);
  }
}

// The same of a node that is added. Its place in the graph is for the engine to refuse.
void CheckPolicy(Addition addition, const Value& value) {
  addition.declaration = {.name = "the addition"};
  CheckNodes({addition}, {value.json().offset}, value.complaint());
}

JournalEntry ReadEntry(Fields& fields, JournalNames& names) {
  JournalEntry entry;
  Input& input = entry.input;
  fields.Required("at", [&](const Value& v) { entry.at = nanoseconds(v.Whole()); });
  fields.Required("input", [&](const Value& v) { input.kind = v.Word<Input::Kind>(); });
  const unsigned has = FormOf(input.kind).fields;
  ReadNodeFields(fields, false, names, input.node, input.incarnation);
  fields.If(has & kFailureField, "failure",
            [&](const Value& v) { input.failure = v.Word<FailureKind>(); });
  fields.If(has & kVerdictField, "verdict", [&](const Value& v) { input.verdict = v.Verdict(); });
  if ((has & kHeardField) != 0) {
    fields.Required("heard", [&](const Value& v) {
      input.at = nanoseconds(v.Whole(std::numeric_limits<std::int64_t>::min()));
    });
  }
  if ((has & kAdditionField) != 0) {
    fields.Required("addition", [&](const Value& v) {
      input.addition = std::make_shared<const Addition>(ReadAddition(v));
      CheckPolicy(*input.addition, v);
    });
  }
  if (fields.Has("status")) entry.detail = ReadDetail(fields);
  fields.Required("actions", [&](const Value& v) {
    v.ForEach(
        [&](const Value& element) { entry.actions.push_back(ReadAction(element, input, names)); });
  });
  return entry;
}

EngineOptions ReadOptions(const Value& value) {
  EngineOptions options;
  Fields fields(value);
  fields.Required("on_stuck", [&](const Value& v) { options.on_stuck = v.Word<OnStuck>(); });
  fields.Required("shutdown_deadline",
                  [&](const Value& v) { options.shutdown_deadline = v.Duration(); });
  fields.Required("shutdown_delay", [&](const Value& v) { options.shutdown_delay = v.Duration(); });
  fields.Required("spin_halt_reminder",
                  [&](const Value& v) { options.spin_halt_reminder = v.Duration(); });
  fields.Optional("latch", [&](const Value& v) { options.latch = v.Truth(); });
  fields.Optional("nested", [&](const Value& v) { options.nested = v.Truth(); });
  fields.Required("jitter_seed", [&](const Value& v) {
    const auto* text = std::get_if<std::string>(&v.json().content);
    if (text == nullptr || !absl::SimpleAtoi(*text, &options.jitter_seed)) {
      v.Refuse("a whole number below 2^64, in a string");
    }
  });
  return options;
}

JournalHeader ReadHeaderFields(Fields& fields) {
  JournalHeader header;
  fields.Required("at", [&](const Value& v) { header.at = nanoseconds(v.Whole()); });
  fields.Optional("wall", [&](const Value& v) {
    absl::Time wall;
    std::string error;
    if (absl::ParseTime(absl::RFC3339_full, v.Bytes(), &wall, &error)) {
      header.wall = absl::ToChronoTime(wall);
    } else {
      v.Refuse("a time such as \"2026-01-31T12:00:00.5+00:00\"");
    }
  });
  fields.Required("options", [&](const Value& v) { header.options = ReadOptions(v); });
  fields.Required("nodes", [&](const Value& v) {
    std::vector<Addition> nodes;
    std::vector<std::size_t> offsets;
    v.ForEach([&](const Value& element) {
      nodes.push_back(ReadAddition(element));
      offsets.push_back(element.json().offset);
    });
    if (!v.complaint().found().has_value()) CheckNodes(nodes, offsets, v.complaint());
    for (Addition& node : nodes) {
      header.declarations.push_back(std::move(node.declaration));
      header.policies.push_back(node.policy);
    }
  });
  return header;
}

}  // namespace

bool JournalReader::GetLine() {
  // Of a file without ends of lines, such as /dev/zero, not all: what is cut off here is no JSON.
  constexpr std::size_t kMostBytes = std::size_t{1} << 28;
  text_.clear();
  std::array<char, 1 << 14> part;
  bool is_whole = false;
  while (!is_whole && text_.size() < kMostBytes) {
    in_.getline(part.data(), part.size());
    auto size = static_cast<std::size_t>(in_.gcount());
    has_newline_ = in_.good();
    if (has_newline_) --size;  // which was taken, and is not in `part`
    is_whole = has_newline_ || in_.eof() || in_.bad();
    if (is_whole && !has_newline_ && size == 0 && text_.empty()) return false;
    if (!is_whole) in_.clear();  // the line goes on
    text_.append(part.data(), size);
  }
  if (!is_whole) has_newline_ = true;  // not torn, but too long
  ++line_;
  return true;
}

absl::Status JournalReader::At(std::size_t offset, const std::string& text) {
  return At({.line = line_, .column = PlacesOf(text_, {offset}).front().column}, text);
}

absl::Status JournalReader::At(Place place, const std::string& text) {
  problem_ = {.place = place, .text = text};
  return absl::DataLossError(absl::StrCat(place.line, ":", place.column, ": ", text));
}

absl::StatusOr<JournalHeader> JournalReader::ReadHeader() {
  constexpr char kNone[] = "this is not a journal: ";
  if (!GetLine()) {
    if (in_.bad()) return absl::NotFoundError("cannot be read");
    return At(Place(), "this journal is empty: nothing was written to it");
  }
  Finding syntax_error;
  const std::optional<JsonValue> json = ParseJson(text_, syntax_error);
  if (!json.has_value()) {
    if (!has_newline_ && text_.starts_with("{\"stemma_journal\":")) {
      return At(0, "the first line of this journal is torn: it has nothing to replay");
    }
    return At(syntax_error.offset, kNone + syntax_error.text);
  }
  Complaint complaint;
  JournalHeader header;
  std::int64_t version = 0;
  {
    const Value value(*json, "", complaint);
    if (!std::holds_alternative<JsonValue::Object>(json->content)) {
      return At(json->offset,
                absl::StrCat(kNone, "expected an object, found ", Piece(KindOf(*json))));
    }
    Fields fields(value);
    if (!fields.Has("stemma_journal")) {
      return At(json->offset, absl::StrCat(kNone, "there is no 'stemma_journal' in its object"));
    }
    fields.Required("stemma_journal", [&](const Value& v) {
      version = v.Whole();
      if (version == kJournalVersion) return;
      complaint.Note(v.json().offset,
                     absl::StrCat("this journal is of version ", version,
                                  "; this stemma reads version ", kJournalVersion));
    });
    header = ReadHeaderFields(fields);
  }
  if (complaint.found().has_value()) return At(complaint.found()->offset, complaint.found()->text);
  names_ = JournalNames(header);
  return header;
}

JournalLine JournalReader::Added(const std::string& name) {
  JournalLine line;
  line.kind = JournalLine::Kind::kAdded;
  line.entry.at = last_;
  line.entry.input.kind = Input::Kind::kAddNode;
  line.entry.input.addition =
      std::make_shared<const Addition>(Addition{.declaration = {.name = name}, .policy = {}});
  Action& action = line.entry.actions.emplace_back();
  action.kind = Action::Kind::kAdded;
  action.node = static_cast<NodeId>(names_.size());
  names_.FollowBefore(line.entry.input, action);
  return line;
}

absl::StatusOr<std::optional<JournalLine>> JournalReader::Next() {
  if (!std::exchange(again_, false) && !GetLine()) {
    if (in_.bad()) return absl::NotFoundError("cannot be read");
    return std::nullopt;
  }
  JournalLine line;
  Finding syntax_error;
  const std::optional<JsonValue> json = ParseJson(text_, syntax_error);
  if (!json.has_value()) {
    if (has_newline_) return At(syntax_error.offset, syntax_error.text);
    line.kind = JournalLine::Kind::kTorn;
    return line;
  }
  Complaint complaint;
  std::optional<JournalNames> before;
  if (past_gap_) before = names_;
  {
    const Value value(*json, "", complaint);
    if (!std::holds_alternative<JsonValue::Object>(json->content)) {
      return At(json->offset, absl::StrCat("a line must be an object, is ", Piece(KindOf(*json))));
    }
    Fields fields(value);
    if (fields.Has("gap")) {
      line.kind = JournalLine::Kind::kGap;
      fields.Required("gap",
                      [&](const Value& v) { line.lost = static_cast<std::uint64_t>(v.Whole(1)); });
    } else {
      line.entry = ReadEntry(fields, names_);
      fields.Optional("at", [&](const Value& v) {
        if (line.entry.at >= last_) return;
        complaint.Note(v.json().offset, "at is earlier than on the line before");
      });
    }
  }
  if (past_gap_ && complaint.unknown().has_value()) {
    names_ = *std::move(before);
    again_ = true;
    return Added(*complaint.unknown());
  }
  if (complaint.found().has_value()) return At(complaint.found()->offset, complaint.found()->text);
  past_gap_ |= line.kind == JournalLine::Kind::kGap;
  if (line.kind == JournalLine::Kind::kEntry) last_ = line.entry.at;
  return line;
}

}  // namespace stemma::tools
