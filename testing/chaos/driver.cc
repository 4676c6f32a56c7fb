// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/driver.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stemma/supervisor/run_result.h"

namespace stemma::chaos {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Starts a program; `output`: a file for what it says, empty for this process's own. Returns: its
// process, or 0.
pid_t Spawn(std::vector<std::string> arguments, const std::string& output) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (!output.empty()) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND;
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), kFlags, 0666);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  }
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? pid : 0;
}

// Returns: the exit code, or minus the signal that it died by.
int Await(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string ReadAll(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Fault FaultOf(int signal) {
  switch (signal) {
    case SIGINT:
      return Fault::kSigInt;
    case SIGTERM:
      return Fault::kSigTerm;
    case SIGHUP:
      return Fault::kSigHup;
    default:
      return Fault::kSigKill;
  }
}

}  // namespace

// One process, from its start to its end.
class Driver::Process {
 public:
  Process(const DriverOptions& options, const std::string& directory, Circumstance circumstance,
          std::uint64_t seed)
      : journal_(directory + "/journal"),
        latch_(directory + "/latch"),
        said_(directory + "/said"),
        dice_(seed) {
    for (const std::string& file : {journal_, journal_ + ".old", latch_, said_}) {
      std::filesystem::remove(file);
    }
    ledger_ = Ledger::Create(ledger_fd_);
    ledger_->seed = seed;
    int ends[2];
    if (pipe(ends) != 0) std::abort();
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    pid_ = Spawn(
        {options.program, "--child", std::string(ToString(circumstance)), std::to_string(seed),
         std::to_string(options.most_nodes), std::to_string(ledger_fd_), std::to_string(ends[1]),
         journal_, latch_, std::to_string(options.once ? 0 : options.process_time.count())},
        said_);
    close(ends[1]);
    news_ = ends[0];
  }
  ~Process() {
    close(news_);
    close(ledger_fd_);
    ledger_->Close();
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits until its run has begun. Returns: false when it ended before, or did not begin in time.
  bool AwaitBegin(milliseconds limit) {
    char byte;
    return Poll(limit) && read(news_, &byte, 1) == 1;
  }
  // Waits for its end. Returns: false if that does not come in time.
  bool AwaitEnd(milliseconds limit) {
    const auto until = steady_clock::now() + limit;
    while (true) {
      const auto left =
          std::chrono::duration_cast<milliseconds>(until - steady_clock::now()) + milliseconds(1);
      if (!Poll(std::max(left, milliseconds(0)))) return false;
      char bytes[64];
      if (read(news_, bytes, sizeof bytes) == 0) break;  // nobody has the other end any more
    }
    exit_ = Await(pid_);
    return true;
  }
  void Signal(int signal) {
    ledger_->Count(FaultOf(signal));
    sent_.insert(signal);
    ++signals_;
    kill(pid_, signal);
  }

  pid_t pid() const { return pid_; }
  Ledger& ledger() const { return *ledger_; }
  Dice& dice() { return dice_; }
  int exit() const { return exit_; }  // after its end
  const std::set<int>& sent() const { return sent_; }
  int signals() const { return signals_; }
  const std::string& journal() const { return journal_; }
  const std::string& latch() const { return latch_; }
  const std::string& said() const { return said_; }

 private:
  bool Poll(milliseconds limit) const {
    pollfd entry{.fd = news_, .events = POLLIN, .revents = 0};
    return poll(&entry, 1, static_cast<int>(limit.count())) == 1;
  }

  const std::string journal_, latch_, said_;
  Dice dice_;
  int ledger_fd_ = -1;
  Ledger* ledger_ = nullptr;
  int news_ = -1;
  pid_t pid_ = 0;
  int exit_ = 0;
  std::set<int> sent_;
  int signals_ = 0;
};

Driver::Driver(DriverOptions options) : options_(std::move(options)) {
  directory_ = options_.directory;
  if (directory_.empty()) {
    directory_ = std::filesystem::temp_directory_path() / "stemma_chaos_XXXXXX";
    if (mkdtemp(directory_.data()) == nullptr) std::abort();
    // Those that may have few threads run as a user of their own.
    std::filesystem::permissions(directory_, std::filesystem::perms::all);
  }
  total_ = Ledger::Create(total_fd_);
  if (total_ == nullptr) std::abort();
}

Driver::~Driver() {
  total_->Close();
  close(total_fd_);
  if (!kept_ && options_.directory.empty()) std::filesystem::remove_all(directory_);
}

void Driver::Run() {
  std::uint64_t seed = options_.seed;
  do {
    RunProcess(seed);
    // The processes' own rounds count on from their seeds.
    seed += 1'000;
  } while (!options_.once && steady_clock::now() < begun_ + options_.time);
}

Circumstance Driver::Draw(Dice& dice) const {
  const int weight = dice.Below(10);
  if (options_.only) return *options_.only;
  switch (weight) {
    case 0:
      return Circumstance::kThreads;
    case 1:
      return Circumstance::kMemory;
    case 2:
      return Circumstance::kDisk;
    case 3:
      return Circumstance::kKill;
    case 4:
    case 5:
      return Circumstance::kSignals;
    default:
      return Circumstance::kPlain;
  }
}

void Driver::RunProcess(std::uint64_t seed) {
  Dice dice(seed);
  const Circumstance circumstance = Draw(dice);
  Process process(options_, directory_, circumstance, seed);
  total_->Count(Sight::kProcesses);
  if (process.pid() == 0) {
    total_->Lose(Loss::kProcess, absl::StrCat("cannot start ", options_.program));
    return;
  }
  const bool begun = process.AwaitBegin(options_.hang_limit);
  bool over = false;
  if (begun && circumstance == Circumstance::kKill) {
    over = process.AwaitEnd(milliseconds(process.dice().Below(60)));
    if (!over) process.Signal(SIGKILL);
  }
  if (begun && circumstance == Circumstance::kDisk) {
    over = process.AwaitEnd(milliseconds(process.dice().Below(40)));
    const rlimit none{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    if (!over) prlimit(process.pid(), RLIMIT_FSIZE, &none, nullptr);
  }
  if (begun && circumstance == Circumstance::kSignals) {
    over = process.AwaitEnd(milliseconds(process.dice().Below(60)));
    // The first may be a SIGINT or SIGHUP; then SIGTERM until it ends.
    int signal = process.dice().OneIn(12) ? SIGHUP : process.dice().OneOf({SIGINT, SIGTERM});
    for (int pause = process.dice().Below(4) == 0 ? 3 : 2000; !over; pause = 2000) {
      process.Signal(signal);
      over = process.AwaitEnd(milliseconds(pause));
      signal = SIGTERM;
      if (process.signals() > options_.hang_limit / milliseconds(2000)) break;
    }
  }
  if (!over && !process.AwaitEnd(options_.hang_limit)) {
    process.ledger().Lose(Loss::kHang, ToString(circumstance));
    std::fprintf(stderr, "chaos: a run does not end, seed %llu (%s); its threads:\n",
                 static_cast<unsigned long long>(process.ledger().seed.load()),
                 std::string(ToString(circumstance)).c_str());
    const pid_t debugger = Spawn(
        {"gdb", "-p", std::to_string(process.pid()), "-batch", "-ex", "thread apply all backtrace"},
        /*output=*/"");
    if (debugger != 0) Await(debugger);
    kill(process.pid(), SIGKILL);
    (void)process.AwaitEnd(options_.hang_limit);
  } else {
    JudgeEnd(circumstance, process);
    if (circumstance >= Circumstance::kDisk) VerifyJournal(circumstance, process);
  }
  if (process.ledger().lost() > 0) {
    Keep(process);
    std::fprintf(stderr, "%sto run it again: --only %s --seed %llu --once\n",
                 process.ledger().texts().c_str(), std::string(ToString(circumstance)).c_str(),
                 static_cast<unsigned long long>(process.ledger().lost_seed.load()));
  }
  total_->Take(process.ledger());
}

// Says what the process said, and keeps its journal.
void Driver::Keep(const Process& process) {
  const std::string said = ReadAll(process.said());
  std::fprintf(stderr, "%s",
               said.substr(said.size() - std::min<std::size_t>(said.size(), 20'000)).c_str());
  std::error_code none;
  const std::string kept = absl::StrCat(directory_, "/lost-", process.ledger().seed.load());
  if (std::filesystem::copy_file(process.journal(), kept, none)) {
    kept_ = true;
    std::fprintf(stderr, "its journal: %s\n", kept.c_str());
  }
}

void Driver::JudgeEnd(Circumstance circumstance, Process& process) {
  Ledger& ledger = process.ledger();
  const int exit = process.exit();
  const auto sent = [&](int signal) { return process.sent().contains(signal); };
  if (circumstance == Circumstance::kKill && exit == -SIGKILL && sent(SIGKILL)) return;
  // Process numbers are used again: somebody meant another one.
  if (exit < 0 && !sent(-exit) && ledger.killer != 0 && ledger.killer != process.pid()) {
    return ledger.Count(Sight::kKilledByOthers);
  }
  int expected = 0;
  if (circumstance == Circumstance::kSignals) {
    if (exit == -SIGHUP && sent(SIGHUP)) return;  // nobody handles that
    // When the run is over, the handlers are put back; shortly before, the second one forces the
    // exit without a decision.
    if (ledger.ended && exit < 0 && sent(-exit)) return;
    if (ledger.ended && process.signals() >= 2 && exit > 128 && sent(exit - 128)) return;
    expected = ledger.expected_exit;
    const bool halted = expected == kExitSpinHalt;
    if (halted != std::filesystem::exists(process.latch()) && !ledger.forced) {
      ledger.Lose(Loss::kLatch, absl::StrCat("exit code ", exit));
    }
  }
  if (exit != expected) {
    ledger.Lose(Loss::kProcess, absl::StrCat(exit, " instead of ", expected,
                                             ", signals sent: ", process.signals()));
  }
}

void Driver::VerifyJournal(Circumstance circumstance, Process& process) {
  if (options_.verifier.empty()) return;
  std::error_code error;
  const std::string& file = process.journal();
  if (!std::filesystem::is_regular_file(file, error)) return;
  const std::string text = ReadAll(file);
  Ledger& ledger = process.ledger();
  const bool torn = !text.ends_with('\n');
  const bool gap = text.find("{\"gap\":") != std::string::npos;
  if (torn) ledger.Count(Sight::kJournalsTorn);
  if (gap) ledger.Count(Sight::kJournalsWithGaps);
  // Only who is killed, or has no room, leaves a torn line. Nothing can be said of a torn first
  // one.
  const bool killed = process.exit() < 0;  // by whomever
  if (torn && !killed && circumstance != Circumstance::kDisk) {
    ledger.Lose(Loss::kJournal, "torn, and the process was not killed");
  }
  if (text.find('\n') == std::string::npos) return;
  std::vector<std::string> command = {options_.verifier, "replay"};
  // Past a gap it can be read, but not verified.
  if (!gap) command.emplace_back("--verify");
  command.push_back(file);
  const pid_t verifier = Spawn(command, directory_ + "/verified");
  if (verifier == 0 || Await(verifier) != 0) {
    return ledger.Lose(Loss::kJournal, ReadAll(directory_ + "/verified"));
  }
  if (!gap) ledger.Count(Sight::kJournalsVerified);
}

std::string Driver::Table() const {
  std::string table;
  const auto row = [&](std::string_view name, std::uint64_t count) {
    absl::StrAppendFormat(&table, "| %s | %d |\n", std::string(name), count);
  };
  const auto rows = [&](auto key, std::string_view title) {
    using Key = decltype(key);
    absl::StrAppend(&table, "\n| ", std::string(title), " | |\n| --- | --- |\n");
    for (auto i = static_cast<int>(key); i < static_cast<int>(Key::kCount); ++i) {
      row(ToString(static_cast<Key>(i)), total_->count(static_cast<Key>(i)));
    }
  };
  absl::StrAppendFormat(
      &table, "seed %d, %d s\n", options_.seed,
      std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - begun_).count());
  rows(Sight{}, "what was run, and seen");
  rows(static_cast<Fault>(1), "faults injected");
  rows(Loss{}, "what was lost");
  absl::StrAppend(&table, "\nlost: ", total_->lost(), "\n");
  return table;
}

}  // namespace stemma::chaos
