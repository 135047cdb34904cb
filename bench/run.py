"""Times the program as its users run it, each against a peer that does the least of the same work, in turn.

    bench/run.py BIRDHOUSE      prints one line a benchmark: the medians and their ratio
"""

import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SMOKE = os.environ.get("BENCH_SMOKE") == "1"
ROUNDS = 3 if SMOKE else 9

DEFINITION = """datasource: events_{n}
description: Events of service {n}.
columns:
  - {{name: id, type: String, path: $.id}}
  - {{name: at, type: DateTime64(3), path: $.at}}
  - {{name: kind, type: LowCardinality(String), path: $.kind, default: "'unknown'"}}
  - {{name: user_id, type: String, path: $.user.id, default: "'anonymous'"}}
  - {{name: cost, type: Float64, path: $.cost, default: 0, range: [0, null]}}
  - {{name: tokens, type: UInt32, path: $.usage.tokens, default: 0}}
engine: {{kind: MergeTree, sorting_key: [kind, at, id], partition_key: toYYYYMM(at), ttl: toDateTime(at) + INTERVAL 90 DAY}}
tokens: [{{name: tracker, scope: append}}]
"""

PEER_PARSE = "import json,sys\nfor line in open(sys.argv[1], 'rb'): json.loads(line)\n"


def seconds(command, folder):
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return time.perf_counter() - start


def compare(name, ours, peer_name, peer, folder, before_ours=None, before_peer=None, note=lambda median: ""):
    """Ours and the peer in turn, so that a slow moment of the machine hits both."""
    mine, theirs = [], []
    for _ in range(ROUNDS):
        if before_ours:
            before_ours()
        mine.append(seconds(ours, folder))
        if before_peer:
            before_peer()
        theirs.append(seconds(peer, folder))
    a, b = statistics.median(mine), statistics.median(theirs)
    print(f"{name}: {a * 1000:.1f} ms; {peer_name}: {b * 1000:.1f} ms; ratio {a / b:.2f}{note(a)}")


def write_definitions(folder, count):
    (folder / "birdhouse.yaml").write_text("name: bench\n")
    (folder / "datasources").mkdir()
    for n in range(count):
        (folder / "datasources" / f"events_{n}.yaml").write_text(DEFINITION.format(n=n))


def write_events(path, count):
    chance = random.Random(7)
    with path.open("w") as out:
        for n in range(count):
            out.write(json.dumps({
                "id": f"req_{n:08x}", "at": f"2026-11-{1 + n % 19:02d}T10:{n % 60:02d}:00.{n % 1000:03d}Z",
                "kind": chance.choice(["text", "image", "caf\u00e9"]), "user": {"id": f"user_{n % 997}"},
                "cost": round(chance.random() / 100, 8), "usage": {"tokens": chance.randrange(5000)},
                "prompt": "a prompt with \"quotes\" and \u00fcnicode " * 3}, ensure_ascii=False) + "\n")
    return path.stat().st_size


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        folder = pathlib.Path(name)
        definitions = 100 if SMOKE else 1000
        events = 20_000 if SMOKE else 400_000
        write_definitions(folder, definitions)
        size = write_events(folder / "events.ndjson", events)

        compare("start, --version", [binary, "--version"], "true", ["true"], folder)
        output, copy = folder / "build", folder / "copy"
        seconds([binary, "generate"], folder)
        shutil.copytree(output, folder / "generated")
        compare(f"generate {definitions} definitions", [binary, "generate"], "cp -r of the result",
                ["cp", "-r", "generated", "copy"], folder,
                lambda: shutil.rmtree(output, ignore_errors=True), lambda: shutil.rmtree(copy, ignore_errors=True))
        compare(f"generate {definitions}, nothing changed", [binary, "generate"], "diff -r with the result",
                ["diff", "-r", "generated", "build"], folder)
        compare(f"validate {events} events, {size / 1e6:.0f} MB", [binary, "validate", "events_0", "events.ndjson"],
                "python json.loads of each", [sys.executable, "-c", PEER_PARSE, "events.ndjson"], folder,
                note=lambda median: f"; {size / median / 1e6:.0f} MB/s, {events / median / 1e6:.2f} million rows/s")


main()
