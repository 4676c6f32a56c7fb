// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/main.h"

#include <chrono>
#include <cstdio>

#include "docs/examples/guide/thermo.h"

using namespace std::chrono_literals;

// Stands in for a sensor.
absl::StatusOr<double> ReadSensor() { return 21.5; }

int main(int argc, char** argv) {
  const thermo::Wiring wiring = {
      .read_sensor = ReadSensor,
      .show = [](double average) { std::printf("%.1f\n", average); },
  };
  return stemma::Main(argc, argv, thermo::Nodes(wiring),
                      {.shutdown_deadline = 20s, .shutdown_delay = 5s});
}
