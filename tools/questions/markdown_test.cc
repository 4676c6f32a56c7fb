// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/markdown.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace stemma::tools {
namespace {

TEST_CASE("names as most are stay readable", "[questions]") {
  CHECK(MarkdownText("db-1") == "db-1");
  CHECK(MarkdownText("shop/ledger.main") == "shop/ledger.main");
  CHECK(MarkdownText("größe") == "größe");
}

TEST_CASE("what would act in Markdown is written out", "[questions]") {
  CHECK(MarkdownText("a|b") == "a&#124;b");
  CHECK(MarkdownText("`rm`") == "&#96;rm&#96;");
  CHECK(MarkdownText("<b onclick=x>") == "&#60;b onclick&#61;x&#62;");
  CHECK(MarkdownText("&lt;") == "&#38;lt&#59;");
  CHECK(MarkdownText("on_error") == "on&#95;error");
  CHECK(MarkdownText("@all #7") == "&#64;all &#35;7");
  CHECK(MarkdownText("[x](http://y)") == "&#91;x&#93;&#40;http&#58;//y&#41;");
  CHECK(MarkdownText("WWW.x.org") == "WWW&#46;x.org");
  CHECK(MarkdownText("- x ") == "&#45; x&#32;");
  CHECK(MarkdownText("a\nb\\") == "a&#92;nb&#92;");
}

TEST_CASE("of ASCII nothing but letters, digits and four marks is left as it is", "[questions]") {
  for (char c = ' '; c < '\x7f'; ++c) {
    const std::string shown = MarkdownText(std::string("x") + c + "x");
    const bool is_plain = std::string(" ,/-.").find(c) != std::string::npos ||
                          (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    CHECK((shown.size() == 3) == is_plain);
  }
}

}  // namespace
}  // namespace stemma::tools
