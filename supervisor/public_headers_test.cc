// SPDX-License-Identifier: Apache-2.0
// What a user's code gets by including these. spdlog is not among it, nor the fmt that it has: a
// user's may be others, and they take time in every file that includes them.
#include "stemma/supervisor/main.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/supervisor/supervisor_component.h"

#if defined(SPDLOG_VERSION) || defined(SPDLOG_VER_MAJOR)
#define HAS_SPDLOG true
#else
#define HAS_SPDLOG false
#endif
#if defined(FMT_VERSION)
#define HAS_FMT true
#else
#define HAS_FMT false
#endif

#include "catch2/catch_test_macros.hpp"

TEST_CASE("the headers for users bring neither spdlog nor fmt along", "[supervisor]") {
  CHECK_FALSE(HAS_SPDLOG);
  CHECK_FALSE(HAS_FMT);
}
