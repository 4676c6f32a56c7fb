// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/log_format.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace kv {
namespace {

const std::string kSalt = "saltsalt";

// A reader over `bytes`, in a file of its own that goes away with it.
class BytesReader {
 public:
  explicit BytesReader(const std::string& bytes, std::uint64_t begin = 0)
      : file_(std::tmpfile(), &std::fclose),
        reader_(::fileno(file_.get()), kSalt, begin, bytes.size()) {
    std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    std::fflush(file_.get());
  }
  LogReader* operator->() { return &reader_; }

  std::vector<std::string> ReadAll() {
    std::vector<std::string> records;
    for (;;) {
      const auto next = reader_.Next();
      REQUIRE(next.ok());
      if (!next->has_value()) return records;
      records.emplace_back(**next);
    }
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  LogReader reader_;
};

TEST_CASE("a header gives its salt back, and only a sound one does", "[kv]") {
  std::string header = EncodeLogHeader(kSalt);
  CHECK(header.size() == kLogHeaderBytes);
  CHECK(DecodeLogHeader(header) == kSalt);
  for (char& byte : header) {
    byte ^= 1;
    CHECK(!DecodeLogHeader(header));
    byte ^= 1;
  }
  CHECK(!DecodeLogHeader(""));
}

TEST_CASE("records are read as they were written, small and larger than the buffer", "[kv]") {
  const std::vector<std::string> records = {"a", "", std::string(1'000'000, 'x'),
                                            std::string("\0\n", 2)};
  std::string bytes;
  for (const std::string& record : records) bytes += EncodeRecord(kSalt, bytes.size(), record);
  BytesReader reader(bytes);
  CHECK(reader.ReadAll() == records);
  CHECK(reader->offset() == bytes.size());
}

TEST_CASE("a record is sound at its own place and under its own salt only", "[kv]") {
  const std::string record = EncodeRecord(kSalt, 0, "x");
  CHECK(BytesReader(record).ReadAll().size() == 1);
  CHECK(BytesReader("-" + record, 1).ReadAll().empty());
  CHECK(BytesReader(EncodeRecord("SALTSALT", 0, "x")).ReadAll().empty());
}

TEST_CASE("a changed bit anywhere in a record is found", "[kv]") {
  const std::string first = EncodeRecord(kSalt, 0, "hello");
  const std::string both = first + EncodeRecord(kSalt, first.size(), "world");
  for (std::size_t i = 0; i < first.size(); ++i) {
    INFO("byte " << i);
    std::string damaged = both;
    damaged[i] ^= 0x10;
    BytesReader reader(damaged);
    CHECK(reader.ReadAll().empty());
    CHECK(reader->offset() == 0);
    CHECK(*reader->SoundRecordBehind());
  }
}

TEST_CASE("a record that was cut anywhere has no sound one behind", "[kv]") {
  const std::string first = EncodeRecord(kSalt, 0, "hello");
  // The payload is itself a copy of a record: what a client stores must not pass for one.
  const std::string last = EncodeRecord(kSalt, first.size(), first);
  for (std::size_t length = 1; length < last.size(); ++length) {
    INFO("the first " << length << " bytes");
    BytesReader reader(first + last.substr(0, length));
    CHECK(reader.ReadAll() == std::vector<std::string>{"hello"});
    CHECK(reader->offset() == first.size());
    CHECK(!*reader->SoundRecordBehind());
  }
}

}  // namespace
}  // namespace kv
