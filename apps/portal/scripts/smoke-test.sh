#!/usr/bin/env bash
# Tests a running app: its manifest, its backend and database, access to its API, its page, and
# its route through the gateway. Takes seconds, changes nothing, and needs bash, curl and jq.
#
#   scripts/smoke-test.sh
#
# SMOKE_WAIT     seconds to wait for the app to become ready (60)
# SMOKE_GATEWAY  the gateway's address (http://127.0.0.1:80), or `skip` where none runs
# SMOKE_TOKEN    an access token for this app, if the sign-in is not services/auth-dev, which issues one without a browser
#
# Exit code: 0 all is well, 1 a check failed, 3 something that the checks need is missing.
set -uo pipefail

failures=0 skipped=0

pass() { printf 'ok    %s\n' "$1"; }
fail() {
  failures=$((failures + 1))
  printf 'FAIL  %s\n      %s\n' "$1" "$2"
}
skip() {
  skipped=$((skipped + 1))
  printf 'skip  %s\n      %s\n' "$1" "$2"
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

# The value of $2 in the env file $1: for slugs, ports and groups, which need no escapes. The last line that sets it
# wins, so a line break in the app's name, which comes first, can't set another variable.
setting() {
  local value
  value=$(sed -n "s/^$2=//p" "$1" 2>/dev/null | tail -n 1)
  value=${value%$'\r'}
  [[ $value == \"*\" || $value == \'*\' ]] && value=${value:1:-1}
  printf '%s\n' "$value"
}
app_setting() {
  local value
  value=$(setting "$app/.env.app" "$1")
  [[ -n $value ]] || give_up "$app/.env.app has no $1"
  printf '%s\n' "$value"
}

# GET $1 with the curl options after it: prints the body, then the status on a separate line.
# The status is 000 if there was no answer.
get() {
  curl --silent --max-time 10 --write-out '\n%{http_code}' "${@:2}" -- "$1"
}
status_of() { tail -n 1 <<<"$1"; }
body_of() { sed '$d' <<<"$1"; }
# The status, with what the answer says of it where it is a problem.
told() {
  local detail
  detail=$(body_of "$1" | jq --raw-output '.detail? // empty' 2>/dev/null)
  printf '%s%s' "$(status_of "$1")" "${detail:+ ($detail)}"
}

# expect STATUS NAME JQ_FILTER URL [CURL_OPTION...]: the answer has the status, and the filter holds for its JSON.
expect() {
  local status=$1 name=$2 filter=$3 answer
  answer=$(get "${@:4}")
  if [[ $(status_of "$answer") != "$status" ]]; then
    fail "$name" "$4 answered $(told "$answer"), not $status"
  elif ! body_of "$answer" | jq --exit-status "$filter" >/dev/null 2>&1; then
    fail "$name" "$4 answered $status, but this does not hold: $filter"
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

# agree NAME VALUE PATTERN: a line of the manifest has the pattern and then the value, as .env.app has it.
agree() {
  if grep -Eq "^ *$3 *[\"']?$2[\"']?( |\$)" "$app/app.manifest.yml"; then
    pass "the manifest and .env.app agree on the $1"
  else
    fail "the manifest and .env.app agree on the $1" "one of them does not say $2"
  fi
}

# An access token for a user of services/auth-dev, or nothing.
token_of() {
  local request
  request=$(jq --null-input --compact-output --arg user "$1" --arg client "$client_id" '{user: $user, client_id: $client}')
  curl --silent --max-time 10 --header 'Host: auth.localhost' --header 'Content-Type: application/json' \
    --data "$request" -- "$gateway/dev/token" |
    jq --raw-output '.access_token // empty' 2>/dev/null
}

# curl reads the token from a file, so that no process list shows it.
expect_as() {
  local token=$1
  expect "${@:2}" --header @<(printf 'Authorization: Bearer %s\n' "$token")
}

# wait_while 'STATUS...' URL [CURL_OPTION...]: as long as the answer is one of these, and until the deadline.
deadline=$((SECONDS + ${SMOKE_WAIT:-60}))
wait_while() {
  while ((SECONDS < deadline)) && [[ " $1 " == *" $(status_of "$(get "${@:2}")") "* ]]; do
    sleep 0.5
  done
}

for tool in curl jq; do
  command -v "$tool" >/dev/null || give_up "$tool is not installed"
done

here=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd) || give_up "this script's folder cannot be read"
app=$(find_up "$here" app.manifest.yml) || give_up "no app.manifest.yml at or above $here"
root=$(find_up "$app" registered-apps.txt) || give_up "no registered-apps.txt at or above $app"

slug=$(app_setting APP_SLUG) || exit
frontend_port=$(app_setting FRONTEND_PORT) || exit
backend_port=$(app_setting BACKEND_PORT) || exit
client_id=$(app_setting OIDC_CLIENT_ID) || exit
groups=$(setting "$app/.env.app" AUTH_GROUPS)
frontend=http://127.0.0.1:$frontend_port
backend=http://127.0.0.1:$backend_port
gateway_port=${GATEWAY_HTTP_PORT:-$(setting "$root/.env.shared" GATEWAY_HTTP_PORT)}
gateway=${SMOKE_GATEWAY:-http://127.0.0.1:${gateway_port:-80}}

printf '%s (%s)\n' "$slug" "${app#"$root"/}"

if command -v scalr >/dev/null; then
  if problems=$(scalr --root "$root" validate "$app" 2>&1); then
    pass 'the manifest is valid'
  else
    fail 'the manifest is valid' "$problems"
  fi
fi
agree 'frontend port' "$frontend_port" 'frontend:'
agree 'backend port' "$backend_port" 'backend:'
agree 'client' "$client_id" 'client_id:'

# Containers that were just started may not be ready yet.
wait_while '000 502 503' "$backend/api/health/ready"

expect 200 'the backend lives' '.status == "live"' "$backend/api/health/live"
expect 200 'the backend has its database' '.status == "ready"' "$backend/api/health/ready"
expect 200 'the API describes itself' '.paths["/api/me"].get.security != null' "$backend/api/openapi.json"
expect 200 'the page learns where to sign in' ".slug == \"$slug\" and (.oidc.issuer | endswith(\"/\"))" "$backend/api/config"
expect 401 'the API refuses who is not signed in' '.status == 401' "$backend/api/me"
expect_as e30.e30.e30 401 'the API refuses a made-up token' '.status == 401' "$backend/api/me"
expect_page 'the frontend serves its page' "$frontend/"
expect 200 'the frontend reaches the backend' '.status == "ready"' "$frontend/api/health/ready"

if [[ $gateway == skip ]]; then
  skip 'the way through the gateway' 'SMOKE_GATEWAY=skip'
  token=${SMOKE_TOKEN:-}
else
  host="Host: $slug.localhost"
  # The gateway notices a healthy container a little later than the engine.
  wait_while '404 502 503' "$gateway/api/health/ready" --header "$host"
  expect_page 'the gateway routes to the frontend' "$gateway/" --header "$host"
  expect 200 'the gateway routes /api to the backend' '.status == "ready"' "$gateway/api/health/ready" --header "$host"
  token=${SMOKE_TOKEN:-$(token_of alice)}
fi

if [[ -z $token ]]; then
  skip 'the API answers who is signed in' \
    'no token to be had: start services/gateway and services/auth-dev, or set SMOKE_TOKEN'
else
  expect_as "$token" 200 'the API knows who is signed in' '.sub | length > 0' "$backend/api/me"
  expect_as "$token" 200 'the API lists apps for them' '.items | type == "array"' "$backend/api/apps"
  expect_as "$token" 200 'the engine can be asked how the apps are' '.engine == "reachable"' "$backend/api/apps"
  if [[ -n $groups && -z ${SMOKE_TOKEN:-} ]]; then
    expect_as "$(token_of bob)" 403 "the API refuses who is in none of its groups" '.status == 403' "$backend/api/me"
  fi
fi

if ((failures > 0)); then
  printf '%d failed. Is the app running? README.md says how to start it.\n' "$failures" >&2
  exit 1
fi
if ((skipped > 0)); then
  printf 'what was asked is well; %d skipped\n' "$skipped"
else
  printf 'all is well\n'
fi
