#!/usr/bin/env bash
# Sourced. One run at a time: each begins with taking away what an earlier one has left.

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
