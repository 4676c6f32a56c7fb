// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_MARKDOWN_H_
#define STEMMA_TOOLS_QUESTIONS_MARKDOWN_H_

#include <string>
#include <string_view>

namespace stemma::tools {

// Returns text that Markdown, in a paragraph or in a cell of a table, shows as `text`: nothing in
// it is markup, HTML, a link, a mention of somebody or a reference to an issue. What would act is
// written as a character reference, "&#124;"; and first of all it is made Printable.
std::string MarkdownText(std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_MARKDOWN_H_
