// SPDX-License-Identifier: Apache-2.0
// Checks that the code that a page of the documentation shows is code that is built:
//
//   page_test PAGE SOURCE...
//
// Each ```cpp block of PAGE, and each ```text block, which is what a test finds printed, must stand
// in one of the SOURCEs, line by line but for the indentation.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string Contents(const fs::path& path) {
  std::ifstream file(path);
  if (!file) std::cerr << path << ": cannot be read\n";
  return {std::istreambuf_iterator<char>(file), {}};
}

// Without the indentation, and with a line's end before and after, so that only whole lines match.
std::string Unindented(const std::string& text) {
  std::istringstream lines(text);
  std::string unindented = "\n";
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(' ');
    unindented += (begin == std::string::npos ? "" : line.substr(begin)) + "\n";
  }
  return unindented;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  const fs::path page_path = argv[1];
  const std::string page = Contents(page_path);
  std::vector<std::string> sources;
  for (int i = 2; i < argc; ++i) sources.push_back(Unindented(Contents(argv[i])));

  int blocks = 0, wrong = 0;
  for (const std::string begin : {"```cpp\n", "```text\n"}) {
    for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
      at += begin.size();
      const std::string block = page.substr(at, page.find("```", at) - at);
      ++blocks;
      bool shown = false;
      for (const std::string& source : sources) {
        shown |= source.find(Unindented(block)) != std::string::npos;
      }
      if (shown) continue;
      ++wrong;
      std::cerr << page_path.string() << ": in none of its sources:\n" << block << "\n";
    }
  }
  if (blocks == 0) std::cerr << page_path.string() << ": shows no code\n";
  return blocks > 0 && wrong == 0 ? 0 : 1;
}
