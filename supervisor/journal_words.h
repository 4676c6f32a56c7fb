// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_JOURNAL_WORDS_H_
#define STEMMA_SUPERVISOR_JOURNAL_WORDS_H_

#include <optional>
#include <string_view>

#include "stemma/supervisor/engine_types.h"

namespace stemma {

// What each kind is called in a journal (docs/journal.md), for those who write one and those who
// read it. A new kind is one line in the switch of its table, of which the compiler reminds.
//
// Thread safety: any thread.

// The fields that a kind has in any case. Others are written when they say something: `node`,
// `incarnation` and `cause` wherever there is one.
enum JournalFields : unsigned {
  kNoFields = 0,
  kNodeField = 1,       // `node`, of a decision or an event
  kFailureField = 2,    // `failure`, the kind
  kVerdictField = 4,    // `verdict`
  kStatesField = 8,     // `from` and `to`
  kRefusalField = 16,   // `answer`
  kAdditionField = 32,  // `addition`
  kHeardField = 64,     // `heard`, a time
};

struct JournalForm {
  std::string_view word = {};  // empty: not one of the enumerators
  unsigned fields = kNoFields;
};

JournalForm FormOf(Input::Kind kind);
JournalForm FormOf(Action::Kind kind);  // kPublish has no word: its event has
JournalForm FormOf(EngineEvent::Kind kind);
JournalForm FormOf(Cause::Kind kind);  // kNone has no word: it is left out
JournalForm FormOf(Refusal refusal);
JournalForm FormOf(FailureKind kind);
JournalForm FormOf(NodeState state);
JournalForm FormOf(ErrorHandlingBehavior verdict);
JournalForm FormOf(OnStuck choice);
JournalForm FormOf(OnCompletion choice);
JournalForm FormOf(OnDependencyRestart choice);

// Calls `visit(value, word)` for each enumerator that has a word.
template <class Enum, class Visit>
void ForEachWord(const Visit& visit) {
  constexpr int kMoreThanAnyEnumHas = 100;
  for (int i = 0; i < kMoreThanAnyEnumHas; ++i) {
    const Enum value = static_cast<Enum>(i);
    if (const std::string_view word = FormOf(value).word; !word.empty()) visit(value, word);
  }
}

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_JOURNAL_WORDS_H_
