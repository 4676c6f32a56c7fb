#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# embed.sh PAGE.html PAGE.css SCRIPT.js...: writes assets.cc, the page as C++, to standard output.
#
# Style and script go into the page as they are, and the hashes of exactly these bytes into its
# Content-Security-Policy: a browser then runs this script and no other, wherever it came from.
set -euo pipefail
page=$1 style=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$style" "$work/style"
{ printf "'use strict';\n\n"; cat "$@"; } >"$work/script"

# The SHA-256 of an element's text, in base64, as the policy wants it. The text begins with the
# newline after the tag.
hash_of() {
  local hex
  hex=$({ echo; cat "$1"; } | sha256sum | cut -c 1-64)
  # shellcheck disable=SC2059  # the format is what is printed: bytes
  printf "$(printf '%s' "$hex" | sed 's/../\\x&/g')" | base64
}

# A C++ literal for each line: compilers bound the length of a literal, and so do people.
literals() {
  printf 'const std::string_view %s(\n' "$1"
  sed -e 's/[\\"?]/\\&/g' -e 's/.*/    "&\\n"/'
  printf '    "");\n'
}

sed -e "s,@STYLE@,$(hash_of "$work/style")," -e "s,@SCRIPT@,$(hash_of "$work/script")," \
  -e "/@STYLE_TEXT@/r $work/style" -e "/@SCRIPT_TEXT@/r $work/script" -e '/@[A-Z]*_TEXT@/d' "$page" >"$work/page"

cat <<'END'
// Made by embed.sh: change the files that it is made of.
#include "stemma/tools/views/page/assets.h"

namespace stemma::tools {

END
sed '/^@DATA@$/,$d' "$work/page" | literals kPageHead
printf '\n'
sed '1,/^@DATA@$/d' "$work/page" | literals kPageTail
printf '\n}  // namespace stemma::tools\n'
