#!/usr/bin/env bash
# Runs the app's own checks: manifest, backend (ruff, mypy, pytest), frontend (prettier, eslint, tsc, vitest).
# The app need not run; if its database runs, the backend's tests create separate databases on that server.
#
#   scripts/check.sh [manifest|backend|frontend]...      all of them, or some
#
# What they need is installed below the repository's target/ and in frontend/node_modules, once for each state of
# the lock files. Exit code: 0 all is well, 1 a check failed, 2 bad usage, 3 a tool is missing.
set -euo pipefail

app=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
root=$app
while [[ ! -e $root/registered-apps.txt ]]; do
  [[ $root != / ]] || {
    echo "check: no registered-apps.txt above $app" >&2
    exit 3
  }
  root=$(dirname "$root")
done
path=${app#"$root"/}
tools=$root/scripts

check_manifest() {
  if command -v scalr >/dev/null; then
    scalr --root "$root" validate "$app"
  else
    echo 'scalr is not on PATH, so the manifest is not checked (make install, in the repository)'
  fi
}

check_backend() {
  local python venv
  python=$("$tools/find-python") || exit 3
  venv=$("$tools/python-env" "$(basename "$app")-backend" "$python" \
    --require-hashes --requirement "$path/backend/requirements.txt" \
    -- --editable packages/auth-client-py --group "$path/backend/pyproject.toml:dev")
  cd "$app/backend"
  "$venv/bin/ruff" check
  "$venv/bin/ruff" format --check
  "$venv/bin/mypy"
  if find_database; then
    "$venv/bin/pytest" -r s
  else
    "$tools/with-postgres" "$venv/bin/pytest" -r s
  fi
}

# Sets TEST_DATABASE_URL where the app's own database server runs.
find_database() {
  local password port user
  [[ -z ${TEST_DATABASE_URL:-} ]] || return 0
  port=$(value_of DB_PORT "$app/.env.app") user=$(value_of DB_USER "$app/.env.app")
  password=$(value_of POSTGRES_PASSWORD "$root/.env.shared")
  [[ -n $password ]] && (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 1
  echo "the tests use the app's database server, on port $port"
  export TEST_DATABASE_URL="postgresql://$user:$password@127.0.0.1:$port/postgres"
}

value_of() {
  sed -n "s/^$1=//p" "$2" 2>/dev/null | tail -n 1
}

check_frontend() {
  local node
  node=$("$tools/find-node") || exit 3
  cd "$app/frontend"
  export PATH="$node:$PATH"
  if ! cmp --silent package-lock.json node_modules/.installed-from; then
    npm ci --no-audit --no-fund
    cp package-lock.json node_modules/.installed-from
  fi
  npm run check
}

[[ $# -gt 0 ]] || set -- manifest backend frontend
for part; do
  case $part in
    manifest | backend | frontend) ;;
    *)
      echo "usage: scripts/check.sh [manifest|backend|frontend]..." >&2
      exit 2
      ;;
  esac
done
for part; do
  printf '\n== %s\n' "$part"
  set +e # errexit is off inside a condition, so the status is read afterwards
  (
    set -e
    "check_$part"
  )
  status=$?
  set -e
  if ((status != 0)); then
    printf '\n%s FAILED\n' "$part" >&2
    exit "$((status == 3 ? 3 : 1))"
  fi
done
printf '\nall is well\n'
