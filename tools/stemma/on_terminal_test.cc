// SPDX-License-Identifier: Apache-2.0
// The command on a terminal: how wide it draws, what it tells while it works, and Ctrl-C.
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "stemma/tools/stemma/terminal.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

const std::string kShop = std::filesystem::absolute("testing/data/shop.json");

// The command, on a terminal of its own with so many columns.
class OnTerminal {
 public:
  OnTerminal(const std::filesystem::path& directory, std::vector<std::string> arguments,
             unsigned short columns, const char* columns_variable = nullptr) {
    winsize size = {};
    size.ws_row = 50;
    size.ws_col = columns;
    pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
    REQUIRE(pid_ >= 0);
    if (pid_ != 0) return;
    arguments.insert(arguments.begin(), kStemma);
    std::vector<char*> argv;
    for (std::string& word : arguments) argv.push_back(word.data());
    argv.push_back(nullptr);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("COLUMNS");
    if (columns_variable != nullptr) setenv("COLUMNS", columns_variable, 1);
    if (chdir(directory.c_str()) == 0) execv(argv[0], argv.data());
    _exit(127);
  }
  ~OnTerminal() {
    close(terminal_);
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  void Type(char key) { REQUIRE(write(terminal_, &key, 1) == 1); }

  // Reads what it shows, up to this. Returns: all of it so far.
  const std::string& Await(const std::string& text) {
    while (shown_.find(text) == std::string::npos) {
      INFO("expected: " << text << "\nthe terminal shows: " << shown_);
      REQUIRE(Read());
    }
    return shown_;
  }

  // Reads all that it shows, until it has ended. Returns: what waitpid tells.
  int Finish() {
    while (Read()) {
    }
    int status = 0;
    REQUIRE(waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    return status;
  }
  const std::string& shown() const { return shown_; }

 private:
  // Returns: false when nobody has the terminal any more.
  bool Read() {
    struct pollfd readable = {.fd = terminal_, .events = POLLIN, .revents = 0};
    // Only when the test fails: it waits for what will not come.
    REQUIRE(poll(&readable, 1, 50'000) == 1);
    char buffer[4096];
    const ssize_t got = read(terminal_, buffer, sizeof buffer);
    if (got <= 0) return false;
    shown_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  int terminal_ = -1;
  pid_t pid_ = -1;
  std::string shown_;
};

TEST_CASE("a drawing goes by the width of the terminal, or what COLUMNS says", "[stemma]") {
  const Terminal directory;
  const auto drawn = [&](unsigned short columns, const char* variable) {
    OnTerminal stemma(directory / ".", {"graph", kShop}, columns, variable);
    CHECK(stemma.Finish() == 0);
    return stemma.shown();
  };
  CHECK_THAT(drawn(60, nullptr), ContainsSubstring("│ orders │") || ContainsSubstring("▼"));
  CHECK_THAT(drawn(30, nullptr), ContainsSubstring("├── config"));
  CHECK_THAT(drawn(60, "30"), ContainsSubstring("├── config"));
  CHECK_THAT(drawn(30, "60"), ContainsSubstring("▼"));
}

// Takes seconds to lay out.
std::string LargeGraph() {
  std::mt19937 random(1);
  std::string edges;
  for (std::size_t i = 1; i < 12'000; ++i) {
    for (int edge = 0; edge < 3; ++edge) {
      edges += std::to_string(i) + " " + std::to_string(random() % i) + "\n";
    }
  }
  return edges;
}

TEST_CASE("a long layout tells how far it is; Ctrl-C ends it, and no file is left", "[stemma]") {
  const Terminal directory;
  directory.Write("large", LargeGraph());
  OnTerminal stemma(directory / ".", {"graph", "large", "-o", "large.svg", "--layout", "own"}, 80);
  stemma.Await("laying out: ");
  constexpr char kCtrlC = 3;
  stemma.Type(kCtrlC);
  const int status = stemma.Finish();
  REQUIRE(WIFSIGNALED(status));  // a shell makes 130 of it
  CHECK(WTERMSIG(status) == SIGINT);
  for (const auto& entry : std::filesystem::directory_iterator(directory / ".")) {
    CHECK(entry.path().filename() == "large");
  }
}

}  // namespace
}  // namespace stemma::tools
