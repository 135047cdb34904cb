"""Times `birdhouse serve` under load beside the engine alone, in one run, and prints the ratios.

    bench/serve.py BUILD_FOLDER LIBCHDB      BENCH_SMOKE=1: few events, to see that it still runs

Both write the same lines to a table on disk. The server's time holds HTTP, the verdict on each row and the answer.
"""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from serving import Serving  # noqa: E402

SMOKE = os.environ.get("BENCH_SMOKE") == "1"
EVENTS = 3_000 if SMOKE else 200_000
SINGLES = 200 if SMOKE else 20_000
ROUNDS = 1 if SMOKE else 5  # of serve and the engine in turn, since what else the machine does changes while they run
QUERIES = 50 if SMOKE else 500  # in a round
WARM_UP = 100 if SMOKE else 10_000  # requests before the memory is first looked at
STEADY = 500 if SMOKE else 100_000  # requests after it

COLUMNS = [("id", "String"), ("at", "DateTime64(3)"), ("model", "LowCardinality(String)"), ("cost", "Float64"), ("tokens", "UInt32"),
           ("status", "LowCardinality(String)"), ("user", "String"), ("prompt", "String"), ("tags", "Array(String)"), ("stream", "Bool")]
SORTING_KEY = "model, at"
ENDPOINT = "SELECT model, sum(cost) AS cost FROM {table} WHERE tokens >= {{UInt32(least, 0)}} GROUP BY model ORDER BY model"


def write_project(folder):
    (folder / "datasources").mkdir(parents=True)
    (folder / "pipes").mkdir()
    (folder / "birdhouse.yaml").write_text("name: bench\n")
    columns = "".join(f"  - {{name: {name}, type: {kind}, path: \"$.{name}{'[:]' if kind.startswith('Array') else ''}\"}}\n" for name, kind in COLUMNS)
    (folder / "datasources/events.yaml").write_text(f"datasource: events\ncolumns:\n{columns}engine: {{kind: MergeTree, sorting_key: \"{SORTING_KEY}\"}}\n")
    (folder / "pipes/spend.yaml").write_text(
        "pipe: spend\ntype: endpoint\nnodes:\n  - name: by_model\n    sql: |\n      %\n      " + ENDPOINT.replace("{table}", "events") + "\n")


def write_events(path, count):
    chance = random.Random(7)
    with path.open("w") as out:
        for number in range(count):
            out.write(json.dumps({
                "id": f"{number:016x}", "at": f"2026-11-{1 + number % 28:02d}T10:{number % 60:02d}:00.{number % 1000:03d}Z",
                "model": chance.choice(["gpt-5", "claude", "sdxl", "flux"]), "cost": round(chance.random(), 6), "tokens": chance.randrange(4000),
                "status": "success", "user": f"user-{chance.randrange(5000)}", "prompt": "a house for birds, in the style of " + "abcdefghij" * chance.randrange(12),
                "tags": ["beta", "eu"][:chance.randrange(3)], "stream": bool(number % 2)}) + "\n")


def figures(command):
    return [float(word) for word in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()]


def main():
    build, library = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    load = build / "bench/serve/bench_serve_load"
    os.environ["BIRDHOUSE_LIBCHDB"] = library
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        folder = pathlib.Path(name)
        write_project(folder / "project")
        write_events(folder / "events.ndjson", EVENTS)
        write_events(folder / "singles.ndjson", SINGLES)
        create = "CREATE TABLE events (" + ", ".join(f"`{column}` {kind}" for column, kind in COLUMNS) + f") ENGINE = MergeTree ORDER BY ({SORTING_KEY})"
        rows, seconds = figures([build / "bench/serve/bench_engine_insert", library, folder / "alone", create, folder / "events.ndjson", "1000"])
        alone = rows / seconds
        print(f"engine alone, batches of 1,000             {alone:10.0f} rows/s")

        server = Serving(build / "birdhouse", folder / "project", folder / "storage")
        try:
            post = f"{server.url}/v0/events?name=events&wait=true"
            for connections in (1, 4):
                rows, seconds = figures([load, "batches", post, server.token, folder / "events.ndjson", "1000", str(connections)])
                wanted = "  (wanted: 0.60)" if connections == 1 else ""
                print(f"serve, batches of 1,000, {connections} connection(s)     {rows / seconds:10.0f} rows/s  {rows / seconds / alone:.2f} of the engine alone{wanted}")
            rows, seconds = figures([load, "batches", post, server.token, folder / "singles.ndjson", "1", "16"])
            print(f"serve, single events, 16 connections       {rows / seconds:10.0f} rows/s")
        finally:
            server.stop()
        time_endpoint(build, library, folder)
        watch_memory(build, folder)


def time_endpoint(build, library, folder):
    """The same query of the same rows, as an endpoint and by the engine alone."""
    query = ENDPOINT.replace("{{UInt32(least, 0)}}", "10")
    rounds = []
    for _ in range(ROUNDS):
        (engine,) = figures([build / "bench/serve/bench_engine_query", library, folder / "storage/engine", "events", query, str(QUERIES)])
        server = Serving(build / "birdhouse", folder / "project", folder / "storage")
        try:
            endpoint, p99, told = figures([build / "bench/serve/bench_serve_load", "queries", f"{server.url}/v0/pipes/spend.json?least=10", server.token, str(QUERIES)])
        finally:
            server.stop()
        rounds.append((endpoint - engine, endpoint, p99, told, engine))
    more, endpoint, p99, told, engine = map(statistics.median, zip(*rounds))
    each = ", ".join(f"{one[0]:.2f}" for one in rounds)
    print(f"engine alone, the endpoint's query         p50 {engine:.2f} ms, the median of {ROUNDS} rounds")
    print(f"serve, an endpoint                         p50 {endpoint:.2f} ms, p99 {p99:.2f} ms; {told:.2f} ms of it as its answers tell, without parsing and planning")
    print(f"serve, over the engine alone               {more:.2f} ms at p50, in each round {each}  (wanted: 1 ms)")


def watch_memory(build, folder):
    """Events, endpoint calls and SQL in turn, from 16 connections, on a server that has just begun: its threads and caches fill
    first, and then it stays, but for merged parts that the engine removes by the hundred."""
    server = Serving(build / "birdhouse", folder / "project", folder / "steady")
    mixed = [build / "bench/serve/bench_serve_load", "mixed", server.url, server.token, folder / "singles.ndjson"]
    megabytes, seconds = [], 0
    try:
        for requests in [WARM_UP] + [STEADY // 4] * 4:
            seconds += figures([*mixed, str(requests), "16"])[1]
            megabytes.append(server.resident_bytes() / 1e6)
    finally:
        server.stop()
    quarters = ", ".join(f"{one:.0f}" for one in megabytes[1:])
    print(f"serve, events, endpoints and SQL in turn   {(WARM_UP + STEADY) / seconds:10.0f} requests/s from 16 connections")
    print(f"serve, memory over {STEADY} requests          {megabytes[0]:.0f} MB before, {quarters} MB after each quarter: {megabytes[-1] / megabytes[0]:.2f}, "
          f"over the second half {megabytes[-1] / megabytes[2]:.2f}")


main()
