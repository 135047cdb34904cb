#!/usr/bin/env bash
# Builds every fuzz target with the address and undefined-behaviour sanitizers and runs each for so many
# seconds (60). The corpus starts from the golden inputs and grows in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++ \
    -DBIRDHOUSE_TESTS=OFF -DBIRDHOUSE_FUZZ=ON -DBIRDHOUSE_SANITIZE=address,undefined >/dev/null
cmake --build build/fuzz --target fuzz_targets
for target in build/fuzz/tests/fuzz/*_fuzz; do
    name=$(basename "$target")
    corpus=build/fuzz/corpus/$name
    mkdir -p "$corpus"
    echo "== $name, $seconds s"
    "$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=65536 -print_final_stats=0 \
        -artifact_prefix="build/fuzz/$name-" "$corpus" tests/golden/*/ 2>&1 | tail -n 2
done
