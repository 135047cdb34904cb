"""Times the parsing, reading and writing of datafiles in one process beside the parser of Tinybird's TypeScript SDK over
the same files, in turn, so that a slow moment of the machine hits both. Prints one line.

    bench/datafiles.py DRIVER CLIENTS [FOLDER]      FOLDER: any datafiles; else a project is made for it
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
SMOKE = os.environ.get("BENCH_SMOKE") == "1"
TURNS, ROUNDS = (1, 3) if SMOKE else (5, 40)


def run(command):
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: {command[0]} failed")
    return json.loads(done.stdout)


def middle(numbers):
    return sorted(numbers)[len(numbers) // 2]


def compare(driver, clients, folder):
    sdk = clients / "sdk"
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(run([driver, folder, ROUNDS]))
        if (sdk / "pin").exists():
            theirs.append(run(["node", HERE / "datafiles_peer.mjs", sdk, folder, ROUNDS]))
    parse, read, write = (middle([turn[name]["median"] for turn in ours]) for name in ("parse", "read", "write"))
    line = (f"datafiles, {ours[0]['files']} of {ours[0]['bytes'] / 1e6:.1f} MB: parsed {parse:.1f} ms, and read {read:.1f} ms, "
            f"and written {write:.1f} ms")
    if not theirs:
        return line + "; SKIPPED the parser of @tinybirdco/sdk: it is not installed (make clients)"
    warm, cold = middle([turn["median"] for turn in theirs]), middle([turn["cold"] for turn in theirs])
    return (line + f"; @tinybirdco/sdk parses {warm:.1f} ms, {cold:.0f} ms cold, refusing {theirs[0]['refused']}; "
            f"ratio {parse / warm:.2f}")


def main():
    driver, clients = sys.argv[1], pathlib.Path(sys.argv[2])
    if len(sys.argv) > 3:
        print(compare(driver, clients, pathlib.Path(sys.argv[3])))
        return
    with tempfile.TemporaryDirectory(prefix="birdhouse-bench-") as name:
        subprocess.run([sys.executable, HERE / "datafile_project.py", name, "--files", "100" if SMOKE else "1000"],
                       stdout=subprocess.DEVNULL, check=True)
        print(compare(driver, clients, pathlib.Path(name)))


main()
