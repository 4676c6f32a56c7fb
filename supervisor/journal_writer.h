// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_JOURNAL_WRITER_H_
#define STEMMA_SUPERVISOR_JOURNAL_WRITER_H_

#include <cstdint>
#include <string>

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

  // The line of an entry. REQUIRES: the next one, for commands change what the nodes are.
  std::string Line(const JournalEntry& entry);

  // The line that stands for `lines` lines that got lost.
  static std::string Gap(std::uint64_t lines);

 private:
  void AppendNode(std::string& out, NodeId node, Incarnation incarnation) const;
  void AppendCause(std::string& out, const Cause& cause) const;
  void AppendAction(std::string& out, const Action& action) const;

  JournalNames names_;
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_JOURNAL_WRITER_H_
