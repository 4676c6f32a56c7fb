// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_IN_PROCESS_H_
#define STEMMA_TOOLS_STEMMA_IN_PROCESS_H_

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "stemma/tools/stemma/command_line.h"

namespace stemma::tools {

// For tests that run the command in their own process, because that is fast. What only a process of
// its own shows, Terminal does.

// A descriptor of the process leads to another one while this lives.
class Redirected {
 public:
  Redirected(int descriptor, int to) : descriptor_(descriptor), original_(dup(descriptor)) {
    std::cout.flush();  // what the test itself has told goes where it was to go
    REQUIRE(dup2(to, descriptor_) == descriptor_);
  }
  ~Redirected() {
    dup2(original_, descriptor_);
    close(original_);
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

 private:
  const int descriptor_;
  const int original_;
};

// A file without a name, for what is written to a descriptor.
class Captured {
 public:
  Captured() {
    std::string path = std::filesystem::temp_directory_path() / "stemma_capture_XXXXXX";
    descriptor_ = mkstemp(path.data());
    REQUIRE(descriptor_ >= 0);
    unlink(path.c_str());
  }
  ~Captured() { close(descriptor_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  int descriptor() const { return descriptor_; }
  std::string text() const {
    std::string text(static_cast<std::size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    std::size_t size = 0;
    while (size < text.size()) {
      const ssize_t n =
          pread(descriptor_, text.data() + size, text.size() - size, static_cast<off_t>(size));
      REQUIRE(n > 0);
      size += static_cast<std::size_t>(n);
    }
    return text;
  }

 private:
  int descriptor_ = -1;
};

// The command as if it had this verb only, if it has it: declaring the others takes most of the
// time of a run.
inline Command OnlyVerb(Command command, const std::string& name) {
  Command only = command;
  std::erase_if(only.verbs, [&](const Verb& verb) { return verb.name != name; });
  return only.verbs.empty() ? command : only;
}

// How the command ended, and what it wrote.
struct Told {
  int code = -1;
  std::string out = {};
  std::string err = {};
};

// Runs the command. Its standard output is `out`; -1: what is Told.
inline Told RunInProcess(const Command& command, const std::vector<std::string>& words,
                         int out = -1) {
  signal(SIGPIPE, SIG_IGN);
  std::vector<const char*> argv = {"stemma"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  const Captured captured_out, captured_err;
  Told told;
  {
    const Redirected redirected_out(STDOUT_FILENO, out < 0 ? captured_out.descriptor() : out);
    const Redirected redirected_err(STDERR_FILENO, captured_err.descriptor());
    told.code = RunCommandLine(command, static_cast<int>(argv.size()), argv.data());
  }
  told.out = captured_out.text();
  told.err = captured_err.text();
  return told;
}

// A new directory, in which the test is while this lives.
class TestDirectory {
 public:
  TestDirectory() : before_(std::filesystem::current_path()) {
    std::string pattern = std::filesystem::temp_directory_path() / "stemma_test_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    std::filesystem::current_path(directory_);
  }
  ~TestDirectory() {
    std::filesystem::current_path(before_);
    std::filesystem::remove_all(directory_);
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;

 private:
  const std::filesystem::path before_;
  std::filesystem::path directory_;
};

inline std::string ContentsOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_IN_PROCESS_H_
