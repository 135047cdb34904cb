#!/bin/sh
# Runs a table of template cases: tests/template_cases/run.sh FILE [BUILD_FOLDER]
# Fails when any case does. Build first: ninja -C BUILD_FOLDER template_case_runner
set -eu
if [ $# -lt 1 ]; then
    echo "usage: $0 FILE [BUILD_FOLDER]" >&2
    exit 2
fi
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${2:-$root/build}
exec "$build/tests/unit/template/template_case_runner" "$1"
