#!/usr/bin/env bash
# Tinybird's own clients read what `birdhouse generate` writes: tests/clients/run.sh BIRDHOUSE
# and work with `birdhouse serve`. They are installed once, into build/clients; all traffic stays on this machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
birdhouse=$(realpath "${1:?usage: tests/clients/run.sh BIRDHOUSE}")
export TB_CLI_TELEMETRY_OPTOUT=1 TB_VERSION_WARNING=0 DO_NOT_TRACK=1 NO_COLOR=1
tests/clients/install.sh build/clients
/usr/bin/python3 tests/clients/check.py "$birdhouse" build/clients
/usr/bin/python3 tests/clients/serve.py "$birdhouse" build/clients
