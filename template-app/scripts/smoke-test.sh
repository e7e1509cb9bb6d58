#!/usr/bin/env bash
# Asks a running app whether it works: its configuration, its backend and database, its page, and the way
# through the gateway. Takes seconds, changes nothing, and needs bash, curl and jq.
#
#   scripts/smoke-test.sh
#
# SMOKE_WAIT     seconds to wait for the app to become ready (60)
# SMOKE_GATEWAY  the gateway's address (http://127.0.0.1:80), or `skip` where none runs
#
# Exit code: 0 all is well, 1 a check failed, 3 something that the checks need is missing.
set -uo pipefail

wait_seconds=${SMOKE_WAIT:-60}
gateway=${SMOKE_GATEWAY:-http://127.0.0.1:80}
failures=0

pass() { printf 'ok    %s\n' "$1"; }
fail() {
  failures=$((failures + 1))
  printf 'FAIL  %s\n      %s\n' "$1" "$2"
}
give_up() {
  printf 'smoke-test: %s\n' "$1" >&2
  exit 3
}

# The nearest folder at or above $1 that holds the file $2.
find_up() {
  local folder=$1
  while [[ ! -e $folder/$2 ]]; do
    [[ $folder != / && $folder != . ]] || return 1
    folder=$(dirname "$folder")
  done
  printf '%s\n' "$folder"
}

# The value of $1 in .env.app: for the slug and the ports, which need no escapes. The last line that sets it
# counts, so a line break in the app's name, which stands first, cannot pass for one.
setting() {
  local value
  value=$(sed -n "s/^$1=//p" "$app/.env.app" | tail -n 1)
  value=${value%$'\r'}
  [[ $value == \"*\" || $value == \'*\' ]] && value=${value:1:-1}
  [[ -n $value ]] || give_up "$app/.env.app has no $1"
  printf '%s\n' "$value"
}

# GET $1 with the curl options after it: the body, then the status on a line of its own.
# The status is 000 where there was no answer.
get() {
  curl --silent --max-time 10 --write-out '\n%{http_code}' "${@:2}" -- "$1"
}
status_of() { tail -n 1 <<<"$1"; }
body_of() { sed '$d' <<<"$1"; }

# expect_json NAME JQ_FILTER URL [CURL_OPTION...]: the answer is 200 and the filter holds for its JSON.
expect_json() {
  local name=$1 filter=$2 answer
  answer=$(get "${@:3}")
  if [[ $(status_of "$answer") != 200 ]]; then
    fail "$name" "$3 answered $(status_of "$answer"), not 200"
  elif ! body_of "$answer" | jq --exit-status "$filter" >/dev/null 2>&1; then
    fail "$name" "$3 answered 200, but not what was asked for: $filter"
  else
    pass "$name"
  fi
}

# expect_page NAME URL [CURL_OPTION...]: the answer is 200 and is the app's page.
expect_page() {
  local name=$1 answer
  answer=$(get "${@:2}" --header 'Accept: text/html')
  if [[ $(status_of "$answer") != 200 ]]; then
    fail "$name" "$2 answered $(status_of "$answer"), not 200"
  elif [[ $(body_of "$answer") != *'<div id="root">'* ]]; then
    fail "$name" "$2 answered 200, but not with the app's page"
  else
    pass "$name"
  fi
}

for tool in curl jq; do
  command -v "$tool" >/dev/null || give_up "$tool is not installed"
done

here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || give_up "this script's folder cannot be read"
app=$(find_up "$here" app.manifest.yml) || give_up "no app.manifest.yml at or above $here"
root=$(find_up "$app" registered-apps.txt) || give_up "no registered-apps.txt at or above $app"
path=${app#"$root"/}

slug=$(setting APP_SLUG) || exit
frontend_port=$(setting FRONTEND_PORT) || exit
backend_port=$(setting BACKEND_PORT) || exit
frontend=http://127.0.0.1:$frontend_port
backend=http://127.0.0.1:$backend_port

printf '%s (%s)\n' "$slug" "$path"

if command -v scalr >/dev/null; then
  if problems=$(scalr --root "$root" validate "$app" 2>&1); then
    pass 'the manifest is valid'
  else
    fail 'the manifest is valid' "$problems"
  fi
fi

for port in frontend backend; do
  name=${port}_port
  if grep -Eq "^  $port: *${!name}( |\$)" "$app/app.manifest.yml"; then
    pass "the manifest and .env.app agree on the $port port"
  else
    fail "the manifest and .env.app agree on the $port port" "one of them does not say ${!name}"
  fi
done

# Containers that have just been started may still be on their way.
deadline=$((SECONDS + wait_seconds))
until [[ $(status_of "$(get "$backend/api/health/ready")") == 200 ]] || ((SECONDS >= deadline)); do
  sleep 1
done

expect_json 'the backend lives' '.status == "live"' "$backend/api/health/live"
expect_json 'the backend has its database' '.status == "ready"' "$backend/api/health/ready"
expect_json 'the API describes itself' '.paths["/api/health/ready"] != null' "$backend/api/openapi.json"
expect_page 'the frontend serves its page' "$frontend/"
expect_json 'the frontend reaches the backend' '.status == "ready"' "$frontend/api/health/ready"

if [[ $gateway == skip ]]; then
  printf 'skip  the gateway (SMOKE_GATEWAY=skip)\n'
else
  host="Host: $slug.localhost"
  expect_page 'the gateway routes to the frontend' "$gateway/" --header "$host"
  expect_json 'the gateway routes /api to the backend' '.status == "ready"' \
    "$gateway/api/health/ready" --header "$host"
fi

if ((failures > 0)); then
  printf '%d failed. Is the app running? README.md says how to start it.\n' "$failures" >&2
  exit 1
fi
printf 'all is well\n'
