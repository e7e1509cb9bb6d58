#!/usr/bin/env bash
# Sourced. Runs the tests in Node.js: in the background, since bash handles signals only between commands and
# during `wait`; and as a process group, so that a signal reaches Compose and scalr as well.

# run_tests FILE REPOSITORY OUT: the tests of src/FILE, on the clone. Pictures go to OUT/screenshots.
run_tests() {
  local preload
  preload=$(dirname "$2")/no-netlink.so
  cc -shared -fPIC -o "$preload" tests/e2e/no-netlink.c
  rm -rf "$3/screenshots"
  mkdir -p "$3/screenshots"
  set -m
  (
    cd tests/e2e || exit
    E2E_PRELOAD=$preload E2E_REPOSITORY=$2 E2E_OUT=$3 exec node --import tsx --test-reporter=spec "src/$1"
  ) &
  tests=$!
  set +m
  wait "$tests"
}

# Repeats until all processes are gone, since they would create again what is being removed. It sends the signal
# repeatedly, since scalr ends running steps only at the second one.
stop_tests() {
  local _
  if [[ -n ${tests:-} ]]; then
    for _ in {1..60}; do
      kill -TERM -- "-$tests" 2>/dev/null || break
      sleep 1
    done
  fi
  exit 130
}
