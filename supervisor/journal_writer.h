// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_JOURNAL_WRITER_H_
#define STEMMA_SUPERVISOR_JOURNAL_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "stemma/supervisor/journal.h"

namespace stemma {

// Turns a journal into text: JSON lines, as docs/journal.md tells. Each line ends with a newline,
// its fields are in a fixed order, and the same run gives the same bytes.
//
// Names and messages may have any bytes: what is not UTF-8 is written so that it can be read back.
//
// Thread safety: none; one thread at a time.
//
// Example:
//   stemma::JournalWriter writer;
//   file << writer.Header(header);
//   for (const stemma::JournalEntry& entry : entries) file << writer.Line(entry);
class JournalWriter {
 public:
  // The first line. Call it once, first.
  std::string Header(const JournalHeader& header);

  // The line of an entry. REQUIRES: its nodes are those of the header.
  std::string Line(const JournalEntry& entry) const;

  // The line that stands for `lines` lines that got lost.
  static std::string Gap(std::uint64_t lines);

 private:
  std::string Name(NodeId id) const;
  void AppendNode(std::string& out, NodeId node, Incarnation incarnation, bool always) const;
  void AppendCause(std::string& out, const Cause& cause) const;
  void AppendAction(std::string& out, const Action& action) const;

  std::vector<std::string> names_;  // by id, as JSON
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_JOURNAL_WRITER_H_
