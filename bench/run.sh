#!/usr/bin/env bash
# Benchmarks of the whole program against peers in the same run. BENCH_SMOKE=1: small sizes, to see that
# they still run.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${1:-build/release/birdhouse}
build=$(dirname "$binary")
/usr/bin/python3 bench/run.py "$binary"
BENCH_BUILD=$build bench/datafiles.sh
cmake --build "$build" --target bench_validate
/usr/bin/python3 bench/validate.py "$build"
bench/templates.sh "$build"
bench/serve.sh "$build"
bench/migrate.sh "$build"
