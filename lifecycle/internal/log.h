// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_LOG_H_
#define STEMMA_LIFECYCLE_INTERNAL_LOG_H_

#include <memory>
#include <string_view>

namespace spdlog {
class logger;
}  // namespace spdlog

namespace stemma::internal {

// The library's own logger, to stderr. It is not in spdlog's registry, whose default logger, levels
// and patterns are the user's; and it is never destroyed, because a thread may log after static
// destructors have begun.
const std::shared_ptr<spdlog::logger>& OwnLogger();

enum class LogLevel { kInfo, kWarning, kError, kCritical };

// True if Log would do something with a line of that level: else nothing needs to be put together.
bool Logs(const std::shared_ptr<spdlog::logger>& logger, LogLevel level) noexcept;

// Logs one line to `logger`, or to the library's own if null. Never throws: nobody could do
// anything about it.
void Log(const std::shared_ptr<spdlog::logger>& logger, LogLevel level,
         std::string_view line) noexcept;

inline void LogWarning(const std::shared_ptr<spdlog::logger>& logger,
                       std::string_view line) noexcept {
  Log(logger, LogLevel::kWarning, line);
}

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_LOG_H_
