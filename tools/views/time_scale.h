// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_TIME_SCALE_H_
#define STEMMA_TOOLS_VIEWS_TIME_SCALE_H_

#include <cstdint>
#include <vector>

namespace stemma::tools {

// An axis: where on a line a moment goes. In a run things happen close together and then nothing
// for hours; so an axis may be cut where nothing happens, at most twice, if all the rest would be
// no more than a fifth of it: what is left of such a time is half as long as what remains, at most.
class TimeScale {
 public:
  // `moments`: when something happens, the begin and the end of the axis among them; sorted, each
  // once. REQUIRES: not empty.
  TimeScale(const std::vector<std::int64_t>& moments, bool may_cut);

  // Where `moment` is, from 0 to 1; what is outside is at the nearer end.
  double At(std::int64_t moment) const;

  // The moment that is there. REQUIRES: `position` from 0 to 1.
  std::int64_t MomentAt(double position) const;

  // The middles of what was shortened, from 0 to 1.
  const std::vector<double>& cuts() const { return cuts_; }

  bool is_point() const { return points_.size() == 1; }  // it has no length

 private:
  struct Point {
    std::int64_t moment = 0;
    double position = 0;
  };
  std::vector<Point> points_;  // between them it is linear
  std::vector<double> cuts_;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_TIME_SCALE_H_
