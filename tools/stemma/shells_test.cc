// SPDX-License-Identifier: Apache-2.0
// Completion as its user meets it: shells on a terminal, and keys typed into them.
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "stemma/tools/stemma/terminal.h"

namespace stemma::tools {
namespace {

const std::string kShop = std::filesystem::absolute("testing/data/shop.json");

// A shell on a terminal of its own, which shows "ready>" before each line.
class Shell {
 public:
  Shell(const std::filesystem::path& home, std::vector<std::string> command) {
    pid_ = forkpty(&terminal_, nullptr, nullptr, nullptr);
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      std::vector<char*> argv;
      for (std::string& word : command) argv.push_back(word.data());
      argv.push_back(nullptr);
      setenv("HOME", home.c_str(), 1);
      setenv("ZDOTDIR", home.c_str(), 1);
      setenv("TERM", "xterm", 1);
      setenv("LC_ALL", "C.UTF-8", 1);
      setenv("PATH", (home.string() + ":/usr/bin:/bin").c_str(), 1);
      for (const char* name : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"}) {
        unsetenv(name);
      }
      if (chdir(home.c_str()) == 0) execvp(argv[0], argv.data());
      _exit(127);
    }
  }
  ~Shell() {
    close(terminal_);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  // Types a line when the shell is ready for it, and waits until it was run.
  void Run(const std::string& line) {
    Await("ready>");
    const std::string number = std::to_string(++lines_);
    // The quotes tell what is printed from what is typed.
    const std::string keys = line + "; echo done''" + number + "\r";
    REQUIRE(write(terminal_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
    Await("done" + number);
  }

 private:
  // Reads what the shell shows, up to this.
  void Await(const std::string& text) {
    std::size_t found = 0;
    while ((found = transcript_.find(text, seen_)) == std::string::npos) {
      INFO("expected: " << text << "\nthe terminal shows: " << transcript_);
      struct pollfd readable = {.fd = terminal_, .events = POLLIN, .revents = 0};
      // Only when the test fails: the shell waits for what will not come.
      REQUIRE(poll(&readable, 1, 50'000) == 1);
      char buffer[4096];
      const ssize_t got = read(terminal_, buffer, sizeof buffer);
      REQUIRE(got > 0);
      transcript_.append(buffer, static_cast<std::size_t>(got));
    }
    seen_ = found + text.size();
  }

  int terminal_ = -1;
  pid_t pid_ = -1;
  int lines_ = 0;
  std::string transcript_;
  std::size_t seen_ = 0;
};

struct ShellCase {
  std::vector<std::string> command;
  std::string start;  // the file `rc`
};

TEST_CASE("a tab completes verbs, options, values, files and nodes", "[stemma][shells]") {
  const ShellCase shell =
      GENERATE(ShellCase{{"bash", "--rcfile", "rc", "-i"},
                         "PS1='ready>'\n"
                         "source <(stemma completion bash)\n"},
               ShellCase{{"zsh", "-d", "-i"},
                         "PS1='ready>'\n"
                         "autoload -Uz compinit && compinit -u -D\n"
                         "source <(stemma completion zsh)\n"},
               ShellCase{{"fish", "--no-config", "--init-command", "source rc", "-i"},
                         "function fish_prompt; echo -n 'ready>'; end\n"
                         "stemma completion fish | source\n"});
  INFO(shell.command.front());
  const Terminal home;
  std::filesystem::create_symlink(kStemma, home / "stemma");
  std::filesystem::copy_file(kShop, home / "shop.json");
  home.Write("rc", shell.start);
  std::filesystem::create_symlink("rc", home / ".zshrc");
  home.Write("odd.json",
             R"({"stemma_manifest": 1, "nodes": [{"name": "my $store"}, {"name": "a:b:c"}]})");

  Shell typed(home / ".", shell.command);
  struct Line {
    std::string keys;
    std::vector<std::string> meaning;
  };
  for (const auto& [keys, meaning] :
       {Line{"stemma gra\tsho\t--foc\tord\t--dep\t1",
             {"graph", "shop.json", "--focus", "orders", "--depth", "1"}},
        Line{"stemma graph shop.json --focus=ord\t--asc\t",
             {"graph", "shop.json", "--focus=orders", "--ascii"}},
        Line{"stemma graph odd.json --focus my\t", {"graph", "odd.json", "--focus", "my $store"}},
        Line{"stemma graph odd.json --focus a:b\t", {"graph", "odd.json", "--focus", "a:b:c"}},
        Line{"./stemma help lat\tsho\t", {"help", "latch", "show"}},
        Line{"stemma check shop.json --color=ne\t--jso\t",
             {"check", "shop.json", "--color=never", "--json"}}}) {
    INFO(keys);
    typed.Run(keys + " -o answer");
    const Result expected = home.Stemma(meaning);
    REQUIRE(expected.code == 0);
    CHECK(Contents(home / "answer") == expected.out);
    std::filesystem::remove(home / "answer");
  }
}

}  // namespace
}  // namespace stemma::tools
