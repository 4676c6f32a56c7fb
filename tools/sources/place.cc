// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/place.h"

#include <algorithm>
#include <utility>

namespace stemma::tools {

std::vector<Place> PlacesOf(std::string_view text, const std::vector<std::size_t>& offsets) {
  std::vector<Place> places;
  places.reserve(offsets.size());
  Place place;
  std::size_t at = 0;
  for (const std::size_t offset : offsets) {
    for (; at < std::min(offset, text.size()); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      if (byte == '\n') {
        ++place.line;
        place.column = 1;
      } else if ((byte & 0xC0u) != 0x80) {  // the following bytes of a character do not count
        ++place.column;
      }
    }
    places.push_back(place);
  }
  return places;
}

std::vector<Problem> ProblemsOf(std::string_view text, std::vector<Finding> findings) {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.offset < b.offset; });
  std::vector<std::size_t> offsets;
  offsets.reserve(findings.size());
  for (const Finding& finding : findings) offsets.push_back(finding.offset);
  const std::vector<Place> places = PlacesOf(text, offsets);
  std::vector<Problem> problems;
  problems.reserve(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    problems.push_back({.place = places[i], .text = std::move(findings[i].text)});
  }
  return problems;
}

}  // namespace stemma::tools
