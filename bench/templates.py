"""Renders ten shapes of templates, the ones that pipes use most, beside the same templates in Python's Tornado, in turn; and
times what rendering and composing adds to a query of a project's pipes.

    bench/templates.py DRIVER [PROJECT]      prints a line a shape, then the sums

Tornado is timed twice: with templates that were read before, as birdhouse keeps them, and reading each for every request.
It gets functions that do no more than the shapes need: no types are looked up, no ranges checked. Both sides must print
the same text, and both are timed by what their process had of the processor.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SMOKE = os.environ.get("BENCH_SMOKE") == "1"
TURNS, MILLISECONDS = (1, 20) if SMOKE else (5, 200)
ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "`": "\\`", "%": "\\%", "\n": "\\n", "\t": "\\t"})


def quoted(text):
    return "'" + text.translate(ESCAPES) + "'"


def chosen(value, default):
    return default if value is None else value


def text_type(value, default=None, **described):
    return quoted(chosen(value, default))


class Int32(int):
    def __str__(self):
        return f"toInt32('{int(self)}')"


def int32(value, default=None, **described):
    return Int32(chosen(value, default))


def array(value, kind="String", default=None, **described):
    return "[" + ",".join(quoted(item) for item in chosen(value, default).split(",")) + "]"


def boolean(value, default=0):
    value = chosen(value, default)
    return 0 if str(value).lower() in ("0", "false") else int(bool(value))


def column(value, default=None):
    return "`" + chosen(value, default) + "`"


FUNCTIONS = {"String": text_type, "DateTime": text_type, "Int32": int32, "Array": array, "Boolean": boolean, "column": column,
             "defined": lambda value=None: value is not None}


def peers(shapes):
    import tornado.template

    made = []
    for shape in shapes:
        tree = tornado.template.Template(shape["text"], autoescape=None, whitespace="all")
        names = dict(FUNCTIONS)
        for name in ("model", "user", "start", "end", "page", "page_size", "by", "models", "tier", "kind", "order", "descending",
                     "zone", "metrics", "top"):
            names[name] = shape["params"].get(name)
        made.append((shape, tree, names))
    return made


def renders_per_second(render):
    renders, start = 0, time.process_time()
    while (taken := time.process_time() - start) < MILLISECONDS / 1000:
        for _ in range(20):
            render()
        renders += 20
    return renders / taken


def read_once(tree, names):
    return lambda: tree.generate(**names)


def read_each_time(text, names):
    import tornado.template

    return lambda: tornado.template.Template(text, autoescape=None, whitespace="all").generate(**names)


def drive(driver, project):
    done = subprocess.run([driver, HERE / "templates.json", str(MILLISECONDS), project], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit("bench: the driver failed")
    return json.loads(done.stdout)


def main():
    driver = sys.argv[1]
    project = sys.argv[2] if len(sys.argv) > 2 else str(HERE.parent)
    shapes = json.loads((HERE / "templates.json").read_text())
    try:
        compared = peers(shapes)
    except ImportError:
        compared = []
    ours, theirs, anew = [], {}, {}
    for _ in range(TURNS):
        ours.append(drive(driver, project))
        for shape, tree, names in compared:
            theirs.setdefault(shape["name"], []).append(renders_per_second(read_once(tree, names)))
            anew.setdefault(shape["name"], []).append(renders_per_second(read_each_time(shape["text"], names)))
    for shape, tree, names in compared:
        name, text = shape["name"], tree.generate(**names).decode()
        if text != ours[0]["texts"][name]:
            sys.exit(f"bench: the two print different texts for {name!r}:\n{text!r}\n{ours[0]['texts'][name]!r}")
    ratios, anew_ratios = [], []
    for shape in shapes:
        name = shape["name"]
        rate = statistics.median(turn["renders_per_second"][name] for turn in ours)
        line = f"template, {name}: {rate:,.0f} renders/s"
        if compared:
            peer = statistics.median(theirs[name])
            ratios.append(rate / peer)
            anew_ratios.append(rate / statistics.median(anew[name]))
            line += f"; Tornado {peer:,.0f}, ratio {ratios[-1]:.1f}; read for each request ratio {anew_ratios[-1]:.0f}"
        print(line)
    if compared:
        print(f"templates: ratio to Tornado {min(ratios):.1f} to {max(ratios):.1f}, geometric mean "
              f"{statistics.geometric_mean(ratios):.1f}; to Tornado that reads the template for each request, "
              f"{min(anew_ratios):.0f} to {max(anew_ratios):.0f}, geometric mean {statistics.geometric_mean(anew_ratios):.0f}")
    else:
        print("templates: SKIPPED Tornado: it is not installed (apt-get install python3-tornado)")
    figures = ours[len(ours) // 2]
    print(f"rendering and composing a query: {figures['pipes']} pipes, median {figures['median_ms']:.3f} ms, slowest "
          f"{figures['slowest_ms']:.3f} ms ({figures['slowest']})")


main()
