#!/usr/bin/env bash
# Sourced. The network that every gateway of an engine is on.

readonly EDGE=scalr-edge

# Two gateways share the alias auth.localhost and each other's containers, and neither is right any more.
refuse_beside_another_gateway() {
  local others
  others=$(docker ps --filter "network=$EDGE" \
    --format '{{.Label "com.docker.compose.service"}} {{.Label "com.docker.compose.project"}}' |
    sed -n -E 's/^(traefik|auth-dev) //p' | sort -u | paste -sd ' ' -)
  [[ -z $others ]] || fail "a gateway or a sign-in is running, and would mix with that of the tests. Stop it first:" \
    "docker compose -p NAME down, with each of these names: $others"
}
