"""The invented projects of tests/corpus/projects through the corpus runner: every file is read, written and imported as
it should be, and the errors are those of projects.errors (BIRDHOUSE_ACCEPT=1 rewrites it: read what it wrote).

    check.py RUNNER
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
EXPECTED = HERE / "projects.errors"
problems = []


def expect(wanted, found, what):
    if wanted != found:
        problems.append(f"{what}: expected {wanted!r}, found {found!r}")


def run(runner, *options):
    done = subprocess.run([runner, HERE / "projects", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        return done.returncode, json.loads(done.stdout), done.stderr
    except json.JSONDecodeError:
        sys.exit(f"corpus: the runner printed no line of JSON:\n{done.stdout}{done.stderr}")


def check_figures(runner, errors):
    code, figures, talk = run(runner, "--errors", errors, "--known-false", HERE / "known_false.tsv")
    files = len([path for path in (HERE / "projects").rglob("*.*") if path.suffix in
                 (".datasource", ".pipe", ".connection", ".incl")])
    wanted = {"files": files, "parsed": files, "stable": files, "model_equal": files, "false_errors_listed": 0,
              "crashes": 0, "projects": 7, "classic": 3, "kept": 3}
    expect((0, wanted, ""), (code, {name: figures.get(name) for name in wanted}, talk), "figures")
    if os.environ.get("BIRDHOUSE_ACCEPT"):
        EXPECTED.write_text(errors.read_text())
        print(f"accepted {EXPECTED}")
    expect(EXPECTED.read_text(), errors.read_text(), "errors")


def check_known_false(runner, table):
    """An error that the table calls false is counted, and makes the run fail."""
    table.write_text("code\tmessage\tline\treason\nF101\t`ODE` is not .*\t^ODE\tonly to see it found\n")
    code, figures, _ = run(runner, "--known-false", table)
    expect((1, 1), (code, figures["false_errors_listed"]), "a known false error")
    table.write_text("code\tmessage\tline\treason\nF101\t`ODE`\t^ODE\tthe message is more than this\n")
    expect(0, run(runner, "--known-false", table)[1]["false_errors_listed"], "a row that fits only in part")


def main():
    with tempfile.TemporaryDirectory() as folder:
        check_figures(sys.argv[1], pathlib.Path(folder) / "errors")
        check_known_false(sys.argv[1], pathlib.Path(folder) / "table.tsv")
    for problem in problems:
        print(f"corpus: {problem}", file=sys.stderr)
    print(f"corpus: {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
