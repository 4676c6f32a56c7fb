// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_STYLE_H_
#define STEMMA_TOOLS_STEMMA_STYLE_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace stemma::tools {

// What decides whether text is colored.
struct ColorRequest {
  std::string_view choice = "auto";  // of --color: auto, always or never
  bool is_terminal = false;          // where the text goes
  // Variables of the environment; empty is as unset.
  std::string_view no_color = {};  // NO_COLOR: no color (no-color.org)
  std::string_view clicolor_force =
      {};                          // CLICOLOR_FORCE: color though it is no terminal, unless "0"
  std::string_view terminal = {};  // TERM
};

// The command line decides, else NO_COLOR, else CLICOLOR_FORCE; else a terminal that can has color.
bool WantsColor(const ColorRequest& request);

// Whether the text that goes to this descriptor is colored, by the environment.
bool WantsColor(std::string_view choice, int descriptor);

// How many columns the terminal has that standard output goes to; nothing if that is none. What the
// environment's COLUMNS says counts more than what the terminal does.
std::optional<std::size_t> TerminalWidth();

// Whether the user's locale can show lines that are not ASCII.
bool IsUtf8Locale();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_STYLE_H_
