#!/bin/sh
# Writes requirements.txt and requirements-dev.txt anew from pyproject.toml, with the checksum of every
# package and without the address that it came from, which is each machine's own setting.
# Pass `--upgrade` to move to newer versions. Needs uv.
set -eu
cd "$(dirname "$0")"

compile() {
    uv pip compile pyproject.toml --quiet --universal --python-version 3.12 --generate-hashes \
        --no-annotate --no-emit-index-url --no-emit-package auth-client-py \
        --custom-compile-command ./lock.sh "$@"
}

compile "$@" --output-file requirements.txt
compile "$@" --group dev --constraint requirements.txt --output-file requirements-dev.txt
