#!/usr/bin/env bash
# Benchmarks of the whole program against a peer in the same run. BENCH_SMOKE=1: small sizes, to see that
# they still run.
set -euo pipefail
cd "$(dirname "$0")/.."
/usr/bin/python3 bench/run.py "$@"
bench/datafiles.sh
