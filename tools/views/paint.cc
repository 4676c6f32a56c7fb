// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/paint.h"

#include <algorithm>
#include <cstddef>

namespace stemma::tools {
namespace {

constexpr std::string_view kBegin = "\x1b[";
constexpr std::string_view kEnd = "\x1b[0m";

// The parameter of "select graphic rendition" (ECMA-48).
std::string_view Parameter(Paint paint) {
  switch (paint) {
    case Paint::kPlain:
      return "";
    case Paint::kBold:
      return "1";
    case Paint::kDim:
      return "2";
    case Paint::kRed:
      return "31";
    case Paint::kGreen:
      return "32";
    case Paint::kYellow:
      return "33";
    case Paint::kBlue:
      return "34";
    case Paint::kMagenta:
      return "35";
    case Paint::kCyan:
      return "36";
  }
  return "";
}

}  // namespace

std::string Painted(std::string_view text, Paint paint, bool on) {
  const std::string_view parameter = Parameter(paint);
  if (!on || parameter.empty()) return std::string(text);
  std::string painted;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    if (line > 0) {
      painted.append(kBegin).append(parameter).append("m");
      painted.append(text.substr(0, line)).append(kEnd);
    }
    text.remove_prefix(line);
    if (!text.empty()) {
      painted += '\n';
      text.remove_prefix(1);
    }
  }
  return painted;
}

std::string Unpainted(std::string_view text) {
  std::string plain;
  while (true) {
    const std::size_t begin = text.find(kBegin);
    plain.append(text.substr(0, begin));
    if (begin == std::string_view::npos) return plain;
    const std::size_t end = text.find('m', begin);
    if (end == std::string_view::npos) return plain;
    text.remove_prefix(end + 1);
  }
}

}  // namespace stemma::tools
