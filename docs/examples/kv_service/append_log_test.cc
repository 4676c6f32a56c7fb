// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/append_log.h"

#include <sys/resource.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "docs/examples/kv_service/log_format.h"
#include "docs/examples/kv_service/temporary_directory.h"

namespace kv {
namespace {

using Catch::Matchers::ContainsSubstring;
using Records = std::vector<std::string>;

std::unique_ptr<AppendLog> MustOpen(const std::string& path, AppendLogOptions options = {}) {
  auto log = AppendLog::Open(path, std::move(options));
  INFO(log.status().ToString());
  REQUIRE(log.ok());
  return *std::move(log);
}

Records RecordsOf(const AppendLog& log) {
  Records records;
  const absl::Status status = log.Replay([&](std::string_view record) {
    records.emplace_back(record);
    return absl::OkStatus();
  });
  INFO(status.ToString());
  CHECK(status.ok());
  return records;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// A log file with these records in it.
void WriteLog(const std::string& path, const Records& records) {
  auto log = MustOpen(path);
  for (const std::string& record : records) REQUIRE(log->Append(record).ok());
  REQUIRE(log->Close().ok());
}

absl::Status OpenError(const std::string& path) { return AppendLog::Open(path).status(); }

TEST_CASE("what was appended is replayed, now and after another open", "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  {
    auto log = MustOpen(path);
    CHECK(RecordsOf(*log).empty());
    CHECK(log->Append("one").ok());
    CHECK(log->Append("").ok());
    CHECK(RecordsOf(*log) == Records{"one", ""});
    CHECK(log->Append("three").ok());
  }
  auto log = MustOpen(path);
  CHECK(log->torn_bytes() == 0);
  CHECK(RecordsOf(*log) == Records{"one", "", "three"});
  CHECK(log->Append("four").ok());
  CHECK(RecordsOf(*log) == Records{"one", "", "three", "four"});
}

TEST_CASE("a tail torn at any byte is cut off, reported, and appended over", "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  WriteLog(path, {"first"});
  const std::size_t sound = ReadFile(path).size();
  WriteLog(path, {"second"});
  const std::string whole = ReadFile(path);
  for (std::size_t length = sound + 1; length < whole.size(); ++length) {
    INFO("the first " << length << " of " << whole.size() << " bytes");
    WriteFile(path, whole.substr(0, length));
    {
      auto log = MustOpen(path);
      CHECK(log->torn_bytes() == length - sound);
      CHECK(RecordsOf(*log) == Records{"first"});
      CHECK(log->Append("third").ok());
    }
    auto log = MustOpen(path);
    CHECK(log->torn_bytes() == 0);
    CHECK(RecordsOf(*log) == Records{"first", "third"});
  }
}

TEST_CASE("zeros behind the last record are a torn tail", "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  WriteLog(path, {"first"});
  WriteFile(path, ReadFile(path) + std::string(5000, '\0'));
  auto log = MustOpen(path);
  CHECK(log->torn_bytes() == 5000);
  CHECK(RecordsOf(*log) == Records{"first"});
}

TEST_CASE("damage before a sound record is refused with file and offset, and left as it is",
          "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  WriteLog(path, {"first", "second", "third"});
  const std::string whole = ReadFile(path);
  const std::size_t begin = kLogHeaderBytes + kRecordHeadBytes + 5;  // of the second
  const std::size_t end = begin + kRecordHeadBytes + 6;
  for (std::size_t at = begin; at < end; ++at) {
    INFO("byte " << at);
    std::string damaged = whole;
    damaged[at] ^= 0x40;
    WriteFile(path, damaged);
    const absl::Status error = OpenError(path);
    CHECK(error.code() == absl::StatusCode::kDataLoss);
    CHECK_THAT(std::string(error.message()),
               ContainsSubstring(path + " at offset " + std::to_string(begin)));
    CHECK(ReadFile(path) == damaged);
  }
}

TEST_CASE("a damaged header is refused, a header cut short by a crash is written anew", "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  WriteLog(path, {"first"});
  const std::string whole = ReadFile(path);
  for (std::size_t at = 0; at < kLogHeaderBytes; ++at) {
    std::string damaged = whole;
    damaged[at] ^= 1;
    WriteFile(path, damaged);
    CHECK(OpenError(path).code() == absl::StatusCode::kDataLoss);
  }
  for (std::size_t length = 0; length < kLogHeaderBytes; ++length) {
    WriteFile(path, whole.substr(0, length));
    CHECK(RecordsOf(*MustOpen(path)).empty());
    CHECK(ReadFile(path).size() == kLogHeaderBytes);
  }
}

TEST_CASE("a file of another kind is refused and left as it is", "[kv]") {
  const TemporaryDirectory directory;
  const std::string path = directory.File("log");
  for (const std::string content : {"hello", "a text that is longer than the header of a log"}) {
    WriteFile(path, content);
    CHECK(OpenError(path).code() == absl::StatusCode::kDataLoss);
    CHECK(ReadFile(path) == content);
  }
  CHECK(OpenError("/dev/full").code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a log that cannot be opened says which file and why", "[kv]") {
  const TemporaryDirectory directory;
  const absl::Status error = OpenError(directory.File("no/such/log"));
  CHECK(error.code() == absl::StatusCode::kNotFound);
  CHECK_THAT(std::string(error.message()), ContainsSubstring("no/such/log"));
}

TEST_CASE("a log has one owner at a time", "[kv]") {
  const TemporaryDirectory directory;
  auto first = MustOpen(directory.File("log"));
  CHECK(OpenError(first->path()).code() == absl::StatusCode::kFailedPrecondition);
  CHECK(first->Close().ok());
  CHECK(MustOpen(first->path())->Append("x").ok());
}

TEST_CASE("a closed log refuses everything as unavailable", "[kv]") {
  const TemporaryDirectory directory;
  auto log = MustOpen(directory.File("log"));
  CHECK(log->Close().ok());
  CHECK(log->Close().ok());
  CHECK(absl::IsUnavailable(log->Append("x")));
  CHECK(absl::IsUnavailable(log->Commit()));
  CHECK(absl::IsUnavailable(log->Sync()));
  CHECK(absl::IsUnavailable(log->status()));
  CHECK(absl::IsUnavailable(log->Replay([](std::string_view) { return absl::OkStatus(); })));
}

TEST_CASE("an error out of the replay names the record's place", "[kv]") {
  const TemporaryDirectory directory;
  auto log = MustOpen(directory.File("log"));
  REQUIRE(log->Append("first").ok());
  REQUIRE(log->Append("second").ok());
  const absl::Status error = log->Replay([](std::string_view record) {
    return record == "second" ? absl::InvalidArgumentError("no such effect") : absl::OkStatus();
  });
  CHECK(error == absl::InvalidArgumentError(log->path() + " at offset 41: no such effect"));
}

// Counts the syncs; fails them while `error` is not 0.
struct SyncProbe {
  std::atomic<int> syncs = 0, error = 0, attentions = 0;

  AppendLogOptions Options(FsyncPolicy policy) {
    AppendLogOptions options{.fsync = policy};
    options.needs_attention = [this] { ++attentions; };
    options.calls.fdatasync = [this](int fd) {
      ++syncs;
      if (error == 0) return ::fdatasync(fd);
      errno = error;
      return -1;
    };
    return options;
  }
};

TEST_CASE("under always, one sync covers a batch, and an empty batch needs none", "[kv]") {
  const TemporaryDirectory directory;
  SyncProbe probe;
  auto log = MustOpen(directory.File("log"), probe.Options(FsyncPolicy::kAlways));
  const int before = probe.syncs;
  for (int i = 0; i < 100; ++i) REQUIRE(log->Append("record").ok());
  CHECK(log->dirty());
  CHECK(log->Commit().ok());
  CHECK(!log->dirty());
  CHECK(probe.syncs == before + 1);
  CHECK(log->Commit().ok());
  CHECK(probe.syncs == before + 1);
  CHECK(probe.attentions == 0);
}

TEST_CASE("under everysec, the owner is told once per sync that one is due", "[kv]") {
  const TemporaryDirectory directory;
  SyncProbe probe;
  auto log = MustOpen(directory.File("log"), probe.Options(FsyncPolicy::kEverySec));
  const int before = probe.syncs;
  REQUIRE(log->Append("a").ok());
  REQUIRE(log->Append("b").ok());
  CHECK(log->Commit().ok());
  CHECK(probe.syncs == before);
  CHECK(probe.attentions == 1);
  CHECK(log->Sync().ok());
  CHECK(probe.syncs == before + 1);
  REQUIRE(log->Append("c").ok());
  CHECK(probe.attentions == 2);
  CHECK(log->Close().ok());  // syncs what is left
  CHECK(probe.syncs == before + 2);
}

TEST_CASE("under no, nothing is synced and nobody is told", "[kv]") {
  const TemporaryDirectory directory;
  SyncProbe probe;
  auto log = MustOpen(directory.File("log"), probe.Options(FsyncPolicy::kNo));
  const int before = probe.syncs;
  REQUIRE(log->Append("a").ok());
  CHECK(log->Commit().ok());
  CHECK(log->Close().ok());
  CHECK(probe.syncs == before);
  CHECK(probe.attentions == 0);
}

TEST_CASE("a failed sync breaks the log for good, and drops what was never acknowledged", "[kv]") {
  const TemporaryDirectory directory;
  SyncProbe probe;
  auto log = MustOpen(directory.File("log"), probe.Options(FsyncPolicy::kAlways));
  REQUIRE(log->Append("acknowledged").ok());
  REQUIRE(log->Commit().ok());
  REQUIRE(log->Append("lost").ok());
  probe.error = EIO;
  const absl::Status broken = log->Commit();
  CHECK(!broken.ok());
  CHECK_THAT(std::string(broken.message()), ContainsSubstring("broken"));
  CHECK(probe.attentions == 1);
  probe.error = 0;  // the kernel would now report success
  CHECK(log->Commit() == broken);
  CHECK(log->Append("more") == broken);
  CHECK(log->status() == broken);
  CHECK(!log->dirty());  // there is nothing left that a sync could save
  CHECK(log->Close().ok());
  CHECK(RecordsOf(*MustOpen(log->path())) == Records{"acknowledged"});
}

TEST_CASE("a write that fails half-way leaves no part of the record behind", "[kv]") {
  const TemporaryDirectory directory;
  bool full = false;
  AppendLogOptions options;
  options.calls.write = [&](int fd, const void* bytes, std::size_t count) -> ssize_t {
    if (!full) return ::write(fd, bytes, std::min<std::size_t>(count, 7));  // short, but no error
    if (count > 8) return ::write(fd, bytes, 5);
    errno = ENOSPC;
    return -1;
  };
  auto log = MustOpen(directory.File("log"), options);
  REQUIRE(log->Append("before").ok());
  const std::string before = ReadFile(log->path());
  full = true;
  const absl::Status error = log->Append("refused");
  CHECK(absl::IsResourceExhausted(error));
  CHECK_THAT(std::string(error.message()), ContainsSubstring(log->path()));
  CHECK(ReadFile(log->path()) == before);
  full = false;
  CHECK(log->Append("after").ok());
  CHECK(RecordsOf(*log) == Records{"before", "after"});
}

TEST_CASE("a part of a record that cannot be cut off breaks the log", "[kv]") {
  const TemporaryDirectory directory;
  bool failing = false;
  int attentions = 0;
  AppendLogOptions options{.needs_attention = [&] { ++attentions; }};
  options.calls.write = [&](int fd, const void* bytes, std::size_t count) -> ssize_t {
    if (!failing || count > 8) return ::write(fd, bytes, failing ? 5 : count);
    errno = EIO;
    return -1;
  };
  options.calls.ftruncate = [&](int fd, off_t length) {
    if (!failing) return ::ftruncate(fd, length);
    errno = EIO;
    return -1;
  };
  auto log = MustOpen(directory.File("log"), options);
  REQUIRE(log->Append("before").ok());
  attentions = 0;
  failing = true;
  CHECK(!log->Append("refused").ok());
  CHECK(attentions == 1);
  failing = false;
  CHECK(!log->Append("after").ok());
  log.reset();
  log = MustOpen(directory.File("log"));
  CHECK(log->torn_bytes() > 0);
  CHECK(RecordsOf(*log) == Records{"before"});
}

// The real thing: the kernel refuses to let the file grow, as on a full disk.
TEST_CASE("a file that may not grow refuses the record and stays usable", "[kv]") {
  const TemporaryDirectory directory;
  auto log = MustOpen(directory.File("log"));
  REQUIRE(log->Append("before").ok());
  const auto previous_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit previous{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &previous) == 0);
  rlimit limit = previous;
  limit.rlim_cur = log->size_bytes() + 5;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  const absl::Status error = log->Append("does not fit");
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &previous) == 0);
  std::signal(SIGXFSZ, previous_handler);
  CHECK(!error.ok());
  CHECK(log->status().ok());
  CHECK(log->Append("after").ok());
  CHECK(RecordsOf(*log) == Records{"before", "after"});
}

TEST_CASE("many threads append, commit and sync one log", "[kv]") {
  const TemporaryDirectory directory;
  auto log = MustOpen(directory.File("log"), {.fsync = FsyncPolicy::kAlways});
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          if (!log->Append(std::to_string(t)).ok()) ++failures;
          if (!log->Commit().ok()) ++failures;
        }
      });
    }
  }
  CHECK(failures == 0);
  CHECK(!log->dirty());
  CHECK(RecordsOf(*log).size() == 200);
}

}  // namespace
}  // namespace kv
