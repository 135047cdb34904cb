#!/usr/bin/env bash
# clang-tidy over every source of tool/, with the checks of .clang-tidy as errors.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -S . -B build/tidy -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ -DBIRDHOUSE_TESTS=OFF >/dev/null
git ls-files --cached --others --exclude-standard 'tool/*.cpp' |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/tidy --quiet --warnings-as-errors='*' 2> >(grep -vE 'warnings? (generated|treated)|Suppressed|Use -header-filter' >&2 || true)
echo "tidy: clean"
