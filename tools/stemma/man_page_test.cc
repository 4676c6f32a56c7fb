// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/man_page.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

DeclaredVerb Tool() {
  const DeclaredOption json = {
      .names = {"--json"}, .description = ".nothing\\here is 'an' -instruction", .group = "G"};
  const DeclaredOption format = {.names = {"-f", "--format"},
                                 .value = "a|b",
                                 .description = std::string(30, 'x') + " " + std::string(60, 'y'),
                                 .group = "Options"};
  return {.path = "tool",
          .summary = "Does things",
          .examples = "  tool draw `a` ~ ^\n",
          .verbs = {{.path = "tool draw",
                     .name = "draw",
                     .summary = "What is it?",
                     .examples = "  tool draw x   'it'\n.PP\n",
                     .arguments = {{.names = {"SOURCE"}, .value = "SOURCE"}},
                     .options = {format, json},
                     .takes_program = true},
                    {.path = "tool latch",
                     .name = "latch",
                     .verbs = {{.path = "tool latch show", .name = "show", .options = {json}}}}}};
}

// What a formatter says against the page. Debian: groff, mandoc
std::string Complaints(const std::string& page, const std::string& command) {
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess({.command = {"/bin/sh", "-c", command + " 2>&1"}, .input = page});
  REQUIRE(answer.ok());
  return answer->text;
}

TEST_CASE("the manual page has each verb, with its own options; the common ones come once",
          "[tools]") {
  const std::string page = ManPage(Tool());
  CHECK_THAT(page, ContainsSubstring(".SS \"tool draw\"\nWhat is it?\n"));
  CHECK_THAT(page, ContainsSubstring("\ntool draw [OPTION...] SOURCE\n"
                                     "tool draw [OPTION...] \\-\\- PROGRAM [ARG...]\n"));
  CHECK_THAT(page, ContainsSubstring("\\fB\\-f, \\-\\-format a|b\\fR\n"));
  CHECK_THAT(page, ContainsSubstring(".SS \"tool latch show\"\n"));
  CHECK(page.find("\\-\\-json") == page.rfind("\\-\\-json"));
  CHECK(page.find(".SH OPTIONS\nEvery verb takes:\n.TP\n\\fB\\-\\-json\\fR\n") < page.size());
}

TEST_CASE("nothing of what is told is taken for an instruction", "[tools]") {
  const std::string page = ManPage(Tool());
  CHECK_THAT(page, ContainsSubstring("\n\\&.nothing\\ehere is \\(aqan\\(aq \\-instruction\n"));
  CHECK_THAT(page, ContainsSubstring("\n\\&.PP\n"));
  CHECK_THAT(page, ContainsSubstring("tool draw \\(gaa\\(ga \\(ti \\(ha\n"));
}

TEST_CASE("those who format manual pages have nothing to say against it", "[tools]") {
  const std::string groff = "groff -ww -z -man -K utf8";
  // There is no date, so that the same declarations give the same page.
  const std::string mandoc = "mandoc -T lint -W warning | grep -v 'missing date'";
  const std::string page = ManPage(Tool());
  CHECK(Complaints(page, groff) == "");
  CHECK(Complaints(page, mandoc) == "");
  // They do look.
  CHECK(Complaints(page + ".nonsense\n", groff) != "");
  CHECK(Complaints(page + ".nonsense\n", mandoc) != "");
}

}  // namespace
}  // namespace stemma::tools
