// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_PLACE_H_
#define STEMMA_TOOLS_SOURCES_PLACE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::tools {

// A place in a text as editors count: both from 1, columns in characters.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

// What a reader found wrong, and where.
struct Finding {
  std::size_t offset = 0;  // in bytes from the beginning of the text
  std::string text = {};   // one line
};

// The same for people.
struct Problem {
  Place place = {};
  std::string text = {};  // one line
};

// The places of `offsets`, in one pass over the text. REQUIRES: offsets in ascending order.
std::vector<Place> PlacesOf(std::string_view text, const std::vector<std::size_t>& offsets);

// What was found in `text`, in the order of its places.
std::vector<Problem> ProblemsOf(std::string_view text, std::vector<Finding> findings);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_PLACE_H_
