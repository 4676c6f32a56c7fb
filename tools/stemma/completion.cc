// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/completion.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/tools/stemma/words.h"

namespace stemma::tools {
namespace {

// One word that is to be completed.
class Completer {
 public:
  Completer(const DeclaredVerb& command, std::span<const std::string> before, std::string word,
            const NodeNames& node_names)
      : command_(command),
        read_(ReadWords(command, before)),
        word_(std::move(word)),
        node_names_(node_names) {
    if (!before.empty()) pending_ = read_.verb->FindOption(before.back());
  }

  Completion Complete() && {
    const std::size_t equals = word_.find('=');
    const DeclaredOption* const joined =
        equals == std::string::npos ? nullptr : read_.verb->FindOption(word_.substr(0, equals));
    if (pending_ != nullptr && pending_->takes(word_)) {
      OfferValues(*pending_, "");
    } else if (joined != nullptr) {
      OfferValues(*joined, word_.substr(0, equals + 1));
    } else if (word_.starts_with("-")) {
      OfferOptions();
    } else if (!read_.verb->verbs.empty()) {
      OfferVerbs(*read_.verb);
    } else {
      OfferArguments();
    }
    return std::move(completion_);
  }

 private:
  void Offer(const std::string& word, const std::string& description) {
    if (word.starts_with(word_)) completion_.candidates.push_back({word, description});
  }

  void OfferVerbs(const DeclaredVerb& verb) {
    for (const DeclaredVerb& below : verb.verbs) Offer(below.name, below.summary);
  }

  void OfferOptions() {
    for (const DeclaredOption& option : read_.verb->options) {
      if (read_.Has(option.name()) && !option.repeats) continue;
      Offer(option.name(), option.description);
    }
    if (read_.verb->takes_program) Offer("--", "a program that tells its graph");
  }

  void OfferArguments() {
    const std::vector<const DeclaredOption*>& places = read_.places;
    if (places.empty()) return;
    const std::size_t place = std::min(read_.arguments.size(), places.size() - 1);
    if (place < read_.arguments.size() && !places[place]->repeats) return;
    OfferValues(*places[place], "");
  }

  void OfferValues(const DeclaredOption& option, const std::string& before) {
    const std::string& value = option.value;
    if (value == "FILE" || value == kSource) completion_.files = true;
    if (value == "VERB") OfferVerbs(*ReadWords(command_, read_.arguments).verb);
    if (value.starts_with("NODE") || value.starts_with("GLOB")) {
      for (const std::string& name : NodesOfSource()) Offer(before + name, "");
    }
    for (const std::string& choice : option.choices()) Offer(before + choice, "");
  }

  std::vector<std::string> NodesOfSource() const {
    if (node_names_ == nullptr) return {};
    for (std::size_t i = 0; i < std::min(read_.arguments.size(), read_.places.size()); ++i) {
      const std::string& value = read_.places[i]->value;
      if ((value == kSource || value == "FILE") && read_.arguments[i] != "-") {
        return node_names_(read_.arguments[i]);
      }
    }
    return {};
  }

  const DeclaredVerb& command_;
  const CommandWords read_;
  const std::string word_;
  const NodeNames& node_names_;
  const DeclaredOption* pending_ = nullptr;  // the word before is an option: this is its value
  Completion completion_ = {};
};

// An older bash takes `=` and `:` for ends of words, so the words are put together again, and of
// what is found the beginning that bash sees as another word is cut off.
constexpr char kBash[] = R"(# Completion for bash, by: stemma completion bash
_stemma() {
  local IFS=$' \t\n' i word words=() answer line shown
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && { [[ $word == [=:]* ]] || [[ ${COMP_WORDS[i - 1]} == *[=:] ]]; }; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  word=${words[${#words[@]} - 1]}
  local cut=${word%"${COMP_WORDS[COMP_CWORD]##[=:]}"}
  for i in "${!words[@]}"; do words[i]=${words[i]//[\\\"\']/}; done
  COMPREPLY=()
  { read -r answer || return 0
    while IFS=$'\t' read -r shown _; do
      printf -v shown %q "$shown"
      COMPREPLY+=("${shown#"$cut"}")
    done
  } < <("${COMP_WORDS[0]/#\~/$HOME}" __complete "${words[@]}" 2>/dev/null)
  if [[ $answer == files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${word#"$cut"}")
  fi
}
complete -F _stemma stemma
)";

constexpr char kZsh[] = R"(#compdef stemma
# Completion for zsh, by: stemma completion zsh
_stemma() {
  local -a lines shown
  local line word
  lines=("${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${(@)lines[2,-1]}"; do
    word=${line%%$'\t'*}
    shown+=("${word//:/\\:}:${line#*$'\t'}")
  done
  local found=1
  (($#shown)) && _describe -V stemma shown && found=0
  [[ $lines[1] == files ]] && _files && found=0
  return found
}
if [[ $funcstack[1] == _stemma ]]; then _stemma "$@"; else compdef _stemma stemma; fi
)";

constexpr char kFish[] = R"(# Completion for fish, by: stemma completion fish
function __stemma_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l answer ($words[1] __complete $words[2..-1] "$word" 2>/dev/null)
    test (count $answer) -gt 1; and printf '%s\n' $answer[2..-1]
    test "$answer[1]" = files; and __fish_complete_path "$word"
end
complete -c stemma -f -a '(__stemma_complete)'
)";

}  // namespace

Completion Complete(const DeclaredVerb& command, std::span<const std::string> words,
                    const NodeNames& node_names) {
  if (words.empty()) return {};
  const std::span<const std::string> before = words.first(words.size() - 1);
  if (std::find(before.begin(), before.end(), "--") != before.end()) return {.files = true};
  return Completer(command, before, words.back(), node_names).Complete();
}

std::string ToString(const Completion& completion) {
  std::string text = completion.files ? "files\n" : "words\n";
  for (const Completion::Candidate& candidate : completion.candidates) {
    if (Printable(candidate.word) != candidate.word) continue;
    absl::StrAppend(&text, candidate.word, "\t", Printable(candidate.description), "\n");
  }
  return text;
}

std::string CompletionScript(const std::string& shell) {
  return shell == "bash" ? kBash : shell == "zsh" ? kZsh : kFish;
}

}  // namespace stemma::tools
