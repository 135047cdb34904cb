"""Changes that people make to a workspace, each with what `birdhouse migrate new --print` must say of it.

    tests/usecases/<case>/before, after     two states of a project, as datafiles
    tests/usecases/<case>/args              further flags of the command (optional)
    tests/usecases/<case>/expected.txt      all that it prints, and its exit code
    tests/usecases/<case>/rows.txt          what happens to the data, for tests/unit/usecases, which executes the steps

BIRDHOUSE_ACCEPT=1 rewrites the expectations from what was seen, and says so.
"""

import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent


def run_case(case, binary):
    arguments = shlex.split((case / "args").read_text()) if (case / "args").exists() else []
    environment = {**os.environ, "NO_COLOR": "1", "TZ": "America/St_Johns"}
    command = [binary, "migrate", "new", "--from", "before", "--to", "after", "--print", *arguments]
    done = subprocess.run(command, cwd=case, env=environment, capture_output=True, text=True)
    return f"{done.stdout}{done.stderr}= exit {done.returncode}\n"


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    only = sys.argv[2:]
    if os.environ.get("BIRDHOUSE_TEST_NO_ENGINE"):
        print("skipped: " + os.environ["BIRDHOUSE_TEST_NO_ENGINE"])
        return 0
    cases = [case for case in sorted(ROOT.glob("[0-9]*")) if not only or case.name in only]
    failures = 0
    for case in cases:
        expected = case / "expected.txt"
        seen = run_case(case, binary)
        if expected.exists() and expected.read_text() == seen:
            continue
        if os.environ.get("BIRDHOUSE_ACCEPT") == "1":
            expected.write_text(seen)
            print(f"accepted {case.name}")
            continue
        failures += 1
        print(f"FAILED {case.name}: expected\n{expected.read_text() if expected.exists() else '(nothing)'}\nsaw\n{seen}")
    documents = (ROOT.parent.parent / "docs" / "migrations.md").read_text()
    for case in cases:
        if case.name not in documents:
            failures += 1
            print(f"FAILED {case.name}: docs/migrations.md does not list it")
    print(f"{len(cases)} use cases, {failures} failed")
    return 1 if failures or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
