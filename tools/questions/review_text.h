// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_REVIEW_TEXT_H_
#define STEMMA_TOOLS_QUESTIONS_REVIEW_TEXT_H_

#include <string>

#include "stemma/tools/questions/review.h"

namespace stemma::tools {

// The review for a terminal: a line for each change, with + for what was added, - for what was
// removed and ~ for what changed; `color`: in green, red and yellow as well.
std::string ReviewText(const Review& review, bool color);

// The review as Markdown, for the comment on a change: a heading, what changed, and what follows.
// Names are escaped.
std::string ReviewMarkdown(const Review& review);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_REVIEW_TEXT_H_
