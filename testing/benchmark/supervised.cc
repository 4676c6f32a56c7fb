// SPDX-License-Identifier: Apache-2.0
// A supervisor with many components of one worker each, measured once.
//
//     supervised MODE SCENARIO SHAPE SIZE
//
// Modes: "quiet", nothing is logged; "logged", to stderr, as by default; "observed", nothing is
// logged, but there are a listener and a journal; "reused", nothing is logged, and what restarts
// does so on threads that go on.
//
// Scenarios:
//     start_stop  SIZE nodes: the supervisor made, all ready, all joined; memory and threads
//     cascade     a node that fails for good, and SIZE that depend on it: until the last is told
//     restart     a node that fails SIZE times, and is restarted at once
//     idle        SIZE nodes: context switches in ten seconds
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/lifecycle/reusable_threads.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/benchmark/figures.h"
#include "stemma/testing/benchmark/shapes.h"

namespace stemma::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kIdleTime = std::chrono::seconds(10);

ComponentFactory FactoryOf(ComponentWorker worker) {
  return
      [worker = std::move(worker)] { return ComponentManagerBuilder().AddWorker(worker).Build(); };
}

std::vector<Node> NodesOf(Shape shape, std::size_t size, const ComponentWorker& worker) {
  std::vector<Node> nodes(size);
  std::vector<DependencyGraph::Declaration> declarations = DeclarationsOf(shape, size);
  for (std::size_t i = 0; i < size; ++i) {
    nodes[i].name = std::move(declarations[i].name);
    nodes[i].dependencies = std::move(declarations[i].dependencies);
    nodes[i].factory = FactoryOf(worker);
  }
  return nodes;
}

// A supervisor, and what the mode puts around it.
class Service {
 public:
  Service(std::string_view mode, std::vector<Node> nodes) {
    SupervisorOptions options;
    if (mode != "logged") {
      options.logger = std::make_shared<spdlog::logger>("silent");
      options.logger->set_level(spdlog::level::off);
    }
    if (mode == "observed") {
      journal_ = std::filesystem::temp_directory_path() /
                 ("stemma_benchmark_" + std::to_string(getpid()) + ".journal");
      options.journal = journal_;
    }
    auto made = Supervisor::Create(std::move(nodes), std::move(options));
    if (!made.ok()) {
      std::fprintf(stderr, "%s\n", made.status().ToString().c_str());
      std::exit(70);
    }
    supervisor_ = *std::move(made);
    if (mode == "observed") {
      listener_ = supervisor_->Subscribe([this](const SupervisorEvent&) { ++events_; });
    }
  }

  ~Service() {
    if (!journal_.empty()) std::filesystem::remove(journal_);
  }

  // Runs to the end; `operate` on another thread meanwhile.
  void Run(const std::function<void(Supervisor&)>& operate) {
    const std::jthread operator_thread([&] { operate(*supervisor_); });
    supervisor_->Run();
  }

 private:
  std::filesystem::path journal_;
  std::unique_ptr<Supervisor> supervisor_;
  std::atomic<std::size_t> events_ = 0;
  Subscription listener_;
};

void MeasureStartAndStop(std::string_view mode, Shape shape, std::size_t size, Figures& figures) {
  const double before = ResidentBytes();
  const long threads = internal::CountThreads();
  std::vector<Node> nodes = NodesOf(shape, size, &NoopWorker);
  const Stopwatch build;
  Service service(mode, std::move(nodes));
  build.Stop(figures, "build");
  std::unique_ptr<Stopwatch> stop;
  const Stopwatch start;
  service.Run([&](Supervisor& supervisor) {
    (void)supervisor.AwaitReady({});
    start.Stop(figures, "start");
    figures.Set("bytes_per_node", (ResidentBytes() - before) / static_cast<double>(size));
    figures.Set("threads",
                static_cast<double>(internal::CountThreads() - threads - 1));  // but for this one
    stop = std::make_unique<Stopwatch>();
    supervisor.RequestStop();
  });
  stop->Stop(figures, "stop");
}

void MeasureCascade(std::string_view mode, std::size_t size, Figures& figures) {
  EventSource fail;
  Clock::time_point failed;
  std::vector<Clock::time_point> told(size);
  std::vector<Node> nodes = NodesOf(Shape::kStar, size + 1, &NoopWorker);
  nodes[0].on_error = Always(ErrorHandlingBehavior::kStop);
  nodes[0].factory = FactoryOf([&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    fail.event().Wait();
    failed = Clock::now();
    context.Throw(absl::InternalError("as asked"));
  });
  for (std::size_t i = 0; i < size; ++i) {
    nodes[i + 1].factory =
        FactoryOf([&, i](const SignalerContext& context, const ReadyFunc& ready) {
          ready();
          context.WaitForStop();
          told[i] = Clock::now();
        });
  }
  Service service(mode, std::move(nodes));
  service.Run([&](Supervisor& supervisor) {
    (void)supervisor.AwaitReady({});
    fail.Set();
  });
  figures.Set("told_ms", std::chrono::duration<double, std::milli>(
                             *std::max_element(told.begin(), told.end()) - failed)
                             .count());
}

void MeasureRestart(std::string_view mode, std::size_t size, Figures& figures) {
  std::size_t failures = 0;
  std::unique_ptr<Stopwatch> all;
  Node node{.name = "restless", .restart = RestartPolicy::Unlimited()};
  node.restart.initial = node.restart.max = std::chrono::nanoseconds(0);
  ComponentManagerBuilder builder;
  if (mode == "reused") builder.RunOn(ReusableThreads());
  builder.AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
    if (failures == 0) all = std::make_unique<Stopwatch>();
    if (failures++ < size) {
      context.Report(absl::InternalError("restless"));
      return;
    }
    figures.Set("restart_us", all->wall_ms() * 1e3 / static_cast<double>(size));
    figures.Set("restart_cpu_us", all->cpu_ms() * 1e3 / static_cast<double>(size));
    ready();
  });
  node.factory = [&builder] { return builder.Build(); };
  Service(mode, {node}).Run([](Supervisor&) {});
}

void MeasureIdle(std::string_view mode, std::size_t size, Figures& figures) {
  const long threads = internal::CountThreads();
  Service(mode, NodesOf(Shape::kFlat, size, &NoopWorker)).Run([&](Supervisor& supervisor) {
    (void)supervisor.AwaitReady({});
    std::this_thread::sleep_for(std::chrono::seconds(1));  // what the start set off is over
    figures.Set("threads", static_cast<double>(internal::CountThreads() - threads - 1));
    const long before = ContextSwitchesOfOthers();
    std::this_thread::sleep_for(kIdleTime);
    figures.Set("idle_switches", static_cast<double>(ContextSwitchesOfOthers() - before));
    supervisor.RequestStop();
  });
}

int Main(int argc, char** argv) {
  const std::string_view mode = argc == 5 ? argv[1] : "";
  const std::string_view scenario = argc == 5 ? argv[2] : "";
  const auto shape = ShapeOf(argc == 5 ? argv[3] : "");
  const std::size_t size = argc == 5 ? std::strtoull(argv[4], nullptr, 10) : 0;
  Figures figures;
  if (!shape || size == 0 ||
      (mode != "quiet" && mode != "logged" && mode != "observed" && mode != "reused")) {
    std::fputs(
        "usage: supervised quiet|logged|observed|reused start_stop|cascade|restart|idle "
        "flat|chain|layered|star SIZE\n",
        stderr);
    return 64;
  }
  if (scenario == "start_stop") MeasureStartAndStop(mode, *shape, size, figures);
  if (scenario == "cascade") MeasureCascade(mode, size, figures);
  if (scenario == "restart") MeasureRestart(mode, size, figures);
  if (scenario == "idle") MeasureIdle(mode, size, figures);
  figures.Print();
  return 0;
}

}  // namespace
}  // namespace stemma::benchmark

int main(int argc, char** argv) { return stemma::benchmark::Main(argc, argv); }
