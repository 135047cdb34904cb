#!/usr/bin/env bash
# Installs Tinybird's own clients into FOLDER, each at its pinned version: `sdk` (npm), `forward` and `classic`
# (PyPI, each in a virtual environment). What is there already is left alone. A client that cannot be had leaves
# no folder behind, and says so: the tests then skip it aloud.
set -uo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
cd "$(dirname "$0")"

# have NAME PIN: is the client there, at the version that PIN names?
have() { cmp -s "$folder/$1/pin" "$2"; }

give_up() {
    rm -rf "${folder:?}/$1"
    echo "clients: $1 could not be installed (see above)" >&2
}

install_sdk() {
    rm -rf "$folder/sdk" && mkdir -p "$folder/sdk" && cp package.json package-lock.json "$folder/sdk/" &&
        (cd "$folder/sdk" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) &&
        cp package-lock.json "$folder/sdk/pin"
}

install_tool() {
    rm -rf "${folder:?}/$1" && /usr/bin/python3 -m venv "$folder/$1" &&
        "$folder/$1/bin/pip" install --quiet --disable-pip-version-check -r "requirements-$1.txt" 2>&1 |
        { grep -vE 'DEPRECATION|WARNING' >&2 || true; } && [ -x "$folder/$1/bin/tb" ] &&
        cp "requirements-$1.txt" "$folder/$1/pin"
}

have sdk package-lock.json || install_sdk || give_up sdk
for tool in forward classic; do
    have "$tool" "requirements-$tool.txt" || install_tool "$tool" || give_up "$tool"
done
