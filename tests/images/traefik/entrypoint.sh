#!/bin/sh
# As the real image's: options, or a subcommand of traefik, need no program's name in front.
set -e

case $1 in
  -* | healthcheck | version) set -- traefik "$@" ;;
esac
exec "$@"
