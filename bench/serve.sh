#!/usr/bin/env bash
# `birdhouse serve` under load beside the engine alone. BENCH_SMOKE=1: short, to see that it still runs.
# bench/serve.sh [BUILD_FOLDER] [LIBCHDB]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
library=${2:-${BIRDHOUSE_LIBCHDB:-$(find build/engine -name libchdb.so -print -quit)}}
if [ -z "$library" ]; then
    echo "serve: skipped, there is no libchdb; \`make engine\` fetches it"
    exit 0
fi
cmake --build "$build" --target birdhouse bench_serve >/dev/null
/usr/bin/python3 bench/serve.py "$build" "$library"
