"""Times `birdhouse check --no-engine` on a project of 1,000 datafiles, from process start, beside reading the same bytes.

    bench/check.py BIRDHOUSE [FILES]      prints one line: the medians and their ratio
"""

import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 15
TYPES = ["LowCardinality(String)", "UInt32 DEFAULT 0", "Nullable(Float64)", "Array(String)", "Map(String, String)", "String DEFAULT ''"]

ENDPOINT = """DESCRIPTION >
    Report {e} of group {g}.

TOKEN dashboard READ

NODE filtered
SQL >
    %
    SELECT id, at, c0, c1, c2, c5
    FROM events_{g}
    WHERE at >= {{{{DateTime(start, '2024-01-01 00:00:00', description='from', required=True)}}}}
      AND at < {{{{DateTime(end, '2025-01-01 00:00:00')}}}}
    {{% if defined(kind) %}} AND c0 IN {{{{Array(kind, 'String', 'a,b')}}}} {{% end %}}

NODE result
SQL >
    %
    WITH totals AS (
        SELECT c0, sum(c1) AS total, count() AS n, quantiles(0.5, 0.9, 0.99)(c2) AS q FROM filtered GROUP BY c0
    )
    SELECT t.c0, t.total, t.n, t.q[1] AS p50, d.total AS ever
    FROM totals AS t
    LEFT JOIN (SELECT c0, sumMerge(total) AS total FROM daily_{g} GROUP BY c0) AS d USING c0
    ORDER BY {{{{column(sort, 'total')}}}} DESC
    LIMIT {{{{Int32(limit, 100)}}}} OFFSET {{{{Int32(page, 0) * Int32(limit, 100)}}}}

TYPE endpoint
"""


def column(number, kind):
    name, _, default = kind.partition(" DEFAULT ")
    path = f"$.data.c{number}" + ("[:]" if name.startswith("Array") else "")
    return f"    `c{number}` {name} `json:{path}`" + (f" DEFAULT {default}" if default else "")


def write_project(root, files):
    """Ten files a group: events, a target and its view, seven endpoints."""
    for folder in ("datasources", "endpoints", "materializations"):
        (root / folder).mkdir()
    columns = ["    `id` String `json:$.id`", "    `at` DateTime64(3) `json:$.at`"] + [column(n, kind) for n, kind in enumerate(TYPES * 3)]
    schema = ",\n".join(columns)
    for g in range(files // 10):
        (root / f"datasources/events_{g}.datasource").write_text(
            f"TOKEN tracker APPEND\n\nSCHEMA >\n{schema}\n\nENGINE \"MergeTree\"\nENGINE_PARTITION_KEY \"toYYYYMM(at)\"\n"
            "ENGINE_SORTING_KEY \"id, at\"\nENGINE_TTL \"toDateTime(at) + toIntervalDay(90)\"\n")
        (root / f"datasources/daily_{g}.datasource").write_text(
            "SCHEMA >\n    `day` Date,\n    `c0` LowCardinality(String),\n    `n` AggregateFunction(count),\n"
            "    `total` AggregateFunction(sum, UInt32)\n\nENGINE \"AggregatingMergeTree\"\nENGINE_SORTING_KEY \"day, c0\"\n")
        (root / f"materializations/daily_{g}_mv.pipe").write_text(
            "NODE rows\nSQL >\n    SELECT toDate(at) AS day, c0, countState() AS n, sumState(c1) AS total\n"
            f"    FROM events_{g}\n    GROUP BY day, c0\n\nTYPE materialized\nDATASOURCE daily_{g}\n")
        for e in range(7):
            (root / f"endpoints/report_{g}_{e}.pipe").write_text(ENDPOINT.format(g=g, e=e))


def seconds(command, folder):
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{command} failed:\n{done.stdout}{done.stderr}")
    return taken


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        root = pathlib.Path(name)
        write_project(root, files)
        size = sum(path.stat().st_size for path in root.rglob("*.*"))
        ours, peer = [], []
        for _ in range(ROUNDS):
            ours.append(seconds([binary, "check", "--no-engine"], root))
            peer.append(seconds(["sh", "-c", "cat */* > /dev/null"], root))
        a, b = statistics.median(ours), statistics.median(peer)
        print(f"check {files} datafiles, {size / 1e6:.1f} MB: {a * 1000:.1f} ms; cat of the files: {b * 1000:.1f} ms; ratio {a / b:.1f}")


main()
