#!/usr/bin/env bash
# Templates rendered beside the same ones in Python's Tornado, and what a pipe's rendering adds to a query.
# BENCH_SMOKE=1: short, to see that it still runs. bench/templates.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
[ -d "$build" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBIRDHOUSE_TESTS=OFF >/dev/null
cmake --build "$build" --target bench_templates >/dev/null
/usr/bin/python3 bench/templates.py "$build/bench/bench_templates"
