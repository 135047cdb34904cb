#!/usr/bin/env bash
# Builds every fuzz target with the address and undefined-behaviour sanitizers and runs each for so many
# seconds (60), or only those named: tests/fuzz/run.sh [SECONDS [TARGET...]]. The corpus starts from the golden
# inputs and their mutations (seeds.py) and grows in build/fuzz/corpus. Leaves with 1 when a target finds something.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++ \
    -DBIRDHOUSE_TESTS=OFF -DBIRDHOUSE_FUZZ=ON -DBIRDHOUSE_SANITIZE=address,undefined >/dev/null
cmake --build build/fuzz --target fuzz_targets
/usr/bin/python3 tests/fuzz/seeds.py build/fuzz/seeds >/dev/null
[ $# -gt 0 ] || set -- $(cd build/fuzz/tests/fuzz && ls -d *_fuzz | sed 's/_fuzz$//')
found=0
for name in "$@"; do
    corpus=build/fuzz/corpus/${name}_fuzz
    mkdir -p "$corpus" "build/fuzz/seeds/$name"
    echo "== $name, $seconds s"
    "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=65536 \
        -print_final_stats=0 -artifact_prefix="build/fuzz/$name-" "$corpus" "build/fuzz/seeds/$name" \
        tests/golden/*/ 2>&1 | tail -n 2 || found=1
done
exit $found
