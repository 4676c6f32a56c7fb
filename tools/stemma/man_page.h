// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_MAN_PAGE_H_
#define STEMMA_TOOLS_STEMMA_MAN_PAGE_H_

#include <string>

#include "stemma/tools/stemma/declared.h"

namespace stemma::tools {

// The manual page of the command, stemma(1), in the language of man(7): what the help tells, of all
// verbs. The same for the same declarations: there is no date in it.
std::string ManPage(const DeclaredVerb& command);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_MAN_PAGE_H_
