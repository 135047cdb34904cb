"""Outputs in the documents are the program's own: every block marked `<!-- checked -->` is run again and compared.

    .ci/docs.py BIRDHOUSE            fails when a document differs from what the program prints
    .ci/docs.py BIRDHOUSE --write    writes what it prints into the documents

The blocks of one document run in order, in one fresh copy of the shipped project. docs/commands.md is made
whole from the program's own --help.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md"]
PROJECT = ["birdhouse.yaml", "datasources", "pipes", "migrations", "templates"]
BLOCK = re.compile(r"(<!-- checked -->\n```console\n)(.*?)(```\n)", re.S)
# What differs from run to run is shown as it was on the day of writing, and compared as a blank.
VOLATILE = [
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? UTC"),
    re.compile(r"\b\d+(\.\d+)? (ms|s)\b"),
    re.compile(r"\d{8}T\d{6}(\.\d+)?Z"),
    re.compile(r", [\d,]+ read"),  # fewer once the engine has merged parts
    re.compile(r"birdhouse \d+\.\d+\.\d+ \([0-9a-f]+\)"),
    re.compile(r"/\S*/(libchdb\.so|birdhouse)"),
]


def run(command, folder, binary):
    env = {"PATH": f"{binary.parent}:/usr/bin:/bin", "HOME": str(folder), "NO_COLOR": "1", "TZ": "UTC", "USER": "you"}
    if "BIRDHOUSE_LIBCHDB" in os.environ:
        env["BIRDHOUSE_LIBCHDB"] = os.environ["BIRDHOUSE_LIBCHDB"]
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120)
    return done.stdout


def blank(text):
    for pattern in VOLATILE:
        text = pattern.sub("<>", text)
    return text


def render_block(body, folder, binary):
    out = []
    for line in body.splitlines():
        if line.startswith("$ "):
            out.append(line)
            out += run(line[2:], folder, binary).rstrip("\n").splitlines()
    return "\n".join(line.rstrip() for line in out) + "\n"


def check_document(name, binary, write):
    text = (ROOT / name).read_text()
    with tempfile.TemporaryDirectory(prefix="birdhouse-docs-") as folder:
        for part in PROJECT:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, pathlib.Path(folder) / part)
            else:
                shutil.copy(source, folder)
        blocks = 0

        def again(match):
            nonlocal blocks
            blocks += 1
            fresh = render_block(match.group(2), folder, binary)
            same = blank(fresh) == blank(match.group(2))
            return match.group(0) if same else match.group(1) + fresh + match.group(3)

        fresh = BLOCK.sub(again, text)
    return settle(name, text, fresh, write, f"{blocks} blocks")


def commands_page(binary):
    """Every command's --help, in the order `birdhouse --help` lists them."""
    def help_of(*path):
        return run(" ".join(["birdhouse", *path, "--help"]), ROOT, binary)

    def listed(text):
        section = text.split("Subcommands:\n")[1] if "Subcommands:\n" in text else ""
        return [line.split()[0] for line in section.splitlines() if re.match(r"^  \w", line)]

    pages = []
    for name in listed(help_of()):
        inner = listed(help_of(name))
        pages += [[name, sub] for sub in inner] or [[name]]
    text = "# Commands\n\nMade from `birdhouse COMMAND --help`; `.ci/docs.py` keeps the two equal.\n"
    for path in pages:
        text += f"\n## birdhouse {' '.join(path)}\n\n```text\n{help_of(*path).strip()}\n```\n"
    return text


def settle(name, old, fresh, write, what):
    if old == fresh:
        print(f"docs: {name}: {what}, as the program prints them")
        return True
    if write:
        (ROOT / name).write_text(fresh)
        print(f"docs: {name}: written")
        return True
    print(f"docs: {name} differs from what the program prints; run .ci/docs.py BIRDHOUSE --write and read the change", file=sys.stderr)
    subprocess.run(["diff", "-u", str(ROOT / name), "-"], input=fresh, text=True, stdout=sys.stderr)
    return False


def main():
    binary = pathlib.Path(next(word for word in sys.argv[1:] if not word.startswith("-"))).resolve()
    write = "--write" in sys.argv
    good = all([check_document(name, binary, write) for name in DOCUMENTS])
    page = ROOT / "docs/commands.md"
    good &= settle("docs/commands.md", page.read_text() if page.exists() else "", commands_page(binary), write, "every --help")
    return 0 if good else 1


sys.exit(main())
