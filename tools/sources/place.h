// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_PLACE_H_
#define STEMMA_TOOLS_SOURCES_PLACE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::tools {

// A place in a text as editors count: both from 1, columns in characters.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
};

// Where a node stands in a text, and what is said of it there.
struct NodePlaces {
  Place node = {};
  // By key, where its value stands; of the restart policy's: "restart.window". What is not there
  // has its default.
  std::map<std::string, Place, std::less<>> fields = {};
  std::vector<Place> dependencies = {};  // where each name stands
  std::vector<Place> soft_dependencies = {};
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
