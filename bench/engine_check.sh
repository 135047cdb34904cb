#!/usr/bin/env bash
# How long the engine takes to check a project of 200 endpoints. BENCH_SMOKE=1: a small one, to see that it runs.
# bench/engine_check.sh [BUILD_FOLDER] [LIBCHDB]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
library=${2:-${BIRDHOUSE_LIBCHDB:-$(find build/engine -name libchdb.so -print -quit)}}
cmake --build "$build" --target bench_engine_check >/dev/null
/usr/bin/python3 bench/engine_check.py "$build/bench/bench_engine_check" "$library"
