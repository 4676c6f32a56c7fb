// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_SESSION_H_
#define STEMMA_TOOLS_STEMMA_SESSION_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "stemma/tools/sources/json_document.h"

namespace stemma::tools {

// How the command ends. The numbers from 64 on are those of sysexits.h.
enum ExitCode : int {
  kYes = 0,           // it did what it was asked; the answer is yes
  kNo = 1,            // the answer is no: a graph is refused, graphs differ
  kUsage = 64,        // the command line is wrong
  kBadInput = 65,     // the input is not what it must be
  kNoInput = 66,      // there is no such input, or it cannot be read
  kUnreachable = 69,  // a program that is needed is missing, or does not answer
  kBug = 70,          // a bug of the command
  kWriteFailed = 74,  // the result could not be written
};

// The code for a verb's status:
// InvalidArgument: kUsage; DataLoss: kBadInput; NotFound: kNoInput; Unavailable: kUnreachable;
// Aborted: kWriteFailed; FailedPrecondition: kNo; any other error: kBug.
ExitCode ExitCodeOf(const absl::Status& status);

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
  std::string output = {};  // -o: where the answer goes. Empty: standard output
  bool json = false;        // --json
  Style style = {};         // of the answer

  // What was reported. With `json` it becomes part of the envelope; else it is on standard error.
  std::vector<Diagnostic> diagnostics = {};

  // Tells `diagnostic`, now or in the envelope.
  void Report(Diagnostic diagnostic);
};

// One line without its newline: "shop.json:4:5: warning: ..."
std::string ToString(const Diagnostic& diagnostic);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_SESSION_H_
