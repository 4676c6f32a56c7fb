// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/source.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <string>

#include "absl/status/status.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

SourceRequest Shell(const std::string& script) {
  return {.program = std::vector<std::string>{"/bin/sh", "-c", script}};
}

TEST_CASE("a file's text has places, a program's answer has none", "[tools]") {
  const absl::StatusOr<SourceText> file = ReadSource({.file = "/dev/null"});
  REQUIRE(file.ok());
  CHECK(file->text.empty());
  CHECK(file->label == "/dev/null");
  CHECK(file->has_places);
  const absl::StatusOr<SourceText> answer = ReadSource(Shell("echo {} >&$STEMMA_MANIFEST_FD"));
  REQUIRE(answer.ok());
  CHECK(answer->text == "{}\n");
  CHECK(answer->label == "/bin/sh");
  CHECK_FALSE(answer->has_places);
}

TEST_CASE("exactly one source is asked for", "[tools]") {
  for (const SourceRequest& request :
       {SourceRequest{}, SourceRequest{.program = std::vector<std::string>{}},
        SourceRequest{.program = std::vector<std::string>{""}},
        SourceRequest{.file = "a", .program = std::vector<std::string>{"b"}}}) {
    CHECK(ReadSource(request).status().code() == absl::StatusCode::kInvalidArgument);
  }
}

TEST_CASE("a file that cannot be read is named with the reason", "[tools]") {
  const absl::Status missing = ReadSource({.file = "/nonexistent"}).status();
  CHECK(missing.code() == absl::StatusCode::kNotFound);
  CHECK_THAT(std::string(missing.message()),
             ContainsSubstring("'/nonexistent'") && ContainsSubstring("No such file"));
  CHECK(ReadSource({.file = "/"}).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("what is larger than any manifest is not read to its end", "[tools]") {
  CHECK(ReadSource({.file = "/dev/zero"}).status().code() == absl::StatusCode::kDataLoss);
}

TEST_CASE("a program that breaks off its answer has not answered", "[tools]") {
  const absl::Status exited = ReadSource(Shell("echo {} >&3; exit 7")).status();
  CHECK(exited.code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(exited.message()), ContainsSubstring("exit code 7 while it answered"));
  const absl::Status killed = ReadSource(Shell("echo {} >&3; kill -ABRT $$")).status();
  CHECK(killed.code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(killed.message()),
             ContainsSubstring("signal 6") && ContainsSubstring("while it answered"));
}

TEST_CASE("what a program prints is not mistaken for its answer", "[tools]") {
  const absl::Status status = ReadSource(Shell("echo '{\"stemma_manifest\": 1}'")).status();
  CHECK(status.code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(status.message()), ContainsSubstring("without answering"));
}

}  // namespace
}  // namespace stemma::tools
