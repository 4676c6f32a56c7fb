// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/log.h"

#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace stemma::internal {

const std::shared_ptr<spdlog::logger>& OwnLogger() {
  static const auto* const logger =
      new std::shared_ptr<spdlog::logger>(std::make_shared<spdlog::logger>(
          "stemma", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  return *logger;
}

void LogWarning(const std::shared_ptr<spdlog::logger>& logger, std::string_view line) noexcept {
  try {
    spdlog::logger& target = logger != nullptr ? *logger : *OwnLogger();
    target.log(spdlog::level::warn, spdlog::string_view_t(line.data(), line.size()));
  } catch (...) {  // a sink that throws although spdlog catches, or no memory
  }
}

}  // namespace stemma::internal
