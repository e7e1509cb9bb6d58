#!/bin/sh
# As in the real image, options or a subcommand of traefik need no program name in front.
set -e

case $1 in
  -* | healthcheck | version) set -- traefik "$@" ;;
esac
exec "$@"
