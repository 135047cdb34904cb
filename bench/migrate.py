"""Times `birdhouse migrate` on made-up projects, beside the engine alone given the same statements, in one run.

    bench/migrate.py BUILD_FOLDER LIBCHDB      BENCH_SMOKE=1: small projects, to see that it still runs

Whole processes are timed, as CI runs them: ours and the peer both start and load the engine.
"""

import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SMOKE = os.environ.get("BENCH_SMOKE") == "1"
ROUNDS = 2 if SMOKE else 5
CHAINS_OF_STEPS = 4 if SMOKE else 40  # with 3 creations each, and 4.5 steps that change them: 300 steps
CHAINS_OF_RESOURCES = 10 if SMOKE else 250  # a datasource, its materialization, the target, an endpoint: 1,000 resources
CHAINS_A_MIGRATION = 10

COLUMNS = [("id", "String", None), ("at", "DateTime64(3)", None), ("kind", "LowCardinality(String)", "\"'unknown'\""), ("cost", "Float64", 0)]
ADDED = [("user_id", "String", "\"'anonymous'\""), ("tokens", "UInt32", 0), ("region", "LowCardinality(String)", "\"'eu'\""), ("note", "Nullable(String)", None)]
ENGINE = "{kind: MergeTree, sorting_key: [kind, at], partition_key: toYYYYMM(at)}"
FILL = "SELECT toDate(at) AS day, kind, sum(cost) AS cost FROM events_{n} GROUP BY day, kind"


def column(name, kind, default):
    return f"{{name: {name}, type: {kind}, path: $.{name}" + (f", default: {default}}}" if default is not None else "}")


def columns(listed, indent):
    return "".join(f"{indent}- {column(*one)}\n" for one in listed)


TARGET_COLUMNS = ["{name: day, type: Date}", "{name: kind, type: LowCardinality(String)}", '{name: cost, type: "SimpleAggregateFunction(sum, Float64)"}']


def definitions(folder, n, listed, indexed):
    index = "indexes: [{name: by_id, expression: id, type: bloom_filter, granularity: 1}]\n" if indexed else ""
    (folder / f"datasources/events_{n}.yaml").write_text(f"datasource: events_{n}\ncolumns:\n{columns(listed, '  ')}engine: {ENGINE}\n{index}")
    (folder / f"datasources/daily_{n}.yaml").write_text(
        f"datasource: daily_{n}\ncolumns:\n" + "".join(f"  - {one}\n" for one in TARGET_COLUMNS) + "engine: {kind: AggregatingMergeTree, sorting_key: [day, kind]}\n")
    (folder / f"pipes/fill_{n}.yaml").write_text(f"pipe: fill_{n}\ntype: materialized\ndatasource: daily_{n}\nnodes:\n  - {{name: by_day, sql: \"{FILL.format(n=n)}\"}}\n")


def endpoint(folder, n):
    (folder / f"pipes/spend_{n}.yaml").write_text(
        f"pipe: spend_{n}\ntype: endpoint\nnodes:\n  - name: spend\n    sql: |\n      %\n      SELECT day, sum(cost) AS cost FROM daily_{n}\n"
        "      WHERE day >= {{Date(since, '2026-01-01')}} GROUP BY day ORDER BY day\n")


def creation(n):
    return (f"  - create_datasource:\n      datasource: events_{n}\n      columns:\n{columns(COLUMNS, '        ')}      engine: {ENGINE}\n"
            f"  - create_datasource:\n      datasource: daily_{n}\n      columns:\n" + "".join(f"        - {one}\n" for one in TARGET_COLUMNS) +
            "      engine: {kind: AggregatingMergeTree, sorting_key: [day, kind]}\n"
            f"  - create_materialized_view: {{view: fill_{n}, to: daily_{n}, sql: \"{FILL.format(n=n)}\"}}\n")


def addition(n, added):
    return f"  - add_column: {{datasource: events_{n}, {column(*added)[1:]}\n"


def index(n):
    return f"  - add_index: {{datasource: events_{n}, name: by_id, expression: id, type: bloom_filter, granularity: 1}}\n"


class Migrations:
    def __init__(self, folder):
        self.folder = folder
        self.count = 0

    def write(self, name, steps):
        self.count += 1
        name = f"{self.count:04d}_{name}"
        (self.folder / f"migrations/{name}.yaml").write_text(f"migration: {name}\nsteps:\n{''.join(steps)}")


def begin(folder, name):
    for part in ("datasources", "pipes", "migrations"):
        (folder / part).mkdir(parents=True)
    (folder / "birdhouse.yaml").write_text(f"name: {name}\ntargets:\n  local: {{kind: embedded, path: .birdhouse/local}}\ndefault_target: local\n")
    return Migrations(folder)


def groups(count):
    return [range(first, min(first + CHAINS_A_MIGRATION, count)) for first in range(0, count, CHAINS_A_MIGRATION)]


def write_steps(folder):
    """Migrations of 300 steps, and the definitions that they build."""
    migrations = begin(folder, "steps")
    for group in groups(CHAINS_OF_STEPS):
        migrations.write("chains", [creation(n) for n in group])
    for added in ADDED:
        migrations.write(f"add_{added[0]}", [addition(n, added) for n in range(CHAINS_OF_STEPS)])
    migrations.write("indexes", [index(n) for n in range(0, CHAINS_OF_STEPS, 2)])
    for n in range(CHAINS_OF_STEPS):
        definitions(folder, n, COLUMNS + ADDED, indexed=n % 2 == 0)
    return CHAINS_OF_STEPS * 3 + CHAINS_OF_STEPS * len(ADDED) + (CHAINS_OF_STEPS + 1) // 2


def write_resources(folder):
    migrations = begin(folder, "resources")
    for group in groups(CHAINS_OF_RESOURCES):
        migrations.write("chains", [creation(n) for n in group])
    for n in range(CHAINS_OF_RESOURCES):
        definitions(folder, n, COLUMNS, indexed=False)
        endpoint(folder, n)
    return migrations


def applied(bench, folder):
    """Applies all that is pending; the statements that were sent."""
    said = bench.ours(folder, "migrate", "apply", "--no-canary", "--verbose").stderr
    return [sql.strip() for sql in re.split(r"^did: ", said, flags=re.M)[1:]]


def in_database(name, statements):
    return [f"CREATE DATABASE `{name}`", f"USE `{name}`", *statements]


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Bench:
    def __init__(self, build, library):
        self.birdhouse = str(build / "birdhouse")
        self.engine = str(build / "bench/migrate/bench_engine_statements")
        self.library = library
        os.environ["BIRDHOUSE_LIBCHDB"] = library

    def ours(self, folder, *words):
        result = subprocess.run([self.birdhouse, *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"birdhouse {' '.join(words)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result

    def peer(self, storage, file):
        subprocess.run([self.engine, self.library, str(storage), str(file)], check=True, stdout=subprocess.DEVNULL)

    def compare(self, name, ours, peer_name, peer, wanted=None):
        """Ours and the peer in turn, so that a slow moment of the machine hits both. The processor's time says what a busy one hides."""
        mine, theirs, work = [], [], []
        for _ in range(ROUNDS):
            before = processor_seconds()
            mine.append(seconds(ours))
            work.append(processor_seconds() - before)
            theirs.append(seconds(peer))
        a, b = statistics.median(mine), statistics.median(theirs)
        aim = f"  (wanted: {wanted * 1000:.0f} ms)" if wanted else ""
        print(f"{name}: {a * 1000:.0f} ms, {statistics.median(work) * 1000:.0f} ms of a processor; {peer_name}: {b * 1000:.0f} ms; ratio {a / b:.2f}{aim}", flush=True)


def write_statements(file, statements):
    file.write_text("".join(sql + "\0" for sql in statements))
    return file


def time_steps(bench, folder):
    steps = write_steps(folder)
    bench.ours(folder, "migrate", "verify", "--write-sum", "--no-canary")
    statements = in_database("steps", applied(bench, folder))
    assert len(statements) == steps + 2
    all_statements = write_statements(folder / "statements", statements)
    alone = f"the engine alone, {len(statements)} statements"
    bench.compare(f"proof of {steps} steps", lambda: bench.ours(folder, "migrate", "verify", "--no-canary"), alone,
                  lambda: bench.peer("-", all_statements), wanted=1.0)
    bench.compare(f"proof of {steps} steps, with canary rows after each", lambda: bench.ours(folder, "migrate", "verify"), alone,
                  lambda: bench.peer("-", all_statements))
    ledger = write_statements(folder / "ledger", ["SELECT * FROM steps._birdhouse_ledger ORDER BY sequence"])
    bench.compare(f"apply with nothing to do, after {steps} steps", lambda: bench.ours(folder, "migrate", "apply"),
                  "the engine alone reads the ledger", lambda: bench.peer(folder / ".birdhouse/local", ledger), wanted=0.3)


def time_plan(bench, folder):
    migrations = write_resources(folder)
    bench.ours(folder, "migrate", "verify", "--write-sum", "--no-canary")
    statements = applied(bench, folder)
    last = CHAINS_OF_RESOURCES - 1
    migrations.write("change", [addition(last, ADDED[0]), addition(0, ADDED[1]), index(0)])
    definitions(folder, last, COLUMNS + ADDED[:1], indexed=False)
    definitions(folder, 0, COLUMNS + ADDED[1:2], indexed=True)
    bench.ours(folder, "migrate", "verify", "--write-sum", "--no-canary")
    plan = json.loads(bench.ours(folder, "migrate", "plan", "--format", "json").stdout)
    assert [len(migration["steps"]) for migration in plan["migrations"]] == [3]
    statements += [sql for step in plan["migrations"][0]["steps"] for sql in step["statements"]]
    statements = write_statements(folder / "statements", in_database("resources", statements))
    bench.compare(f"plan for {4 * CHAINS_OF_RESOURCES} resources", lambda: bench.ours(folder, "migrate", "plan"),
                  "the engine alone, all statements of the migrations", lambda: bench.peer("-", statements), wanted=0.5)


def main():
    if os.access("/dev/shm", os.W_OK):
        os.environ.setdefault("TMPDIR", "/dev/shm")  # where birdhouse would put its engine's files: the peer's stand there too
    bench = Bench(pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve()))
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        time_steps(bench, pathlib.Path(name) / "steps")
        time_plan(bench, pathlib.Path(name) / "resources")


main()
