// SPDX-License-Identifier: Apache-2.0
// Detached actors of the C++ Actor Framework, each on a thread of its own, measured once:
// SCENARIO SHAPE SIZE, as in supervised.cc. They know no dependencies, so the shape is always flat.
#include <algorithm>
#include <caf/all.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string_view>
#include <thread>
#include <vector>

#include "stemma/testing/benchmark/figures.h"

namespace {

using Clock = std::chrono::steady_clock;
using stemma::benchmark::Figures;
using stemma::benchmark::Stopwatch;

std::ptrdiff_t Count(std::size_t size) { return static_cast<std::ptrdiff_t>(size); }

caf::behavior Parked(caf::event_based_actor*, std::latch& ready) {
  ready.count_down();
  return {[](int) {}};
}

// Until no detached actor has a thread left but those that the system brings. The destructor of actor_system (0.17.6) stops its clock before it waits for
// them, and actors that then still tell the clock of their end wait for room in its queue for ever.
void AwaitEnd(caf::actor_system& system, std::size_t of_the_system) {
  system.await_all_actors_done();
  while (system.detached_actors() > of_the_system) std::this_thread::sleep_for(std::chrono::microseconds(100));
}

void MeasureStartAndStop(std::size_t size, Figures& figures) {
  caf::actor_system_config config;
  caf::actor_system system(config);
  const std::size_t of_the_system = system.detached_actors();
  const double before = stemma::benchmark::ResidentBytes();
  const long threads = stemma::benchmark::Threads();
  std::vector<caf::actor> actors;
  std::latch ready(Count(size));
  const Stopwatch start;
  for (std::size_t i = 0; i < size; ++i) {
    actors.push_back(system.spawn<caf::detached>(
        [&](caf::event_based_actor* self) { return Parked(self, ready); }));
  }
  ready.wait();
  start.Stop(figures, "start");
  figures.Set("bytes_per_node",
              (stemma::benchmark::ResidentBytes() - before) / static_cast<double>(size));
  figures.Set("threads", static_cast<double>(stemma::benchmark::Threads() - threads));
  const Stopwatch stop;
  for (const caf::actor& actor : actors) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  }
  actors.clear();
  AwaitEnd(system, of_the_system);
  stop.Stop(figures, "stop");
}

// One actor, to which SIZE others are linked, fails; until the last of them is told.
void MeasureCascade(std::size_t size, Figures& figures) {
  caf::actor_system_config config;
  caf::actor_system system(config);
  const std::size_t of_the_system = system.detached_actors();
  std::latch ready(Count(size + 1)), all_told(Count(size));
  std::vector<Clock::time_point> told(size);
  Clock::time_point failed;
  std::vector<caf::actor> linked;  // an actor that nobody refers to ends
  caf::actor failing =
      system.spawn<caf::detached>([&](caf::event_based_actor* self) -> caf::behavior {
        ready.count_down();
        return {[self, &failed](int) {
          failed = Clock::now();
          self->quit(caf::exit_reason::unhandled_exception);
        }};
      });
  for (std::size_t i = 0; i < size; ++i) {
    linked.push_back(
        system.spawn<caf::detached>([&, i](caf::event_based_actor* self) -> caf::behavior {
          self->set_exit_handler([self, &told, &all_told, i](caf::exit_msg& message) {
            told[i] = Clock::now();
            all_told.count_down();
            self->quit(message.reason);
          });
          self->link_to(failing);
          ready.count_down();
          return {[](int) {}};
        }));
  }
  ready.wait();
  caf::anon_send(failing, 0);
  all_told.wait();
  figures.Set("told_ms", std::chrono::duration<double, std::milli>(
                             *std::max_element(told.begin(), told.end()) - failed)
                             .count());
  linked.clear();
  failing = nullptr;
  AwaitEnd(system, of_the_system);
}

// An actor that fails, and one that watches it and spawns its successor.
void MeasureRestart(std::size_t size, Figures& figures) {
  caf::actor_system_config config;
  caf::actor_system system(config);
  caf::scoped_actor watcher(system);
  const Stopwatch all;
  for (std::size_t i = 0; i < size; ++i) {
    const caf::actor restless = watcher->spawn<caf::detached + caf::monitored>(
        [](caf::event_based_actor* self) { self->quit(caf::exit_reason::unhandled_exception); });
    watcher->receive([](const caf::down_msg&) {});
  }
  figures.Set("restart_us", all.wall_ms() * 1e3 / static_cast<double>(size));
  figures.Set("restart_cpu_us", all.cpu_ms() * 1e3 / static_cast<double>(size));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view scenario = argc == 4 ? argv[1] : "";
  const std::size_t size = argc == 4 ? std::strtoull(argv[3], nullptr, 10) : 0;
  if (size == 0 || (scenario != "start_stop" && scenario != "cascade" && scenario != "restart")) {
    std::fputs("usage: caf start_stop|cascade|restart SHAPE SIZE\n", stderr);
    return 64;
  }
  Figures figures;
  if (scenario == "start_stop") MeasureStartAndStop(size, figures);
  if (scenario == "cascade") MeasureCascade(size, figures);
  if (scenario == "restart") MeasureRestart(size, figures);
  figures.Print();
  return 0;
}
