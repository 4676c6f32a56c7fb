// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/verb.h"

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/stemma/exit_code.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/stemma/version.h"

namespace stemma::tools {
namespace {

constexpr char kExamples[] =
    "  stemma check shop.json             is this manifest one that a supervisor accepts?\n"
    "  stemma graph shop.json             draw it on the terminal\n"
    "  stemma graph -o shop.svg -- ./shop ask the service itself, and make a picture\n";

// The usual help, with examples first: they are kept in the place of the footer.
class ExamplesFirst : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override {
    return app->get_description() + "\n\nExamples:\n" + app->get_footer() + "\n";
  }
  std::string make_footer(const CLI::App*) const override { return ""; }
};

struct Arguments {
  std::vector<std::string> before;                  // `--`
  std::optional<std::vector<std::string>> program;  // what follows it; nothing: no `--`
};

Arguments Split(int argc, const char* const* argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    if (arguments.program.has_value()) {
      arguments.program->push_back(argv[i]);
    } else if (std::string_view(argv[i]) == "--") {
      arguments.program.emplace();
    } else {
      arguments.before.push_back(argv[i]);
    }
  }
  // `stemma help graph` is asked often enough.
  std::vector<std::string>& before = arguments.before;
  if (!before.empty() && before[0] == "help") {
    std::rotate(before.begin(), before.begin() + 1, before.end());
    before.back() = "--help";
  }
  return arguments;
}

int Refuse(std::string_view message, const std::string& verb) {
  Tell(absl::StrCat("stemma: ", absl::string_view(message.data(), message.size()), "\nTry 'stemma",
                    verb.empty() ? "" : " ", verb, " --help'.\n"));
  return kUsage;
}

// What CLI11 says of a wrong command line, with the nearest option if one is unknown.
std::string Explain(const CLI::ParseError& error, const CLI::App& verb,
                    const std::vector<std::string>& arguments) {
  std::vector<std::string> known;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  for (const std::string& argument : arguments) {
    const std::string_view name = std::string_view(argument).substr(0, argument.find('='));
    const bool is_known = std::find(views.begin(), views.end(), name) != views.end();
    if (name.starts_with("--") && !is_known) {
      return absl::StrCat("no option '", Printable(name), "'", DidYouMean(name, views));
    }
  }
  return Printable(error.what());
}

int Run(int argc, const char* const* argv, const std::vector<std::unique_ptr<Verb>>& verbs) {
  CLI::App app("Looks at the component graph of a service that uses Stemma.", "stemma");
  app.footer(kExamples);
  app.formatter(std::make_shared<ExamplesFirst>());
  app.set_help_flag("-h,--help", "Show this help and exit");
  app.set_version_flag(
      "--version", absl::StrCat("stemma ", kVersion, " (manifest version ", kManifestVersion, ")"));
  std::vector<std::string> names;
  std::vector<CLI::App*> parts;
  for (const std::unique_ptr<Verb>& verb : verbs) {
    names.push_back(verb->name());
    parts.push_back(app.add_subcommand(verb->name(), verb->summary()));
    parts.back()->footer(verb->examples());
    verb->Declare(*parts.back());
  }

  Arguments arguments = Split(argc, argv);
  if (arguments.before.empty()) {
    Tell(app.help());
    return kUsage;
  }
  const std::string& first = arguments.before[0];
  const auto chosen = std::find(names.begin(), names.end(), first);
  if (chosen == names.end() && !first.starts_with("-")) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    return Refuse(absl::StrCat("no verb '", Printable(first), "'", DidYouMean(first, views)), "");
  }
  const bool has_verb = chosen != names.end();
  const auto index = static_cast<std::size_t>(chosen - names.begin());

  try {
    std::vector<std::string> reversed(arguments.before.rbegin(), arguments.before.rend());
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    return ExitCodeOf(WriteResult(has_verb ? parts[index]->help("stemma") : app.help()));
  } catch (const CLI::CallForVersion& version) {
    return ExitCodeOf(WriteResult(absl::StrCat(version.what(), "\n")));
  } catch (const CLI::ParseError& error) {
    const CLI::App& part = has_verb ? *parts[index] : app;
    return Refuse(Explain(error, part, arguments.before), has_verb ? *chosen : "");
  }
  if (!has_verb) return Refuse("no verb", "");
  return verbs[index]->Run(arguments.program);
}

}  // namespace

int RunCommandLine(int argc, const char* const* argv,
                   const std::vector<std::unique_ptr<Verb>>& verbs) {
  try {
    return Run(argc, argv, verbs);
  } catch (const std::exception& exception) {
    Tell(absl::StrCat("stemma: a bug, please report it: ", Printable(exception.what()), "\n"));
  } catch (...) {
    Tell("stemma: a bug, please report it: an unknown exception\n");
  }
  return kBug;
}

}  // namespace stemma::tools
