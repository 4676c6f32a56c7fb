// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_INFO_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_INFO_H_

#include <string>
#include <utility>
#include <vector>

#include "docs/examples/kv_service/commands.h"
#include "docs/examples/kv_service/wiring.h"

namespace kv {

// What INFO shows, but for the keyspace: with a line for each component, so that a client sees what
// a verdict has done.
std::vector<InfoSection> ServerInfo(const Wiring& wiring);

// What CONFIG GET shows.
std::vector<std::pair<std::string, std::string>> ConfigSettings(const Settings& settings);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_INFO_H_
