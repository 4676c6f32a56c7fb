// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/man_page.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "stemma/tools/stemma/exit_code.h"
#include "stemma/tools/stemma/help.h"
#include "stemma/tools/stemma/version.h"

namespace stemma::tools {
namespace {

// Text as it is: nothing of it is an instruction, and quotes and dashes are those that can be
// copied into a shell.
std::string Literal(std::string_view text) {
  std::string literal;
  bool is_begin = true;
  for (const char c : text) {
    if (is_begin && (c == '.' || c == '\'')) literal += "\\&";
    switch (c) {
      case '\\':
        literal += "\\e";
        break;
      case '-':
        literal += "\\-";
        break;
      case '\'':
        literal += "\\(aq";
        break;
      case '`':
        literal += "\\(ga";
        break;
      case '^':
        literal += "\\(ha";
        break;
      case '~':
        literal += "\\(ti";
        break;
      default:
        literal += c;
    }
    is_begin = c == '\n';
  }
  return literal;
}

// Text that fills its lines; in the source they are short, as is the custom.
std::string Filled(std::string_view text) {
  constexpr std::size_t kWidth = 72;
  std::string filled;
  std::size_t column = 0;
  for (const absl::string_view word :
       absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty())) {
    const bool fits = column + 1 + word.size() <= kWidth;
    absl::StrAppend(&filled, column == 0 ? "" : fits ? " " : "\n", word);
    column = fits ? column + 1 + word.size() : word.size();
  }
  return Literal(filled) + "\n";
}

std::string Bold(std::string_view text) { return "\\fB" + Literal(text) + "\\fR"; }

std::string Paragraph(std::string_view term, std::string_view text) {
  return absl::StrCat(".TP\n", std::string(term), "\n", Filled(text));
}

std::string Options(const std::vector<const DeclaredOption*>& options) {
  std::string page;
  for (const DeclaredOption* option : options) {
    page += Paragraph(Bold(Heading(*option)), option->description);
  }
  return page;
}

// Lines that stay as they are.
std::string Verbatim(std::string_view lines) {
  if (lines.empty()) return "";
  while (lines.ends_with('\n')) lines.remove_suffix(1);
  return absl::StrCat(".PP\n.nf\n", Literal(lines), "\n.fi\n");
}

std::string Sentence(const std::string& summary) {
  return summary + (summary.ends_with('?') ? "" : ".");
}

void AppendVerb(const DeclaredVerb& verb, const std::vector<DeclaredOption>& common,
                std::string& page) {
  if (!verb.verbs.empty()) {
    for (const DeclaredVerb& below : verb.verbs) AppendVerb(below, common, page);
    return;
  }
  absl::StrAppend(&page, ".SS \"", Literal(verb.path), "\"\n", Filled(Sentence(verb.summary)),
                  Verbatim(verb.examples), Verbatim(absl::StrJoin(UsageOf(verb), "\n")));
  std::vector<const DeclaredOption*> arguments;
  for (const DeclaredOption& argument : verb.arguments) arguments.push_back(&argument);
  page += Options(arguments);
  for (const auto& [group, options] : InGroups(verb.options)) {
    std::vector<const DeclaredOption*> own;
    for (const DeclaredOption* option : options) {
      const bool is_common =
          std::any_of(common.begin(), common.end(),
                      [&](const DeclaredOption& other) { return other.name() == option->name(); });
      if (!is_common) own.push_back(option);
    }
    if (own.empty()) continue;
    if (group != "Options") absl::StrAppend(&page, ".PP\n", Literal(group), ":\n");
    page += Options(own);
  }
}

}  // namespace

std::string ManPage(const DeclaredVerb& command) {
  const std::vector<DeclaredOption> common = CommonOptions(command);
  std::string page = absl::StrCat(
      ".\\\" Made by: ", command.path, " help --man\n", ".TH ", absl::AsciiStrToUpper(command.path),
      " 1 \"\" \"", command.path, " ", kVersion, "\" \"Stemma\"\n.nh\n.ad l\n", ".SH NAME\n",
      command.path, " \\- looks at component graphs and at runs\n", ".SH SYNOPSIS\n");
  for (const std::string& usage : UsageOf(command)) {
    absl::StrAppend(&page, Literal(usage), "\n.br\n");
  }
  absl::StrAppend(
      &page, Bold(command.path + " help"), " [VERB]\n.SH DESCRIPTION\n",
      Filled(Sentence(command.summary) +
             " A verb says what is to be done. Results go to standard output, "
             "everything else to standard error; the same input gives the same output."),
      Verbatim(command.examples), ".SH VERBS\n");
  for (const DeclaredVerb& verb : command.verbs) AppendVerb(verb, common, page);
  page += ".SH OPTIONS\nEvery verb takes:\n";
  std::vector<const DeclaredOption*> every;
  for (const DeclaredOption& option : common) every.push_back(&option);
  page += Options(every);
  page += ".SH EXIT STATUS\n";
  for (const ExitMeaning& exit : ExitMeanings()) {
    page += Paragraph(Bold(std::to_string(exit.code)), Sentence(exit.meaning));
  }
  page += ".SH ENVIRONMENT\n";
  page += Paragraph(Bold("NO_COLOR"), "If it is not empty, nothing is colored.");
  page += Paragraph(Bold("CLICOLOR_FORCE"),
                    "If it is neither empty nor 0, text is colored though it goes to no terminal.");
  page += Paragraph(Bold("TERM"), "If it is empty or dumb, nothing is colored.");
  page += Paragraph(Bold("LC_ALL, LC_CTYPE, LANG"),
                    "Lines are drawn in ASCII unless the locale is one of UTF-8.");
  return page + ".SH SEE ALSO\n.BR dot (1)\n";
}

}  // namespace stemma::tools
