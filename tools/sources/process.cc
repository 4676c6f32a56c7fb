// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

using Clock = std::chrono::steady_clock;
using End = ProcessAnswer::End;

absl::Status SystemError(const char* what) {
  return absl::InternalError(absl::StrCat(what, ": ", std::strerror(errno)));
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { Close(); }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    Close();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

// Both ends are closed in programs that we run, and ours does not block.
struct Pipe {
  Descriptor ours;
  Descriptor theirs;
};

absl::StatusOr<Pipe> OpenPipe(bool we_read) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemError("pipe");
  Pipe pipe;
  pipe.ours = Descriptor(ends[we_read ? 0 : 1]);
  pipe.theirs = Descriptor(ends[we_read ? 1 : 0]);
  if (fcntl(pipe.ours.get(), F_SETFL, O_NONBLOCK) != 0) return SystemError("fcntl");
  return pipe;
}

// Turns the signals that matter while a program runs into something to read: those that tell us to
// end, and that it has ended. When this goes away they act as before, those too that came
// meanwhile. SIGPIPE is withheld, so that writing to a program that does not read fails instead.
class HeldSignals {
 public:
  HeldSignals() {
    signal(SIGCHLD, SIG_DFL);  // whoever started us may have ignored it, and then no end is told
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGCHLD);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      struct sigaction action;
      const bool ignored =  // as under nohup
          sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
      if (!ignored) sigaddset(&held, signal);
    }
    readable_ = Descriptor(signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK));
    sigaddset(&held, SIGPIPE);
    sigprocmask(SIG_BLOCK, &held, &old_mask_);
  }
  ~HeldSignals() {
    sigset_t child_and_pipe;
    sigemptyset(&child_and_pipe);
    sigaddset(&child_and_pipe, SIGPIPE);
    sigaddset(&child_and_pipe, SIGCHLD);
    const timespec at_once = {};
    while (sigtimedwait(&child_and_pipe, nullptr, &at_once) > 0) {
    }
    sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  const sigset_t& old_mask() const { return old_mask_; }
  int readable() const { return readable_.get(); }

  // Whether we have been told to end. That signal stays pending; news of the child is taken.
  bool told_to_end() const {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const timespec at_once = {};
    sigtimedwait(&child, nullptr, &at_once);
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1 ||
           sigismember(&pending, SIGHUP) == 1;
  }

 private:
  sigset_t old_mask_;
  Descriptor readable_;
};

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> Environment(const std::vector<std::string>& additions) {
  std::vector<std::string> result = additions;
  const auto name_of = [](std::string_view entry) { return entry.substr(0, entry.find('=')); };
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const bool replaced = std::any_of(additions.begin(), additions.end(), [&](const auto& added) {
      return name_of(added) == name_of(*entry);
    });
    if (!replaced) result.push_back(*entry);
  }
  return result;
}

// Returns the process, which leads a process group of its own.
// `errors_fd`: its standard error; negative: ours.
absl::StatusOr<pid_t> Spawn(const ProcessRequest& request, int stdin_fd, int answer_fd,
                            int errors_fd, const sigset_t& mask) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, stdin_fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, answer_fd, request.answer_fd);
  if (errors_fd >= 0) posix_spawn_file_actions_adddup2(&files, errors_fd, STDERR_FILENO);
  if (request.answer_fd != STDOUT_FILENO) {
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t by_default;
  sigemptyset(&by_default);
  sigaddset(&by_default, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &by_default);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> command = request.command;
  std::vector<std::string> environment = Environment(request.environment);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, command[0].c_str(), &files, &attributes,
                                 Pointers(command).data(), Pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error == 0) return pid;
  return absl::UnavailableError(absl::StrCat(
      "cannot run the program '", Printable(request.command[0]), "': ", std::strerror(error)));
}

// A process that has been started: everything between its start and its end.
class Running {
 public:
  Running(const ProcessRequest& request, pid_t pid, Descriptor input, Descriptor answer,
          Descriptor errors)
      : request_(request),
        pid_(pid),
        input_(std::move(input)),
        answer_(std::move(answer)),
        errors_(std::move(errors)) {}

  ProcessAnswer Finish(const HeldSignals& signals) {
    const bool bounded = request_.timeout != kNoTimeout;
    const Clock::time_point start = Clock::now();
    while (!HasEnded()) {
      int wait_ms = -1;
      if (bounded) {
        const auto left = request_.timeout - (Clock::now() - start);
        if (left <= left.zero()) return Kill(End::kTimedOut);
        const auto rounded_up = std::chrono::ceil<std::chrono::milliseconds>(left).count();
        wait_ms = static_cast<int>(std::min<std::int64_t>(rounded_up, 60'000));
      }
      // A negative descriptor is passed over.
      std::array<pollfd, 4> wanted = {{{signals.readable(), POLLIN, 0},
                                       {answer_.get(), POLLIN, 0},
                                       {input_.get(), POLLOUT, 0},
                                       {errors_.get(), POLLIN, 0}}};
      poll(wanted.data(), wanted.size(), wait_ms);
      // The process dies by the signal once Finish has returned and the signals are let through.
      if (signals.told_to_end()) return Kill(End::kSignalled);
      if (wanted[2].revents != 0) Write();
      if (wanted[1].revents != 0) ReadAnswer();
      if (wanted[3].revents != 0) ReadErrors();
      if (result_.text.size() > request_.max_answer) return Kill(End::kAnsweredTooMuch);
    }
    ReadAnswer();  // what it wrote last; not to the end of the pipe, which others may hold open
    ReadErrors();
    return Reap();
  }

 private:
  // It stays a zombie, so that the number of its process group is not given to others.
  bool HasEnded() const {
    siginfo_t news = {};
    const int result = waitid(P_PID, static_cast<id_t>(pid_), &news, WEXITED | WNOHANG | WNOWAIT);
    return result == 0 && news.si_pid == pid_;
  }

  void Write() {
    std::string_view rest = request_.input.substr(written_);
    const ssize_t n = rest.empty() ? 0 : write(input_.get(), rest.data(), rest.size());
    if (n > 0) written_ += static_cast<std::size_t>(n);
    const bool failed = n < 0 && errno != EAGAIN && errno != EINTR;
    if (failed || written_ == request_.input.size()) input_.Close();
  }

  void ReadAnswer() { Read(answer_, result_.text, request_.max_answer); }

  // What is not kept is read too: a program must not be held up by what it complains of.
  void ReadErrors() {
    constexpr std::size_t kMaxErrors = 1 << 16;
    Read(errors_, result_.errors, kMaxErrors);
    if (result_.errors.size() > kMaxErrors) result_.errors.resize(kMaxErrors);
  }

  // Reads what there is, until there is more than `enough`.
  static void Read(Descriptor& from, std::string& text, std::size_t enough) {
    std::array<char, 1 << 16> buffer;
    while (from.is_open() && text.size() <= enough) {
      const ssize_t n = read(from.get(), buffer.data(), buffer.size());
      if (n > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(n));
      } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        from.Close();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  ProcessAnswer Kill(End end) {
    result_.end = end;
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    return std::move(result_);
  }

  ProcessAnswer Reap() {
    kill(-pid_, SIGKILL);  // what it has left behind; itself it has ended already
    int status = 0;
    waitpid(pid_, &status, 0);
    const bool signalled = WIFSIGNALED(status);
    result_.end = signalled ? End::kSignalled : End::kExited;
    result_.code = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
    if (result_.text.size() > request_.max_answer) result_.end = End::kAnsweredTooMuch;
    return std::move(result_);
  }

  const ProcessRequest& request_;
  const pid_t pid_;
  Descriptor input_;
  Descriptor answer_;
  Descriptor errors_;        // not open: they are not kept
  std::size_t written_ = 0;  // bytes of the input
  ProcessAnswer result_;
};

}  // namespace

absl::StatusOr<ProcessAnswer> RunProcess(const ProcessRequest& request) {
  absl::StatusOr<Pipe> input = OpenPipe(/*we_read=*/false);
  if (!input.ok()) return input.status();
  absl::StatusOr<Pipe> answer = OpenPipe(/*we_read=*/true);
  if (!answer.ok()) return answer.status();
  Pipe errors;
  if (request.keeps_errors) {
    absl::StatusOr<Pipe> opened = OpenPipe(/*we_read=*/true);
    if (!opened.ok()) return opened.status();
    errors = *std::move(opened);
  }

  const HeldSignals signals;  // before the start: no news is lost
  const absl::StatusOr<pid_t> pid = Spawn(request, input->theirs.get(), answer->theirs.get(),
                                          errors.theirs.get(), signals.old_mask());
  if (!pid.ok()) return pid.status();
  input->theirs.Close();
  answer->theirs.Close();
  errors.theirs.Close();
  return Running(request, *pid, std::move(input->ours), std::move(answer->ours),
                 std::move(errors.ours))
      .Finish(signals);
}

bool HasProgram(const std::string& name) {
  const char* const path = getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string file = std::string(rest.substr(0, end)) + "/" + name;
    if (end > 0 && access(file.c_str(), X_OK) == 0) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace stemma::tools
