#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What docs/testing.md says of STEMMA_INJECT: injecting_main_test.sh PROGRAM
set -u
program=$1

fail() {
  echo "FAILED: $1" >&2
  echo "$out" >&2
  exit 1
}

out=$(STEMMA_INJECT="db:factory" "$program" 2>&1)
[ $? -eq 70 ] || fail "a db that cannot be made shuts the service down"
case $out in *"STEMMA_INJECT is set: failures are injected: db:factory"*) ;; *) fail "it is said" ;; esac
case $out in *"db failed (Factory): INTERNAL: injected"*) ;; *) fail "db has failed" ;; esac

out=$(STEMMA_INJECT="bd:factory" "$program" 2>&1)
[ $? -eq 64 ] || fail "a node that is not there is refused"
case $out in *"there is no node 'bd'; did you mean 'db'?"*) ;; *) fail "the nearest one is named" ;; esac
