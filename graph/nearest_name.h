// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_NEAREST_NAME_H_
#define STEMMA_GRAPH_NEAREST_NAME_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stemma {

// Returns the candidate that takes the fewest edits to make from `name`; of equally near ones, the
// first. Returns nothing when none is near: near is at most one edit for each three bytes of
// `name`, at least 1 and at most 4, and fewer than would replace it altogether. An edit inserts,
// drops or replaces a byte, or swaps two neighbours. The case of ASCII letters is ignored. The
// answer views the candidate's text.
//
// Cost: at most proportional to the total length of the candidates; those that are far away cost
// next to nothing. Whoever looks up many unknown names among many candidates should set a limit on
// how often it asks.
//
// Thread safety: any thread.
std::optional<std::string_view> NearestName(std::string_view name,
                                            std::span<const std::string_view> candidates);

// Returns the end of an error message about an unknown name: "; did you mean 'x'?" with the nearest
// name made printable, or the empty string when none is near.
//
// Example:
//   // no node 'bd'; did you mean 'db'?
//   return absl::NotFoundError("no node 'bd'" + stemma::DidYouMean("bd", names));
std::string DidYouMean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace stemma

#endif  // STEMMA_GRAPH_NEAREST_NAME_H_
