"""Times `birdhouse validate` on generated events against its peers, in turn, and prints the ratios.

    bench/validate.py BUILD_FOLDER [ROUNDS]      BENCH_SMOKE=1: small files, one round

Ours is the whole process: start, reading the definition, reading the file, the report. The peers' clocks run
only while they read events that are in memory already (ajv and the engine read the file). CPU seconds decide,
since wall clock on a shared machine says little; two threads against one can only be told by the wall clock.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

SMOKE = os.environ.get("BENCH_SMOKE") == "1"
BYTES = 4_000_000 if SMOKE else 420_000_000
HERE = pathlib.Path(__file__).resolve().parent / "validate"
ONE_CORE = {min(os.sched_getaffinity(0))}


class Best:
    """The best of several rounds, wall and CPU apart, and the largest memory."""

    def __init__(self):
        self.wall = self.cpu = float("inf")
        self.memory = 0

    def add(self, wall, cpu, memory=0):
        self.wall, self.cpu = min(self.wall, wall), min(self.cpu, cpu)
        self.memory = max(self.memory, memory)


def generate(build, path, seed, bad_share):
    with path.open("wb") as out:
        subprocess.run([build / "bench/validate/bench_generate", str(BYTES), str(seed), str(bad_share)], stdout=out, check=True)


def run_ours(best, build, arguments, one_core=True, stdin=None, feed=None):
    """One process, timed from outside; a pipe is fed from `feed`."""
    def restrict():
        if one_core:
            os.sched_setaffinity(0, ONE_CORE)

    start = time.perf_counter()
    process = subprocess.Popen([build / "birdhouse", "validate", "llm_events", *arguments], cwd=HERE, stdin=subprocess.PIPE if feed else stdin or subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=restrict)
    if feed:
        def copy():
            with feed.open("rb") as source, process.stdin:
                shutil.copyfileobj(source, process.stdin, 1 << 20)
        threading.Thread(target=copy).start()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"validate: birdhouse left with {process.returncode}")
    best.add(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def run_peer(best, command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=HERE)
    for line in done.stdout.splitlines():
        wall, cpu = line.split()[:2]
        best.add(float(wall), float(cpu))


def ajv_command(folder):
    """ajv is optional: what is missing is said, and passed over."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("ajv: skipped, there is no node here")
        return None
    place = folder / "ajv"
    place.mkdir()
    for name in ("package.json", "package-lock.json", "ajv.mjs"):
        shutil.copy(HERE / name, place)
    installed = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=place, capture_output=True, text=True)
    if installed.returncode != 0:
        print("ajv: skipped, npm cannot install it: " + installed.stderr.strip().split("\n")[0])
        return None
    return ["node", place / "ajv.mjs"]


def engine_command(build):
    library = os.environ.get("BIRDHOUSE_LIBCHDB") or next(map(str, (build.parent / "engine").glob("node_modules/@chdb/*/libchdb.so")), None)
    if library is None:
        print("engine: skipped, there is no libchdb; `make engine` fetches it")
        return None
    return [build / "bench/validate/bench_engine_reader", library]


def report(name, best, size, rows, ours=None, wanted=""):
    line = f"{name:<44} {size / best.cpu / 1e9:6.2f} GB/s {rows / best.cpu / 1e6:6.2f} million rows/s  cpu {best.cpu:.3f} s  wall {best.wall:.3f} s"
    if ours is not None:
        line += f"  ours is {best.cpu / ours.cpu:.2f} times as fast{wanted}"
    print(line)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    rounds = 1 if SMOKE else int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        folder = pathlib.Path(name)
        good, usual, bad = folder / "good.ndjson", folder / "events.ndjson", folder / "bad.ndjson"
        for seed, (path, share) in enumerate([(good, 0), (usual, 0.03), (bad, 0.5)], 1):
            generate(build, path, seed, share)
        size, rows = usual.stat().st_size, sum(block.count(b"\n") for block in iter_blocks(usual))
        bad_rows = sum(block.count(b"\n") for block in iter_blocks(bad))
        print(f"{size / 1e6:.0f} MB, {rows} events of 22 columns, 3 % with a fault; best of {rounds} rounds, in turn")

        walk = build / "bench/validate/bench_walk"
        ajv, engine = ajv_command(folder), engine_command(build)
        ours, two, one, half, pipe, stream, lines, by_ajv, by_engine = (Best() for _ in range(9))
        cores = len(os.sched_getaffinity(0))
        for number in range(rounds):
            run_peer(stream, [walk, "stream", good, "1"])
            run_ours(ours, build, [str(usual)])
            run_peer(lines, [walk, "lines", usual, "1"])
            run_ours(half, build, [str(bad)])
            run_ours(one, build, ["--threads", "1", str(usual)], one_core=False)
            run_ours(two, build, ["--threads", "2", str(usual)], one_core=False)
            run_ours(pipe, build, ["-"], one_core=False, feed=usual)
            if number < 2 and ajv:
                run_peer(by_ajv, [*ajv, usual, "1"])
            if number < 2 and engine:
                # Without faults: each costs the engine an exception, and would make the comparison a joke.
                run_peer(by_engine, [*engine, good, "1"])

        report("birdhouse validate, one core", ours, size, rows)
        report("bare simdjson walk, a document stream", stream, good.stat().st_size, rows, ours, " (wanted: 0.80)")
        report("bare simdjson walk, line by line", lines, size, rows, ours)
        if ajv:
            report("ajv, compiled", by_ajv, size, rows, ours, " (wanted: 8)")
        if engine:
            report("the engine's JSONEachRow, one thread", by_engine, good.stat().st_size, rows, ours, " (wanted: 4)")
        report("birdhouse validate, 50 % bad rows", half, bad.stat().st_size, bad_rows)
        print(f"50 % bad rows: {ours.cpu / half.cpu * bad.stat().st_size / size:.2f} of the speed (wanted: 0.50)")
        print(f"two threads on {cores} cores: {one.wall / two.wall:.2f} times one by the wall clock (wanted: 1.80)")
        print(f"memory at most: {ours.memory / 1024:.0f} MiB from a file, {two.memory / 1024:.0f} MiB with two threads, {pipe.memory / 1024:.0f} MiB from a pipe (wanted: below 64)")


def iter_blocks(path):
    with path.open("rb") as source:
        yield from iter(lambda: source.read(1 << 22), b"")


main()
