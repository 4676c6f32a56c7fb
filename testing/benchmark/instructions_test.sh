#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How many instructions the parts without threads take must not grow faster than it may: counted by callgrind, so that it
# is the same on every machine and under every load.
#
#     instructions_test.sh GUARDED_WORK
set -euo pipefail
work=$1
if ! command -v valgrind >/dev/null; then
  echo "skipped: there is no valgrind here (./tools/test installs it)"
  exit 0
fi

# count WHAT NODES
count() {
  local said
  said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='void stemma::benchmark::Guarded<*' \
    "$work" "$1" "$2" 2>&1) || { echo "$said" >&2; exit 1; }
  sed -nE 's/^==[0-9]+== Collected : ([0-9]+)$/\1/p' <<<"$said"
}

# check WHAT FEW MANY GROWTH UNIT: from FEW nodes to MANY, the work may take GROWTH hundredths as many instructions.
failed=0
check() {
  local few many
  few=$(count "$1" "$2")
  many=$(count "$1" "$3")
  echo "$1: $few instructions with $2 nodes, $many with $3: at most $4 hundredths of that"
  if [ "${few:-0}" -lt 1000 ]; then echo "too few to be true" >&2; failed=1; fi
  if [ $((many * 100)) -gt $((few * $4)) ]; then echo "$1: too many" >&2; failed=1; fi
}

# An input costs the same in a graph of any size.
check inputs 10 20000 150
# A cascade, by what it takes down.
check cascade 1000 10000 1500
# A graph, by its nodes and edges.
check create 1000 10000 1300
exit "$failed"
