// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_VERSION_H_
#define STEMMA_TOOLS_STEMMA_VERSION_H_

namespace stemma::tools {

// The release that the command belongs to, as its tag will be called.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_VERSION_H_
