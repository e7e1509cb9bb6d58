#!/usr/bin/env bash
# Sourced. A throw-away clone of the work tree, with uncommitted changes, without files that git ignores.

clone_into() {
  git clone --quiet . "$1"
  git ls-files -z --deleted | (cd "$1" && xargs -0 -r rm -f)
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [[ -e $file ]] && printf '%s\0' "$file"; done |
    tar --create --null --files-from=- | tar --extract --directory "$1"
  git -C "$1" add --all
  git -C "$1" -c user.name=e2e -c user.email=e2e@localhost commit --quiet --allow-empty --message 'as it is'
}
