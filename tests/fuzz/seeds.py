"""Seeds for the fuzz targets: the golden inputs, and what hands and editors make of such files: other line ends, tabs, a
byte order mark, no final line end, blocks without indentation, missing and trailing commas, directives in any case.

    seeds.py FOLDER      writes FOLDER/<target>/<n>, one folder a target
"""

import hashlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DIRECTIVE = re.compile(r"^[A-Z][A-Z0-9_]*\b", re.M)

SHAPES = (
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", "\r"),
    lambda text: re.sub(r"^ {4}", "\t", text, flags=re.M),
    lambda text: "\ufeff" + text,
    lambda text: text.rstrip("\n"),
    lambda text: re.sub(r"^[ \t]+", "", text, flags=re.M),
    lambda text: re.sub(r"^", "  ", text, flags=re.M),
    lambda text: text.replace(",\n", "\n"),
    lambda text: re.sub(r"([^,>\n])\n(?=\n|$)", r"\1,\n", text),
    lambda text: DIRECTIVE.sub(lambda match: match.group().lower(), text),
    lambda text: DIRECTIVE.sub(lambda match: match.group().capitalize(), text),
    lambda text: text.replace('"', "'"),
    lambda text: text.replace('"', ""),
    lambda text: text.replace("\n", "\n\n"),
    lambda text: re.sub(r"$", " # said by hand", text, flags=re.M),
    lambda text: text + text,
    lambda text: text[: len(text) // 2],
)


def read(pattern):
    return [path.read_bytes().decode("utf-8", "surrogateescape") for path in sorted(ROOT.glob(pattern)) if path.is_file()]


def shaped(texts):
    return [shape(text) for text in texts for shape in SHAPES]


def blocks(texts, directive):
    """The texts of the blocks that the directive opens."""
    return [match.group(1) for text in texts for match in re.finditer(rf"^{directive} >[^\n]*\n((?:[ \t].*\n|\n)+)", text, re.M)]


def blocks_of_json(texts):
    """The JSON files in projects that are written as one text file."""
    return [match.group(1) for text in texts for match in re.finditer(r"^-- \S+\.json --\n(\{\n.*?^\}\n)", text, re.M | re.S)]


def with_modes(texts, modes):
    """The first byte chooses dialect, kind and style: see the targets."""
    return [chr(mode) + text for text in texts for mode in modes]


REQUESTS = (
    'aPOST /v0/events?name=events&wait=true\n{"id":"a","at":"2026-01-01 10:00:00"}\n{"id":1}\n',
    'tPOST /v0/events?name=events&format=json\n{"id": "a",\n"at": null}',
    "aGET /v0/pipes/top.json?id=b&top=5&q=SELECT+count()+FROM+_",
    "aGET /v0/pipes/top.csv", "aGET /v0/pipes/top.ndjson?token=x", "aGET /v0/pipes/openapi.json",
    "aPOST /v0/sql\n% SELECT * FROM top WHERE id = {{String(id)}} FORMAT JSON",
    'aPOST /v0/sql\n{"q": "SELECT 1", "ids": ["a", "b"]}', "aGET /v0/sql?q=SELECT+*+FROM+events+FORMAT+CSV",
    "aGET /v0/sql?q=SELECT+*+FROM+file('/etc/passwd')", "aGET /v0/sql?q=WITH+x+AS+(SELECT+1)+SELECT+*+FROM+x,+other.t",
    "aGET /v0/datasources?attrs=id,name", "aGET /v0/datasources/events", "aGET /v0/datasources/events.datasource", "aGET /v0/datasources/../x",
    "aPOST /v0/datasources?name=events&mode=append&format=csv\na,2026-01-01 10:00:00\n", "aPOST /v0/datasources/events/truncate",
    "aPOST /v0/datasources/events/delete\ndelete_condition=id='a'&dry_run=true", "aPOST /v0/datasources/events/alter?dry=true\nschema=id String",
    "aPOST /v0/tokens?name=x&scope=PIPES:READ:top", 'aPOST /v0/tokens/?expiration_time=1900000000\n{"name":"j","scopes":[{"type":"PIPES:READ","resource":"top"}]}',
    "aGET /v0/tokens", "aDELETE /v0/tokens/tracker", "aPOST /v0/variables\nname=a&value=b&type=secret", "aGET /v0/variables/a",
    "aPOST /v1/build", "aPOST /v1/deploy?check=true", "aGET /v1/deployments", "aDELETE /v1/deployments/0", "aPOST /v1/environments?name=b",
    "aGET /v0/environments/b?with_token=true", "aGET /v1/workspace", "nGET /v0/user/workspaces?token=p.eUSER.user", "nPOST /v1/workspaces?token=p.eUSER.user&name=w",
    "nGET /tokens", "nGET /v0/regions", "nOPTIONS /v0/events", "aGET /v0/jobs", "aPOST /v0/pipes/top/copy", "aGET /v0/pipes/top", "aGET /v1/pipes/top.pipe",
)


def seeds():
    datasources = read("tests/golden/datafiles/*.datasource") + read("tests/corpus/projects/**/*.datasource")
    pipes = read("tests/golden/datafiles/*.pipe") + read("tests/corpus/projects/**/*.pipe")
    connections = read("tests/golden/datafiles/*.connection") + read("tests/corpus/projects/**/*.connection")
    fragments = read("tests/golden/**/*.incl") + read("tests/corpus/projects/**/*.incl")
    definitions = read("tests/golden/definitions/*.yaml") + read("datasources/*.yaml") + read("pipes/*.yaml")
    every = datasources + pipes + connections + fragments
    schemas = blocks(datasources, "SCHEMA")
    sql = blocks(pipes, "SQL") + read("tests/golden/queries/*.sql")
    column = re.compile(r"^\s*`?\w+`?\s+([A-Z]\w+(?:\(.*\))?)", re.M)
    both = shaped(datasources), shaped(pipes), shaped(connections)
    by_kind = with_modes(both[0], (0, 1)) + with_modes(both[1], (2, 3)) + with_modes(both[2], (4, 5))
    return {
        "check": shaped(schemas) + shaped(sql) + every,
        "contract": shaped(read("pipes/contracts/*.json") + blocks_of_json(read("tests/golden/contracts/*.states"))),
        "datafile": by_kind + with_modes(fragments, (6, 7)),
        "definition": shaped(definitions),
        "format": by_kind + with_modes(every, (8, 10, 12, 14)),
        "import": with_modes(both[0], (2, 3)) + with_modes(both[1], (0, 1)),
        "include": ["\0".join([text.replace('"../includes/', '"'), *fragments]) for text in datasources + pipes],
        "json_path": [path for text in datasources for path in re.findall(r"`json:([^`]*)`", text)],
        "query_tree": read("tests/fuzz/query_trees/*.txt"),
        "render": [f'"{word}"\n{text}' for word in ("a", "2026-01-01") for text in sql],
        "request": REQUESTS,
        "schema": shaped(schemas) + shaped(blocks(datasources, "INDEXES")),
        "sql": shaped(sql),
        "template": shaped(sql) + read("templates/*.tmpl"),
        "type": [kind.rstrip(", ") for text in schemas for kind in column.findall(text)],
        "words": [line for text in every for line in text.splitlines()],
        "writer": by_kind,
        "yaml": shaped(definitions),
    }


def main():
    folder = pathlib.Path(sys.argv[1])
    for target, texts in seeds().items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for text in set(texts):
            data = text.encode("utf-8", "surrogateescape")
            (folder / target / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)
        print(f"seeds: {target}, {len(set(texts))}")
        if not texts:
            sys.exit(f"seeds: none for {target}")


main()
