"""Times the engine's part of `check` on a made-up project, beside the engine alone given the same statements.

    bench/engine_check.py DRIVER LIBCHDB      prints one line: the medians and their ratio
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SMOKE = os.environ.get("BENCH_SMOKE") == "1"
ENDPOINTS = 20 if SMOKE else 200
ROUNDS = 2 if SMOKE else 9
DATASOURCES = max(ENDPOINTS // 10, 1)

DATASOURCE = """SCHEMA >
    `id` String `json:$.id`,
    `at` DateTime64(3) `json:$.at`,
    `kind` LowCardinality(String) `json:$.kind`,
    `user_id` String `json:$.user.id`,
    `cost` Float64 `json:$.cost` DEFAULT 0,
    `tokens` UInt32 `json:$.usage.tokens` DEFAULT 0

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "kind, at, id"
ENGINE_TTL "toDateTime(at) + toIntervalDay(90)"
"""
TARGET = """SCHEMA >
    `day` Date,
    `kind` LowCardinality(String),
    `cost` AggregateFunction(sum, Float64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "day, kind"
"""
FILL = """NODE by_day
SQL >
    SELECT toDate(at) AS day, kind, sumState(cost) AS cost FROM events_{n} GROUP BY day, kind

TYPE materialized
DATASOURCE daily_{n}
"""
ENDPOINT = """NODE filtered
SQL >
    %
    SELECT at, kind, user_id, cost, tokens FROM events_{n}
    WHERE at >= {{{{DateTime64(since, '2026-01-01 00:00:00.000')}}}}
    {{% if defined(kind) %}} AND kind = {{{{String(kind)}}}} {{% end %}}

NODE out
SQL >
    %
    SELECT toStartOfHour(f.at) AS hour, f.kind, sum(f.cost) AS cost, uniq(f.user_id) AS users, d.total
    FROM filtered AS f
    LEFT JOIN (SELECT kind, sumMerge(cost) AS total FROM daily_{n} GROUP BY kind) AS d USING kind
    GROUP BY hour, f.kind, d.total
    ORDER BY hour DESC
    LIMIT {{{{Int32(page_size, 100)}}}}

TYPE endpoint
"""


def write_project(folder):
    for part in ("datasources", "pipes"):
        (folder / part).mkdir()
    for n in range(DATASOURCES):
        (folder / "datasources" / f"events_{n}.datasource").write_text(DATASOURCE)
        (folder / "datasources" / f"daily_{n}.datasource").write_text(TARGET)
        (folder / "pipes" / f"fill_daily_{n}.pipe").write_text(FILL.format(n=n))
    for n in range(ENDPOINTS):
        (folder / "pipes" / f"endpoint_{n}.pipe").write_text(ENDPOINT.format(n=n % DATASOURCES))


def main():
    driver, library = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        write_project(pathlib.Path(name))
        figures = json.loads(subprocess.run([driver, name, str(ROUNDS), library], check=True, capture_output=True).stdout)
    check, engine = figures["check_ms"], figures["engine_ms"]
    print(f"check on the engine, {figures['datasources']} datasources, {ENDPOINTS} endpoints, {figures['nodes']} nodes: "
          f"{check:.0f} ms; the engine alone, {figures['statements']} statements: {engine:.0f} ms; ratio {check / engine:.2f}")


main()
