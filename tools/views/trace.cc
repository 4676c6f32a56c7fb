// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/trace.h"

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/launch.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using internal::JsonString;
using std::chrono::nanoseconds;

constexpr int kProcess = 1;
constexpr std::size_t kRunTrack = 1;  // nodes follow

// Exactly, in microseconds.
std::string Micros(nanoseconds time) {
  return absl::StrFormat("%d.%03d", time.count() / 1000, time.count() % 1000);
}

template <class Enum>
std::string Word(Enum value) {
  return std::string(FormOf(value).word);
}

class Trace {
 public:
  Trace(const History& history, const std::vector<Row>& rows)
      : history_(history), tracks_(history.rows().size()) {
    for (std::size_t i = 0; i < rows.size(); ++i) tracks_[rows[i]] = kRunTrack + 1 + i;
  }

  std::string Write(const std::vector<Row>& rows) {
    Name("process_name", kRunTrack, "stemma");
    Name("thread_name", kRunTrack, "the run");
    Sort(kRunTrack);
    for (const Row row : rows) {
      const std::string& name = history_[row].name;
      Name("thread_name", tracks_[row], name);
      Sort(tracks_[row]);
    }
    for (const Row row : rows) Slices(row);
    for (const Moment& moment : history_.moments()) Instant(moment);
    return absl::StrCat("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n", out_, "\n]}\n");
  }

 private:
  // The beginning of an event; what is special to it follows.
  std::string Event(std::string_view phase, std::string_view name, std::string_view category,
                    nanoseconds at, std::size_t track) const {
    return absl::StrCat("{\"ph\":\"", std::string(phase), "\",\"name\":", JsonString(name),
                        ",\"cat\":\"", std::string(category), "\",\"ts\":", Micros(at),
                        ",\"pid\":", kProcess, ",\"tid\":", track);
  }
  void Put(const std::string& event) {
    absl::StrAppend(&out_, out_.empty() ? "" : ",\n", event, "}");
  }

  void Name(std::string_view what, std::size_t track, std::string_view name) {
    Put(absl::StrCat("{\"ph\":\"M\",\"name\":\"", std::string(what), "\",\"pid\":", kProcess,
                     ",\"tid\":", track, ",\"args\":{\"name\":", JsonString(name), "}"));
  }
  void Sort(std::size_t track) {
    Put(absl::StrCat("{\"ph\":\"M\",\"name\":\"thread_sort_index\",\"pid\":", kProcess,
                     ",\"tid\":", track, ",\"args\":{\"sort_index\":", track, "}"));
  }

  std::string Args(const Span& span) const {
    std::string args = absl::StrCat(",\"args\":{\"incarnation\":", span.incarnation);
    if (span.why.kind != Cause::Kind::kNone) {
      std::string cause = Word(span.why.kind);
      if (span.why.row != kNoRow) {
        absl::StrAppend(&cause, " of ", Subject(history_[span.why.row], span.why.incarnation));
      }
      absl::StrAppend(&args, ",\"cause\":", JsonString(cause));
    }
    return args + "}";
  }

  void Slices(Row row) {
    const NodeHistory& node = history_[row];
    Why told;
    for (const Span& span : node.spans) {
      const std::string state(ToString(span.state));
      if (IsTerminal(span.state)) {
        Put(Event("i", state, "end", span.begin, tracks_[row]) + ",\"s\":\"t\"" + Args(span));
      } else {
        Put(absl::StrCat(Event("X", state, "state", span.begin, tracks_[row]),
                         ",\"dur\":", Micros(span.end - span.begin), Args(span)));
      }
      if (span.state == NodeState::kStarting) ArrowFromDependency(row, span);
      const bool is_new = span.why.row != told.row || span.why.incarnation != told.incarnation;
      if (is_new) ArrowFromCause(row, span);
      told = span.why;
    }
  }

  void Arrow(Row from, nanoseconds begin, Row to, nanoseconds end, std::string_view what) {
    if (tracks_[from] == 0) return;  // it is not in focus
    const std::string id = absl::StrCat(",\"id\":", ++arrows_);
    Put(Event("s", what, "cause", begin, tracks_[from]) + id);
    Put(Event("f", what, "cause", end, tracks_[to]) + id + ",\"bp\":\"e\"");
  }

  void ArrowFromDependency(Row row, const Span& launch) {
    const std::optional<LastDependency> last = LastDependencyOf(history_, row, launch);
    if (!last.has_value()) return;
    // Only for what it was launched; a later incarnation has another cause.
    const Span& span = history_[last->row].spans[last->span];
    if (span.line == launch.line) Arrow(last->row, span.begin, row, launch.begin, "ready");
  }

  void ArrowFromCause(Row row, const Span& span) {
    if (span.why.row == kNoRow || span.why.row == row) return;
    nanoseconds begin = span.begin;
    const FailureRecord* const failure = history_.FailureOf(span.why.incarnation);
    if (span.why.kind == Cause::Kind::kFailure && failure != nullptr) {
      begin = failure->verdict.has_value() ? failure->verdict_at : failure->at;
    }
    Arrow(span.why.row, begin, row, span.begin, Word(span.why.kind));
  }

  void Instant(const Moment& moment) {
    const bool is_of_run = moment.row == kNoRow;
    const std::size_t track = is_of_run ? kRunTrack : tracks_[moment.row];
    if (track == 0) return;
    const std::string name = NameOf(moment);
    if (name.empty()) return;
    std::string event =
        Event("i", name, "event", moment.at, track) + ",\"s\":\"" + (is_of_run ? "p" : "t") + "\"";
    if (moment.kind == Moment::Kind::kFailure) {
      absl::StrAppend(
          &event, ",\"args\":{\"failure\":",
          JsonString(FailureText(history_.failures()[moment.index], history_[moment.row].policy)),
          "}");
    }
    Put(event);
  }

  static std::string NameOf(const Moment& moment) {
    switch (moment.kind) {
      case Moment::Kind::kFailure:
        return "failed";
      case Moment::Kind::kVerdict:
        return "verdict: " + Word(moment.verdict);
      case Moment::Kind::kRestartRefused:
        return "restart refused: " + Word(moment.verdict);
      case Moment::Kind::kSecondaryFailure:
        return "secondary failure";
      case Moment::Kind::kStuck:
        return "stuck";
      case Moment::Kind::kLateEnd:
        return "late end";
      case Moment::Kind::kAllReady:
        return "all ready";
      case Moment::Kind::kStopDelayed:
        return "stop delayed: " + Word(moment.why.kind);
      case Moment::Kind::kStopping:
        return "stopping: " + Word(moment.why.kind);
      case Moment::Kind::kStopIgnored:
        return "stop ignored";
      case Moment::Kind::kSpinHaltAnnounced:
        return "spin halt";
      case Moment::Kind::kCommand:
        return absl::StrCat("command: ", Word(moment.input),
                            moment.refusal == Refusal::kNone ? "" : ", refused");
      case Moment::Kind::kAdded:
        return "added";
      case Moment::Kind::kRemoved:
        return "removed";
      case Moment::Kind::kGap:
        return Counted(moment.index, "line") + " missing";
      case Moment::Kind::kFinish:
        return "finish";
    }
    return "";
  }

  const History& history_;
  std::vector<std::size_t> tracks_;  // by row; 0: none
  std::string out_;
  std::uint64_t arrows_ = 0;
};

}  // namespace

std::string TraceJson(const History& history, const std::vector<Row>& rows) {
  return Trace(history, rows).Write(rows);
}

}  // namespace stemma::tools
