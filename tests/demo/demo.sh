#!/usr/bin/env bash
# birdhouse's whole job on the shipped project, in a fresh folder, as its user would see it.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=$(realpath "$1")
demo=build/demo
rm -rf "$demo"
mkdir -p "$demo"
cp -r birdhouse.yaml datasources pipes migrations templates "$demo/"
cd "$demo"
PATH="$(dirname "$binary"):$PATH"

step() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
# As a user would type it: arguments with a blank in quotes.
typed() {
    local word
    printf '$'
    for word; do
        case "$word" in *\ *) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
}
show() {
    typed "$@"
    "$@"
}
# Some steps are there to fail: the demo goes on, and says with what code they left.
show_refused() {
    typed "$@"
    local code=0
    "$@" || code=$?
    printf '(exit code %s)\n' "$code"
    [ "$code" -eq 1 ]
}
step "1. Definitions to Tinybird datafiles"
show birdhouse generate

step "2. A fresh embedded ClickHouse gets the first migration: llm_events, text only"
show birdhouse migrate apply --to 0001_llm_events

step "3. Text events arrive"
show birdhouse send llm_events datasources/fixtures/text_success.ndjson

step "4. The image columns are added, while the rows stay: then the rest of the history"
show birdhouse migrate plan --to 0002_image_columns
show birdhouse migrate apply --to 0002_image_columns
show birdhouse migrate apply
echo "The 60 rows are all there, and read text_generation:"
show birdhouse run all_generations_by_type

step "5. A file with bad events: what would ingestion do, and why?"
show_refused birdhouse validate llm_events datasources/fixtures/bad.ndjson

step "6. Text and image events arrive together"
show birdhouse send llm_events datasources/fixtures/mixed.ndjson

step "7. Four dashboard pipes"
month=(--param start='2026-11-01 00:00:00' --param end='2026-11-20 00:00:00')
day=(--param start='2026-11-19 00:00:00' --param end='2026-11-20 00:00:00')
show birdhouse run top_models_by_spend "${month[@]}" --param limit=5
show birdhouse run latency_percentiles "${day[@]}"
show birdhouse run error_rate "${month[@]}"
show birdhouse run cost_by_day_and_model "${day[@]}"

step "What next"
cat <<'TEXT'
The demo's project and its ClickHouse are in build/demo: go there and try
    birdhouse migrate status
    birdhouse migrate verify
    birdhouse run prometheus_generations --format csv
    birdhouse doctor
README.md has the five-minute tour; docs/project.md describes the definitions you just ran.
TEXT
