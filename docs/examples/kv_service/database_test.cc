// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/database.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "docs/examples/kv_service/temporary_directory.h"

namespace kv {
namespace {

using std::chrono::milliseconds;

const WallTime kNow{milliseconds(1'000'000)};

std::shared_ptr<AppendLog> OpenLog(const std::string& path, AppendLogOptions options = {}) {
  auto log = AppendLog::Open(path, std::move(options));
  INFO(log.status().ToString());
  REQUIRE(log.ok());
  return *std::move(log);
}

std::shared_ptr<Database> MustLoad(std::shared_ptr<AppendLog> log) {
  auto database = Database::Load(std::move(log));
  INFO(database.status().ToString());
  REQUIRE(database.ok());
  return *std::move(database);
}

TEST_CASE("a database is what it was after its log was opened again", "[kv]") {
  const TemporaryDirectory directory;
  {
    auto database = MustLoad(OpenLog(directory.File("log")));
    CHECK(database->replayed_effects() == 0);
    CHECK(*database->store().Set("a", "1", {.expires = kNow + milliseconds(10)}, kNow));
    CHECK(*database->store().Increment("a", 1, kNow) == 2);
    CHECK(*database->store().Set("b", "x", {}, kNow));
    CHECK(*database->store().Delete({"b"}, kNow) == 1);
    CHECK(database->Commit().ok());
  }
  auto database = MustLoad(OpenLog(directory.File("log")));
  CHECK(database->replayed_effects() == 4);
  CHECK(database->store().Get("a", kNow) == "2");
  CHECK(!database->store().Get("a", kNow + milliseconds(10)));
  CHECK(!database->store().Get("b", kNow));
}

TEST_CASE("a second database on the same open log sees what the first wrote", "[kv]") {
  const TemporaryDirectory directory;
  auto log = OpenLog(directory.File("log"));
  CHECK(*MustLoad(log)->store().Set("a", "1", {}, kNow));
  CHECK(MustLoad(log)->store().Get("a", kNow) == "1");
}

TEST_CASE("once the log is closed a write is unavailable and reads go on", "[kv]") {
  const TemporaryDirectory directory;
  auto log = OpenLog(directory.File("log"));
  auto database = MustLoad(log);
  CHECK(*database->store().Set("a", "1", {}, kNow));
  CHECK(log->Close().ok());
  CHECK(absl::IsUnavailable(database->store().Set("a", "2", {}, kNow).status()));
  CHECK(absl::IsUnavailable(database->Commit()));
  CHECK(database->store().Get("a", kNow) == "1");
}

TEST_CASE("a sound record that is no effect is data loss at its place", "[kv]") {
  const TemporaryDirectory directory;
  auto log = OpenLog(directory.File("log"));
  CHECK(log->Append("nonsense").ok());
  const absl::Status error = Database::Load(log).status();
  CHECK(error.code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(error.message()),
             Catch::Matchers::ContainsSubstring(log->path() + " at offset 24"));
}

TEST_CASE("what was committed under always survives the death of the process at any moment",
          "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  // Writes as fast as it can, and tells each number once it is committed; killed after the 200th.
  int acknowledged[2];
  REQUIRE(::pipe(acknowledged) == 0);
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    auto log = AppendLog::Open(path, {.fsync = FsyncPolicy::kAlways});
    if (!log.ok()) ::_exit(1);
    auto database = Database::Load(*std::move(log));
    if (!database.ok()) ::_exit(1);
    for (;;) {
      const auto value = (*database)->store().Increment("n", 1, kNow);
      if (!value.ok() || !(*database)->Commit().ok()) ::_exit(1);
      if (::write(acknowledged[1], &*value, sizeof(*value)) != sizeof(*value)) ::_exit(1);
    }
  }
  ::close(acknowledged[1]);
  std::int64_t last = 0, next = 0;
  const auto read_one = [&] {
    return ::read(acknowledged[0], &next, sizeof(next)) == static_cast<ssize_t>(sizeof(next));
  };
  while (last < 200 && read_one()) last = next;
  ::kill(writer, SIGKILL);
  while (read_one()) last = next;  // acknowledged before it died
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
  ::close(acknowledged[0]);

  auto database = MustLoad(OpenLog(path));
  const auto value = database->store().Get("n", kNow);
  REQUIRE(value);
  // At most the one write that was committed and not yet told may be there beside them.
  CHECK(std::stoll(*value) >= last);
  CHECK(std::stoll(*value) <= last + 1);
}

}  // namespace
}  // namespace kv
