"""Runs the command-line cases: one text file each, with the files of a project, commands, and all that they print.

    # what the case is about
    needs: engine                  (optional: skipped, aloud, where no engine can be loaded)
    -- birdhouse.yaml --           (a file of the case's own folder)
    name: demo
    -- run --
    $ birdhouse generate           (bash; birdhouse is on the PATH)
    | text on standard output
    ! text on standard error
    = 1                            (the exit code, when it is not 0)

BIRDHOUSE_ACCEPT=1 rewrites the expectations from what was seen, and says so.
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SECTION = re.compile(r"^-- (.+) --$")
# Times and places differ from run to run; what they stand in for does not.
VOLATILE = [
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( UTC)"), "<time> UTC"),
    (re.compile(r"\b\d+(\.\d+)? ms\b"), "<n> ms"),
    (re.compile(r"\b\d+\.\d+ s\b"), "<n> s"),
    (re.compile(r"\d{8}T\d{6}(\.\d+)?Z"), "<stamp>"),
    (re.compile(r"birdhouse (\d+\.\d+\.\d+) \([0-9a-f]+\)"), r"birdhouse \1 (<commit>)"),
    (re.compile(r'("elapsed": )[\d.e-]+'), r"\1<n>"),
]


def parse(path):
    head, files, commands = [], {}, []
    section = None
    for line in path.read_text().splitlines():
        match = SECTION.match(line)
        if match and section != "run":
            section = match.group(1)
            if section != "run":
                files[section] = []
        elif section is None:
            head.append(line)
        elif section != "run":
            files[section].append(line)
        elif line.startswith("$ "):
            commands.append((line[2:], []))
        elif commands:
            commands[-1][1].append(line)
    return head, files, commands


def prefixed(prefix, text):
    return [f"{prefix} {line}".rstrip() for line in text.splitlines()]


def normalise(text, folder):
    text = text.replace(str(folder), "$WORK")
    for pattern, stand_in in VOLATILE:
        text = pattern.sub(stand_in, text)
    return text


def environment(binary, folder):
    keep = {name: os.environ[name] for name in ("LANG", "BIRDHOUSE_LIBCHDB", "ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
    zone = random.choice(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"])
    return {**keep, "PATH": f"{binary.parent}:/usr/bin:/bin", "HOME": str(folder), "USER": "tester", "TZ": zone, "NO_COLOR": "1"}


def run_case(path, binary):
    head, files, commands = parse(path)
    seen = []
    with tempfile.TemporaryDirectory(prefix="birdhouse-cli-") as name:
        folder = pathlib.Path(name)
        for file, lines in files.items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("".join(line + "\n" for line in lines))
        for command, _ in commands:
            done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment(binary, folder), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, errors="replace", timeout=120)
            lines = prefixed("|", normalise(done.stdout, folder)) + prefixed("!", normalise(done.stderr, folder))
            if done.returncode != 0:
                lines.append(f"= {done.returncode}")
            seen.append((command, lines))
    return head, files, commands, seen


def rewrite(path, head, files, seen):
    lines = list(head)
    for file, content in files.items():
        lines += [f"-- {file} --", *content]
    lines.append("-- run --")
    for command, output in seen:
        lines += [f"$ {command}", *output]
    path.write_text("\n".join(lines) + "\n")


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    cases = [pathlib.Path(name) for name in sys.argv[2:]] or sorted(pathlib.Path(__file__).parent.glob("*.test"))
    accept = "BIRDHOUSE_ACCEPT" in os.environ
    no_engine = os.environ.get("BIRDHOUSE_TEST_NO_ENGINE")
    passed = failed = skipped = 0
    for path in cases:
        head = parse(path)[0]
        if no_engine and any(line.startswith("needs: engine") for line in head):
            print(f"SKIPPED {path.name}: {no_engine}")
            skipped += 1
            continue
        head, files, commands, seen = run_case(path, binary)
        if accept:
            rewrite(path, head, files, seen)
            print(f"ACCEPTED {path.name}")
            skipped += 1
            continue
        wrong = [(command, expected, got) for (command, expected), (_, got) in zip(commands, seen) if expected != got]
        if wrong or not commands:
            failed += 1
            print(f"FAILED {path.name}")
            for command, expected, got in wrong:
                print(f"  $ {command}")
                print("\n".join(f"    -{line}" for line in expected if line not in got))
                print("\n".join(f"    +{line}" for line in got if line not in expected))
                if sorted(expected) == sorted(got):
                    print("    the same lines in another order")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or passed + skipped == 0 else 0


sys.exit(main())
