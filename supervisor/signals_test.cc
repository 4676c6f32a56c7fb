// SPDX-License-Identifier: Apache-2.0
// S13 to S15 and S21 as a process manager sees them: real processes, real signals, exit codes.
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/supervisor/internal/latch.h"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using internal::Diary;
using internal::Part;
using internal::Service;

// The test's service as a process, and what it writes to stderr.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "supervisor/signal_service");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2], input[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    REQUIRE(pipe2(input, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    close(input[0]);
    output_ = ends[0];
    input_ = input[1];
    INFO("cannot run " << argv[0]);
    REQUIRE(error == 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_);
    CloseInput();
  }

  // Reads on until the process has written `text`; fails when it ends without.
  void Await(const std::string& text) {
    while (text_.find(text, seen_) == std::string::npos) {
      INFO("waiting for: " << text << "\nso far: " << text_);
      REQUIRE(Read());
    }
    seen_ = text_.find(text, seen_) + text.size();
  }
  // Lets go what lingers.
  void CloseInput() {
    if (input_ >= 0) close(input_);
    input_ = -1;
  }
  void Signal(int number) const { REQUIRE(kill(pid_, number) == 0); }
  // Waits for the end. Returns: the exit code, or minus the signal that it died by.
  int Wait() {
    while (Read()) {
    }
    int status = 0;
    REQUIRE(waitpid(pid_, &status, 0) == pid_);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  const std::string& text() const { return text_; }

 private:
  bool Read() {  // false: the process has ended
    char bytes[4096];
    const ssize_t got = read(output_, bytes, sizeof bytes);
    if (got > 0) text_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = 0;
  int output_ = -1;
  int input_ = -1;
  std::string text_;
  std::size_t seen_ = 0;
};

TEST_CASE("the first signal stops in order, and the process ends with 0", "[supervisor][S13]") {
  for (const int signal : {SIGTERM, SIGINT}) {
    Process service({"obeys"});
    service.Await("component ready");
    service.Signal(signal);
    service.Await("a second signal forces the exit");
    service.Await("component stopping");
    CHECK(service.Wait() == 0);
    CHECK_THAT(service.text(), !ContainsSubstring("masked"));
  }
}

TEST_CASE("the second signal ends the process at once, by exit and not by death",
          "[supervisor][S13]") {
  for (const int signal : {SIGTERM, SIGINT}) {
    Process service({"deaf"});
    service.Await("component ready");
    service.Signal(SIGTERM);
    service.Await("component stopping");
    service.Signal(signal);
    CHECK(service.Wait() == 128 + signal);
  }
}

TEST_CASE("what led to an exit at once is in the journal, to the last line",
          "[supervisor][S12][S13][S17]") {
  std::string path = std::filesystem::temp_directory_path() / "signals_test_XXXXXX";
  const int created = mkstemp(path.data());
  REQUIRE(created >= 0);
  close(created);
  const auto last_line = [&] {
    std::ifstream file(path);
    std::string line, last;
    while (std::getline(file, line)) last = line;
    return last;
  };
  Process forced({"deaf", "", "", "", path});
  forced.Await("component ready");
  forced.Signal(SIGTERM);
  forced.Await("component stopping");
  forced.Signal(SIGTERM);
  CHECK(forced.Wait() == 128 + SIGTERM);
  CHECK(last_line().ends_with(R"({"do":"force exit","cause":{"kind":"terminate"}}]})"));

  Process aborted({"deaf", "", "abort", "", path});
  aborted.Await("component ready");
  aborted.Signal(SIGTERM);
  CHECK(aborted.Wait() == kExitAborted);
  CHECK_THAT(last_line(), ContainsSubstring(R"({"do":"abort","node":"part","incarnation":1,)"));
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".old");
}

TEST_CASE("a first signal forces nothing, even when the run is over already", "[supervisor][S13]") {
  Process service({"fails", "Stop", "late signal"});
  CHECK(service.Wait() == kExitSoftware);
}

TEST_CASE("a spin halt ignores SIGINT and ends by SIGTERM with 80", "[supervisor][S14][S15]") {
  Process service({"fails", "SpinHalt"});
  service.Await("event=\"spin halt\"");
  service.Signal(SIGINT);
  service.Await("event=\"stop ignored\"");
  service.Signal(SIGTERM);
  CHECK(service.Wait() == kExitSpinHalt);
  CHECK_THAT(service.text(), ContainsSubstring("told to fail"));
}

TEST_CASE("a SIGTERM while a spin halt stops things ends it once everything has stopped",
          "[supervisor][S14]") {
  Process service({"fails", "SpinHalt while another lingers"});
  service.Await("component stopping");
  service.Signal(SIGTERM);
  service.Await("event=\"spin halt ending\"");
  SECTION("in order, after the announcement") {
    service.CloseInput();
    CHECK(service.Wait() == kExitSpinHalt);
    CHECK_THAT(service.text(), ContainsSubstring("event=\"spin halt\""));
  }
  SECTION("a further one forces the exit") {
    service.Signal(SIGTERM);
    CHECK(service.Wait() == 128 + SIGTERM);
  }
}

TEST_CASE("an exit code tells how a service ended", "[supervisor][S15]") {
  SECTION("shut down by a failure") {
    Process service({"fails", "Shutdown"});
    CHECK(service.Wait() == kExitSoftware);
    CHECK_THAT(service.text(), ContainsSubstring("stemma: shutdown: DATA_LOSS: told to fail"));
  }
  SECTION("every node has ended, one by a failure") {
    Process service({"fails", "Stop"});
    CHECK(service.Wait() == kExitSoftware);
  }
  SECTION("stopped, with a component left behind") {
    Process service({"deaf", "", "abandon"});
    service.Await("component ready");
    service.Signal(SIGTERM);
    CHECK(service.Wait() == kExitLeftBehind);
  }
  SECTION("a stuck component, and on_stuck is kAbort") {
    Process service({"deaf", "", "abort"});
    service.Await("component ready");
    service.Signal(SIGTERM);
    CHECK(service.Wait() == kExitAborted);
    CHECK_THAT(service.text(), ContainsSubstring("'part' is stuck"));
  }
}

// A directory for the latch of one test.
struct LatchDirectory {
  LatchDirectory() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~LatchDirectory() { std::filesystem::remove_all(path); }
  std::string path = std::filesystem::temp_directory_path() / "stemma_latch_XXXXXX";
  std::string latch() const { return path + "/latch"; }
};

TEST_CASE("a spin halt keeps the service down until its latch is cleared", "[supervisor][S21]") {
  const LatchDirectory directory;
  {
    Process service({"fails", "SpinHalt", "", directory.latch()});
    service.Await("event=\"spin halt\"");
    service.Await("stemma latch clear " + directory.latch());
    const auto said = internal::ReadLatch(directory.latch());  // before anybody has ended the halt
    REQUIRE(said.ok());
    CHECK_THAT(*said, ContainsSubstring("by 'part'"));
    CHECK_THAT(*said, ContainsSubstring("DATA_LOSS: told to fail"));
    service.Signal(SIGTERM);
    CHECK(service.Wait() == kExitSpinHalt);
  }
  for (int start = 0; start < 2; ++start) {
    Process service({"obeys", "", "", directory.latch()});
    CHECK(service.Wait() == kExitSpinHalt);
    CHECK_THAT(service.text(), ContainsSubstring("told to fail"));
    CHECK_THAT(service.text(), ContainsSubstring("stemma latch clear " + directory.latch()));
    CHECK_THAT(service.text(), !ContainsSubstring("transition"));
  }
  REQUIRE(internal::ClearLatch(directory.latch()).ok());
  Process service({"obeys", "", "", directory.latch()});
  service.Await("component ready");
  service.Signal(SIGTERM);
  CHECK(service.Wait() == 0);
  CHECK(std::filesystem::is_empty(directory.path));
}

TEST_CASE("a halt whose latch cannot be written says so, and is a halt all the same",
          "[supervisor][S21]") {
  const LatchDirectory directory;
  Process service({"fails", "SpinHalt", "", directory.path + "/missing/latch"});
  service.Await("event=\"latch failed\"");
  service.Await("No such file or directory");
  service.Await("event=\"spin halt\"");
  service.Signal(SIGTERM);
  CHECK(service.Wait() == kExitSpinHalt);
  CHECK_THAT(service.text(), !ContainsSubstring("stemma latch clear"));
}

TEST_CASE("a latch that cannot be read keeps the service down", "[supervisor][S21]") {
  const LatchDirectory directory;
  Process service({"obeys", "", "", directory.path});  // a directory
  CHECK(service.Wait() == kExitSpinHalt);
  CHECK_THAT(service.text(), ContainsSubstring("cannot be read: Is a directory"));
}

TEST_CASE("signals have one owner, who puts the handlers back", "[supervisor][S13]") {
  struct sigaction before = {}, after = {};
  sigaction(SIGTERM, nullptr, &before);
  Diary diary;
  Part db("db", diary), other("other", diary);
  Service first({{.name = "db", .factory = db.Factory()}}, {.handle_signals = true});
  first.Start();
  REQUIRE(first.supervisor->AwaitReady({}).ok());
  {
    Service second({{.name = "other", .factory = other.Factory()}}, {.handle_signals = true});
    second.Start();
    const RunResult refused = second.Join();
    CHECK(refused.outcome == Outcome::kRefused);
    CHECK(refused.ExitCode() == kExitSoftware);
    CHECK_THAT(std::string(refused.status.message()), ContainsSubstring("handle_signals"));
    CHECK(diary.Find("make other") == -1);
  }
  raise(SIGTERM);
  CHECK(first.Join().outcome == Outcome::kStopRequested);
  sigaction(SIGTERM, nullptr, &after);
  CHECK(after.sa_handler == before.sa_handler);

  Service third({{.name = "other", .factory = other.Factory()}}, {.handle_signals = true});
  third.Start();
  REQUIRE(third.supervisor->AwaitReady({}).ok());
  raise(SIGINT);
  CHECK(third.Join().outcome == Outcome::kStopRequested);
}

}  // namespace
}  // namespace stemma
