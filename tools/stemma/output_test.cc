// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/output.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
namespace fs = std::filesystem;

// A directory of its own for each test, gone with all that is in it at the end.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string pattern = fs::temp_directory_path() / "stemma_output_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryDirectory() {
    fs::permissions(path_, fs::perms::owner_all);
    fs::remove_all(path_);
  }
  fs::path operator/(const char* name) const { return path_ / name; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string Contents(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("a result replaces what a file had and keeps its permissions", "[tools]") {
  const TemporaryDirectory dir;
  const fs::path file = dir / "graph.txt";
  REQUIRE(WriteResult("a long first result\n", file).ok());
  CHECK(Contents(file) == "a long first result\n");
  fs::permissions(file, fs::perms(0640));
  REQUIRE(WriteResult("short\n", file).ok());
  CHECK(Contents(file) == "short\n");
  CHECK(fs::status(file).permissions() == fs::perms(0640));
  CHECK(std::distance(fs::directory_iterator(dir.path()), {}) == 1);  // nothing is left beside it
}

TEST_CASE("a new file has the permissions that the umask leaves", "[tools]") {
  const TemporaryDirectory dir;
  const mode_t old = umask(027);
  REQUIRE(WriteResult("x", dir / "file").ok());
  umask(old);
  CHECK(fs::status(dir / "file").permissions() == fs::perms(0640));
}

TEST_CASE("a link stays, and the file that it leads to is replaced", "[tools]") {
  const TemporaryDirectory dir;
  std::ofstream(dir / "file") << "old";
  fs::create_symlink(dir / "file", dir / "link");
  REQUIRE(WriteResult("new", dir / "link").ok());
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(Contents(dir / "file") == "new");
}

TEST_CASE("a link stays that leads to no file yet, and the file is made", "[tools]") {
  const TemporaryDirectory dir;
  fs::create_directory(dir / "below");
  fs::create_symlink("below/link", dir / "link");  // relative to where the link is
  fs::create_symlink("file", dir / "below/link");
  REQUIRE(WriteResult("new", dir / "link").ok());
  CHECK(fs::is_symlink(dir / "link"));
  CHECK(Contents(dir / "below/file") == "new");
}

TEST_CASE("links that lead to each other are an error", "[tools]") {
  const TemporaryDirectory dir;
  fs::create_symlink("b", dir / "a");
  fs::create_symlink("a", dir / "b");
  const absl::Status status = WriteResult("new", dir / "a");
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK_THAT(std::string(status.message()), ContainsSubstring("symbolic links"));
}

TEST_CASE("a directory is an error, and stays", "[tools]") {
  const TemporaryDirectory dir;
  const absl::Status status = WriteResult("x", dir.path());
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK_THAT(std::string(status.message()), ContainsSubstring("Is a directory"));
  CHECK(fs::is_empty(dir.path()));
}

// Does this in a process of its own. Returns: its status, as of waitpid.
int InChild(const std::function<int()>& what) {
  const pid_t child = fork();
  if (child == 0) _exit(what());
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST_CASE("a file that its owner protected is not replaced", "[tools]") {
  const TemporaryDirectory dir;
  fs::permissions(dir.path(), fs::perms::all);
  std::ofstream(dir / "file") << "old";
  fs::permissions(dir / "file", fs::perms(0444));
  const int status = InChild([&] {
    if (geteuid() == 0 && seteuid(65534) != 0) return 2;  // root may write everything
    return WriteResult("new", dir / "file").code() == absl::StatusCode::kAborted ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(Contents(dir / "file") == "old");
}

TEST_CASE("a signal while a file is written leaves the old file and nothing beside it", "[tools]") {
  const TemporaryDirectory dir;
  std::ofstream(dir / "file") << "old";
  // The signal comes when the temporary file has 1000 bytes: growing past its limit raises SIGXFSZ
  // inside the write.
  const int status = InChild([&] {
    const struct rlimit limit = {1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGINT, SIG_DFL);
    signal(SIGXFSZ, [](int) { kill(getpid(), SIGINT); });
    return WriteResult(std::string(2000, 'x'), dir / "file").ok() ? 1 : 2;
  });
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
  CHECK(Contents(dir / "file") == "old");
  CHECK(std::distance(fs::directory_iterator(dir.path()), {}) == 1);
}

TEST_CASE("a device is written to, not replaced", "[tools]") {
  CHECK(WriteResult("x", "/dev/null").ok());
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a file that cannot be written is named with the reason", "[tools]") {
  const absl::Status status = WriteResult("x", "/nonexistent/file");
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK_THAT(std::string(status.message()),
             ContainsSubstring("'/nonexistent/file'") && ContainsSubstring("No such file"));
}

TEST_CASE("when a write fails halfway the file keeps what it had", "[tools]") {
  const TemporaryDirectory dir;
  std::ofstream(dir / "file") << "old";
  // Files may grow to 1000 bytes, as if the disk were full then.
  struct rlimit old_limit;
  REQUIRE(getrlimit(RLIMIT_FSIZE, &old_limit) == 0);
  const struct rlimit limit = {1000, old_limit.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &limit);
  const absl::Status status = WriteResult(std::string(2000, 'x'), dir / "file");
  setrlimit(RLIMIT_FSIZE, &old_limit);
  CHECK(status.code() == absl::StatusCode::kAborted);
  CHECK(Contents(dir / "file") == "old");
  CHECK(std::distance(fs::directory_iterator(dir.path()), {}) == 1);  // nothing is left beside it
  CHECK(WriteResult("x", "/dev/full").code() == absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace stemma::tools
