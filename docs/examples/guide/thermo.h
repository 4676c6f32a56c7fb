// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_GUIDE_THERMO_H_
#define STEMMA_DOCS_EXAMPLES_GUIDE_THERMO_H_

// The service of docs/guide.md: it samples a sensor and reports the average.

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/slot.h"
#include "stemma/supervisor/node.h"

namespace thermo {

// The samples of one incarnation of the store.
//
// Thread safety: any thread may call any method.
class Samples {
 public:
  void Add(double celsius);
  std::optional<double> Average() const;  // nothing: no samples yet

 private:
  mutable std::mutex mutex_;
  double sum_ = 0;  // guarded by mutex_, as below
  int count_ = 0;
};

// What the components share. Copies share the same.
struct Wiring {
  stemma::Slot<Samples> samples = {};
  std::function<absl::StatusOr<double>()> read_sensor = {};
  std::function<void(double)> show = {};
  std::chrono::nanoseconds period = std::chrono::seconds(1);
};

// The workers.
void RunStore(const Wiring& wiring, const stemma::SignalerContext& context,
              const stemma::ReadyFunc& ready);
void RunSampler(const Wiring& wiring, const stemma::SignalerContext& context,
                const stemma::ReadyFunc& ready);
void RunReport(const Wiring& wiring, const stemma::SignalerContext& context,
               const stemma::ReadyFunc& ready);

// For a C library that calls back on a thread of its own; `context` is a SignalerContext.
void OnSensorError(const char* message, void* context) noexcept;

std::vector<stemma::Node> Nodes(const Wiring& wiring);

}  // namespace thermo

#endif  // STEMMA_DOCS_EXAMPLES_GUIDE_THERMO_H_
