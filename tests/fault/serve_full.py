"""A server whose disk is full: serve_full.py BIRDHOUSE

What does not fit is refused with 503 and nothing of it is stored, neither in its datasource nor behind its view; what was
acknowledged stays, and with room again the same requests are taken. Needs root, to mount a small file system: exit code
77, aloud, where that cannot be had.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))
from serving import Serving  # noqa: E402

DISK = 96 << 20
LEFT = 3 << 20  # by what fills the disk
EVENTS = """SCHEMA >
    `id` UInt64 `json:$.id`,
    `text` String `json:$.text` DEFAULT ''

ENGINE "MergeTree"
ENGINE_SORTING_KEY "id"
"""
COUNTS = """SCHEMA >
    `tens` UInt64,
    `events` SimpleAggregateFunction(sum, UInt64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "tens"
"""
TO_COUNTS = """NODE by_ten
SQL >
    SELECT intDiv(id, 10) AS tens, count() AS events FROM events GROUP BY tens

TYPE materialized
DATASOURCE counts
"""
problems = []


def check(what, holds, shown=""):
    if not holds:
        problems.append(f"{what}: {shown}")


def events(first, count, size, chance):
    """Texts that no compression makes smaller than half of them."""
    return "\n".join(json.dumps({"id": first + n, "text": chance.randbytes(size // 2).hex()}) for n in range(count)).encode()


def stored(server):
    answers = []
    for sql in ("SELECT count() AS n FROM events", "SELECT sum(events) AS n FROM counts", "SELECT uniqExact(id) AS n FROM events"):
        status, answer = server.ask("GET", "/v0/sql?q=" + urllib.parse.quote(sql + " FORMAT JSON"))
        answers.append(int(answer["data"][0]["n"]) if status == 200 else answer)
    return answers


def full_disk(birdhouse, project, storage, chance):
    server, filler = Serving(birdhouse, project, storage), storage / "filler"
    try:
        target, kept, refused = "/v0/events?name=events&wait=true", 0, 0
        for round_number in range(3):
            status, answer = server.ask("POST", target, events(kept, 10, 1000, chance))
            check("with room a request is taken", status == 200 and answer["successful_rows"] == 10, f"{status} {answer}")
            kept += 10
            filler.write_bytes(bytes(os.statvfs(storage).f_bavail * os.statvfs(storage).f_frsize - LEFT))
            for what, path, count, size in (("a small request", target, 1, 10), ("a large request", target, 100, 50_000),
                                            ("a file", "/v0/datasources?mode=append&name=events&format=ndjson", 100, 50_000),
                                            ("a file that replaces", "/v0/datasources?mode=replace&name=events&format=ndjson", 100, 50_000)):
                status, answer = server.ask("POST", path, events(10_000, count, size, chance))
                refused += status == 503
                check(f"{what} is refused with 503", status == 503 and "error" in answer, f"{status} {str(answer)[:300]}")
                check(f"nothing of {what} is stored", stored(server) == [kept] * 3, stored(server))
            filler.unlink()
        server.stop()
        server = Serving(birdhouse, project, storage)
        check("what was acknowledged is there at the next start", stored(server) == [kept] * 3, stored(server))
        status, answer = server.ask("POST", target, events(10_000, 100, 50_000, chance))
        check("what was refused is taken now", status == 200 and stored(server) == [kept + 100] * 3, f"{status} {stored(server)}")
        return refused
    finally:
        server.stop()


def main():
    birdhouse, chance = str(pathlib.Path(sys.argv[1]).resolve()), random.Random(5)
    doctor = subprocess.run([birdhouse, "doctor"], capture_output=True, text=True, cwd="/")
    if "engine    none" in doctor.stdout:
        print("serve_full: SKIPPED: no engine can be loaded here")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="birdhouse-test-") as name:
        project, storage = pathlib.Path(name) / "project", pathlib.Path(name) / "storage"
        for path, text in (("datasources/events.datasource", EVENTS), ("datasources/counts.datasource", COUNTS), ("pipes/to_counts.pipe", TO_COUNTS)):
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(text)
        storage.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", storage], capture_output=True).returncode != 0:
            print("serve_full: SKIPPED: a tmpfs cannot be mounted here (root is needed)")
            sys.exit(77)
        try:
            refused = full_disk(birdhouse, project, storage, chance)
        finally:
            subprocess.run(["umount", storage], check=True)
    print(f"serve_full: {refused} refusals with 503, {len(problems)} problems")
    for problem in problems:
        print("  " + problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
