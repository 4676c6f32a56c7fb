// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_SOURCE_LOCATION_H_
#define STEMMA_LIFECYCLE_SOURCE_LOCATION_H_

#include "stemma/lifecycle/internal/require_cxx20.h"

#if defined(__cpp_lib_source_location)
#include <source_location>
#else
#include <cstdint>
#endif

namespace stemma {

// Where in the source a failure was thrown or reported: `std::source_location`, wherever the
// compiler has it.
//
// Clang before 15 cannot compile libstdc++'s; for it there is a class with the same members, over
// the builtins that it does have.
#if defined(__cpp_lib_source_location)
using SourceLocation = std::source_location;
#else
class SourceLocation {
 public:
  static constexpr SourceLocation current(const char* file = __builtin_FILE(),
                                          const char* function = __builtin_FUNCTION(),
                                          std::uint_least32_t line = __builtin_LINE()) noexcept {
    SourceLocation location;
    location.file_ = file;
    location.function_ = function;
    location.line_ = line;
    return location;
  }

  constexpr SourceLocation() noexcept = default;
  constexpr const char* file_name() const noexcept { return file_; }
  constexpr const char* function_name() const noexcept { return function_; }
  constexpr std::uint_least32_t line() const noexcept { return line_; }
  constexpr std::uint_least32_t column() const noexcept { return 0; }  // not known

 private:
  const char* file_ = "";
  const char* function_ = "";
  std::uint_least32_t line_ = 0;
};
#endif

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_SOURCE_LOCATION_H_
