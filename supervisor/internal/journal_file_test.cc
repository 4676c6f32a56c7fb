// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/journal_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <string>

#include "spdlog/sinks/ostream_sink.h"
#include "spdlog/spdlog.h"
#include "stemma/supervisor/internal/test_service.h"
#include "stemma/supervisor/journal_writer.h"

namespace stemma::internal {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

// A directory of its own for each test.
class Directory {
 public:
  Directory() {
    std::string pattern = fs::temp_directory_path() / "journal_test_XXXXXX";
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::string operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A logger whose text the test reads.
struct Log {
  std::ostringstream text;  // written under the sink's lock; read once the writer has ended
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
};

std::unique_ptr<JournalFile> Opened(const std::string& path, const Log& log) {
  auto file = JournalFile::Open(path, log.logger);
  REQUIRE(file.ok());
  return *std::move(file);
}

const JournalHeader kHeader = {.declarations = {{.name = "db"}}, .policies = {{}}};

JournalEntry Entry(int number, std::size_t actions = 0) {
  return {.at = std::chrono::nanoseconds(number),
          .input = {.kind = Input::Kind::kTick},
          .actions = std::vector<Action>(actions, {.kind = Action::Kind::kFinish})};
}

// What the file of these lines has.
std::string Expected(const std::vector<JournalEntry>& entries) {
  JournalWriter writer;
  std::string text = writer.Header(kHeader);
  for (const JournalEntry& entry : entries) text += writer.Line(entry);
  return text;
}

// A pipe with a name, and its reader, which reads when the test does.
class Fifo {
 public:
  explicit Fifo(const std::string& path) {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    fd_ = open(path.c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(fd_ >= 0);
    fcntl(fd_, F_SETFL, 0);
  }
  ~Fifo() { Close(); }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  // Reads until there are no more writers.
  std::string ReadAll() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(fd_, buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }
  std::string ReadSome() const {
    char buffer[4096];
    const ssize_t n = read(fd_, buffer, sizeof buffer);
    return std::string(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
  }

 private:
  int fd_ = -1;
};

TEST_CASE("what is recorded is in the file, and all of it once it is closed", "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  const auto file = Opened(directory / "journal", log);
  file->Begin(kHeader);
  file->Record(Entry(1));
  file->Flush(1h);
  CHECK(Contents(directory / "journal") == Expected({Entry(1)}));
  file->Record(Entry(2, 3));
  CHECK(file->Close());
  CHECK(Contents(directory / "journal") == Expected({Entry(1), Entry(2, 3)}));
  CHECK(log.text.str().empty());
}

TEST_CASE("the journal of the run before is kept", "[supervisor][S17]") {
  const Directory directory;
  std::ofstream(directory / "journal") << "what led to the restart\n";
  const Log log;
  Opened(directory / "journal", log)->Begin(kHeader);
  CHECK(Contents(directory / "journal") == Expected({}));
  CHECK(Contents(directory / "journal.old") == "what led to the restart\n");
}

TEST_CASE("a file that cannot be opened is refused, with what and why", "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  const auto missing = JournalFile::Open(directory / "no/such/directory", log.logger);
  CHECK(missing.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(std::string(missing.status().message()),
             ContainsSubstring("cannot open the journal '") &&
                 ContainsSubstring("no/such/directory': No such file or directory"));
  REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
  const auto unread = JournalFile::Open(directory / "pipe", log.logger);
  CHECK_THAT(std::string(unread.status().message()), ContainsSubstring("nobody reads this pipe"));
}

TEST_CASE("a full disk is a warning, one for all that is lost", "[supervisor][S17]") {
  const Log log;
  {
    const auto file = Opened("/dev/full", log);
    file->Begin(kHeader);
    for (int i = 0; i < 5; ++i) {
      file->Record(Entry(i));
      file->Flush(1h);
    }
    CHECK(file->Close());
  }
  const std::string text = log.text.str();
  CHECK_THAT(text, ContainsSubstring("the journal '/dev/full' cannot be written: No space left"));
  CHECK(text.find("cannot be written:") == text.rfind("cannot be written:"));
  CHECK_THAT(text, ContainsSubstring("ends early: 6 lines could not be written"));
}

TEST_CASE("lines that were lost leave a gap, and every line is whole", "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  Fifo fifo(directory / "pipe");
  const auto file = Opened(directory / "pipe", log);
  file->Begin(kHeader);
  file->Flush(1h);
  const std::string header = fifo.ReadSome();
  CHECK(header == Expected({}));
  fifo.Close();  // a broken pipe, and no SIGPIPE
  file->Record(Entry(1));
  file->Record(Entry(2));
  file->Flush(1h);
  const int reader = open((directory / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  file->Record(Entry(3));
  CHECK(file->Close());
  char buffer[4096];
  const ssize_t n = read(reader, buffer, sizeof buffer);
  close(reader);
  REQUIRE(n > 0);
  JournalWriter writer;
  CHECK(std::string(buffer, static_cast<std::size_t>(n)) ==
        JournalWriter::Gap(2) + writer.Line(Entry(3)));
  CHECK_THAT(log.text.str(), ContainsSubstring("cannot be written: Broken pipe") &&
                                 ContainsSubstring("is written again"));
}

TEST_CASE("a line that went out in part is finished before anything else", "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  Fifo fifo(directory / "pipe");
  auto file = Opened(directory / "pipe", log);
  file->Begin(kHeader);
  file->Flush(1h);
  std::string text = fifo.ReadSome();
  file->Record(Entry(1, 10'000));  // more than a pipe holds
  text += fifo.ReadSome();         // part of it is out
  fifo.Close();
  file->Flush(1h);
  file->Record(Entry(2));
  file->Flush(1h);
  // What was in the pipe is gone with its reader; what comes now goes on from there.
  const int reader = open((directory / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  fcntl(reader, F_SETFL, 0);
  std::jthread closer([&] {
    file->Record(Entry(3));
    file->Close();
  });
  std::string rest;
  char buffer[4096];
  while (true) {
    const ssize_t n = read(reader, buffer, sizeof buffer);
    if (n <= 0) break;
    rest.append(buffer, static_cast<std::size_t>(n));
    if (rest.ends_with(JournalWriter().Line(Entry(3)))) break;
  }
  closer.join();
  close(reader);
  const std::string end =
      "\"finish\"}]}\n" + JournalWriter::Gap(1) + JournalWriter().Line(Entry(3));
  CHECK(rest.ends_with(end));
  CHECK(Expected({Entry(1, 10'000)}).ends_with(rest.substr(0, rest.find('\n') + 1)));
}

TEST_CASE("while the file is blocked what finds the queue full is lost, and counted",
          "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  Fifo fifo(directory / "pipe");
  auto file = Opened(directory / "pipe", log);
  file->Begin(kHeader);
  std::string text = fifo.ReadSome();
  file->Record(Entry(0, 10'000));  // more than a pipe holds: the thread waits for the reader
  text += fifo.ReadSome();
  const int kLines = static_cast<int>(JournalFile::kMaxWaiting) + 100;
  for (int i = 1; i <= kLines; ++i) file->Record(Entry(i));  // returns at once, each time
  std::jthread reader([&] { text += fifo.ReadAll(); });
  CHECK(file->Close());
  reader.join();
  std::istringstream lines(text);
  std::string line;
  int written = 0, lost = 0;
  while (std::getline(lines, line)) {
    if (line.starts_with("{\"gap\":")) {
      lost += std::stoi(line.substr(7));
    } else {
      ++written;
    }
  }
  CHECK(lost == 100);
  CHECK(written + lost == kLines + 2);
  CHECK_THAT(log.text.str(), ContainsSubstring("is written too slowly: 100 lines are lost"));
}

TEST_CASE("a pipe that nobody reads does not stall a shutdown", "[supervisor][S17]") {
  const Directory directory;
  const Log log;
  Fifo fifo(directory / "pipe");
  std::vector<Node> nodes;
  for (int i = 0; i < 400; ++i) {  // their first line is more than a pipe holds
    nodes.push_back(
        {.name = "a node with a long name, that is number " + std::to_string(i),
         .factory = [] { return ComponentManagerBuilder().AddWorker(NoopWorker).Build(); }});
  }
  Service service(std::move(nodes), {.journal = directory / "pipe", .logger = log.logger});
  service.Start();
  service.diary.Await("all ready");
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.calls_left_behind.empty());
  CHECK_THAT(log.text.str(), ContainsSubstring("its reader does not read"));
}

TEST_CASE("a supervisor writes its journal to the file of its options", "[supervisor][S17]") {
  const Directory directory;
  Diary diary;
  Part db("db", diary);
  std::vector<Node> nodes(1);
  nodes[0] = {.name = "db", .factory = db.Factory()};
  Service service(std::move(nodes), {.journal = directory / "journal"});
  service.Start();
  service.diary.Await("all ready");
  service.Stop();
  const std::string text = Contents(directory / "journal");
  CHECK_THAT(text, StartsWith("{\"stemma_journal\":1,"));
  CHECK_THAT(text, ContainsSubstring("{\"at\":0,\"input\":\"begin\",\"actions\":["
                                     "{\"event\":\"transition\",\"node\":\"db\",\"incarnation\":1,"
                                     "\"from\":\"waiting\",\"to\":\"starting\"},"
                                     "{\"do\":\"launch\",\"node\":\"db\",\"incarnation\":1}]}\n"));
  CHECK(text.ends_with("{\"do\":\"finish\",\"cause\":{\"kind\":\"stop request\"}}]}\n"));
}

TEST_CASE("a run whose journal cannot be opened is refused, and nothing is launched",
          "[supervisor][S17]") {
  const Directory directory;
  Diary diary;
  Part db("db", diary);
  std::vector<Node> nodes(1);
  nodes[0] = {.name = "db", .factory = db.Factory()};
  Service service(std::move(nodes), {.journal = directory / "no/such/directory"});
  service.Start();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kRefused);
  CHECK_THAT(std::string(result.status.message()), ContainsSubstring("cannot open the journal"));
  CHECK(diary.lines().empty());
}

}  // namespace
}  // namespace stemma::internal
