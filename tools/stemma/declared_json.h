// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_DECLARED_JSON_H_
#define STEMMA_TOOLS_STEMMA_DECLARED_JSON_H_

#include <nlohmann/json.hpp>

#include "stemma/tools/stemma/declared.h"

namespace stemma::tools {

// What `stemma help --json` answers: all that a verb takes, and the verbs below it.
nlohmann::ordered_json DeclaredJson(const DeclaredVerb& verb);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_DECLARED_JSON_H_
