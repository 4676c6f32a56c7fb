// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_PAINT_H_
#define STEMMA_TOOLS_VIEWS_PAINT_H_

#include <string>
#include <string_view>

namespace stemma::tools {

// How a piece of text stands out on a terminal. The colors are the eight that every terminal has,
// in the user's own shades; none is for a meaning that the text does not tell as well.
enum class Paint {
  kPlain,  // as the rest
  kBold,   // what is looked for: a heading, a node in focus
  kDim,    // what may be overlooked: "(*)", a default
  kRed,    // an error; the worst
  kYellow,
  kGreen,  // sound; ready
  kBlue,
  kMagenta,
  kCyan,
};

// The text, in escape sequences when `on`, as Session::style.color says; else as it is. A line
// break in it is outside of them, so that every line is painted by itself. It takes as much room
// on the terminal as `text`: compute widths before painting.
// REQUIRES: no escape sequences in `text` (Printable).
std::string Painted(std::string_view text, Paint paint, bool on);

// The text without what Painted put into it.
std::string Unpainted(std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_PAINT_H_
