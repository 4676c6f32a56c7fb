// SPDX-License-Identifier: Apache-2.0
// Any bytes as a journal: they are shown and decided again, up to what is wrong with them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "stemma/tools/views/replay.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const bool verify : {false, true}) {
    std::istringstream in(text);
    std::string shown;
    const auto write = [&](std::string_view lines) {
      shown += lines;
      return absl::OkStatus();
    };
    const absl::Status replayed = stemma::tools::ReplayJournal(
        in, {.verify = verify}, {.write = write, .remark = {}, .begin = {}, .entry = {}});
    if (absl::IsInternal(replayed)) std::abort();
    // What is shown is safe on a terminal.
    for (const char c : shown) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') std::abort();
    }
  }
  return 0;
}
