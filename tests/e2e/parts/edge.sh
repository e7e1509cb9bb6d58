#!/usr/bin/env bash
# Sourced. The network that all gateways of an engine share.

readonly EDGE=scalr-edge

# Two gateways share the alias auth.localhost and each other's containers, so that requests reach the wrong one.
refuse_beside_another_gateway() {
  local others
  others=$(docker ps --filter "network=$EDGE" \
    --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project"}}' |
    sed -n -E 's/^(traefik|auth-dev) //p' | sort -u | paste -sd ' ' -)
  [[ -z $others ]] || fail "a gateway or a sign-in is running, and would mix with that of the tests. Stop it first:" \
    "docker compose -p NAME down, with each of these names: $others"
}
