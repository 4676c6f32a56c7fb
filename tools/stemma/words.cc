// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/words.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

constexpr char kHelp[] = "--help";
constexpr char kVersion[] = "--version";

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return DidYouMean(word, views);
}

std::vector<std::string> NamesOf(const std::vector<DeclaredVerb>& verbs) {
  std::vector<std::string> names;
  for (const DeclaredVerb& verb : verbs) names.push_back(verb.name);
  return names;
}

std::string NoVerb(const DeclaredVerb& command, const std::string& word) {
  const std::vector<std::string> known = NamesOf(command.verbs);
  const std::string suggestion = Suggestion(word, known);
  return absl::StrCat(
      "no verb '", Printable(word), "'",
      suggestion.empty() ? absl::StrCat("; there are ", absl::StrJoin(known, ", ")) : suggestion);
}

// What may have been meant by an option that is none.
std::string NoOption(const DeclaredVerb& verb, const std::string& word) {
  const std::string no_option = absl::StrCat("no option '", Printable(word), "'");
  if (!verb.verbs.empty()) {
    const std::vector<DeclaredVerb>& below = verb.verbs;
    const bool is_of_a_verb =
        std::any_of(below.begin(), below.end(),
                    [&](const DeclaredVerb& other) { return other.FindOption(word) != nullptr; });
    if (is_of_a_verb) {
      return absl::StrCat("the option '", word, "' belongs after the verb: ", verb.path, " VERB ",
                          word);
    }
  }
  // `-format` is taken for `-f`, and so on.
  if (!word.starts_with("--") && verb.FindOption("-" + word) != nullptr) {
    return absl::StrCat(no_option, "; did you mean '-", word, "'?");
  }
  std::vector<std::string> known;
  for (const DeclaredOption& option : verb.options) {
    for (const std::string& name : option.names) {
      if (word.size() == 2 && word[1] != '-') {  // the options that begin with this letter
        if (name.starts_with("-" + word)) known.push_back("'" + name + "'");
      } else if (name.starts_with("--")) {
        known.push_back(name);
      }
    }
  }
  if (word.starts_with("--") || word.size() != 2) return no_option + Suggestion(word, known);
  if (known.empty()) return no_option;
  return absl::StrCat(no_option, "; did you mean ", OneOf(known), "?");
}

std::string Expected(const DeclaredOption& option) {
  const std::vector<std::string> choices = option.choices();
  return choices.empty() ? option.value : OneOf(choices);
}

bool IsWholeNumber(const std::string& value) {
  std::uint64_t number = 0;
  const char* const end = value.data() + value.size();
  const std::from_chars_result read = std::from_chars(value.data(), end, number);
  return read.ec == std::errc() && read.ptr == end;
}

// What is wrong with this value. Empty: nothing that can be seen here.
std::string Unfit(const DeclaredOption& option, const std::string& value) {
  if (option.value == kWholeNumber && !IsWholeNumber(value)) {
    return absl::StrCat(option.name(), " must be a whole number, is '", Printable(value), "'");
  }
  const std::vector<std::string> choices = option.choices();
  if (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end()) {
    return "";
  }
  return absl::StrCat(option.name(), " must be ", OneOf(choices), ", is '", Printable(value), "'",
                      Suggestion(value, choices));
}

class Reader {
 public:
  Reader(const DeclaredVerb& command, std::span<const std::string> words, bool has_program)
      : left_(words) {
    read_.verb = &command;
    read_.has_program = has_program;
    FindPlaces();
  }

  CommandWords Read() {
    while (!left_.empty()) {
      const std::string word = Next();
      if (word.starts_with("--") && word.size() > 2) {
        ReadLong(word);
      } else if (word.starts_with("-") && word.size() > 1) {
        ReadShort(word);
      } else if (!read_.verb->verbs.empty()) {
        ReadVerb(word);
      } else {
        ReadArgument(word);
      }
    }
    if (read_.Has(kHelp) || read_.Has(kVersion)) read_.status = absl::OkStatus();
    return std::move(read_);
  }

 private:
  std::string Next() {
    std::string word = left_.front();
    left_ = left_.subspan(1);
    return word;
  }

  void Wrong(const std::string& message) {
    if (read_.status.ok()) read_.status = absl::InvalidArgumentError(message);
  }

  void FindPlaces() {
    read_.places.clear();
    const DeclaredOption* source = nullptr;
    for (const DeclaredOption& argument : read_.verb->arguments) {
      read_.places.push_back(&argument);
      if (argument.value == kSource) source = &argument;
    }
    if (read_.has_program) std::erase(read_.places, source);
  }

  void ReadVerb(const std::string& word) {
    const DeclaredVerb* const verb = read_.verb->FindVerb(word);
    if (verb != nullptr) {
      read_.verb = verb;
      FindPlaces();
    } else {
      Wrong(NoVerb(*read_.verb, word));
      // Without the verb nothing is known of what follows, but it may ask for help.
      const bool asks = std::find(left_.begin(), left_.end(), kHelp) != left_.end();
      left_ = {};
      if (asks) read_.options.push_back({.option = read_.verb->FindOption(kHelp)});
    }
  }

  void ReadArgument(const std::string& word) {
    const std::size_t place = read_.arguments.size();
    read_.arguments.push_back(word);
    if (place >= read_.places.size() && (read_.places.empty() || !read_.places.back()->repeats)) {
      return Wrong(absl::StrCat(
          "one argument too many: '", Printable(word), "'",
          read_.has_program && read_.verb->takes_program ? "; the source is what follows --" : ""));
    }
    const DeclaredOption& argument = *read_.places[std::min(place, read_.places.size() - 1)];
    if (word.empty()) return Wrong(argument.name() + " must not be empty");
    if (const std::string unfit = Unfit(argument, word); !unfit.empty()) Wrong(unfit);
  }

  void ReadLong(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const DeclaredOption* const option = read_.verb->FindOption(name);
    if (option == nullptr) return Wrong(NoOption(*read_.verb, name));
    if (equals == std::string::npos) return Take(*option);
    if (option->value.empty()) return Wrong(name + " takes no value");
    Give(*option, word.substr(equals + 1));
  }

  // Some flags, and at most one option that takes the rest.
  void ReadShort(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      const DeclaredOption* const option = read_.verb->FindOption(name);
      if (option == nullptr) return Wrong(NoOption(*read_.verb, i == 1 ? word : name));
      if (option->value.empty() || i + 1 == word.size()) {
        Take(*option);
      } else {
        const std::size_t value = word[i + 1] == '=' ? i + 2 : i + 1;
        return Give(*option, word.substr(value));
      }
    }
  }

  // The option's value, if it takes one, is the next word, unless that is an option.
  void Take(const DeclaredOption& option) {
    const std::string next = left_.empty() ? "" : left_.front();
    if (option.takes(next) && read_.verb->FindOption(next.substr(0, next.find('='))) == nullptr) {
      return Give(option, left_.empty() ? "" : Next());
    }
    if (option.takes("")) return Give(option, "");
    if (option.repeats || !read_.Has(option.name())) read_.options.push_back({.option = &option});
  }

  void Give(const DeclaredOption& option, const std::string& value) {
    if (value.empty()) {
      return Wrong(absl::StrCat(option.name(), " needs a value: ", Expected(option)));
    }
    if (const std::string unfit = Unfit(option, value); !unfit.empty()) Wrong(unfit);
    for (const GivenOption& given : read_.options) {
      if (given.option == &option && !option.repeats) {
        Wrong(absl::StrCat(option.name(), " is given twice: '", Printable(given.value), "' and '",
                           Printable(value), "'"));
      }
    }
    read_.options.push_back({.option = &option, .value = value});
  }

  std::span<const std::string> left_;
  CommandWords read_;
};

}  // namespace

std::string OneOf(const std::vector<std::string>& words) {
  if (words.size() < 2) return absl::StrJoin(words, "");
  return absl::StrCat(absl::StrJoin(words.begin(), words.end() - 1, ", "), " or ", words.back());
}

bool CommandWords::Has(std::string_view name) const {
  return std::any_of(options.begin(), options.end(),
                     [&](const GivenOption& given) { return given.option->has_name(name); });
}

CommandWords ReadWords(const DeclaredVerb& command, std::span<const std::string> words,
                       bool has_program) {
  return Reader(command, words, has_program).Read();
}

absl::Status Missing(const CommandWords& words) {
  const DeclaredVerb& verb = *words.verb;
  if (!verb.verbs.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no verb; there are ", absl::StrJoin(NamesOf(verb.verbs), ", ")));
  }
  if (words.has_program && !verb.takes_program) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", verb.path, "' runs no program: nothing may follow --"));
  }
  for (std::size_t place = words.arguments.size(); place < words.places.size(); ++place) {
    const DeclaredOption& argument = *words.places[place];
    if (argument.required) return absl::InvalidArgumentError(argument.name() + " is required");
  }
  return absl::OkStatus();
}

}  // namespace stemma::tools
