#!/usr/bin/env bash
# plan.sh FILE: what the change means, as Markdown for the comment on a pull request. The exit code is that of the
# worst part; the file is written whatever it is.
#
#   BIRDHOUSE_BASE      the commit that the change begins at
#   BIRDHOUSE_TARGET    the target that is planned for; the project's default target when empty
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/common.sh
source "$here/common.sh"

file=${1:?usage: plan.sh FILE}
base=$(commit_or_nothing "${BIRDHOUSE_BASE:-}") || exit 2
target=$(target_name "${BIRDHOUSE_TARGET:-}") || exit 2
parts=$(mktemp -d)
trap 'rm -rf "$parts"' EXIT

# section TITLE COMMAND...: its standard output, or what it said instead.
worst=0
section() {
    local title=$1 code=0
    shift
    "$@" >"$parts/out" 2>"$parts/err" || code=$?
    if [ "$code" -gt "$worst" ]; then
        worst=$code
    fi
    cat "$parts/err" >&2
    printf '## %s\n\n' "$title" >>"$parts/whole"
    cat "$parts/out" >>"$parts/whole"
    if [ "$code" -ne 0 ]; then
        # A fence of tildes: what was said may hold one of backquotes.
        { printf '\n**Stopped with exit code %s.**\n\n~~~text\n' "$code"; head -c 8000 "$parts/err"; printf '\n~~~\n'; } >>"$parts/whole"
    fi
    printf '\n' >>"$parts/whole"
}

: >"$parts/whole"
if [ -n "$base" ]; then
    section "What changes" birdhouse diff --from "$base" --format markdown
fi
section "What will be done" birdhouse deploy --dry-run --format markdown ${target:+--target "$target"}
cp "$parts/whole" "$file"
cat "$file"
exit "$worst"
