"""Every diagnostic code is unique, has its section in docs/errors.md and appears in an expected output of a test."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = re.compile(r"^CODE\((\w+), (Error|Warning), \"(.*)\"\)", re.M)


def main() -> int:
    table = CODE.findall((ROOT / "tool/base/codes.def").read_text())
    sections = set(re.findall(r"^## (\w\d{3})\b", (ROOT / "docs/errors.md").read_text(), re.M))
    outputs = [*ROOT.glob("tests/golden/**/*.expected"), *ROOT.glob("tests/cli/*.test"),
               *ROOT.glob("tests/usecases/*/expected.txt")]
    pinned = set(re.findall(r"\b([A-Z]\d{3})\b", "".join(path.read_text(errors="replace") for path in outputs)))
    ids = [code for code, _, _ in table]
    problems = [f"codes: {code} stands twice in tool/base/codes.def" for code in sorted({c for c in ids if ids.count(c) > 1})]
    for code, _, title in table:
        if code not in sections:
            problems.append(f"codes: {code} has no section in docs/errors.md: write `## {code}: {title}`, "
                            "how it bites in practice, a bad example and its mend")
        if code not in pinned:
            problems.append(f"codes: {code} appears in no expected output: add a case under tests/golden or tests/cli")
    for code in sorted(sections - set(ids)):
        problems.append(f"codes: docs/errors.md explains {code}, which is not in tool/base/codes.def")
    if not table:
        problems.append("codes: tool/base/codes.def holds no code")
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    print(f"codes: {len(table)} codes, {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
