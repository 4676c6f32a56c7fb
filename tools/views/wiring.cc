// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/wiring.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

namespace stemma::tools {
namespace {

// What has one horizontal stroke: a wire, or one of the two halves of a wire with a step.
struct Piece {
  enum class Of { kWhole, kUpperHalf, kLowerHalf };
  std::size_t wire = 0;
  Of of = Of::kWhole;
  std::vector<std::size_t> tops = {};
  std::size_t bottom = 0;
  std::size_t left = 0, right = 0;  // of the horizontal stroke
};

Piece MakePiece(std::size_t wire, Piece::Of of, std::vector<std::size_t> tops, std::size_t bottom) {
  Piece piece = {.wire = wire, .of = of, .tops = std::move(tops), .bottom = bottom};
  const auto [least, most] = std::minmax_element(piece.tops.begin(), piece.tops.end());
  piece.left = std::min(*least, bottom);
  piece.right = std::max(*most, bottom);
  return piece;
}

// Whether `a` comes down to its track where `b` goes down from its own: `a` must be above.
bool MustBeAbove(const Piece& a, const Piece& b) {
  if (a.wire == b.wire) return a.of == Piece::Of::kUpperHalf;
  return std::find(a.tops.begin(), a.tops.end(), b.bottom) != a.tops.end();
}

// How often the two cross when `a` is above.
std::ptrdiff_t Crossings(const Piece& a, const Piece& b) {
  const auto within = [](std::size_t x, const Piece& p) { return x > p.left && x < p.right; };
  return std::count_if(b.tops.begin(), b.tops.end(),
                       [&](std::size_t top) { return within(top, a); }) +
         (within(a.bottom, b) ? 1 : 0);
}

class Router {
 public:
  explicit Router(const std::vector<Wire>& wires) {
    wiring_.routes.resize(wires.size());
    for (std::size_t i = 0; i < wires.size(); ++i) {
      const auto& [tops, bottom] = wires[i];
      taken_.insert(tops.begin(), tops.end());
      taken_.insert(bottom);
      const bool is_straight = std::all_of(tops.begin(), tops.end(),
                                           [&](std::size_t top) { return top == wires[i].bottom; });
      if (!is_straight) pieces_.push_back(MakePiece(i, Piece::Of::kWhole, tops, bottom));
    }
  }

  Wiring Make() {
    for (std::size_t piece = NextOnCycle(); piece != kNone; piece = NextOnCycle()) Split(piece);
    PlaceInOrder();
    return std::move(wiring_);
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  // For each piece, those that must be above it.
  std::vector<std::vector<std::size_t>> Above() const {
    std::vector<std::vector<std::size_t>> above(pieces_.size());
    for (std::size_t a = 0; a < pieces_.size(); ++a) {
      for (std::size_t b = 0; b < pieces_.size(); ++b) {
        if (a != b && MustBeAbove(pieces_[a], pieces_[b])) above[b].push_back(a);
      }
    }
    return above;
  }

  // A piece of those that must be above each other in a circle, or none.
  std::size_t NextOnCycle() const {
    const std::vector<std::vector<std::size_t>> above = Above();
    std::vector<bool> is_done(pieces_.size());
    bool goes_on = true;
    while (goes_on) {
      goes_on = false;
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (is_done[i] || !std::all_of(above[i].begin(), above[i].end(),
                                       [&](std::size_t a) { return is_done[a]; })) {
          continue;
        }
        is_done[i] = goes_on = true;
      }
    }
    const auto left = std::find(is_done.begin(), is_done.end(), false);
    if (left == is_done.end()) return kNone;
    // Each that is left has one above it that is left: going up for long enough is going round.
    std::size_t piece = static_cast<std::size_t>(left - is_done.begin());
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      piece = *std::find_if(above[piece].begin(), above[piece].end(),
                            [&](std::size_t a) { return !is_done[a]; });
    }
    return piece;
  }

  // Makes two of it, joined by a column of their own. Nothing must be above the first or below the
  // second any more but these two, so neither is on a circle.
  void Split(std::size_t index) {
    const Piece whole = pieces_[index];
    const std::size_t column = FreeColumn(whole.bottom);
    pieces_[index] = MakePiece(whole.wire, Piece::Of::kUpperHalf, whole.tops, column);
    pieces_.push_back(MakePiece(whole.wire, Piece::Of::kLowerHalf, {column}, whole.bottom));
    wiring_.routes[whole.wire].step = {.column = column};
  }

  std::size_t FreeColumn(std::size_t near) {
    for (std::size_t distance = 2;; distance += 2) {
      if (taken_.insert(near + distance).second) return near + distance;
      if (near >= distance && taken_.insert(near - distance).second) return near - distance;
    }
  }

  // Takes the pieces from above to below: of those that nothing must be above of any more, the one
  // for which the others cost the fewest crossings.
  void PlaceInOrder() {
    const std::vector<std::vector<std::size_t>> above = Above();
    std::vector<std::size_t> missing(pieces_.size());
    std::vector<std::ptrdiff_t> cost(pieces_.size());  // if it is the next
    for (std::size_t a = 0; a < pieces_.size(); ++a) {
      missing[a] = above[a].size();
      for (std::size_t b = 0; b < pieces_.size(); ++b) {
        if (a != b) cost[a] += Gain(a, b);
      }
    }
    std::vector<bool> is_placed(pieces_.size());
    std::vector<std::size_t> placed;
    while (placed.size() < pieces_.size()) {
      std::size_t next = kNone;
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (is_placed[i] || missing[i] > 0) continue;
        if (next == kNone || cost[i] < cost[next]) next = i;
      }
      Place(next, placed);
      is_placed[next] = true;
      placed.push_back(next);
      for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (is_placed[i]) continue;
        cost[i] -= Gain(i, next);
        missing[i] -= static_cast<std::size_t>(std::count(above[i].begin(), above[i].end(), next));
      }
    }
  }

  // The crossings more if `a` is above `b` than if it is below.
  std::ptrdiff_t Gain(std::size_t a, std::size_t b) const {
    return Crossings(pieces_[a], pieces_[b]) - Crossings(pieces_[b], pieces_[a]);
  }

  void Place(std::size_t index, const std::vector<std::size_t>& placed) {
    const Piece& piece = pieces_[index];
    tracks_.resize(pieces_.size());
    std::size_t& track = tracks_[index];
    for (const std::size_t other : placed) {
      const Piece& above = pieces_[other];
      const bool is_apart = above.right + 2 <= piece.left || piece.right + 2 <= above.left;
      if (!is_apart || MustBeAbove(above, piece)) track = std::max(track, tracks_[other] + 1);
    }
    wiring_.tracks = std::max(wiring_.tracks, track + 1);
    WireRoute& route = wiring_.routes[piece.wire];
    if (route.track.has_value()) {
      route.step->track = track;
    } else {
      route.track = track;
    }
  }

  std::vector<Piece> pieces_ = {};
  std::vector<std::size_t> tracks_ = {};  // by piece
  std::set<std::size_t> taken_ = {};      // columns
  Wiring wiring_ = {};
};

}  // namespace

Wiring Route(const std::vector<Wire>& wires) { return Router(wires).Make(); }

}  // namespace stemma::tools
