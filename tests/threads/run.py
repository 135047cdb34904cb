"""`birdhouse serve` under ThreadSanitizer and under load: run.py BIRDHOUSE [SECONDS [SEED]]

BIRDHOUSE is built with the sanitizer; BIRDHOUSE_LIBCHDB names libchdb_remote.so, which reaches the engine in a process without
it (tests/remote_engine). Events come one by one from 16 connections and in batches, while endpoints and SQL are asked, files
appended and replaced, copies made, tokens and workspaces made and dropped, the project deployed again and again, live and by
way of staging. The server is ended under that load, started again, killed under it, and started again. No data race is
reported, no answer is a 5xx, and every event that was acknowledged is there once.
"""

import gzip
import http.client
import itertools
import json
import os
import pathlib
import random
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from serving import Serving  # noqa: E402

REPORT = "WARNING: ThreadSanitizer"
SINGLES = 16  # connections that send one event a request
FILES = {
    "datasources/events.datasource":
        "SCHEMA >\n    `id` UInt64 `json:$.id`,\n    `at` DateTime `json:$.at`,\n    `cost` Float64 `json:$.cost` DEFAULT 0\n\n"
        "ENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n",
    "datasources/hourly.datasource":
        "SCHEMA >\n    `at` DateTime,\n    `events` SimpleAggregateFunction(sum, UInt64)\n\nENGINE \"AggregatingMergeTree\"\nENGINE_SORTING_KEY \"at\"\n",
    "datasources/files.datasource":
        "SCHEMA >\n    `id` UInt64 `json:$.id`,\n    `name` String `json:$.name`\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n",
    "datasources/snapshots.datasource": "SCHEMA >\n    `at` DateTime,\n    `events` UInt64\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"at\"\n",
    "pipes/to_hourly.pipe":
        "NODE by_hour\nSQL >\n    SELECT toStartOfHour(at) AS at, count() AS events FROM events GROUP BY at\n\nTYPE materialized\nDATASOURCE hourly\n",
    "pipes/spend.pipe":
        "NODE total\nSQL >\n    %\n    SELECT at, sum(h.events) AS events FROM hourly AS h GROUP BY at HAVING events >= {{UInt32(least, 0)}} ORDER BY at\n\nTYPE endpoint\n",
    "pipes/snapshot.pipe":
        "NODE all_of_it\nSQL >\n    SELECT at, sum(h.events) AS events FROM hourly AS h GROUP BY at\n\nTYPE copy\nTARGET_DATASOURCE snapshots\nCOPY_SCHEDULE @on-demand\n",
}
# The other shape, which deployments change to and back from.
OTHER = FILES | {"datasources/files.datasource": FILES["datasources/files.datasource"].replace(
    "json:$.name`", "json:$.name`,\n    `note` String `json:$.note` DEFAULT 'none'")}


def write_project(folder):
    for path, text in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


class Client:
    """A connection that stays open. `None` for an answer: the server is gone."""

    def __init__(self, server, problems):
        self.server, self.problems = server, problems
        self.connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=120)

    def ask(self, method, path, body=None, headers=()):
        try:
            self.connection.request(method, path, body, {"Authorization": f"Bearer {self.server.token}", **dict(headers)})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        if answer.status >= 500:
            self.problems.append(f"{method} {path}: {answer.status} {text[:300]}")
        return answer.status, text

    def send_files(self, path, files):
        mark = "birdhouse-boundary"
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="data_project://"; filename="{name}"\r\n\r\n{text}\r\n' for name, text in files.items()]
        return self.ask("POST", path, ("".join(parts) + f"--{mark}--\r\n").encode(), {"Content-Type": f"multipart/form-data; boundary={mark}"})


class Load:
    """All that is asked at once, until `end` or until the server is gone."""

    def __init__(self, server, ids, seed):
        self.server, self.ids, self.seed = server, ids, seed
        self.lock, self.over = threading.Lock(), threading.Event()
        self.acknowledged, self.problems, self.answers = [], [], {}
        work = [self.singles] * SINGLES + [self.batches] * 2 + [self.endpoints] * 2 + [self.sql, self.files, self.copies, self.resources, self.deployments]
        self.threads = [threading.Thread(target=self.repeat, args=(one, number)) for number, one in enumerate(work)]
        for thread in self.threads:
            thread.start()

    def end(self):
        self.over.set()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join()

    def repeat(self, work, number):
        client, chance = Client(self.server, self.problems), random.Random(f"{self.seed}/{number}")
        while not self.over.is_set():
            statuses = work(client, chance)
            with self.lock:
                for answer in statuses:
                    key = (work.__name__, answer[0] if answer else None)
                    self.answers[key] = self.answers.get(key, 0) + 1
            if None in statuses:
                return

    def events(self, client, rows, packed=False):
        with self.lock:
            ids = list(itertools.islice(self.ids, rows))
        lines = [json.dumps({"id": number, "at": f"2026-11-01 {number % 24:02d}:00:00", "cost": 1}) for number in ids]
        lines += [json.dumps({"id": 1, "at": "never"})] * (rows // 100)  # to be put aside
        body = "\n".join(lines).encode()
        answer = client.ask("POST", "/v0/events?name=events&wait=true", gzip.compress(body) if packed else body)
        if answer and answer[0] == 200 and json.loads(answer[1])["successful_rows"] == rows:
            with self.lock:
                self.acknowledged += ids
        return [answer]

    def singles(self, client, _):
        return self.events(client, 1)

    def batches(self, client, chance):
        return self.events(client, 1000, chance.random() < 0.5)

    def endpoints(self, client, chance):
        return [client.ask("GET", f"/v0/pipes/spend.{chance.choice(['json', 'csv', 'ndjson'])}?least={chance.randrange(9)}")]

    def sql(self, client, chance):
        sql = chance.choice(["SELECT count() AS n FROM events FORMAT JSON", "SELECT * FROM spend", "SELECT count() FROM events_quarantine",
                             "SELECT sum(events) FROM hourly FORMAT CSV", "SELECT nothing FROM events"])
        return [client.ask("POST", "/v0/sql", sql, {"Content-Type": "text/plain"}), client.ask("GET", "/v0/sql?q=" + urllib.parse.quote(sql))]

    def files(self, client, chance):
        rows = "".join(f"{chance.randrange(1000)},{chance.choice(['a', 'b'])}\n" for _ in range(50)) + chance.choice(["", "x,y\n"])
        mode = chance.choice(["append", "append", "replace"])
        return [client.ask("POST", f"/v0/datasources?name=files&mode={mode}&format=csv", rows, {"Content-Type": "text/csv"}),
                client.ask("POST", "/v0/datasources/files/delete?delete_condition=" + urllib.parse.quote("name = 'a'")),
                client.ask("GET", "/v0/datasources")]

    def copies(self, client, chance):
        answers = [client.ask("POST", "/v0/pipes/snapshot/copy?_mode=" + chance.choice(["append", "replace"])), client.ask("GET", "/v0/jobs")]
        if answers[0] and answers[0][0] == 200 and chance.random() < 0.3:
            answers.append(client.ask("POST", f"/v0/jobs/{json.loads(answers[0][1])['job']['job_id']}/cancel"))
        time.sleep(0.05)  # else the queue of jobs grows without end
        return answers

    def resources(self, client, chance):
        name = f"t{chance.randrange(5)}"
        return [client.ask("POST", f"/v0/tokens?name={name}&scope=PIPES:READ:spend"), client.ask("GET", "/v0/tokens"),
                client.ask("POST", f"/v0/variables?name={name}&value=1"), client.ask("DELETE", f"/v0/tokens/{name}"),
                client.ask("DELETE", f"/v0/variables/{name}"), client.ask("GET", "/v0/pipes"), client.ask("GET", "/v1/workspace"),
                client.ask("POST", f"/v1/environments?name={name}"), client.ask("GET", "/v0/user/workspaces")]

    def deployments(self, client, chance):
        files = chance.choice([FILES, OTHER])
        if chance.random() < 0.3:
            return [client.send_files("/v1/build", files)]
        if chance.random() < 0.4:
            return [client.send_files("/v1/deploy?auto_promote=true&allow_destructive_operations=true", files)]
        answers = [client.send_files("/v1/deploy?allow_destructive_operations=true", files)]
        if answers[0] and answers[0][0] == 200:
            made = json.loads(answers[0][1]).get("deployment", {}).get("id")
            answers.append(client.ask("GET", "/v0/pipes/spend.json?__tb__deployment=staging"))
            answers.append(client.ask("POST", f"/v1/deployments/{made}/set-live") if chance.random() < 0.5 else client.ask("DELETE", f"/v1/deployments/{made}"))
        return answers


def start(birdhouse, folder):
    """The engine's process sees a killed server's end a moment later: until then the storage is in use."""
    for _ in range(100):
        try:
            return Serving(birdhouse, folder / "project", folder / "storage", ["--watch"])
        except RuntimeError as left:
            if "use" not in str(left):
                raise
            time.sleep(0.1)
    sys.exit("threads: the storage is still in use")


def stored_ids(server):
    status, answer = server.ask("GET", "/v0/sql?q=" + urllib.parse.quote("SELECT id FROM events FORMAT JSON"))
    if status != 200:
        sys.exit(f"threads: {status} {answer}")
    return [row["id"] for row in answer["data"]]


def rounds(birdhouse, folder, seconds, seed):
    """The loads, by how the server was ended under each."""
    ids = itertools.count(2)
    for end in ("load", "stop", "kill"):
        server = start(birdhouse, folder)
        load = Load(server, ids, f"{seed}/{end}")
        time.sleep(seconds / 3)
        if end == "load":
            load.end()
        (server.kill if end == "kill" else server.stop)()
        load.join()
        yield load


def main():
    birdhouse, seconds = pathlib.Path(sys.argv[1]).resolve(), float(sys.argv[2]) if len(sys.argv) > 2 else 30
    seed = sys.argv[3] if len(sys.argv) > 3 else "11"
    if not os.environ.get("BIRDHOUSE_REMOTE_LIBCHDB"):
        print("threads: SKIPPED: BIRDHOUSE_REMOTE_LIBCHDB names no libchdb for the engine's process")
        sys.exit(77)
    os.environ["TSAN_OPTIONS"] = "second_deadlock_stack=1 " + os.environ.get("TSAN_OPTIONS", "")
    acknowledged, problems, answers = [], [], {}
    with tempfile.TemporaryDirectory(prefix="birdhouse-test-") as name:
        folder = pathlib.Path(name)
        write_project(folder / "project")
        for load in rounds(birdhouse, folder, seconds, seed):
            acknowledged += load.acknowledged
            problems += load.problems
            for key, count in load.answers.items():
                answers[key] = answers.get(key, 0) + count
        server = start(birdhouse, folder)
        stored = stored_ids(server)
        server.stop()
        said = (folder / "project/serve.err").read_text()
    if lost := set(acknowledged) - set(stored):
        problems.append(f"{len(lost)} acknowledged events are lost, such as {sorted(lost)[:5]}")
    if len(stored) != len(set(stored)):
        problems.append(f"{len(stored) - len(set(stored))} events are there twice")
    for wanted in ("singles", "batches", "endpoints", "sql", "files", "copies", "resources", "deployments"):
        if not answers.get((wanted, 200)):
            problems.append(f"{wanted}: nothing was answered with 200")
    races = said.count(REPORT)
    print(f"threads: {sum(answers.values())} answers in {seconds:.0f} s, seed {seed}, {len(acknowledged)} events acknowledged, {races} reports, {len(problems)} problems")
    for (work, status), count in sorted(answers.items(), key=str):
        print(f"  {work} {status}: {count}")
    if races:
        print(said[said.index(REPORT):][:20_000], file=sys.stderr)
    for problem in problems[:20]:
        print("  " + problem, file=sys.stderr)
    sys.exit(1 if races or problems else 0)


main()
