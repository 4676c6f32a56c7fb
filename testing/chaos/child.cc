// SPDX-License-Identifier: Apache-2.0
// What the program does when a driver has started it: rounds, in the circumstance that it names.
#include <grp.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "stemma/testing/chaos/dice.h"
#include "stemma/testing/chaos/driver.h"

namespace stemma::chaos {
namespace {

using namespace std::chrono_literals;

// An address space of so much more than now.
void LimitMemory() {
  // What is taken is to be known: no arenas in reserve, small stacks.
  mallopt(M_ARENA_MAX, 1);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{256} << 10);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
  long pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  constexpr rlim_t kMore = rlim_t{512} << 20;
  const rlim_t bytes =
      static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + kMore;
  const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
  setrlimit(RLIMIT_AS, &limit);
}

// For signals that nobody here sends: who did?
std::atomic<int>* killer = nullptr;
void TellKiller(int signal, siginfo_t* info, void*) {
  *killer = info->si_pid;
  std::signal(signal, SIG_DFL);
  raise(signal);
}
void WatchForKillers(Ledger& ledger) {
  killer = &ledger.killer;
  struct sigaction action = {};
  action.sa_sigaction = &TellKiller;
  action.sa_flags = SA_SIGINFO;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

// Becomes a user that nobody else is, to whom limits of threads apply.
bool BecomeSomebody() {
  if (geteuid() != 0) return false;
  const auto id = static_cast<uid_t>(1'000'000 + getpid());
  if (setgroups(0, nullptr) != 0 || setgid(id) != 0 || setuid(id) != 0) return false;
  prctl(PR_SET_DUMPABLE, 1);  // else /proc/self is root's
  return true;
}

void LimitDisk(Dice& dice, RoundOptions& options) {
  if (dice.OneIn(3)) {
    options.journal = "/dev/full";
    return;
  }
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{.rlim_cur = static_cast<rlim_t>(dice.Below(20'000)),
                     .rlim_max = RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
}

// Sanitizers reserve more memory than there is.
constexpr bool HasSanitizer() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return true;
#else
  return false;
#endif
#else
  return false;
#endif
}

}  // namespace

std::optional<int> RunAsChild(int argc, char** argv) {
  if (argc != 10 || std::string_view(argv[1]) != "--child") return std::nullopt;
  RoundOptions options;
  for (int i = 0; i < static_cast<int>(Circumstance::kCount); ++i) {
    if (ToString(static_cast<Circumstance>(i)) == argv[2]) {
      options.circumstance = static_cast<Circumstance>(i);
    }
  }
  options.seed = std::stoull(argv[3]);
  options.most_nodes = std::stoi(argv[4]);
  Ledger* const ledger = Ledger::Open(std::stoi(argv[5]));
  const int news = std::stoi(argv[6]);
  const std::chrono::milliseconds time(std::stol(argv[9]));  // 0: for one round, to be looked at
  if (ledger == nullptr) return EXIT_FAILURE;
  options.begun = [news] { [[maybe_unused]] const auto told = write(news, "b", 1); };
  Dice dice(options.seed);
  if (time == 0ms || options.circumstance >= Circumstance::kDisk) options.journal = argv[7];
  if (options.circumstance == Circumstance::kSignals) {
    options.latch = argv[8];
    return RunMain(options, *ledger);
  }
  WatchForKillers(*ledger);
  // Threads that the process, or a sanitizer, makes for itself come with the first one.
  std::thread([] {}).join();
  switch (options.circumstance) {
    case Circumstance::kThreads:
      if (!BecomeSomebody()) options.circumstance = Circumstance::kPlain;
      break;
    case Circumstance::kMemory:
      if (HasSanitizer()) {
        options.circumstance = Circumstance::kPlain;
      } else {
        LimitMemory();
      }
      break;
    case Circumstance::kDisk:
      ledger->Count(Fault::kDiskFull);
      LimitDisk(dice, options);
      break;
    default:
      break;
  }
  const auto until = std::chrono::steady_clock::now() + time;
  do {
    RunRound(options, *ledger);
    ++options.seed;
  } while (options.circumstance < Circumstance::kDisk && std::chrono::steady_clock::now() < until);
  return EXIT_SUCCESS;
}

}  // namespace stemma::chaos
