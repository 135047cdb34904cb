#!/usr/bin/env bash
# A disk that is full, and a folder that cannot be written: a clear error, exit code 3, the old files whole.
# Needs root, to mount a tiny file system; says so and leaves where that cannot be had.
set -euo pipefail
binary=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
if ! mount -t tmpfs -o size=256k tmpfs "$disk" 2>/dev/null; then
    echo "SKIPPED: a tmpfs cannot be mounted here (root is needed)"
    rmdir "$disk" "$work"
    exit 0
fi
trap 'umount "$disk"; rm -rf "$work"' EXIT
cp -r birdhouse.yaml datasources pipes migrations templates "$work/"
rm -rf "$work/datasources/fixtures"
cd "$work"

# fails CODE TEXT COMMAND...: the command must leave with CODE and say TEXT.
fails() {
    local code=$1 text=$2 got=0
    shift 2
    "$@" >"$work/said" 2>&1 || got=$?
    if [ "$got" -ne "$code" ] || ! grep -q "$text" "$work/said"; then
        echo "FAILED: $* left with $got, not $code, or did not say: $text" >&2
        cat "$work/said" >&2
        exit 1
    fi
}

echo "== the disk is full while datafiles are written"
"$binary" generate --output "$disk/out" >/dev/null
before=$(cat "$disk"/out/datasources/*.datasource | sha256sum)
dd if=/dev/zero of="$disk/filler" bs=1k count=1000 2>/dev/null || true
sed -i 's/^description: .*/&, and a longer text that does not fit/' datasources/*.yaml
fails 3 "No space left on device" "$binary" generate --output "$disk/out"
[ "$before" = "$(cat "$disk"/out/datasources/*.datasource | sha256sum)" ] || { echo "FAILED: old datafiles changed" >&2; exit 1; }
[ -z "$(find "$disk" -name '*.tmp')" ] || { echo "FAILED: temporary files were left behind" >&2; exit 1; }

echo "== the disk is full while standard output is written"
fails 3 "could not be written" bash -c "'$binary' run top_models_by_spend --sql > /dev/full"

echo "== the disk is full before a row is sent: the journal could not say so"
cp birdhouse.yaml kept.yaml
printf 'name: observability\ntargets:\n  cloud: {kind: tinybird}\n' > birdhouse.yaml
echo '{"id": "a"}' > events.ndjson
ln -s "$disk/state" .birdhouse
for room in none folder; do
    [ "$room" = none ] || { rm "$disk/filler"; mkdir -p "$disk/state/send"; dd if=/dev/zero of="$disk/filler" bs=1k count=1000 2>/dev/null || true; }
    fails 3 "nothing is sent that cannot be noted" env TB_TOKEN=p.x TB_HOST=http://127.0.0.1:1 "$binary" send llm_events events.ndjson
done
mv kept.yaml birdhouse.yaml
rm .birdhouse

echo "== the folder is read-only"
rm "$disk/filler"
mount -o remount,ro "$disk"
fails 3 "Read-only file system" "$binary" generate --output "$disk/out"

if [ -z "${BIRDHOUSE_TEST_NO_ENGINE:-}" ]; then
    echo "== the target's storage is on the read-only disk, then on the full one"
    printf 'name: observability\ntargets:\n  local: {kind: embedded, path: disk/storage}\n' > birdhouse.yaml
    fails 3 "disk/storage" "$binary" migrate apply
    mount -o remount,rw "$disk"
    dd if=/dev/zero of="$disk/filler" bs=1k count=1000 2>/dev/null || true
    fails 3 "NOT_ENOUGH_SPACE" "$binary" migrate apply
else
    echo "SKIPPED the storage: $BIRDHOUSE_TEST_NO_ENGINE"
fi
echo "full disk and read-only folder: as they should be"
