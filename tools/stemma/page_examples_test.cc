// SPDX-License-Identifier: Apache-2.0
// Runs what a page of docs/ shows, and compares. Usage: page_examples_test PAGE DATA...
//
// Each block of the page that begins with "```console" has commands, "$ stemma ...", and below each
// what it prints, both channels together. They run in the order of the page in one directory, in
// which there are: stemma, service (a small one that links Stemma), the files DATA, and every
// block of the page before which a line says "<!-- file: NAME -->", wherever on the page it is.
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string command = {};
  std::string expected = {};
};

// Returns: whether it shows what is printed.
bool IsTrue(const Example& example) {
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess({.command = {"/bin/sh", "-c", example.command + " 2>&1"},
                  .environment = {"LC_ALL=C.UTF-8", "PATH=.:/usr/bin:/bin"}});
  const std::string printed =
      answer.ok() ? answer->text : std::string(answer.status().message()) + "\n";
  if (printed == example.expected) return true;
  std::cout << "$ " << example.command << "\n--- the page shows\n"
            << example.expected << "--- it prints\n"
            << printed << "---\n";
  return false;
}

// Returns: the examples of the page, and writes its files.
std::vector<Example> ReadPage(const fs::path& page) {
  constexpr std::string_view kFile = "<!-- file: ";
  std::vector<Example> examples;
  std::ifstream in(page);
  std::string file;  // what the next block is the content of
  std::ofstream content;
  enum { kProse, kConsole, kFileBlock, kOtherBlock } where = kProse;
  for (std::string line; std::getline(in, line);) {
    if (where == kProse) {
      if (line.starts_with(kFile)) {
        file = line.substr(kFile.size(), line.find(" -->") - kFile.size());
      }
      if (!line.starts_with("```")) continue;
      where = line == "```console" ? kConsole : file.empty() ? kOtherBlock : kFileBlock;
      if (where == kFileBlock) content.open(file);
      file.clear();
    } else if (line == "```") {
      content.close();
      where = kProse;
    } else if (where == kFileBlock) {
      content << line << "\n";
    } else if (where == kConsole && line.starts_with("$ ")) {
      examples.push_back({.command = line.substr(2)});
    } else if (where == kConsole && !examples.empty()) {
      examples.back().expected += line + "\n";
    }
  }
  return examples;
}

int RunPage(const fs::path& page) {
  const std::vector<Example> examples = ReadPage(page);
  const auto untrue = std::count_if(examples.begin(), examples.end(),
                                    [](const Example& example) { return !IsTrue(example); });
  std::cout << page.filename().string() << ": " << examples.size() << " examples, " << untrue
            << " untrue\n";
  return !examples.empty() && untrue == 0 ? 0 : 1;
}

}  // namespace
}  // namespace stemma::tools

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc < 2) return 2;
  const fs::path page = fs::absolute(argv[1]);
  std::string pattern = fs::temp_directory_path() / "page_examples_XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) return 2;
  const fs::path directory = pattern;
  fs::create_symlink(fs::absolute("tools/stemma/stemma"), directory / "stemma");
  fs::create_symlink(fs::absolute("tools/stemma/sample_service"), directory / "service");
  for (int i = 2; i < argc; ++i) {
    const fs::path data = fs::absolute(argv[i]);
    fs::create_symlink(data, directory / data.filename());
  }
  fs::current_path(directory);
  const int code = stemma::tools::RunPage(page);
  fs::current_path("/");
  fs::remove_all(directory);
  return code;
}
