#!/usr/bin/env bash
# Brings a target up to date with the main branch. One run at a time: the pipeline's own guard lets the next one wait,
# and the target's lock keeps everybody else away. A run that was stopped goes on when it is started again.
#
#   BIRDHOUSE_TARGET               the target; the project's default target when empty
#   BIRDHOUSE_CONFIRM              the target's name again, where it is protected
#   BIRDHOUSE_ALLOW_DESTRUCTIVE    `true`: a Tinybird workspace may lose what the change removes
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/common.sh
source "$here/common.sh"

target=$(target_name "${BIRDHOUSE_TARGET:-}")
confirm=$(target_name "${BIRDHOUSE_CONFIRM:-}")
allow=$(one_of "${BIRDHOUSE_ALLOW_DESTRUCTIVE:-false}" true false)

arguments=(--verbose)
if [ -n "$target" ]; then
    arguments+=(--target "$target")
fi
if [ -n "$confirm" ]; then
    arguments+=(--confirm "$confirm")
fi
if [ "$allow" = true ]; then
    arguments+=(--allow-destructive)
fi
birdhouse deploy "${arguments[@]}"
