// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest_words.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it

TEST_CASE("every verdict has a word of its own", "[supervisor]") {
  CHECK(ManifestWord(ErrorHandlingBehavior::kRestart) == "restart");
  CHECK(ManifestWord(ErrorHandlingBehavior::kStop) == "stop");
  CHECK(ManifestWord(ErrorHandlingBehavior::kStopParents) == "stop_parents");
  CHECK(ManifestWord(ErrorHandlingBehavior::kShutdown) == "shutdown");
  CHECK(ManifestWord(ErrorHandlingBehavior::kSpinHalt) == "spin_halt");
  CHECK(ManifestWord(static_cast<ErrorHandlingBehavior>(17)) == "unknown");
}

TEST_CASE("a duration is written as a person would", "[supervisor]") {
  CHECK(ManifestDuration(30s) == "30s");
  CHECK(ManifestDuration(100ms) == "100ms");
  CHECK(ManifestDuration(90s) == "1m30s");
  CHECK(ManifestDuration(24h) == "24h");
  CHECK(ManifestDuration(0s) == "0");
  CHECK(ManifestDuration(1ns) == "1ns");
  CHECK(ManifestDuration(-5s) == "-5s");
  CHECK(ManifestDuration(nanoseconds::max()) == "none");
}

TEST_CASE("what is written reads back as the same duration", "[supervisor]") {
  for (const nanoseconds duration :
       {nanoseconds(0), nanoseconds(1), nanoseconds(-1), nanoseconds::max(),
        nanoseconds::max() - 1ns, nanoseconds::min(), nanoseconds::min() + 1ns, nanoseconds(1h)}) {
    INFO(duration.count());
    CHECK(ParseManifestDuration(ManifestDuration(duration)) == duration);
  }
}

TEST_CASE("a duration of any size reads back as it was written", "[supervisor]") {
  for (int shift = 0; shift < 63; ++shift) {
    // All digits are used: a size that was rounded on the way would show.
    const nanoseconds duration(0x7654'3210'FEDC'BA98 >> shift);
    INFO(duration.count());
    CHECK(ParseManifestDuration(ManifestDuration(duration)) == duration);
    CHECK(ParseManifestDuration(ManifestDuration(-duration)) == -duration);
  }
}

TEST_CASE("what is not a duration, or is too long for one, is refused", "[supervisor]") {
  for (const char* text : {"", " ", "30", "s", "30 s", "30s ", "fast", "None", "inf", "-inf",
                           "1e3s", "nan", "9999999h", "-9999999h", "2562047h47m16.854775807s"}) {
    INFO(text);
    CHECK_FALSE(ParseManifestDuration(text).has_value());
  }
}

}  // namespace
}  // namespace stemma
