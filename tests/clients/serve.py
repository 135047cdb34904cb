"""Tinybird's own clients, unmodified, against `birdhouse serve`: serve.py BIRDHOUSE CLIENTS

The TypeScript SDK knows one address of a local Tinybird, http://localhost:7181: where something listens there already,
this says so and is skipped.
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PORT = 7181
URL = f"http://localhost:{PORT}"
PROJECT = {
    "datasources/events.datasource": """TOKEN "tracker" APPEND
SCHEMA >
    `id` String `json:$.id`,
    `at` DateTime `json:$.at`,
    `cost` Float64 `json:$.cost` DEFAULT 0

ENGINE "MergeTree"
ENGINE_SORTING_KEY "at"
""",
    "datasources/hourly.datasource": """SCHEMA >
    `hour` DateTime,
    `spend` SimpleAggregateFunction(sum, Float64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "hour"
""",
    "pipes/to_hourly.pipe": """NODE by_hour
SQL >
    SELECT toStartOfHour(at) AS hour, sum(cost) AS spend FROM events GROUP BY hour

TYPE materialized
DATASOURCE hourly
""",
    "pipes/spend.pipe": """NODE total
SQL >
    %
    SELECT hour, sum(h.spend) AS spend FROM hourly AS h
    GROUP BY hour HAVING spend >= {{Float64(least, 0)}} ORDER BY hour

TYPE endpoint
""",
    "datasources/snapshots.datasource": """SCHEMA >
    `id` String,
    `cost` Float64

ENGINE "MergeTree"
ENGINE_SORTING_KEY "id"
""",
    "pipes/snapshot.pipe": """NODE dear
SQL >
    %
    SELECT id, cost FROM events WHERE cost >= {{Float64(least, 0)}}

TYPE copy
TARGET_DATASOURCE snapshots
COPY_SCHEDULE 0 * * * *
""",
    "tinybird.config.json": json.dumps({"include": ["datasources/*.datasource", "pipes/*.pipe"], "token": "${TINYBIRD_TOKEN}",
                                        "baseUrl": URL, "devMode": "local"}),
}

problems = 0


def check(what, holds, shown=""):
    global problems
    if not holds:
        problems += 1
        print(f"serve: {what}: {str(shown).strip()[-2000:]}", file=sys.stderr)


@contextlib.contextmanager
def serving(birdhouse):
    server = subprocess.Popen([birdhouse, "serve", "--empty"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if line.startswith("tokens:"):
                break
        with urllib.request.urlopen(f"{URL}/tokens", timeout=10) as answer:
            yield json.load(answer)
    finally:
        server.send_signal(signal.SIGTERM)
        check("the server ends when it is told to", server.wait(timeout=30) == 0, server.stderr.read())


def run(command, folder, token, more=None):
    environment = dict(os.environ, TINYBIRD_TOKEN=token, TB_LOCAL_PORT=str(PORT), HOME=str(folder), NO_COLOR="1", **(more or {}))
    environment.pop("GIT_DIR", None)
    done = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180)
    return done.returncode, done.stdout + done.stderr


def write_project(folder):
    for name, text in PROJECT.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def with_sdk(clients, folder, token):
    tinybird = str(clients / "sdk/node_modules/.bin/tinybird")
    code, said = run([tinybird, "build"], folder, token)
    check("SDK build", code == 0 and "Build completed" in said and "spend.pipe created" in said, said)
    code, said = run([tinybird, "deploy", "--check"], folder, token)
    check("SDK deploy --check", code == 0 and "validated" in said, said)
    code, said = run([tinybird, "deploy"], folder, token)
    check("SDK deploy without changes", code == 0 and "No changes" in said, said)
    pipe = folder / "pipes/spend.pipe"
    pipe.write_text(pipe.read_text().replace("ORDER BY hour", "ORDER BY hour DESC"))
    code, said = run([tinybird, "deploy"], folder, token)
    check("SDK deploy", code == 0 and "No changes" not in said, said)
    code, said = run([tinybird, "pull", "--output-dir", "pulled"], folder, token)
    check("SDK pull", code == 0 and "Pulled 6 file(s)" in said, said)
    for name in ("datasources/events.datasource", "pipes/spend.pipe"):
        pulled = folder / "pulled" / pathlib.Path(name).name
        check(f"SDK pull gives back {name}", pulled.is_file() and pulled.read_text() == (folder / name).read_text())
    shutil.rmtree(folder / "pulled", ignore_errors=True)
    code, said = run(["node", str(HERE / "serve_with_sdk.mjs"), str(clients / "sdk"), URL, token], folder, token)
    try:
        told = json.loads(said.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return check("SDK client", False, said)
    hour = "2026-01-01 10:00:00"
    expected = {"ingested": {"successful_rows": 1, "quarantined_rows": 0}, "batch": {"successful_rows": 1, "quarantined_rows": 1},
                "stored": 2, "endpoint": [{"hour": hour, "spend": 3.5}], "filtered": [], "fixed": [], "after_delete": 1,
                "appended": 1, "by_address": 1, "after_append": 3, "replaced": 1, "after_replace": 1, "after_truncate": 0, "unknown": 404}
    for key, value in expected.items():
        check(f"SDK client: {key}", told.get(key) == value, told.get(key))


def with_typescript(clients, folder, token):
    """Definitions in TypeScript: the datafiles that the SDK makes of them, an event, and what becomes of it."""
    (folder / "lib").mkdir(parents=True)
    shutil.copy(HERE / "definitions.ts", folder / "lib")
    (folder / "node_modules").symlink_to(clients / "sdk/node_modules")
    (folder / "tinybird.config.json").write_text(json.dumps({"include": ["lib/definitions.ts"], "token": "${TINYBIRD_TOKEN}", "baseUrl": URL, "devMode": "local"}))
    tinybird = str(clients / "sdk/node_modules/.bin/tinybird")
    for words, shown in ((["build"], "top_models.pipe created"), (["build"], "Build completed"), (["deploy", "--check"], "validated"), (["pull", "--output-dir", "pulled"], "Pulled 8 file(s)")):
        code, said = run([tinybird, *words], folder, token)
        check(f"SDK {' '.join(words)} of TypeScript", code == 0 and shown in said, said)
    pulled = folder / "pulled/top_models.pipe"
    check("SDK pull keeps CACHE", pulled.is_file() and "CACHE 60" in pulled.read_text())
    event = {"id": "11111111-1111-1111-1111-111111111111", "at": "2026-01-01 10:00:00.123", "model": "m", "cost": 1.5, "tokens": None, "tags": ["a"],
             "meta": {"k": "v"}, "amount": "1.25", "data": {"n": 1}, "stored": "2026-01-01 10:00:00", "payload": {"place": "here"}}
    answer = ask("/v0/events?name=llm_events&wait=true", token, "POST", json.dumps(event).encode())
    check("an event of TypeScript", answer == {"successful_rows": 1, "quarantined_rows": 0}, answer)
    answer = ask("/v0/pipes/top_models.json?models=m,n&order=requests", token)["data"]
    check("an endpoint of TypeScript", answer == [{"model": "m", "cost": 1.5, "requests": 1}], answer)
    answer = ask("/v0/sql?q=SELECT+place,tags,meta,amount,data,tokens+FROM+llm_events+FORMAT+JSON", token)["data"]
    check("a row of TypeScript", answer == [{"place": "here", "tags": ["a"], "meta": {"k": "v"}, "amount": 1.25, "data": {"n": 1}, "tokens": None}], answer)


def with_branches(clients, folder, token):
    """A preview in each mode and a branch, on the same server, for the git branch `feature/new`."""
    subprocess.run("git init -q -b feature/new . && git -c user.name=test -c user.email=test@localhost commit -q --allow-empty -m begin",
                   shell=True, check=True, cwd=folder)
    config = folder / "tinybird.config.json"
    written = config.read_text()
    tinybird = str(clients / "sdk/node_modules/.bin/tinybird")

    def ask_for(words, shown, **settings):
        config.write_text(json.dumps(json.loads(written) | settings))
        code, said = run([tinybird, *words], folder, token)
        check(f"SDK {' '.join(words)} {settings}", code == 0 and shown in said, said)
        return said

    def events_of(said):
        branch = json.loads(said or "{}").get("branch")
        return branch and ask("/v0/sql?q=SELECT+count()+AS+n+FROM+events+FORMAT+JSON", branch["token"])["data"][0]["n"]

    ask("/v0/events?name=events&wait=true", token, "POST", b'{"id":"branched","at":"2026-01-01 10:00:00","cost":1}')
    for mode, more, held in (("local", {}, 0), ("branch", {}, 0), ("branch", {"branch_data_mode": "last_partition"}, 1)):
        for _ in range(2):  # the second one begins anew
            said = ask_for(["preview", "--json"], "tmp_ci_feature_new", devMode=mode, **more)
            rows = events_of(said)
            check(f"rows of a preview in {mode} {more}", rows == held, rows)
    ask_for(["build"], "feature_new", devMode="branch")
    ask_for(["branch", "list"], "feature_new", devMode="branch")
    ask_for(["branch", "status"], "Tinybird branch: feature_new", devMode="branch")
    ask_for(["clear", "--yes"], "cleared", devMode="branch")
    ask_for(["branch", "delete", "feature_new"], "deleted", devMode="branch")
    config.write_text(written)


def ask(path, token, method="GET", body=None):
    request = urllib.request.Request(URL + path, data=body, method=method, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def with_shipped_project(birdhouse, clients, folder, tokens):
    """Deployed by the SDK into one workspace and by `birdhouse deploy` into another: the same model in both."""
    folder.mkdir()
    for name in ("birdhouse.yaml", "datasources", "pipes", "migrations", "templates"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    config = folder / "birdhouse.yaml"
    targets = "".join(f"  {name}: {{kind: tinybird, host: '{URL}', workspace: {workspace}, token_env: {name.upper()}_TOKEN}}\n"
                      for name, workspace in (("sdk", "deployed_by_sdk"), ("own", "deployed_by_birdhouse")))
    config.write_text(config.read_text().replace("targets:\n", "targets:\n" + targets, 1))
    (folder / "tinybird.config.json").write_text(json.dumps(
        {"include": ["build/tinybird/datasources/*.datasource", "build/tinybird/pipes/*.pipe"], "token": "${TINYBIRD_TOKEN}",
         "baseUrl": URL}))
    by_sdk, by_us = (ask(f"/v1/workspaces?name=deployed_by_{name}", tokens["user_token"], "POST")["token"] for name in ("sdk", "birdhouse"))
    environment = {"SDK_TOKEN": by_sdk, "OWN_TOKEN": by_us}
    code, said = run([birdhouse, "generate"], folder, by_us)
    check("birdhouse generate", code == 0, said)
    code, said = run([str(clients / "sdk/node_modules/.bin/tinybird"), "deploy"], folder, by_sdk)
    check("SDK deploy of the shipped project", code == 0, said)
    code, said = run([birdhouse, "deploy", "--target", "own"], folder, by_us, environment)
    check("birdhouse deploy of the shipped project", code == 0, said)
    for kind in ("datasources", "pipes"):
        written = sorted(path.stem for path in (folder / "build/tinybird" / kind).iterdir())
        for token in (by_sdk, by_us):
            there = sorted(one["name"] for one in ask(f"/v0/{kind}", token)[kind])
            check(f"all {kind} are there", there == written and written, there)
    code, said = run([birdhouse, "diff", "--from", "target:sdk", "--to", "target:own", "--no-engine", "--exit-code"], folder, by_us, environment)
    check("both deployments end in the same model", code == 0, said)
    code, said = run([birdhouse, "diff", "--from", "target:own", "--to", "build/tinybird", "--no-engine", "--exit-code"], folder, by_us, environment)
    check("which is that of the datafiles", code == 0, said)


def with_tb(clients, folder, token):
    tb = [str(clients / "forward/bin/tb"), "--local"]
    code, said = run([*tb, "build"], folder, token)
    check("tb build", code == 0 and "Build completed" in said, said)
    code, said = run([*tb, "datasource", "append", "events", "--events", '{"id":"t","at":"2026-01-01 12:00:00","cost":4}'], folder, token)
    check("tb datasource append --events", code == 0, said)
    (folder / "rows.csv").write_text("id,at,cost\nu,2026-01-01 12:30:00,5\n")
    code, said = run([*tb, "datasource", "append", "events", "--file", "rows.csv"], folder, token)
    check("tb datasource append --file", code == 0, said)
    code, said = run([*tb, "sql", "SELECT count() AS n FROM events"], folder, token)
    check("tb sql", code == 0 and "2" in said.split(), said)
    code, said = run([*tb, "endpoint", "data", "spend"], folder, token)
    check("tb endpoint data", code == 0 and "9" in said, said)
    for words, shown in ((["token", "create", "static", "probe", "--scope", "DATASOURCES:READ", "--resource", "events"], ("probe",)),
                         (["token", "refresh", "probe", "--yes"], ("refreshed",)), (["token", "rm", "probe", "--yes"], ("removed",))):
        code, said = run([*tb, *words], folder, token)
        check(f"tb {' '.join(words)}", code == 0 and all(word in said for word in shown), said)
    only_read = {("pipe", "ls"): ("spend", "endpoint", "to_hourly"), ("endpoint", "ls"): (f"{URL}/v0/pipes/spend.json?token=",),
                 ("materialization", "ls"): ("to_hourly", "hourly"), ("copy", "ls"): ("nodes",), ("datasource", "ls"): ("events",),
                 ("endpoint", "stats", "spend"): ("request count",), ("endpoint", "token", "spend"): ("spend",),
                 ("sql", "SELECT count() AS calls FROM tinybird.pipe_stats_rt"): ("calls",), ("logs",): ("No logs",),
                 ("job", "ls"): ("import",), ("datasource", "data", "events"): ("12:30:00",), ("deploy", "--check"): ("No changes",),
                 ("datasource", "analyze", "rows.csv"): ("id", "DateTime", "Int64", "delimiter"), ("token", "scopes", "tracker"): ("DATASOURCES:APPEND",),
                 ("--output", "csv", "sql", "SELECT id FROM events ORDER BY id"): ('"id"', '"t"', '"u"')}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = pool.map(lambda words: run([*tb, *words], folder, token), only_read)
        for (words, shown), (code, said) in zip(only_read.items(), answers):
            check(f"tb {' '.join(words)}", code == 0 and all(word in said for word in shown), said)
    code, said = run([*tb, "deploy"], folder, token)
    check("tb deploy without changes", code == 0 and "No changes" in said, said)
    datasource = folder / "datasources/events.datasource"
    datasource.write_text(datasource.read_text().replace("DEFAULT 0\n", "DEFAULT 0,\n    `note` String `json:$.note` DEFAULT ''\n"))
    code, said = run([*tb, "deploy"], folder, token)
    check("tb deploy", code == 0 and "live" in said.lower(), said)
    code, said = run([*tb, "sql", "SELECT count() AS n, countIf(note = '') AS empty FROM events"], folder, token)
    check("tb sql after a deployment", code == 0 and said.split().count("2") >= 2, said)
    with_copies(tb, folder, token)
    with_staging(tb, folder, token)
    with_rows(tb, folder, token)


def with_rows(tb, folder, token):
    (folder / "tests").mkdir()
    (folder / "tests/spend.yaml").write_text("- name: nothing\n  description: no rows\n  parameters: ''\n  expected_result: ''\n")
    condition = ["--sql-condition", "id = 'u'", "--yes"]
    for words, shown in ((["test", "run"], "1/1 passed"), (["datasource", "delete", "events", *condition, "--lightweight-delete"], "Rows affected: 1"),
                         (["datasource", "append", "events", "--file", "rows.csv"], ""), (["datasource", "delete", "events", *condition, "--wait"], "deleted"),
                         (["datasource", "replace", "events", "rows.csv"], "replaced"), (["datasource", "truncate", "events", "--yes", "--cascade"], "'hourly' truncated"),
                         (["secret", "set", "key", "value"], "set"), (["secret", "ls"], "key")):
        code, said = run([*tb, *words], folder, token)
        check(f"tb {' '.join(words)}", code == 0 and shown in said, said)
    code, said = run([*tb, "sql", "SELECT (SELECT count() FROM events) + (SELECT count() FROM hourly) AS n"], folder, token)
    check("nothing is left after a cascade", code == 0 and "0" in said.split(), said)


def with_copies(tb, folder, token):
    code, said = run([*tb, "copy", "run", "snapshot", "--param", "least=5", "--wait"], folder, token)
    check("tb copy run --wait", code == 0 and "Data copied to 'snapshots'" in said, said)
    code, said = run([*tb, "sql", "SELECT id FROM snapshots"], folder, token)
    check("tb sql after a copy", code == 0 and "u" in said.split() and "t" not in said.split(), said)
    code, said = run([*tb, "copy", "run", "snapshot", "--mode", "replace", "--wait"], folder, token)
    check("tb copy run --mode replace", code == 0, said)
    code, said = run([*tb, "sql", "SELECT count() AS n FROM snapshots"], folder, token)
    check("tb sql after a copy that replaces", code == 0 and "2" in said.split(), said)
    for word in ("pause", "resume"):
        code, said = run([*tb, "copy", word, "snapshot"], folder, token)
        check(f"tb copy {word}", code == 0, said)
    code, said = run([*tb, "job", "ls", "--kind", "copy"], folder, token)
    check("tb job ls", code == 0 and said.count("done") >= 2, said)


def with_staging(tb, folder, token):
    pipe = folder / "pipes/spend.pipe"
    written = pipe.read_text()
    pipe.write_text(written.replace("sum(h.spend)", "100 * sum(h.spend)"))
    code, said = run([*tb, "deployment", "create", "--wait"], folder, token)
    check("tb deployment create", code == 0 and "Deployment is ready" in said, said)
    code, said = run([*tb, "deployment", "ls"], folder, token)
    check("tb deployment ls", code == 0 and "Staging" in said and "Live" in said, said)
    code, said = run([*tb, "deploy"], folder, token)
    check("tb deploy while one is staged", code != 0 and "already a deployment in progress" in said, said)
    code, said = run([*tb, "datasource", "append", "events", "--events", '{"id":"v","at":"2026-01-01 13:00:00","cost":6}'], folder, token)
    check("tb datasource append while one is staged", code == 0, said)
    code, said = run([*tb, "endpoint", "data", "spend"], folder, token)
    check("live is as it was", code == 0 and {"9", "6"} <= set(said.split()), said)
    code, said = run([*tb, "--staging", "endpoint", "data", "spend"], folder, token)
    check("tb --staging", code == 0 and {"900", "600"} <= set(said.split()), said)
    code, said = run([*tb, "deployment", "discard", "--wait"], folder, token)
    check("tb deployment discard", code == 0 and "successfully completed" in said, said)
    code, said = run([*tb, "deployment", "create", "--wait"], folder, token)
    check("tb deployment create again", code == 0, said)
    code, said = run([*tb, "deployment", "promote", "--wait"], folder, token)
    check("tb deployment promote", code == 0 and "is live" in said, said)
    code, said = run([*tb, "sql", "SELECT count() AS n FROM events"], folder, token)
    check("every row is there after the promotion", code == 0 and "3" in said.split(), said)
    pipe.write_text(written)


def main():
    birdhouse, clients = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", PORT)) == 0:
            print(f"serve: SKIPPED: something listens on port {PORT} already, which the SDK looks for")
            return 0
    ran = []
    for name, program, test in (("@tinybirdco/sdk", clients / "sdk/node_modules/.bin/tinybird", with_sdk),
                                ("tinybird", clients / "forward/bin/tb", with_tb)):
        if not program.exists():
            print(f"serve: SKIPPED {name}: it could not be installed")
            continue
        with tempfile.TemporaryDirectory() as scratch, serving(birdhouse) as tokens:
            folder = pathlib.Path(scratch)
            write_project(folder)
            began = time.monotonic()
            test(clients, folder, tokens["workspace_admin_token"])
            if test is with_sdk:
                with_typescript(clients, folder / "typescript", ask("/v1/workspaces?name=typescript", tokens["user_token"], "POST")["token"])
                with_branches(clients, folder, tokens["workspace_admin_token"])
                with_shipped_project(str(birdhouse.resolve()), clients, folder / "shipped", tokens)
            ran.append(f"{name} in {time.monotonic() - began:.0f} s")
    print(f"serve: {', '.join(ran) or 'no client'}: {problems} problems")
    return 1 if problems else 0


sys.exit(main())
