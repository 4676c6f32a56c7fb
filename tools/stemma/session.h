// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_SESSION_H_
#define STEMMA_TOOLS_STEMMA_SESSION_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/tools/sources/json_document.h"
#include "stemma/tools/stemma/exit_code.h"

namespace stemma::tools {

// What a verb found out, for people and for programs. The two say the same.
struct Answer {
  std::string text = {};                  // written as it is; ends with a newline
  nlohmann::ordered_json json = nullptr;  // "result" of the envelope (docs/stemma_command.md)
  bool is_yes = true;                     // else the exit code is kNo
};

// A remark on the input, such as a problem in a manifest.
struct Diagnostic {
  enum class Severity { kError, kWarning, kNote };
  Severity severity = Severity::kError;
  std::string label = {};           // what messages call the input; printable
  std::optional<Place> place = {};  // in the input
  std::string text = {};            // one line
};

// How text may look where it goes.
struct Style {
  bool color = false;    // escape sequences for color
  bool unicode = false;  // lines of Unicode; else of ASCII
};

// One run of the command, as a verb sees it: what is common to all verbs.
//
// Thread safety: none; one thread.
struct Session {
  // What follows `--` on the command line: a program and its arguments. Nothing: no `--`.
  std::optional<std::vector<std::string>> program = {};
  std::string output = {};    // -o: where the answer goes. Empty: standard output
  bool json = false;          // --json
  Style style = {};           // of the answer
  bool color_errors = false;  // what is told on standard error is colored

  // What was reported. With `json` it becomes part of the envelope; else it is on standard error.
  std::vector<Diagnostic> diagnostics = {};

  // Tells `diagnostic`, now or in the envelope.
  void Report(Diagnostic diagnostic);
};

// One line without its newline: "shop.json:4:5: warning: ..."
std::string ToString(const Diagnostic& diagnostic, bool color = false);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_SESSION_H_
