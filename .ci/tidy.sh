#!/usr/bin/env bash
# clang-tidy with the checks of .clang-tidy as errors, over the sources of tool/ that the last commits changed; over
# every one with TIDY_ALL=1, as after a change of .clang-tidy itself. Each is read without precompiled headers: what it
# does not include it does not have.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -S . -B build/tidy -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=clang++ -DBIRDHOUSE_TESTS=OFF \
    -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
commits=6 # more would take longer than all the tests
sources() {
    git ls-files --cached --others --exclude-standard 'tool/*.cpp'
}
changed() {
    git log -n "$commits" --format= --name-only
    git status --porcelain | cut -c4-
}
if [ "${TIDY_ALL:-0}" != 1 ]; then
    sources() {
        comm -12 <(git ls-files --cached --others --exclude-standard 'tool/*.cpp' | sort) <(changed | sort -u)
    }
fi
sources |
    xargs -P "$(nproc)" -n 4 clang-tidy -p build/tidy --quiet --warnings-as-errors='*' 2> >(grep -vE 'warnings? (generated|treated)|Suppressed|Use -header-filter' >&2 || true)
echo "tidy: clean"
