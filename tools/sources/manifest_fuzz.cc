// SPDX-License-Identifier: Apache-2.0
// Any bytes as a manifest: they are read, or told what is wrong with them; and what was read
// without a problem is written as a manifest that is read as the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/manifest_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const stemma::tools::ManifestReading reading = stemma::tools::ReadManifest(text);
  if (!reading.nodes.has_value() && reading.problems.empty()) std::abort();
  if (!reading.nodes.has_value() || !reading.problems.empty()) return 0;
  if (reading.graph.size() != reading.nodes->size()) std::abort();
  const std::string written = stemma::ManifestJson(*reading.nodes);
  const stemma::tools::ManifestReading again = stemma::tools::ReadManifest(written);
  if (!again.nodes.has_value() || !again.problems.empty()) std::abort();
  if (stemma::ManifestJson(*again.nodes) != written) std::abort();
  return 0;
}
