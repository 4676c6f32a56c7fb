// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/guide/thermo.h"

#include <functional>
#include <memory>

#include "absl/status/status.h"

namespace thermo {

using namespace std::chrono_literals;

void Samples::Add(double celsius) {
  const std::lock_guard lock(mutex_);
  sum_ += celsius;
  ++count_;
}

std::optional<double> Samples::Average() const {
  const std::lock_guard lock(mutex_);
  if (count_ == 0) return std::nullopt;
  return sum_ / count_;
}

void RunStore(const Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready) {
  wiring.samples.Publish(std::make_shared<Samples>());
  ready();
  context.WaitForStop();
  wiring.samples.Publish(nullptr);
}

void RunSampler(const Wiring& wiring, const stemma::SignalerContext& context,
                const stemma::ReadyFunc& ready) {
  do {
    const absl::StatusOr<double> celsius = wiring.read_sensor();
    if (!celsius.ok()) context.Throw(celsius.status());
    if (const auto samples = wiring.samples.Get()) samples->Add(*celsius);
    ready();  // once there is a sample; again does nothing
  } while (context.SleepFor(wiring.period));
}

void RunReport(const Wiring& wiring, const stemma::SignalerContext& context,
               const stemma::ReadyFunc& ready) {
  ready();
  while (context.SleepFor(wiring.period)) {
    const auto samples = wiring.samples.Get();
    if (samples == nullptr) continue;  // the store is between two incarnations
    if (const auto average = samples->Average()) wiring.show(*average);
  }
}

void OnSensorError(const char* message, void* context) noexcept {
  static_cast<const stemma::SignalerContext*>(context)->Report(absl::UnavailableError(message));
}

stemma::ErrorHandlingBehavior OnSamplerError(const stemma::Failure& failure) {
  // A sensor that is away comes back. One that answers nonsense does not get better by asking.
  if (absl::IsUnavailable(failure.status)) return stemma::ErrorHandlingBehavior::kRestart;
  return stemma::ErrorHandlingBehavior::kStop;
}

std::vector<stemma::Node> Nodes(const Wiring& wiring) {
  using Worker = void (*)(const Wiring&, const stemma::SignalerContext&, const stemma::ReadyFunc&);
  const auto run = [&wiring](Worker worker) -> stemma::ComponentFactory {
    return [wiring, worker] {
      return stemma::ComponentManagerBuilder()
          .AddWorker("main", std::bind_front(worker, wiring))
          .Build();
    };
  };
  return {
      {.name = "store",
       .factory = run(RunStore),
       .on_error = stemma::Always(stemma::ErrorHandlingBehavior::kShutdown)},
      {.name = "sampler",
       .dependencies = {"store"},
       .factory = run(RunSampler),
       .on_error = OnSamplerError,
       .restart = {.initial = 1s, .max_restarts = 10, .window = 10min}},
      {.name = "report",
       .dependencies = {"store"},
       .soft_dependencies = {"sampler"},
       .factory = run(RunReport)},
  };
}

}  // namespace thermo
