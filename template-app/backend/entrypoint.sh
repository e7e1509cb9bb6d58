#!/bin/sh
# Brings the database up to date, then becomes the server. Arguments go to uvicorn.
# Two containers that start at once take turns: alembic/env.py holds a lock in the database.
set -eu

alembic upgrade head
exec uvicorn --factory src.main:create_app --host 0.0.0.0 --port 8000 "$@"
