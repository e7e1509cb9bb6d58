#!/bin/sh
# Migrates the database, then starts the server. Arguments go to uvicorn, where a later one wins.
# Two containers that start at once take turns: alembic/env.py holds a lock in the database.
set -eu
cd "$(dirname "$0")"

alembic upgrade head
# src/middleware.py writes the line for each request. At SIGTERM, requests that are under way may end.
exec uvicorn --factory src.main:create_app --host 0.0.0.0 --port 8000 \
    --log-config logging.json --no-access-log --no-server-header --timeout-graceful-shutdown 20 "$@"
