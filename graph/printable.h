// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_PRINTABLE_H_
#define STEMMA_GRAPH_PRINTABLE_H_

#include <string>
#include <string_view>

namespace stemma {

// Returns `text` as one line that is safe to show on a terminal and in a log. Letters of any script
// stay as they are. What would act instead of being seen is written out:
//
//   newline, carriage return, tab                   \n \r \t
//   other control characters below U+0080           \x1b
//   U+0080 and above: control characters, marks     \u{202e}
//     that turn the direction of writing, line and
//     paragraph separators, invisible characters
//   each byte that is not part of valid UTF-8       \xff
//
// A backslash stays as it is: the result is for reading, it cannot be turned back into `text`.
// Thread safety: any thread.
std::string Printable(std::string_view text);

}  // namespace stemma

#endif  // STEMMA_GRAPH_PRINTABLE_H_
