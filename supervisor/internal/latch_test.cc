// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/latch.h"

#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"

namespace stemma::internal {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

// A directory of its own for each test, and a latch in it.
struct Place {
  Place() {
    REQUIRE(mkdtemp(directory.data()) != nullptr);
    latch = directory + "/latch";
  }
  ~Place() { fs::remove_all(directory); }
  std::string directory = fs::temp_directory_path() / "stemma_latch_XXXXXX";
  std::string latch;
};

std::string Text(const std::string& why = "db/main failed") {
  return LatchText("db", why, std::chrono::system_clock::from_time_t(1'700'000'000));
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST_CASE("a latch says who, why and when, in one line", "[supervisor][S21]") {
  const std::string text = Text("a \"reason\"\nof two lines");
  CHECK_THAT(text, StartsWith("stemma spin halt at 2023-11-14T22:13:20Z by 'db' of process "));
  CHECK_THAT(text, EndsWith("of two lines\n"));
  CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("a latch that was written is there until it is cleared", "[supervisor][S21]") {
  const Place place;
  CHECK(CheckLatch(place.latch).ok());
  CHECK(absl::IsNotFound(ReadLatch(place.latch).status()));
  REQUIRE(WriteLatch(place.latch, Text()).ok());
  CHECK(*ReadLatch(place.latch) + "\n" == Text());
  const absl::Status refused = CheckLatch(place.latch);
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK_THAT(Message(refused), ContainsSubstring("'" + place.latch + "'"));
  CHECK_THAT(Message(refused), ContainsSubstring("by 'db'"));
  CHECK_THAT(Message(refused), ContainsSubstring("db/main failed"));
  CHECK_THAT(Message(refused), EndsWith("stemma latch clear " + place.latch));
  REQUIRE(ClearLatch(place.latch).ok());
  CHECK(CheckLatch(place.latch).ok());
  CHECK(absl::IsNotFound(ClearLatch(place.latch)));
}

TEST_CASE("a later halt replaces the latch, and nothing is left beside it", "[supervisor][S21]") {
  const Place place;
  REQUIRE(WriteLatch(place.latch, Text("the first")).ok());
  REQUIRE(WriteLatch(place.latch, Text("the second")).ok());
  CHECK_THAT(*ReadLatch(place.latch), EndsWith("the second"));
  CHECK(std::distance(fs::directory_iterator(place.directory), {}) == 1);
}

TEST_CASE("whoever has to look at a latch may read it", "[supervisor][S21]") {
  const Place place;
  REQUIRE(WriteLatch(place.latch, Text()).ok());
  struct stat status = {};
  REQUIRE(stat(place.latch.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0644);
}

TEST_CASE("a path without a directory is a latch in the current one", "[supervisor][S21]") {
  const Place place;
  const fs::path before = fs::current_path();
  fs::current_path(place.directory);
  const absl::Status written = WriteLatch("latch", Text());
  const absl::Status cleared = ClearLatch("latch");
  fs::current_path(before);
  CHECK(written.ok());
  CHECK(cleared.ok());
}

TEST_CASE("a latch that cannot be written leaves nothing behind, and the reason is told",
          "[supervisor][S21]") {
  const Place place;
  SECTION("there is no such directory") {
    CHECK_THAT(Message(WriteLatch(place.directory + "/missing/latch", Text())),
               EndsWith("/missing/latch' could not be written: No such file or directory"));
  }
  SECTION("there is a directory of that name") {
    fs::create_directory(place.latch);
    CHECK_THAT(Message(WriteLatch(place.latch, Text())), EndsWith("Is a directory"));
    fs::remove(place.latch);
  }
  CHECK(fs::is_empty(place.directory));
}

TEST_CASE("what cannot be read refuses, and cannot be cleared", "[supervisor][S21]") {
  const Place place;
  std::string reason;
  SECTION("a directory") {
    fs::create_directory(place.latch);
    reason = "Is a directory";
  }
  SECTION("a link to itself") {
    fs::create_symlink(place.latch, place.latch);
    reason = "Too many levels of symbolic links";
  }
  SECTION("a link to nowhere") {
    fs::create_symlink("nowhere", place.latch);
    reason = "No such file or directory";
  }
  SECTION("a pipe") {
    REQUIRE(mkfifo(place.latch.c_str(), 0600) == 0);
    reason = "it is not a file";
  }
  CHECK(absl::IsFailedPrecondition(ReadLatch(place.latch).status()));
  CHECK_THAT(Message(CheckLatch(place.latch)), ContainsSubstring("cannot be read: " + reason));
  CHECK(absl::IsFailedPrecondition(ClearLatch(place.latch)));
  CHECK(fs::symlink_status(place.latch).type() != fs::file_type::not_found);
}

TEST_CASE("an empty file in its place is a latch, too", "[supervisor][S21]") {
  const Place place;
  std::ofstream(place.latch).close();
  CHECK_THAT(Message(CheckLatch(place.latch)), ContainsSubstring("it is empty"));
  CHECK(ClearLatch(place.latch).ok());
}

TEST_CASE("a file that is no latch refuses, and is not cleared by mistake", "[supervisor][S21]") {
  const Place place;
  std::ofstream(place.latch) << "my notes\nand more of them\n";
  CHECK_THAT(Message(CheckLatch(place.latch)), ContainsSubstring("says: my notes"));
  CHECK(absl::IsInvalidArgument(ClearLatch(place.latch)));
  CHECK(fs::exists(place.latch));
}

TEST_CASE("without a path there is no latch", "[supervisor][S21]") { CHECK(CheckLatch("").ok()); }

}  // namespace
}  // namespace stemma::internal
