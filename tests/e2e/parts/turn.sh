#!/usr/bin/env bash
# Sourced. Allows one run at a time, since each begins by removing the leftovers of an earlier one.

fail() {
  echo "$0: $*" >&2
  exit 1
}

take_turn() {
  exec {lock}>"${TMPDIR:-/tmp}/scalr-e2e.lock"
  if ! flock --nonblock "$lock"; then
    echo "waiting for another run of these tests"
    flock "$lock"
  fi
}
