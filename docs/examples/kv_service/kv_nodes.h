// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_KV_NODES_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_KV_NODES_H_

#include <memory>
#include <vector>

#include "docs/examples/kv_service/wiring.h"
#include "stemma/supervisor/node.h"

namespace kv {

// The service as a graph: its components, what each depends on, and what becomes of the rest when
// one fails.
std::vector<stemma::Node> KvNodes(const std::shared_ptr<Wiring>& wiring);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_KV_NODES_H_
