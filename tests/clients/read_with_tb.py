"""What the parser of Tinybird Forward's command line tool reads of datafiles, one line of JSON a file. Runs in the
tool's own environment.

    python read_with_tb.py FILE...
"""

import json
import pathlib
import re
import sys

from tinybird.datafile.parse_connection import parse_connection
from tinybird.datafile.parse_datasource import parse_datasource
from tinybird.datafile.parse_pipe import parse_pipe

PARSERS = {".datasource": parse_datasource, ".pipe": parse_pipe, ".connection": parse_connection}


def without(word, text):
    """`DEFAULT 0` -> `0`, `CODEC(ZSTD(1))` -> `ZSTD(1)`"""
    rest = (text or "").removeprefix(word).strip()
    return rest[1:-1] if word == "CODEC" and rest else rest


def column(each):
    kind = f"Nullable({each['type']})" if each["nullable"] else each["type"]
    return [each["name"], kind, each["jsonpath"] or "", without("DEFAULT", each["default_value"]),
            without("CODEC", each["codec"])]


def read(path):
    # Secrets are the workspace's: here each has a value that is JSON, as that of an account must be.
    secrets = {name: "{}" for name in re.findall(r'tb_secret\(["\'](\w+)', pathlib.Path(path).read_text())}
    result = PARSERS[pathlib.Path(path).suffix](path, secrets=secrets)
    result.datafile.validate()
    nodes = result.datafile.nodes
    return {
        "columns": [column(each) for node in nodes for each in node.get("columns", [])],
        "nodes": [node["name"] for node in nodes] if path.endswith(".pipe") else [],
        "tokens": [[token["token_name"], token["permission"]] for token in result.datafile.tokens],
        "warnings": [str(warning) for warning in result.warnings],
    }


for file in sys.argv[1:]:
    try:
        answer = read(file)
    except Exception as error:  # whatever the tool raises is its answer
        answer = {"error": str(error)}
    print(json.dumps({"file": file, **answer}))
