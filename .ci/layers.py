"""The include law of docs/architecture.md: which layer may include which, and where third parties may stand."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "tool"

SEES = {
    "base": set(),
    "syntax": {"base"},
    "model": {"base"},
    "net": {"base"},
    "codec": {"base", "syntax", "model"},
    "engine": {"base", "model"},
    "events": {"base", "model", "syntax"},
    "target": {"base", "syntax", "model", "net", "codec", "engine", "events"},
    "server": {"base", "syntax", "model", "net", "codec", "engine", "events", "target"},
    "ops": {"base", "syntax", "model", "net", "codec", "engine", "events", "target", "server"},
    "commands": {"ops", "model", "base"},
    "cli": {"commands", "ops", "target", "engine", "model", "base"},
}

# Of `target`, ops sees interfaces and pure planning; only cli names a concrete target.
CONCRETE_TARGETS = {"target/embedded.hpp", "target/clickhouse.hpp", "target/tinybird.hpp"}

# Each library stands behind the files named here, so that it can be replaced in one place.
THIRD_PARTY = {
    r"CLI/": {"cli/argv.cpp"},
    r"yaml-cpp/": {"syntax/yaml.cpp"},
    r"curl/": {"net/http_client.cpp"},
    r"httplib\.h": {"net/http_server.cpp"},
    r"openssl/": {"base/hash.cpp"},
    r"dlfcn\.h": {"engine/library.cpp"},
    r"zlib\.h|zstd": {"events/inflate.cpp", "events/deflate.cpp"},
    r"re2/": {"events/text_pattern.cpp"},
    r"simdjson\.h": None,  # events only, see below
    r"nlohmann/": None,  # values inside .cpp files, and json_fwd.hpp
}

INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def problems_in(path: pathlib.Path):
    name = path.relative_to(ROOT).as_posix()
    layer = name.split("/")[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        included = match.group(1)
        place = f"tool/{name}:{number}"
        target = included.split("/")[0]
        if target in SEES and target != layer and target not in SEES[layer]:
            yield f"{place}: {layer} may not include {target} ({included})"
        if included in CONCRETE_TARGETS and layer not in {"target", "cli"}:
            yield f"{place}: only cli names a concrete target ({included})"
        for pattern, files in THIRD_PARTY.items():
            if not re.match(pattern, included):
                continue
            if files is not None and name not in files:
                yield f"{place}: {included} stands behind {', '.join(sorted(files))}"
            if pattern.startswith("simdjson") and layer != "events":
                yield f"{place}: simdjson is for the hot path in events"
            if pattern.startswith("nlohmann") and name.endswith(".hpp") and included != "nlohmann/json_fwd.hpp":
                yield f"{place}: nlohmann/json.hpp in a header slows every file that includes it"


def main() -> int:
    files = sorted(ROOT.rglob("*.hpp")) + sorted(ROOT.rglob("*.cpp"))
    if not files:
        print("layers: no sources found", file=sys.stderr)
        return 1
    found = [problem for path in files for problem in problems_in(path)]
    for problem in found:
        print(problem, file=sys.stderr)
    print(f"layers: {len(files)} files, {len(found)} problems")
    return 1 if found else 0


sys.exit(main())
