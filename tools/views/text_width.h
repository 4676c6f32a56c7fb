// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_TEXT_WIDTH_H_
#define STEMMA_TOOLS_VIEWS_TEXT_WIDTH_H_

#include <string>
#include <string_view>

namespace stemma::tools {

// About how wide the text is in a bold sans-serif font, whichever the viewer has: in units of the
// font's size. Rather too wide than too narrow. REQUIRES: UTF-8.
double TextWidth(std::string_view text);

// As much of the text as is no wider than that; if it is cut, the last character is "…".
std::string CutToWidth(std::string_view text, double width);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_TEXT_WIDTH_H_
