#!/usr/bin/env bash
# Sourced. The tests themselves: Node.js, in the background, since bash looks at signals only between commands, and
# while it waits; and as a process group, so that a signal reaches Compose and scalr as well.

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

# Until all of them are gone, since they would go on making what is just being taken away; and again and again, since
# scalr ends what it is at only at the second signal.
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
