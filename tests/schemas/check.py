#!/usr/bin/python3
"""docs/schemas against the golden definitions, with a JSON Schema validator that is not ours: every good one
validates; every `bad-shape-` one, whose fault is an unknown key, a missing key or a value of the wrong kind, does not."""

import json
import pathlib
import sys

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KINDS = ("project", "datasource", "group", "pipe", "connection", "migration")
SHIPPED = (("project", "birdhouse.yaml"), ("group", "datasources/groups/*.yaml"), ("datasource", "datasources/*.yaml"),
           ("pipe", "pipes/*.yaml"), ("migration", "migrations/*.yaml"))


def load_validators():
    validators = {}
    for kind in KINDS:
        schema = json.loads((ROOT / f"docs/schemas/{kind}.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        validators[kind] = jsonschema.Draft202012Validator(schema)
    return validators


def cases():
    """(kind, path, whether it validates)"""
    for area in ("definitions", "migrations"):
        for path in sorted((ROOT / "tests/golden" / area).glob("*.yaml")):
            kind = path.suffixes[-2][1:]
            if path.name.startswith(("good-", "bad-shape")):
                yield kind, path, path.name.startswith("good-")
    for kind, pattern in SHIPPED:
        for path in sorted(ROOT.glob(pattern)):
            yield kind, path, True


def main() -> int:
    validators = load_validators()
    seen, problems = 0, []
    for kind, path, should_validate in cases():
        seen += 1
        errors = list(validators[kind].iter_errors(yaml.safe_load(path.read_bytes())))
        if should_validate and errors:
            problems.append(f"{path.relative_to(ROOT)}: {errors[0].json_path}: {errors[0].message}")
        if not should_validate and not errors:
            problems.append(f"{path.relative_to(ROOT)}: the schema accepts it")
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    print(f"schemas: {seen} definitions, {len(problems)} problems")
    return 1 if problems or not seen else 0


sys.exit(main())
