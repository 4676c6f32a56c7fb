// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/guide/thermo.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>

#include "absl/status/status.h"
#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/failure_source.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/manual_clock.h"

namespace thermo {
namespace {

using namespace std::chrono_literals;
using stemma::NodeState;

TEST_CASE("a sampler whose sensor is away fails with the sensor's error") {
  const Wiring wiring = {.read_sensor = [] { return absl::UnavailableError("unplugged"); }};
  const auto sampler = stemma::ComponentManagerBuilder()
                           .AddWorker("main", std::bind_front(RunSampler, wiring))
                           .Build();
  const auto [context, failures] = stemma::WithSignaler({});
  REQUIRE(sampler->Start(context).ok());
  sampler->Done().Wait();
  REQUIRE(failures.first().has_value());
  CHECK(failures.first()->status == absl::UnavailableError("unplugged"));
  CHECK_FALSE(sampler->Ready().IsSet());
}

TEST_CASE("the sampler comes back when the sensor does") {
  const auto plugged_in = std::make_shared<std::atomic<bool>>(false);
  const Wiring wiring = {.read_sensor = [plugged_in]() -> absl::StatusOr<double> {
    if (!*plugged_in) return absl::UnavailableError("unplugged");
    return 20.0;
  }};
  const auto clock = std::make_shared<stemma::ManualClock>();
  auto supervisor = stemma::Supervisor::Create(Nodes(wiring), {.clock = clock});
  REQUIRE(supervisor.ok());
  stemma::RunResult result;
  std::jthread run([&](std::stop_token stop) { result = (*supervisor)->Run(stop); });

  REQUIRE((*supervisor)->AwaitNode("sampler", NodeState::kBackingOff, {}).ok());
  *plugged_in = true;
  clock->Advance(1s);  // the backoff
  REQUIRE((*supervisor)->AwaitReady({}).ok());
  CHECK(wiring.samples.Get()->Average() == 20.0);

  run.request_stop();
  run.join();
  CHECK(result.outcome == stemma::Outcome::kStopRequested);
  CHECK(result.ExitCode() == 0);
}

TEST_CASE("without a sensor that makes sense the rest goes on") {
  const Wiring wiring = {.read_sensor = [] { return absl::DataLossError("-400 degrees"); }};
  auto supervisor = stemma::Supervisor::Create(Nodes(wiring));
  REQUIRE(supervisor.ok());
  const std::jthread run([&](std::stop_token stop) { (*supervisor)->Run(stop); });

  CHECK((*supervisor)->AwaitNode("sampler", NodeState::kFailed, {}).ok());
  CHECK((*supervisor)->AwaitNode("report", NodeState::kReady, {}).ok());
  CHECK((*supervisor)->AwaitReady({}) == absl::DataLossError("-400 degrees"));
}

TEST_CASE("what a callback reports is a failure, and stop is requested") {
  auto [context, failures] = stemma::WithSignaler({});
  OnSensorError("no answer", &context);
  CHECK(failures.first()->status == absl::UnavailableError("no answer"));
  CHECK(context.stop_requested());
}

TEST_CASE("the report shows the average") {
  const stemma::EventSource shown;
  std::atomic<double> average = 0;
  Wiring wiring = {.show =
                       [&](double celsius) {
                         average = celsius;
                         shown.Set();
                       },
                   .period = 1ms};
  wiring.samples.Publish(std::make_shared<Samples>());
  wiring.samples.Get()->Add(20);
  wiring.samples.Get()->Add(22);
  const auto report = stemma::ComponentManagerBuilder()
                          .AddWorker("main", std::bind_front(RunReport, wiring))
                          .Build();
  REQUIRE(report->Start(stemma::WithSignaler({}).first).ok());
  shown.event().Wait();
  CHECK(average == 21.0);
}

}  // namespace
}  // namespace thermo
