// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_CANVAS_H_
#define STEMMA_TOOLS_VIEWS_CANVAS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::tools {

// A field of characters to draw on: text, boxes and lines. x grows to the right and y downward,
// from 0; what lies further right or down than anything before makes it larger.
//
// Lines belong to a net. Those of one net join where they meet. Where two nets cross, the vertical
// line goes on and the horizontal one passes behind it: ─│─. Text covers lines.
class Canvas {
 public:
  using Net = std::uint32_t;

  // `soft` lines are dashed.
  struct Stroke {
    Net net = 0;
    bool soft = false;
  };

  explicit Canvas(bool ascii) : ascii_(ascii) {}

  // One line of text; its lines are not looked at. REQUIRES: Printable.
  void Text(std::size_t x, std::size_t y, std::string_view text);
  // The lines of `text` in a box, each in the middle.
  void Box(std::size_t x, std::size_t y, std::size_t width, const std::vector<std::string>& lines);
  // Where a line leaves a box at its lower border. REQUIRES: it is part of one.
  void Port(std::size_t x, std::size_t y);
  // Where a line comes to a box, in the row above its upper border.
  void Head(std::size_t x, std::size_t y, bool soft);
  // REQUIRES: top <= bottom.
  void Vertical(std::size_t x, std::size_t top, std::size_t bottom, Stroke stroke);
  // REQUIRES: left <= right.
  void Horizontal(std::size_t y, std::size_t left, std::size_t right, Stroke stroke);

  // Copies what is on `other` to here, with its upper left corner at that place. Its nets join
  // none.
  void Paste(std::size_t x, std::size_t y, const Canvas& other);
  // Moves everything to the left as far as it goes.
  void TrimLeft();

  std::size_t width() const;
  std::size_t height() const { return rows_.size(); }

  // The lines of the drawing, each with a newline and without spaces at its end.
  std::string ToString() const;

 private:
  struct Cell {
    std::string text = {};
    bool is_covered = false;  // by the wide character on its left
    std::uint8_t arms = 0;    // of a line: where it goes from here
    Stroke stroke = {};
  };

  Cell& At(std::size_t x, std::size_t y);
  void Join(std::size_t x, std::size_t y, std::uint8_t arms, Stroke stroke);
  std::string_view Glyph(const Cell& cell) const;

  const bool ascii_;
  std::vector<std::vector<Cell>> rows_ = {};
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_CANVAS_H_
