// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_DISPLAY_WIDTH_H_
#define STEMMA_GRAPH_DISPLAY_WIDTH_H_

#include <cstddef>
#include <string_view>

namespace stemma {

// How many columns of a terminal the text takes: letters of Chinese, Japanese and Korean and most
// pictures take two, marks that are put upon a letter none. Terminals differ in rare cases.
// REQUIRES: Printable, which makes it UTF-8 without what acts. Thread safety: any thread.
std::size_t DisplayWidth(std::string_view text);

// How many bytes the first character of `text` has. REQUIRES: not empty; UTF-8.
std::size_t CharacterLength(std::string_view text);

}  // namespace stemma

#endif  // STEMMA_GRAPH_DISPLAY_WIDTH_H_
