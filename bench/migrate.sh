#!/usr/bin/env bash
# `birdhouse migrate` beside the engine alone. BENCH_SMOKE=1: small, to see that it still runs.
# bench/migrate.sh [BUILD_FOLDER] [LIBCHDB]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
library=${2:-${BIRDHOUSE_LIBCHDB:-$(find build/engine -name libchdb.so -print -quit)}}
if [ -z "$library" ]; then
    echo "migrate: skipped, there is no libchdb; \`make engine\` fetches it"
    exit 0
fi
cmake --build "$build" --target birdhouse bench_engine_statements >/dev/null
/usr/bin/python3 bench/migrate.py "$build" "$library"
