// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/canvas.h"

#include <algorithm>

#include "stemma/graph/display_width.h"

namespace stemma::tools {
namespace {

constexpr std::uint8_t kUp = 1, kDown = 2, kLeft = 4, kRight = 8;
constexpr std::uint8_t kVertical = kUp | kDown, kHorizontal = kLeft | kRight;

// By the arms. A line that only ends somewhere, in a text, goes on to there.
constexpr std::string_view kUnicode[16] = {" ", "│", "│", "│", "─", "╯", "╮", "┤",
                                           "─", "╰", "╭", "├", "─", "┴", "┬", "┼"};
constexpr std::string_view kAscii[16] = {" ", "|", "|", "|", "-", "'", ".", "+",
                                         "-", "'", ".", "+", "-", "'", ".", "+"};

bool IsOnly(std::uint8_t arms, std::uint8_t of) { return arms != 0 && (arms & ~of) == 0; }

}  // namespace

Canvas::Cell& Canvas::At(std::size_t x, std::size_t y) {
  if (rows_.size() <= y) rows_.resize(y + 1);
  if (rows_[y].size() <= x) rows_[y].resize(x + 1);
  return rows_[y][x];
}

void Canvas::Text(std::size_t x, std::size_t y, std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = CharacterLength(text);
    const std::size_t width = DisplayWidth(text.substr(0, size));
    if (width == 0 && x > 0) {
      At(x - 1, y).text += text.substr(0, size);  // a mark on the letter before
    } else {
      At(x, y).text = text.substr(0, size);
      for (std::size_t i = 1; i < width; ++i) At(x + i, y).is_covered = true;
      x += std::max<std::size_t>(width, 1);
    }
    text.remove_prefix(size);
  }
}

void Canvas::Box(std::size_t x, std::size_t y, std::size_t width,
                 const std::vector<std::string>& lines) {
  const std::size_t right = x + width - 1, bottom = y + lines.size() + 1;
  for (std::size_t i = x + 1; i < right; ++i) {
    for (const std::size_t border : {y, bottom}) At(i, border).text = ascii_ ? "-" : "─";
  }
  At(x, y).text = ascii_ ? "+" : "┌";
  At(right, y).text = ascii_ ? "+" : "┐";
  At(x, bottom).text = ascii_ ? "+" : "└";
  At(right, bottom).text = ascii_ ? "+" : "┘";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t row = y + 1 + i;
    for (std::size_t column = x + 1; column < right; ++column) At(column, row).text = " ";
    for (const std::size_t border : {x, right}) At(border, row).text = ascii_ ? "|" : "│";
    const std::size_t room = width - 2, has = std::min(room, DisplayWidth(lines[i]));
    Text(x + 1 + (room - has) / 2, row, lines[i]);
  }
}

void Canvas::Port(std::size_t x, std::size_t y) { At(x, y).text = ascii_ ? "+" : "┬"; }

void Canvas::Head(std::size_t x, std::size_t y, bool soft) {
  At(x, y).text = ascii_ ? "v" : soft ? "▽" : "▼";
}

void Canvas::Join(std::size_t x, std::size_t y, std::uint8_t arms, Stroke stroke) {
  Cell& cell = At(x, y);
  if (cell.arms == 0 || cell.stroke.net == stroke.net) {
    cell.arms |= arms;
    cell.stroke = stroke;
  } else if (IsOnly(cell.arms, kHorizontal)) {
    cell.arms = arms;
    cell.stroke = stroke;
  }  // else what is there is the vertical line
}

void Canvas::Vertical(std::size_t x, std::size_t top, std::size_t bottom, Stroke stroke) {
  for (std::size_t y = top; y <= bottom; ++y) {
    Join(x, y, static_cast<std::uint8_t>((y > top ? kUp : 0) | (y < bottom ? kDown : 0)), stroke);
  }
}

void Canvas::Horizontal(std::size_t y, std::size_t left, std::size_t right, Stroke stroke) {
  for (std::size_t x = left; x <= right; ++x) {
    Join(x, y, static_cast<std::uint8_t>((x > left ? kLeft : 0) | (x < right ? kRight : 0)),
         stroke);
  }
}

void Canvas::Paste(std::size_t x, std::size_t y, const Canvas& other) {
  for (std::size_t row = 0; row < other.rows_.size(); ++row) {
    for (std::size_t column = 0; column < other.rows_[row].size(); ++column) {
      At(x + column, y + row) = other.rows_[row][column];
    }
  }
}

void Canvas::TrimLeft() {
  const auto is_blank = [](const Cell& cell) { return cell.text.empty() && cell.arms == 0; };
  std::size_t blank = width();
  for (const std::vector<Cell>& row : rows_) {
    const auto first = std::find_if_not(row.begin(), row.end(), is_blank);
    if (first != row.end()) blank = std::min(blank, static_cast<std::size_t>(first - row.begin()));
  }
  for (std::vector<Cell>& row : rows_) {
    row.erase(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(std::min(blank, row.size())));
  }
}

std::size_t Canvas::width() const {
  std::size_t width = 0;
  for (const std::vector<Cell>& row : rows_) width = std::max(width, row.size());
  return width;
}

std::string_view Canvas::Glyph(const Cell& cell) const {
  if (cell.stroke.soft && cell.arms != 0) {
    if (IsOnly(cell.arms, kVertical)) return ascii_ ? ":" : "╎";
    if (IsOnly(cell.arms, kHorizontal)) return ascii_ ? "~" : "╌";
  }
  return (ascii_ ? kAscii : kUnicode)[cell.arms];
}

std::string Canvas::ToString() const {
  std::string out;
  for (const std::vector<Cell>& row : rows_) {
    std::string line;
    for (const Cell& cell : row) {
      if (cell.is_covered) continue;
      line += cell.text.empty() ? Glyph(cell) : std::string_view(cell.text);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

}  // namespace stemma::tools
