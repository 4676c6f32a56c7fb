// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_VERSION_H_
#define STEMMA_TOOLS_STEMMA_VERSION_H_

namespace stemma::tools {

// Of the command: the second number grows with each release, the first when a verb, an option, an
// exit code or a key of the JSON changes its meaning. What is in files has versions of its own.
inline constexpr char kVersion[] = "0.1";

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_VERSION_H_
