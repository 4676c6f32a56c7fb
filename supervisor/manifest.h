// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_MANIFEST_H_
#define STEMMA_SUPERVISOR_MANIFEST_H_

#include <string>
#include <vector>

#include "stemma/supervisor/node.h"

namespace stemma {

// The number in the member "stemma_manifest" of what ManifestJson writes. It rises when a reader of
// the old form would misunderstand the new one.
inline constexpr int kManifestVersion = 1;

// Returns `nodes` as a manifest: JSON, described in docs/manifest.md, that says what depends on
// what and which policy each node has, for the `stemma` command and other tools. Complete: fields
// that equal their default are there too. Factories are not, and of an `on_error` only what
// IsAlways can tell; any other is "handler".
//
// Nothing is checked: what a supervisor would refuse is written as it stands, so that `stemma
// check` can say what is wrong with it. The same nodes give the same bytes.
//
// Thread safety: any thread.
//
// Example:
//   std::ofstream("service.json") << stemma::ManifestJson(nodes);   // stemma check service.json
std::string ManifestJson(const std::vector<Node>& nodes);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_MANIFEST_H_
