// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/journal_file.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/internal/wake_pipe.h"
#include "stemma/supervisor/journal_writer.h"

namespace stemma::internal {
namespace {

absl::Status CannotOpen(const std::string& path, int error) {
  const std::string message =
      absl::StrCat("cannot open the journal '", Printable(path), "': ", std::strerror(error),
                   error == ENXIO ? " (nobody reads this pipe)" : "");
  return error == EMFILE || error == ENFILE ? absl::ResourceExhaustedError(message)
                                            : absl::FailedPreconditionError(message);
}

}  // namespace

class JournalFile::Scribe {
 public:
  // What becomes lines, and what is set when all before it has been written, or is lost.
  using Item = std::variant<JournalHeader, JournalEntry, EventSource>;

  Scribe(std::string path, std::shared_ptr<spdlog::logger> logger)
      : path_(std::move(path)), logger_(std::move(logger)) {}
  ~Scribe() {
    if (fd_ >= 0) close(fd_);
  }
  Scribe(const Scribe&) = delete;
  Scribe& operator=(const Scribe&) = delete;

  absl::Status Open();

  // From the deciding thread.
  void Put(Item item);
  Event Mark();  // set when all that was put before it has been written, or is lost
  void AskToEnd();
  Event ended() const { return ended_.event(); }
  const std::string& path() const { return path_; }
  const std::shared_ptr<spdlog::logger>& logger() const { return logger_; }

  void Run();  // the thread

 private:
  // Lines that stand in buffer_: where each ends, and how many lines it is worth, which is more
  // than one for a gap.
  struct Line {
    std::size_t end = 0;
    std::uint64_t worth = 1;
  };

  void Append(const std::string& line, std::uint64_t worth);
  void AppendGap();
  void Write();
  int WriteSome(std::size_t& written);
  bool AwaitRoom();

  // Constant after Open.
  const std::string path_;
  const std::shared_ptr<spdlog::logger> logger_;
  int fd_ = -1;
  WakePipe closing_pipe_;  // ends a poll; never emptied
  const EventSource ended_;

  Mutex mutex_;
  std::condition_variable changed_;  // notified when the thread has something to do
  std::vector<Item> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t weight_ ABSL_GUARDED_BY(mutex_) = 0;     // of waiting_
  std::uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;  // lines, after all in waiting_
  bool urgent_ ABSL_GUARDED_BY(mutex_) = false;        // somebody waits for a mark
  std::atomic<bool> closing_{false};

  // Of the thread.
  JournalWriter writer_;
  std::string buffer_;
  std::vector<Line> lines_;  // of buffer_
  // Part of the first line in buffer_ is in the file, or it is the header: it must not be dropped.
  bool must_finish_ = true;
  std::uint64_t lost_ = 0;  // lines, after those in buffer_
  bool failing_ = false;    // the last write did
  bool gave_up_ = false;    // on a reader that does not read
};

absl::Status JournalFile::Scribe::Open() {
  if (absl::Status opened = closing_pipe_.Open(); !opened.ok()) return opened;
  struct stat existing;
  if (lstat(path_.c_str(), &existing) == 0 && S_ISREG(existing.st_mode) && existing.st_size > 0) {
    if (std::rename(path_.c_str(), (path_ + ".old").c_str()) != 0) return CannotOpen(path_, errno);
  }
  // Not blocking: a pipe whose reader is slow is waited for where Close can end that.
  fd_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
  return fd_ < 0 ? CannotOpen(path_, errno) : absl::OkStatus();
}

void JournalFile::Scribe::Put(Item item) {
  bool first;
  {
    const MutexLock lock(mutex_);
    if (weight_ >= kMaxWaiting) {
      ++dropped_;
      return;
    }
    first = waiting_.empty();  // else it has been woken, and gathers
    const auto* const entry = std::get_if<JournalEntry>(&item);
    weight_ += 1 + (entry != nullptr ? entry->actions.size() : 0);
    waiting_.push_back(std::move(item));
  }
  if (first) changed_.notify_one();
}

Event JournalFile::Scribe::Mark() {
  EventSource mark;
  {
    const MutexLock lock(mutex_);
    waiting_.emplace_back(mark);
    urgent_ = true;
  }
  changed_.notify_one();
  return mark.event();
}

void JournalFile::Scribe::AskToEnd() {
  {
    const MutexLock lock(mutex_);
    closing_.store(true);
  }
  changed_.notify_one();
  closing_pipe_.Wake();
}

void JournalFile::Scribe::Run() {
  // A pipe without a reader is found out by writing. This thread starts no processes that could
  // inherit the mask, and a signal that stays pending ends with it.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);

  std::vector<Item> batch;
  while (true) {
    batch.clear();
    std::uint64_t dropped;
    bool last;
    {
      MutexLock lock(mutex_);
      // Woken by Put, Mark and AskToEnd.
      while (waiting_.empty() && !closing_.load()) changed_.wait(lock.for_condition());
      // Woken by AskToEnd and Mark.
      const auto gathered = std::chrono::steady_clock::now() + kGathering;
      while (!urgent_ && !closing_.load() &&
             changed_.wait_until(lock.for_condition(), gathered) == std::cv_status::no_timeout) {
      }
      urgent_ = false;
      last = waiting_.empty();
      batch.swap(waiting_);
      weight_ = 0;
      dropped = std::exchange(dropped_, 0);
    }
    for (const Item& item : batch) {
      if (const auto* const header = std::get_if<JournalHeader>(&item)) {
        Append(writer_.Header(*header), 1);
      } else if (const auto* const entry = std::get_if<JournalEntry>(&item)) {
        Append(writer_.Line(*entry), 1);
      }
    }
    if (dropped > 0) {
      Log(logger_, LogLevel::kWarning,
          absl::StrCat("the journal '", Printable(path_), "' is written too slowly: ", dropped,
                       " lines are lost"));
      Append(JournalWriter::Gap(dropped), dropped);
    }
    AppendGap();
    Write();
    for (const Item& item : batch) {
      if (const auto* const mark = std::get_if<EventSource>(&item)) mark->Set();
    }
    if (last) break;
  }
  if (!buffer_.empty() || lost_ > 0) {
    Log(logger_, LogLevel::kWarning,
        absl::StrCat("the journal '", Printable(path_), "' ends early: ", lost_ + lines_.size(),
                     " lines could not be written"));
  }
  close(std::exchange(fd_, -1));
  ended_.Set();
}

void JournalFile::Scribe::AppendGap() {
  if (lost_ == 0) return;
  const std::uint64_t lost = std::exchange(lost_, 0);
  Append(JournalWriter::Gap(lost), lost);
}

void JournalFile::Scribe::Append(const std::string& line, std::uint64_t worth) {
  AppendGap();
  buffer_ += line;
  lines_.push_back({.end = buffer_.size(), .worth = worth});
  constexpr std::size_t kEnough = std::size_t{1} << 20;
  if (buffer_.size() >= kEnough) Write();
}

// Writes buffer_. What cannot be written is dropped and counted, but for a line that is in the file
// in part: the rest of it comes first next time.
void JournalFile::Scribe::Write() {
  std::size_t written = 0;
  const int error = WriteSome(written);
  if (error != 0 && !failing_) {
    Log(logger_, LogLevel::kWarning,
        absl::StrCat("the journal '", Printable(path_), "' cannot be written: ",
                     error == EAGAIN ? "its reader does not read" : std::strerror(error),
                     "; lines are lost until it can"));
  } else if (error == 0 && failing_) {
    Log(logger_, LogLevel::kInfo,
        absl::StrCat("the journal '", Printable(path_), "' is written again"));
  }
  failing_ = error != 0;

  std::size_t begin = 0;  // of a line
  std::size_t kept_end = 0;
  for (const Line& line : lines_) {
    const bool begun = (begin == 0 && must_finish_) || begin < written;
    if (line.end > written) {
      if (begun) {
        kept_end = line.end;
      } else {
        lost_ += line.worth;
      }
    }
    begin = line.end;
  }
  must_finish_ = kept_end > 0;
  const std::string rest = must_finish_ ? buffer_.substr(written, kept_end - written) : "";
  buffer_ = rest;
  lines_.clear();
  if (must_finish_) lines_.push_back({.end = buffer_.size()});
}

// Returns: 0 when all of buffer_ has been written, or what errno was.
int JournalFile::Scribe::WriteSome(std::size_t& written) {
  while (written < buffer_.size()) {
    const ssize_t n = write(fd_, &buffer_[written], buffer_.size() - written);
    if (n >= 0) {
      written += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      if (!AwaitRoom()) return EAGAIN;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Waits until the pipe can take more: woken by its reader, and by AskToEnd.
// Returns: false if it is time to give up.
bool JournalFile::Scribe::AwaitRoom() {
  const bool closing = closing_.load();
  pollfd entries[] = {{.fd = fd_, .events = POLLOUT, .revents = 0},
                      {.fd = closing_pipe_.read_fd(), .events = POLLIN, .revents = 0}};
  const int limit = gave_up_ ? 0 : static_cast<int>(kReaderGrace.count());
  const int ready = poll(entries, closing ? 1 : 2, closing ? limit : -1);
  gave_up_ = ready == 0;
  return ready != 0;  // an error: writing finds out
}

absl::StatusOr<std::unique_ptr<JournalFile>> JournalFile::Open(
    const std::string& path, std::shared_ptr<spdlog::logger> logger) {
  auto scribe = std::make_shared<Scribe>(path, std::move(logger));
  if (absl::Status opened = scribe->Open(); !opened.ok()) return opened;
  std::unique_ptr<JournalFile> file(new JournalFile(scribe));
  try {
    file->thread_ = std::thread([scribe] { scribe->Run(); });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "the journal '", Printable(path), "' needs a thread to write it: ", error.what()));
  }
  return file;
}

JournalFile::JournalFile(std::shared_ptr<Scribe> scribe) : scribe_(std::move(scribe)) {}

void JournalFile::Begin(const JournalHeader& header) { scribe_->Put(header); }

void JournalFile::Record(const JournalEntry& entry) { scribe_->Put(entry); }

void JournalFile::Flush(std::chrono::nanoseconds limit) { scribe_->Mark().WaitFor(limit); }

bool JournalFile::Close() {
  if (!thread_.joinable()) return true;
  scribe_->AskToEnd();
  if (scribe_->ended().WaitFor(kCloseGrace)) {
    thread_.join();
    return true;
  }
  Log(scribe_->logger(), LogLevel::kError,
      absl::StrCat("the journal '", Printable(scribe_->path()),
                   "' is left behind: a write to it does not end"));
  thread_.detach();
  return false;
}

}  // namespace stemma::internal
