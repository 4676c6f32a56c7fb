// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_CHILD_PROCESS_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_CHILD_PROCESS_H_

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstddef>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "docs/examples/kv_service/descriptor.h"

namespace kv {

// A process that a test runs, and what it writes to its stdout and stderr. Killed at the end of the
// test if it is still there.
//
// Thread safety: the test's thread only.
class ChildProcess {
 public:
  // A program without a slash is looked for in the PATH.
  explicit ChildProcess(std::vector<std::string> command) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
    const Descriptor writer(fds[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int error =
        ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    reader_ = std::jthread([this, pipe = Descriptor(fds[0])] { Read(pipe); });
    if (error != 0) pid_ = 0;
  }
  ~ChildProcess() {
    Signal(SIGKILL);
    Wait();
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // False: there is no such program.
  bool started() const { return pid_ != 0 || exit_code_ >= 0; }

  void Signal(int signal) const {
    if (pid_ > 0) ::kill(pid_, signal);
  }

  // Waits until it has ended. Returns: its exit code; 128 + n if signal n killed it.
  int Wait() {
    if (pid_ > 0) {
      int status = 0;
      while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
      pid_ = 0;
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    if (reader_.joinable()) reader_.join();
    return exit_code_;
  }

  // Waits until it has written that many lines with all of these words in them. Returns: false when
  // it ended without.
  bool AwaitLine(const std::vector<std::string>& words, int times = 1) {
    std::unique_lock lock(mutex_);
    // Woken by the reader.
    more_.wait(lock, [&] { return ended_ || CountLines(words) >= times; });
    return CountLines(words) >= times;
  }

  std::string output() const {
    const std::lock_guard lock(mutex_);
    return output_;
  }

 private:
  void Read(const Descriptor& pipe) {
    char bytes[4096];
    ssize_t n = 0;
    while ((n = ::read(pipe.get(), bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR)) {
      const std::lock_guard lock(mutex_);
      if (n > 0) output_.append(bytes, static_cast<std::size_t>(n));
      more_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    more_.notify_all();
  }

  // REQUIRES: mutex_ is held.
  int CountLines(const std::vector<std::string>& words) const {
    int count = 0;
    std::istringstream lines(output_);
    for (std::string line; std::getline(lines, line) && !lines.eof();) {
      count += std::all_of(words.begin(), words.end(), [&line](const std::string& word) {
        return line.find(word) != std::string::npos;
      });
    }
    return count;
  }

  pid_t pid_ = 0;  // 0: not running
  int exit_code_ = -1;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable more_;
  std::string output_;
  bool ended_ = false;
  std::jthread reader_;
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_CHILD_PROCESS_H_
