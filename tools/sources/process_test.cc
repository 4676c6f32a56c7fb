// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/process.h"

#include <signal.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it
using End = ProcessAnswer::End;

ProcessRequest Shell(const std::string& script) { return {.command = {"/bin/sh", "-c", script}}; }

TEST_CASE("what a program writes is its answer", "[tools]") {
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(Shell("echo yes"));
  REQUIRE(answer.ok());
  CHECK(answer->text == "yes\n");
  CHECK(answer->end == End::kExited);
  CHECK(answer->code == 0);
}

TEST_CASE("a program reads its input to the end, more than a pipe holds too", "[tools]") {
  const std::string input(1 << 20, 'x');
  ProcessRequest request = {.command = {"cat"}, .input = input};
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == input);
}

TEST_CASE("a program that does not read its input does no harm", "[tools]") {
  const std::string input(1 << 20, 'x');
  ProcessRequest request = Shell("exec <&-; echo done");
  request.input = input;
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == "done\n");
}

TEST_CASE("how a program ended is told", "[tools]") {
  const absl::StatusOr<ProcessAnswer> exited = RunProcess(Shell("exit 7"));
  REQUIRE(exited.ok());
  CHECK(exited->end == End::kExited);
  CHECK(exited->code == 7);
  const absl::StatusOr<ProcessAnswer> killed = RunProcess(Shell("kill -SEGV $$"));
  REQUIRE(killed.ok());
  CHECK(killed->end == End::kSignalled);
  CHECK(killed->code == SIGSEGV);
}

TEST_CASE("an answer on a descriptor of its own is kept apart from the program's output",
          "[tools]") {
  ProcessRequest request = Shell("echo chatter; echo answer >&3");
  request.answer_fd = 3;
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == "answer\n");
}

TEST_CASE("the environment is ours with the additions in place of what they replace", "[tools]") {
  setenv("STEMMA_TEST_OLD", "old", 1);
  setenv("STEMMA_TEST_KEPT", "kept", 1);
  ProcessRequest request = Shell("echo $STEMMA_TEST_OLD $STEMMA_TEST_KEPT $STEMMA_TEST_NEW");
  request.environment = {"STEMMA_TEST_OLD=replaced", "STEMMA_TEST_NEW=new"};
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == "replaced kept new\n");
}

TEST_CASE("a program that is still running when its time is over is killed with its children",
          "[tools]") {
  // Would run for ever, as a child of the shell or in its place.
  ProcessRequest request = Shell("tail -f /dev/null");
  request.timeout = 1ms;
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->end == End::kTimedOut);
}

TEST_CASE("what a program leaves behind is neither waited for nor left running", "[tools]") {
  int alive[2];  // a pipe that whatever has been started holds open for as long as it lives
  REQUIRE(pipe(alive) == 0);
  // The child would run for ever, and holds the answer's pipe open too. (Not as its own output:
  // tail ends when nobody reads that.)
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess(Shell("tail -f /dev/null 3>&1 >/dev/null & echo yes"));
  close(alive[1]);
  REQUIRE(answer.ok());
  CHECK(answer->end == End::kExited);
  CHECK(answer->text == "yes\n");
  char byte;
  CHECK(read(alive[0], &byte, 1) == 0);  // returns once nothing holds the other end any more
  close(alive[0]);
}

TEST_CASE("what a program complains of is kept apart, the beginning of it", "[tools]") {
  ProcessRequest request = Shell("echo answer; echo complaint >&2");
  request.keeps_errors = true;
  absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == "answer\n");
  CHECK(answer->errors == "complaint\n");

  request = Shell("head -c 1000000 /dev/zero >&2 && echo done");
  request.keeps_errors = true;
  answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->text == "done\n");
  CHECK(answer->errors == std::string(1 << 16, '\0'));
}

TEST_CASE("an answer without end is cut off", "[tools]") {
  ProcessRequest request = {.command = {"cat", "/dev/zero"}, .max_answer = 1 << 20};
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(request);
  REQUIRE(answer.ok());
  CHECK(answer->end == End::kAnsweredTooMuch);
}

TEST_CASE("a program that does not exist, or may not run, is named", "[tools]") {
  for (const std::string program :
       {"/nonexistent/program", "stemma-no-such-program", "/dev/null"}) {
    const absl::StatusOr<ProcessAnswer> answer = RunProcess({.command = {program}});
    INFO(answer.status().message());
    CHECK(answer.status().code() == absl::StatusCode::kUnavailable);
    CHECK(answer.status().message().find(program) != absl::string_view::npos);
  }
}

TEST_CASE("the signals act as before when a program has ended", "[tools]") {
  sigset_t before, after;
  sigprocmask(SIG_SETMASK, nullptr, &before);
  REQUIRE(RunProcess(Shell("true")).ok());
  sigprocmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) {
    CHECK(sigismember(&before, signal) == sigismember(&after, signal));
  }
}

}  // namespace
}  // namespace stemma::tools
