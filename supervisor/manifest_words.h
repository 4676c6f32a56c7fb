// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_MANIFEST_WORDS_H_
#define STEMMA_SUPERVISOR_MANIFEST_WORDS_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "stemma/lifecycle/error_handling_behavior.h"

namespace stemma {

// How verdicts and durations are spelled in a manifest (docs/manifest.md), for those who write one
// and those who read it. Thread safety: any thread.

// The verdict as a word: "restart", "stop", "stop_parents", "shutdown", "spin_halt"; "unknown" for
// a value outside the enum.
std::string_view ManifestWord(ErrorHandlingBehavior verdict);

// The duration as text that a person would write: "30s", "100ms", "1m30s", "0"; "none" for
// nanoseconds::max(), which means no timeout or no bound. Exact: ParseManifestDuration gives the
// same duration back.
std::string ManifestDuration(std::chrono::nanoseconds duration);

// What `text` says, in the spelling of ManifestDuration: numbers, each with its unit of h, m, s,
// ms, us or ns, with a sign or without; "0"; "none".
// Returns: nothing if it is not a duration, or lies beyond about 292 years.
std::optional<std::chrono::nanoseconds> ParseManifestDuration(std::string_view text);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_MANIFEST_WORDS_H_
