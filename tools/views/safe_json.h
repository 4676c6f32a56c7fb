// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_SAFE_JSON_H_
#define STEMMA_TOOLS_VIEWS_SAFE_JSON_H_

#include <string>

namespace stemma::tools {

// The same JSON, in which nothing acts on a terminal: the characters that Printable writes out,
// such as U+202E, are escaped. REQUIRES: `json` is JSON, valid UTF-8; so they stand in strings
// only, and control characters below U+0020 are escaped there.
std::string SafeJson(std::string json);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_SAFE_JSON_H_
