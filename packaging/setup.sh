#!/usr/bin/env bash
# Makes a machine ready: `setup.sh packages`, `setup.sh engine`, or both without an argument.
# Safe to run again: what is there already is left alone, and then no network is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

missing_packages() {
    local package
    sed 's/#.*//' packaging/debian-packages.txt | while read -r package; do
        [ -z "$package" ] && continue
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || echo "$package"
    done
    command -v npm >/dev/null || echo npm
}

install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "setup: this is no Debian: install by hand what packaging/debian-packages.txt lists" >&2
        return
    fi
    local missing
    missing=$(missing_packages)
    [ -z "$missing" ] && return
    if [ "$(id -u)" -ne 0 ]; then
        echo "setup: packages are missing, and only root can install them. Run this once, then go on:" >&2
        echo "    sudo apt-get update && sudo apt-get install --no-install-recommends" $missing >&2
        exit 3
    fi
    echo "setup: installing" $missing
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

engine_package() {
    case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo "@chdb/lib-linux-x64-gnu" ;;
    Linux-aarch64) echo "@chdb/lib-linux-arm64-gnu" ;;
    Darwin-arm64) echo "@chdb/lib-darwin-arm64" ;;
    Darwin-x86_64) echo "@chdb/lib-darwin-x64" ;;
    *) echo "setup: there is no engine library for $(uname -s) on $(uname -m)" >&2; exit 3 ;;
    esac
}

install_engine() {
    local package folder=build/engine
    package=$(engine_package)
    if ! grep -q "\"node_modules/$package\"" packaging/engine/package-lock.json; then
        echo "setup: $package is not integrity-locked in packaging/engine/package-lock.json, so it is not" >&2
        echo "       installed for you. Lock it there, or set BIRDHOUSE_LIBCHDB to a libchdb of your own." >&2
        exit 3
    fi
    mkdir -p "$folder"
    if [ -f "$folder/node_modules/$package/libchdb.so" ] &&
        cmp -s packaging/engine/package-lock.json "$folder/package-lock.json"; then
        return
    fi
    echo "setup: fetching the engine, $package"
    cp packaging/engine/package.json packaging/engine/package-lock.json "$folder/"
    # npm removes node_modules before it installs; a failed run must not pass for a finished one.
    if ! (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >/dev/null); then
        rm -f "$folder/package-lock.json"
        echo "setup: npm could not install the engine (see above); run make again when the registry is reachable" >&2
        exit 3
    fi
}

case "${1:-all}" in
packages) install_packages ;;
engine) install_engine ;;
all) install_packages && install_engine ;;
*) echo "usage: packaging/setup.sh [packages|engine]" >&2; exit 2 ;;
esac
