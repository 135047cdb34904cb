#!/usr/bin/env bash
# A long run of the native validator against the engine, in parts with a seed each, which are printed:
# tests/differential/run.sh [ROWS [FIRST_SEED]]. Without a first seed another one every day.
set -euo pipefail
cd "$(dirname "$0")/../.."
rows=${1:-1000000}
seed=${2:-$(date +%Y%m%d)}
cmake -S . -B build/differential -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/differential --target differential >/dev/null
part=100000
failed=0
while [ "$rows" -gt 0 ]; do
    [ "$rows" -lt "$part" ] && part=$rows
    build/differential/tests/differential/differential "$part" "$seed" || failed=1
    rows=$((rows - part))
    seed=$((seed + 1))
done
exit $failed
