"""Writes a Forward project of datafiles whose sizes and constructs are those of public projects: how many columns and
nodes a file has, how often a path, a default, a codec, a template, a token occurs, and the harmless oddities of files
written by hand (tabs, no final line end, CRLF, bare engines, TYPE in any case). The same seed gives the same project.

    datafile_project.py FOLDER [--files 1000] [--seed 7]
"""

import argparse
import pathlib
import random

WORDS = ("account action amount app browser campaign category channel city code cost country currency customer "
         "day device domain duration email endpoint environment event feature host hour id ip item kind label language "
         "level locale method minute model month name operation order page path payload plan price product provider "
         "quantity referrer region request response retry role score segment session severity shop size sku source "
         "stage state status step store team tenant time timestamp title token total trace type unit url user value "
         "variant vendor version visit week workspace year zone").split()

# (type, how often of 1,000 columns), outermost types of real schemas.
TYPES = (("String", 400), ("LowCardinality(String)", 95), ("Nullable(String)", 60), ("Nullable(Int32)", 25),
         ("Nullable(DateTime)", 15), ("AggregateFunction(count)", 30), ("AggregateFunction(uniq, String)", 30),
         ("AggregateFunction(argMax, String, DateTime64(3))", 20), ("SimpleAggregateFunction(sum, UInt64)", 20),
         ("SimpleAggregateFunction(any, String)", 15), ("DateTime", 50), ("DateTime64(3)", 40), ("Int64", 25),
         ("UInt8", 20), ("UInt32", 20), ("Date", 20), ("Int16", 18), ("UInt64", 18), ("Int32", 17), ("Array(String)", 18),
         ("Float32", 15), ("Float64", 13), ("JSON", 6), ("Bool", 6), ("UUID", 3), ("Map(String, String)", 3),
         ("LowCardinality(Nullable(String))", 3), ("DateTime('UTC')", 2), ("FixedString(2)", 2))
TEXT_DEFAULTS = (("''", 40), ("'unknown'", 22), ("'{}'", 6))
OTHER_DEFAULTS = (("Date", "now()"), ("Array", "[]"), ("Bool", "false"), ("UUID", "generateUUIDv4()"), ("Map", "map()"),
                  ("JSON", "'{}'"), ("", "0"))
CODECS = (("ZSTD(1)", 85), ("Delta(8), ZSTD(1)", 10), ("DoubleDelta, ZSTD(1)", 5))
COLUMN_COUNTS = ((range(3, 10), 62), (range(10, 20), 22), (range(20, 30), 10), (range(30, 45), 4), (range(45, 75), 2))
NODE_COUNTS = ((1, 741), (2, 90), (3, 70), (4, 42), (5, 18), (6, 18), (7, 10), (8, 4), (10, 4), (13, 2))
ENGINES = (("MergeTree", 57), ("AggregatingMergeTree", 33), ("ReplacingMergeTree", 10))
FUNCTIONS = ("count()", "uniq({c})", "max({c})", "min({c})", "any({c})", "countIf({c} != '')", "topK(10)({c})",
             "toStartOfHour(toDateTime({c}))", "lower({c})", "coalesce({c}, 'none')", "JSONExtractString({c}, 'a')")
SENTENCES = ("Events of the {a} {b}, as its {c} sends them.", "Counts {a} by {b} and {c}.", "The last {a} of each {b}.",
             "Used by the dashboard of the {a} team.", "Filters by {a}, {b} and {c}; all of them may be left out.",
             "# {a}\n    - one row for each {b}\n    - ordered by {c}")


class Draw(random.Random):
    def often(self, percent):
        return self.random() * 100 < percent

    def weighted(self, table):
        return self.choices([value for value, _ in table], [weight for _, weight in table])[0]

    def names(self, count):
        """`user`, `session_start`: unlike each other, many of two or three words."""
        return [name if self.often(35) else f"{name}_{self.choice(WORDS)}" if self.often(70) else
                f"{name}_{self.choice(WORDS)}_{self.choice(WORDS)}" for name in self.sample(WORDS, count)]

    def sentence(self):
        a, b, c = self.sample(WORDS, 3)
        return self.choice(SENTENCES).format(a=a, b=b, c=c)


def quoted(draw, text):
    return f'"{text}"' if draw.often(75) else text


def default_of(draw, kind):
    if "String" in kind and not kind.startswith(("Array", "Map")):
        return draw.weighted(TEXT_DEFAULTS)
    return next(value for start, value in OTHER_DEFAULTS if kind.startswith(start))


def column_line(draw, name, with_paths):
    kind = draw.weighted(TYPES)
    while with_paths and kind.startswith(("Aggregate", "Simple")):
        kind = draw.weighted(TYPES)
    line = f"`{name}`" if draw.often(94) else name
    line += " " + kind
    if with_paths:
        path = name if draw.often(70) else f"{draw.choice(WORDS)}.{draw.choice(WORDS)}.{name}"
        line += f" `json:$.{path}{'[:]' if kind.startswith('Array') else ''}`"
        if draw.often(24) and not kind.startswith("Nullable"):
            line += " DEFAULT " + default_of(draw, kind)
    if draw.often(2.5):
        line += f" CODEC({draw.weighted(CODECS)})"
    return line


def description(draw):
    text = "\n    ".join(draw.sentence() for _ in range(draw.choice((1, 1, 2, 3, 6))))
    return f"DESCRIPTION >\n    {text}\n\n"


def datasource(draw, columns):
    with_paths = draw.often(50)
    text = description(draw) if draw.often(27) else ""
    if draw.often(20):
        text += f'TOKEN "{draw.choice(WORDS)} token" {"APPEND" if draw.often(60) else "READ"}\n\n'
    if draw.often(6):
        text += f'TAGS "{draw.choice(WORDS)}"\n\n'
    indent = draw.choice(("    ", "    ", "    ", "\t"))
    lines = [f"{indent}`{columns[0]}` DateTime{' `json:$.' + columns[0] + '`' if with_paths else ''}"]
    lines += [indent + column_line(draw, name, with_paths) for name in columns[1:]]
    text += "SCHEMA >\n" + ",\n".join(lines) + "\n\n"
    engine = draw.weighted(ENGINES)
    text += f"ENGINE {quoted(draw, engine)}\n"
    if draw.often(80):
        text += f"ENGINE_PARTITION_KEY {quoted(draw, f'toYYYYMM({columns[0]})')}\n"
    text += f"ENGINE_SORTING_KEY {quoted(draw, columns[0])}\n"
    if draw.often(16):
        text += f"ENGINE_TTL {quoted(draw, f'{columns[0]} + toIntervalDay({draw.choice((7, 30, 60, 90))})')}\n"
    if draw.often(2):
        text += f"\nINDEXES >\n    INDEX by_{columns[1]} {columns[1]} TYPE bloom_filter(0.01) GRANULARITY 4\n"
    return text


def filters(draw, columns):
    lines = []
    for _ in range(draw.choice((1, 2, 3, 5, 8, 12, 18))):
        name, word = draw.choice(columns), draw.choice(WORDS)
        kind, default = draw.choice((("String", "''"), ("String", "'all'"), ("Date", "'2026-01-01'"), ("Int32", "10"),
                                     ("DateTime", "'2026-01-01 00:00:00'")))
        note = f", description='{draw.sentence().splitlines()[0]}', required={draw.choice(('True', 'False'))}"
        value = "{{" + f"{kind}({word}, {default}{note if draw.often(45) else ''})" + "}}"
        if draw.often(70):
            lines.append(f"{{% if defined({word}) %}}\n      AND {name} = {value}\n    {{% end %}}")
        elif draw.often(30):
            lines.append(f"{{% if defined({word}) and {word} != 'all' %}}\n      AND {name} IN {{{{Array({word}, 'String')}}}}\n"
                         f"    {{% else %}}\n      AND {name} != ''\n    {{% end %}}")
        else:
            lines.append(f"AND {name} >= {value}")
    return lines


def select(draw, table, columns, templated):
    used = draw.sample(columns, min(len(columns), draw.choice((2, 4, 6, 9))))
    outputs = [f"{name}" for name in used]
    outputs += [f"{draw.choice(FUNCTIONS).format(c=draw.choice(columns))} AS {word}_{n}"
                for n, word in enumerate(draw.sample(WORDS, draw.choice((2, 4, 8, 16, 30))))]
    lines = ["%"] if templated else []
    lines += ["SELECT"] + [f"  {output}," for output in outputs[:-1]] + [f"  {outputs[-1]}", f"FROM {table}"]
    if draw.often(12):
        lines.append(f"LEFT JOIN (SELECT {columns[0]}, max({columns[-1]}) AS latest FROM {table} GROUP BY {columns[0]}) AS j USING {columns[0]}")
    if templated or draw.often(60):
        lines.append(f"WHERE {columns[0]} > now() - INTERVAL {draw.choice((1, 7, 30))} DAY")
    if templated:
        lines += ["  " + line for line in filters(draw, columns)]
    elif draw.often(30):
        lines.append(f"  AND {draw.choice(columns)} NOT IN ('a', 'b') -- {draw.choice(WORDS)}s of tests")
    lines += ["GROUP BY " + ", ".join(used), f"ORDER BY {used[0]} DESC"]
    if templated and draw.often(40):
        lines.append("LIMIT {{Int32(page_size, 100)}} OFFSET {{Int32(page, 0) * Int32(page_size, 100)}}")
    return lines


def pipe(draw, name, tables, kind, target):
    text = description(draw) if draw.often(50) else ""
    if draw.often(45):
        text += f'TOKEN "{draw.choice(WORDS)} reader" READ\n\n'
    if draw.often(8):
        text += f'TAGS "{draw.choice(WORDS)}"\n\n'
    table, columns = draw.choice(tables)
    templated = kind == "endpoint" and draw.often(70)
    count = draw.weighted(NODE_COUNTS)
    indent = draw.choice(("    ", "    ", "    ", "\t", ""))
    for number in range(count):
        node = f"{name}_{number}"
        text += f"NODE {node}\n"
        if draw.often(40):
            text += description(draw)
        text += "SQL >\n"
        lines = select(draw, table, columns, templated)
        # Without indentation a line must not begin with the name of a directive.
        shift = indent or ("    " if any(line.split(" ")[0] in ("type", "token") for line in lines) else "")
        text += "".join(f"{shift}{line}\n" for line in lines) + "\n"
        if draw.often(50):
            table = node
    if kind != "standard":
        text += f"TYPE {draw.choice((kind, kind.upper(), kind.upper()))}\n"
    if kind == "materialized":
        text += f"DATASOURCE {target}\n"
    if kind == "copy":
        text += f"TARGET_DATASOURCE {target}\nCOPY_SCHEDULE {draw.choice(('@on-demand', '0 * * * *', '30 1 * * *'))}\n"
        text += f"COPY_MODE {draw.choice(('replace', 'append'))}\n"
    return text


def as_by_hand(draw, text):
    if draw.often(12):
        text = text.rstrip("\n")
    if draw.often(0.5):
        text = text.replace("\n", "\r\n")
    if draw.often(8):
        text = text.replace("\nENGINE", "\n# keep in step with the service\nENGINE", 1)
    if draw.often(3):
        text = text.replace("FROM", "  -- caf\u00e9 \u2713\n    FROM", 1) if "    FROM" in text else text
    return text


FOLDERS = {"endpoint": "endpoints", "materialized": "materializations", "copy": "copies", "standard": "pipes"}


def write_project(folder, files, seed):
    draw = Draw(seed)
    tables, targets = [], []
    total = 0

    def write(path, text):
        nonlocal total
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = as_by_hand(draw, text).encode()
        target.write_bytes(data)
        total += len(data)

    sources = files * 3 // 10
    for number in range(sources):
        columns = draw.names(draw.choice(draw.weighted(COLUMN_COUNTS)))
        name = f"{columns[1]}_{draw.choice(WORDS)}_{number}"
        tables.append((name, columns))
        targets.append(name)
        write(f"datasources/{name}.datasource", datasource(draw, columns))
    for number in range(files - sources):
        kind = draw.weighted((("endpoint", 61), ("materialized", 17), ("copy", 6), ("standard", 16)))
        name = f"{draw.choice(WORDS)}_by_{draw.choice(WORDS)}_{number}"
        write(f"{FOLDERS[kind]}/{name}.pipe", pipe(draw, name, tables, kind, draw.choice(targets)))
    return total


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--files", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=7)
    given = arguments.parse_args()
    size = write_project(given.folder, given.files, given.seed)
    print(f"{given.files} datafiles, {size / 1e6:.2f} MB")


main()
