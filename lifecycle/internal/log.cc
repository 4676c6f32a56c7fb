// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/log.h"

#include "spdlog/logger.h"
#include "spdlog/sinks/stdout_sinks.h"

namespace stemma::internal {
namespace {

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kCritical:
      return spdlog::level::critical;
  }
  return spdlog::level::critical;
}

}  // namespace

const std::shared_ptr<spdlog::logger>& OwnLogger() {
  static const auto* const logger =
      new std::shared_ptr<spdlog::logger>(std::make_shared<spdlog::logger>(
          "stemma", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  return *logger;
}

bool Logs(const std::shared_ptr<spdlog::logger>& logger, LogLevel level) noexcept {
  const spdlog::logger& target = logger != nullptr ? *logger : *OwnLogger();
  return target.should_log(LevelOf(level)) || target.should_backtrace();
}

void Log(const std::shared_ptr<spdlog::logger>& logger, LogLevel level,
         std::string_view line) noexcept {
  try {
    spdlog::logger& target = logger != nullptr ? *logger : *OwnLogger();
    target.log(LevelOf(level), spdlog::string_view_t(line.data(), line.size()));
  } catch (...) {  // a sink that throws although spdlog catches, or no memory
  }
}

}  // namespace stemma::internal
