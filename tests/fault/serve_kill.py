"""A server that is killed (SIGKILL) under load, again and again, over one storage: serve_kill.py BIRDHOUSE [ROUNDS [SEED]]

Every row of a request that was answered with 200 and wait=true is there exactly once afterwards; no row is there twice,
answered or not; the materialised view counts the rows that the datasource holds.
"""

import http.client
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from serving import Serving  # noqa: E402

SENDERS = 4
ROWS = 20  # of a request


def write_project(folder):
    (folder / "datasources").mkdir(parents=True)
    (folder / "pipes").mkdir()
    (folder / "datasources/events.datasource").write_text(
        "SCHEMA >\n    `id` UInt64 `json:$.id`,\n    `at` DateTime `json:$.at`\n\nENGINE \"MergeTree\"\nENGINE_SORTING_KEY \"id\"\n")
    (folder / "datasources/counts.datasource").write_text(
        "SCHEMA >\n    `at` DateTime,\n    `events` SimpleAggregateFunction(sum, UInt64)\n\nENGINE \"AggregatingMergeTree\"\nENGINE_SORTING_KEY \"at\"\n")
    (folder / "pipes/to_counts.pipe").write_text(
        "NODE by_hour\nSQL >\n    SELECT toStartOfHour(at) AS at, count() AS events FROM events GROUP BY at\n\nTYPE materialized\nDATASOURCE counts\n")


class Load:
    """Requests from several connections at once, until the server is gone."""

    def __init__(self, server, first_id):
        self.server, self.next_id, self.lock = server, first_id, threading.Lock()
        self.acknowledged, self.refused = set(), []
        self.threads = [threading.Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def _take_ids(self):
        with self.lock:
            self.next_id += ROWS
            return range(self.next_id - ROWS, self.next_id)

    def _send(self):
        connection = http.client.HTTPConnection(self.server.url.removeprefix("http://"), timeout=30)
        while True:
            ids = self._take_ids()
            body = "\n".join(json.dumps({"id": number, "at": "2026-11-01 10:00:00"}) for number in ids)
            try:
                connection.request("POST", "/v0/events?name=events&wait=true", body, {"Authorization": f"Bearer {self.server.token}"})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                return
            with self.lock:
                if answer.status == 200 and json.loads(text) == {"successful_rows": ROWS, "quarantined_rows": 0}:
                    self.acknowledged.update(ids)
                else:
                    self.refused.append((answer.status, text[:200]))

    def join(self):
        for thread in self.threads:
            thread.join()


def query(server, sql):
    status, answer = server.ask("GET", "/v0/sql?q=" + urllib.parse.quote(sql + " FORMAT JSON"))
    if status != 200:
        sys.exit(f"serve_kill: {sql}: {status} {answer}")
    return answer["data"]


def stored_ids(server):
    return [row["id"] for row in query(server, "SELECT id FROM events")]


def main():
    birdhouse, rounds = str(pathlib.Path(sys.argv[1]).resolve()), int(sys.argv[2]) if len(sys.argv) > 2 else 6
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 11
    chance = random.Random(seed)
    doctor = subprocess.run([birdhouse, "doctor"], capture_output=True, text=True, cwd="/")
    if "engine    none" in doctor.stdout:
        print("serve_kill: SKIPPED: no engine can be loaded here")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="birdhouse-test-") as name:
        folder = pathlib.Path(name)
        write_project(folder / "project")
        acknowledged, first_id, problems = set(), 0, []
        for _ in range(rounds):
            server = Serving(birdhouse, folder / "project", folder / "storage")
            load = Load(server, first_id)
            time.sleep(chance.uniform(0.1, 0.8))  # where in its work the server is struck
            server.kill()
            load.join()
            acknowledged |= load.acknowledged
            first_id = load.next_id
            problems += [f"refused: {status} {text}" for status, text in load.refused]
        server = Serving(birdhouse, folder / "project", folder / "storage")
        ids = stored_ids(server)
        counted = query(server, "SELECT sum(events) AS events FROM counts")[0]["events"]
        server.stop()
        lost, twice = acknowledged - set(ids), len(ids) - len(set(ids))
        if lost:
            problems.append(f"{len(lost)} acknowledged rows are lost, such as {sorted(lost)[:5]}")
        if twice:
            problems.append(f"{twice} rows are there twice")
        if not acknowledged:
            problems.append("no row was acknowledged: nothing was shown")
        if not len(acknowledged) <= int(counted) <= len(ids):
            problems.append(f"the view counts {counted} events of {len(ids)} stored and {len(acknowledged)} acknowledged")
        print(f"serve_kill: {rounds} kills, seed {seed}: {len(acknowledged)} rows acknowledged, {len(ids)} stored, {len(problems)} problems")
        for problem in problems:
            print("  " + problem, file=sys.stderr)
        sys.exit(1 if problems else 0)


main()
