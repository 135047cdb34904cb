#!/usr/bin/env bash
# Datafiles parsed, read and written, beside the parser of Tinybird's TypeScript SDK in the same run:
# bench/datafiles.sh [FOLDER]. Without a folder a project of 1,000 files is made in the shape of public ones
# (bench/datafile_project.py). BENCH_SMOKE=1: a small one, to see that it still runs.
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BENCH_BUILD:-build/release}
[ -f "$build/CMakeCache.txt" ] ||
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIRDHOUSE_TESTS=OFF >/dev/null
cmake --build "$build" --target bench_datafiles >/dev/null
/usr/bin/python3 bench/datafiles.py "$build/bench/bench_datafiles" build/clients "$@"
