// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/time_scale.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>

namespace stemma::tools {
namespace {

constexpr std::size_t kMostCuts = 2;
constexpr double kWorthIt = 0.8;  // of the whole: the times that are cut

// No time between two moments is to be longer than this.
double LongestOf(std::vector<double> lengths) {
  constexpr double kAny = std::numeric_limits<double>::max();
  if (lengths.size() < 3) return kAny;
  std::sort(lengths.begin(), lengths.end(), std::greater<>());
  double whole = 0;
  for (const double length : lengths) whole += length;
  double cut = 0, rest = whole;
  for (std::size_t cuts = 1; cuts <= kMostCuts; ++cuts) {
    cut += lengths[cuts - 1];
    rest -= lengths[cuts - 1];
    // Each of what is cut becomes as long as a half of the rest.
    if (cut < kWorthIt * whole || lengths[cuts] > rest / 2) continue;
    return rest / 2;
  }
  return kAny;
}

}  // namespace

TimeScale::TimeScale(const std::vector<std::int64_t>& moments, bool may_cut) {
  std::vector<double> lengths;
  for (std::size_t i = 1; i < moments.size(); ++i) {
    lengths.push_back(static_cast<double>(moments[i]) - static_cast<double>(moments[i - 1]));
  }
  double longest = std::numeric_limits<double>::max();
  if (may_cut) longest = LongestOf(lengths);
  if (longest == 0) longest = std::numeric_limits<double>::max();
  double whole = 0;
  points_.push_back({moments.front(), 0});
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const double length = std::min(lengths[i], longest);
    if (length < lengths[i]) cuts_.push_back(whole + length / 2);
    whole += length;
    // Between its ends and what is cut it is linear: no other points are needed.
    const bool is_cut = length < lengths[i];
    if (is_cut && points_.back().moment != moments[i]) {
      points_.push_back({moments[i], whole - length});
    }
    if (is_cut || i + 1 == lengths.size()) points_.push_back({moments[i + 1], whole});
  }
  if (whole == 0) whole = 1;
  for (Point& point : points_) point.position /= whole;
  for (double& cut : cuts_) cut /= whole;
}

double TimeScale::At(std::int64_t moment) const {
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), moment,
                       [](std::int64_t given, const Point& point) { return given < point.moment; });
  if (after == points_.begin()) return 0;
  if (after == points_.end()) return points_.back().position;
  const Point& from = *(after - 1);
  const double length = static_cast<double>(after->moment - from.moment);
  const double share = static_cast<double>(moment - from.moment) / length;
  return from.position + share * (after->position - from.position);
}

std::int64_t TimeScale::MomentAt(double position) const {
  const auto after =
      std::upper_bound(points_.begin(), points_.end(), position,
                       [](double given, const Point& point) { return given < point.position; });
  if (after == points_.begin()) return points_.front().moment;
  if (after == points_.end()) return points_.back().moment;
  const Point& from = *(after - 1);
  const double share = (position - from.position) / (after->position - from.position);
  return from.moment +
         static_cast<std::int64_t>(share * static_cast<double>(after->moment - from.moment));
}

}  // namespace stemma::tools
