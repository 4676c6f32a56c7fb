// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_JOURNAL_READER_H_
#define STEMMA_TOOLS_SOURCES_JOURNAL_READER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/supervisor/journal.h"
#include "stemma/tools/sources/place.h"

namespace stemma::tools {

// What a line of a journal is, after the first.
struct JournalLine {
  enum class Kind : std::uint8_t {
    kEntry,  // `entry`
    kGap,    // `lost` lines are missing here
    kAdded,  // `entry` is no line: it adds a node that lines which are missing must have added
    kTorn,   // the last line, of which only a part was written: a crash, or a run that goes on
  };
  Kind kind = Kind::kEntry;
  JournalEntry entry = {};
  std::uint64_t lost = 0;
};

// Reads a journal (docs/journal.md), one line at a time, from its beginning.
//
// Anything that a supervisor would not have written is an error that tells line, column, the field
// and what was expected of it; but for a torn last line. Any input will do, hostile ones too: what
// is read without an error can be replayed.
//
// Thread safety: none; one thread at a time.
class JournalReader {
 public:
  // REQUIRES: `in` outlives it.
  explicit JournalReader(std::istream& in) : in_(in) {}

  // The first line. Call it once, first.
  // Returns: DataLoss ("LINE:COLUMN: what is wrong") if this is not the beginning of a journal;
  // NotFound if it cannot be read.
  absl::StatusOr<JournalHeader> ReadHeader();

  // The next line; nothing at the end. REQUIRES: the header was read without an error, and so was
  // every line before. Returns: the same errors.
  absl::StatusOr<std::optional<JournalLine>> Next();

  // Of the line that was read last, from 1.
  std::size_t line() const { return line_; }

  // What the last error said, in its parts.
  const Problem& problem() const { return problem_; }

 private:
  // Returns: false at the end.
  bool GetLine();
  JournalLine Added(const std::string& name);
  absl::Status At(std::size_t offset, const std::string& text);
  absl::Status At(Place place, const std::string& text);

  std::istream& in_;
  std::size_t line_ = 0;
  std::string text_;         // of the line, without its newline
  bool has_newline_ = true;  // the line
  JournalNames names_;
  bool past_gap_ = false;
  bool again_ = false;  // the line is to be read once more
  Problem problem_;
  std::chrono::nanoseconds last_ = {};  // the time of the entry before
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_JOURNAL_READER_H_
