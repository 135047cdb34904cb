#!/usr/bin/env bash
# What must hold before a change is merged: files in their form, no problems, stored samples that are taken, and
# migrations that build what is declared. All parts run, so that one run shows everything.
#
#   BIRDHOUSE_BASE      the commit that the change begins at; empty: everything is proven from the start alone
#   BIRDHOUSE_FORMAT    how problems are printed: github, text, junit, sarif (text)
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/common.sh
source "$here/common.sh"

worst=0
part() {
    printf '== %s\n' "$1"
    shift
    local code=0
    "$@" || code=$?
    if [ "$code" -gt "$worst" ]; then
        worst=$code
    fi
}

format=$(one_of "${BIRDHOUSE_FORMAT:-text}" github text junit sarif) || exit 2
base=$(commit_or_nothing "${BIRDHOUSE_BASE:-}") || exit 2

part "form" birdhouse fmt --check
part "problems" birdhouse check --format "$format"
shopt -s nullglob
for samples in fixtures/*.ndjson; do
    datasource=$(basename "$samples" .ndjson)
    part "stored samples of $datasource" birdhouse validate "$datasource" "$samples"
done
if compgen -G "migrations/*.yaml" >/dev/null; then
    part "proof of all migrations" birdhouse migrate verify
    if [ -n "$base" ]; then
        part "proof of the change alone" birdhouse migrate verify --from "$base"
    fi
fi
exit "$worst"
