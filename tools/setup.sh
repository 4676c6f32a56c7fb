# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it: installs what this machine lacks, and says what.
#
# Known: Debian 12. Elsewhere nothing is installed; what is missing is named and the script ends.

say() { printf '\n== %s\n' "$*"; }
die() { printf '%s\n' "$(basename "$0"): $*" >&2; exit 69; }  # EX_UNAVAILABLE

# For bazel, which is quiet otherwise: a line now and then while it works.
show_progress=(--show_progress --show_progress_rate_limit=15)

# Debian package -> what shows on another system that the thing itself is there: a command, a module of pkg-config's or
# one of python3's.
stemma_needs=(
  "bazel-bootstrap command:bazel"
  "bazel-platforms command:bazel"
  "bazel-rules-java command:bazel"
  "bazel-rules-proto command:bazel"
  "g++ command:g++"
  "pkg-config command:pkg-config"
  "libabsl-dev module:absl_status"
  "libspdlog-dev module:spdlog"
  "nlohmann-json3-dev module:nlohmann_json"
  "libcli11-dev module:CLI11"
  "graphviz command:dot"
  "redis-tools command:redis-cli"
)
stemma_test_needs=(
  "catch2 module:catch2-with-main"
  "libgmock-dev module:gmock_main"
  "libgtest-dev module:gtest"
  "fish command:fish"
  "groff-base command:groff"
  "mandoc command:mandoc"
  "python3-jsonschema python:jsonschema"
  "zsh command:zsh"
  "chromium command:chromium"
  "chromium-driver command:chromedriver"
  "python3-selenium python:selenium"
  "valgrind command:valgrind"
)
stemma_lint_needs=(
  "clang-tidy command:clang-tidy"
)
stemma_fuzz_needs=(
  "clang command:clang"
  "libclang-rt-dev command:clang"  # libFuzzer and the sanitizers; elsewhere a part of clang
  "llvm command:llvm-symbolizer"
)
stemma_coverage_needs=(
  "clang command:clang"
  "libclang-rt-dev command:clang"
  "llvm command:llvm-cov"
  "python3 command:python3"
)
stemma_benchmark_needs=(
  "libbenchmark-dev module:benchmark"
  "python3 command:python3"
)

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else die "installing packages needs root, and there is no sudo here: run as root: $*"; fi
}

is_debian_12() { [ -r /etc/os-release ] && ( . /etc/os-release; [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ] ); }

installed() {  # package
  local status
  status=$(dpkg-query -W -f '${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 1
  case "$1 $status" in
    "catch2 installed 3."*) return 0 ;;
    "catch2 "*) return 1 ;;  # Debian 12 itself has version 2
    *" installed "*) return 0 ;;
  esac
  return 1
}

# Catch2 version 3 comes from the backports of the same mirror that this machine already uses.
enable_backports() {
  apt-cache policy catch2 2>/dev/null | grep -q bookworm-backports && return
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
  [ -n "$mirror" ] || die "apt knows no mirror of Debian 12 (bookworm): name one in /etc/apt/sources.list.d, then run this again"
  say "adding bookworm-backports (for Catch2 version 3): /etc/apt/sources.list.d/bookworm-backports.sources"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: %s\n' \
    "$mirror" /usr/share/keyrings/debian-archive-keyring.gpg |
    as_root tee /etc/apt/sources.list.d/bookworm-backports.sources >/dev/null
  as_root apt-get update -qq
}

# setup NEED...: each "package what-shows-that-it-is-there".
setup() {
  local need missing=()
  if ! is_debian_12; then
    for need in "$@"; do
      case "${need#* }" in
        command:*) command -v "${need#* command:}" >/dev/null || missing+=("${need#* command:}") ;;
        python:*) /usr/bin/python3 -c "import ${need#* python:}" 2>/dev/null || missing+=("${need#* python:} (for python3)") ;;
        module:*) pkg-config --exists "${need#* module:}" 2>/dev/null || missing+=("${need#* module:} (development files)") ;;
      esac
    done
    [ "${#missing[@]}" = 0 ] && return
    printf '%s\n' "This script installs packages on Debian 12 only. Missing here:" >&2
    printf '  %s\n' "${missing[@]}" | sort -u >&2
    die "install these (Bazel 4.2.3 or later, g++ 12 or later, Catch2 3, GoogleTest 1.12 or later, Abseil 20220623 or later), then run this again"
  fi
  for need in "$@"; do installed "${need%% *}" || missing+=("${need%% *}"); done
  [ "${#missing[@]}" = 0 ] && return
  say "installing Debian packages: ${missing[*]}"
  as_root apt-get update -qq
  local i
  for i in "${!missing[@]}"; do
    [ "${missing[$i]}" = catch2 ] || continue
    enable_backports
    missing[i]=catch2/bookworm-backports
  done
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install: ${missing[*]}"
}
