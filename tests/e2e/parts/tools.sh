#!/usr/bin/env bash
# Sourced. Finds the tools of a run: an engine, a browser, Node.js, and scalr.

find_tools() {
  local node
  docker info >/dev/null 2>&1 || fail "no Docker engine answers; tests/engine/start starts one"
  CHROMIUM=$(find_chromium)
  node=$(scripts/find-node)
  export CHROMIUM PATH="$node:$PATH" NPM_CONFIG_LOGLEVEL=error
  if [[ -z ${SCALR:-} ]]; then
    # Uses the binary of `cargo test`; `cargo build` would compile half of the libraries again, with fewer features.
    cargo test --quiet --locked --no-run
    SCALR=$PWD/target/debug/scalr
  fi
  export SCALR
  if ! cmp --silent tests/e2e/package-lock.json tests/e2e/node_modules/.installed-from; then
    (cd tests/e2e && npm ci --no-audit --no-fund && cp package-lock.json node_modules/.installed-from)
  fi
}

find_chromium() {
  local name
  for name in ${CHROMIUM:-chromium chromium-browser google-chrome}; do
    command -v "$name" && return
  done
  fail "found no browser; install the package chromium, or name one with CHROMIUM"
}
