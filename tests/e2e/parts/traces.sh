#!/usr/bin/env bash
# Sourced. The containers, volumes and networks of the compose projects in PROJECTS.

# each_of KIND COMMAND…: runs the command with the ids of the projects' containers, volumes or networks.
each_of() {
  local kind=$1 project
  local list=(docker "$kind" ls --quiet)
  [[ $kind == container ]] && list+=(--all)
  for project in "${PROJECTS[@]}"; do
    "${list[@]}" --filter "label=com.docker.compose.project=$project" | xargs -r "${@:2}"
  done
}

remove_traces() {
  each_of container docker container rm --force --volumes >/dev/null
  each_of volume docker volume rm --force >/dev/null
  each_of network docker network rm >/dev/null
}

# keep_logs FOLDER
keep_logs() {
  local id
  rm -rf "$1"
  mkdir -p "$1"
  docker ps --all >"$1/containers.txt"
  for id in $(each_of container echo); do
    docker logs "$id" >"$1/$(docker inspect --format '{{slice .Name 1}}' "$id").log" 2>&1
  done
  echo "the containers' logs are in ${1#"$PWD"/}"
}
