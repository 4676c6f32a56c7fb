// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/benchmark/figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace stemma::benchmark {
namespace {

double CpuMilliseconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) * 1e-3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

}  // namespace

void Figures::Print() const {
  const char* before = "{";
  for (const auto& [name, value] : values_) {
    std::printf("%s\"%s\": %.6g", before, name.c_str(), value);
    before = ", ";
  }
  std::puts("}");
}

Stopwatch::Stopwatch() : began_(std::chrono::steady_clock::now()), cpu_began_(CpuMilliseconds()) {}

double Stopwatch::wall_ms() const {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began_)
      .count();
}

double Stopwatch::cpu_ms() const { return CpuMilliseconds() - cpu_began_; }

void Stopwatch::Stop(Figures& figures, const std::string& name) const {
  const double wall = wall_ms(), cpu = cpu_ms();
  figures.Set(name + "_ms", wall);
  figures.Set(name + "_cpu_ms", cpu);
}

double ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  double all = 0, resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

long ContextSwitchesOfOthers() {
  long switches = 0;
  const std::string own = std::to_string(gettid());
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == own) continue;
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (line.find("ctxt_switches:") == std::string::npos) continue;
      switches += std::stol(line.substr(line.find(':') + 1));
    }
  }
  return switches;
}

}  // namespace stemma::benchmark
