#!/usr/bin/env bash
# Makes birdhouse and its engine ready for the steps after this one: what is on the PATH already, what an earlier run
# left in ~/.local/birdhouse, or a build of the repository that this script stands in.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prefix=${BIRDHOUSE_PREFIX:-$HOME/.local/birdhouse}

if ! command -v birdhouse >/dev/null; then
    if [ ! -x "$prefix/bin/birdhouse" ]; then
        # The machine's packages need root; nothing else of the build does.
        if [ "$(id -u)" -eq 0 ]; then
            make -C "$root" packages
        else
            sudo make -C "$root" packages
        fi
        make -C "$root" install PREFIX="$prefix"
    fi
    if [ -n "${GITHUB_PATH:-}" ]; then
        printf '%s\n' "$prefix/bin" >>"$GITHUB_PATH"
    fi
    export PATH=$prefix/bin:$PATH
fi
birdhouse --version
