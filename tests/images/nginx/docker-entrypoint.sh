#!/bin/sh
# As in the real image: renders /etc/nginx/templates, runs /docker-entrypoint.d, then starts the given command.
set -e

for template in /etc/nginx/templates/*.template; do
  if [ -e "$template" ]; then
    # Only variables that exist: nginx has its own $names.
    # shellcheck disable=SC2016
    defined=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/${\1}/p')
    conf=/etc/nginx/conf.d/$(basename "$template" .template)
    envsubst "$defined" <"$template" >"$conf"
  fi
done
for script in /docker-entrypoint.d/*.sh; do
  if [ -x "$script" ]; then
    "$script"
  fi
done
exec "$@"
