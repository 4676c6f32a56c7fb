// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_TERMINAL_H_
#define STEMMA_TOOLS_STEMMA_TERMINAL_H_

#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {

// The command: where the test runs, it is beside it.
inline const std::string kStemma = std::filesystem::absolute("tools/stemma/stemma");

inline std::string Contents(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// How a program ended, and what it wrote.
struct Result {
  int code = -1;    // the exit code; of a signal its negative
  std::string out;  // standard output
  std::string err;  // standard error
};

// For tests of the whole command, as its user meets it: a directory of its own for each test, in
// which the command runs. REQUIRES: the test has //tools/stemma among its `data`.
class Terminal {
 public:
  Terminal() {
    std::string pattern = std::filesystem::temp_directory_path() / "stemma_test_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
  }
  ~Terminal() { std::filesystem::remove_all(directory_); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  std::filesystem::path operator/(const char* name) const { return directory_ / name; }
  void Write(const char* name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
  }

  // Runs a program with these arguments.
  Result Run(const std::string& program, const std::vector<std::string>& arguments,
             std::string_view input = "", std::vector<std::string> environment = {}) const {
    // The shell sends standard error to a file, and becomes the program.
    ProcessRequest request = {
        .command = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\" 2>err", directory_, program},
        .environment = std::move(environment),
        .input = input};
    request.command.insert(request.command.end(), arguments.begin(), arguments.end());
    request.environment.push_back("LC_ALL=C.UTF-8");
    const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
    REQUIRE(answer.ok());
    const bool exited = answer->end == ProcessAnswer::End::kExited;
    return {.code = exited ? answer->code : -answer->code,
            .out = answer->text,
            .err = Contents(directory_ / "err")};
  }
  Result Stemma(const std::vector<std::string>& arguments, std::string_view input = "",
                std::vector<std::string> environment = {}) const {
    return Run(kStemma, arguments, input, std::move(environment));
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_TERMINAL_H_
