"""Tinybird workspaces as targets: workspace.py BIRDHOUSE

`birdhouse deploy` against `birdhouse serve`, both as they are built: Forward and Classic, with rows there and events
arriving, through a proxy that fails the n-th request, with a deployment of somebody else in the way. Exit code 77, aloud,
where no engine can be loaded.
"""

import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHIPPED = ["birdhouse.yaml", "datasources", "pipes", "migrations", "templates"]
TOKEN = "p.eyJ1IjoidGVzdCJ9.a-token-of-the-test"
COLUMNS = """  - {name: id, type: String, path: $.id}
  - {name: tier, type: LowCardinality(String), path: $.tier, default: "'anonymous'"}
  - {name: start_time, type: DateTime64(3), path: $.start_time}
  - {name: cost_usd, type: Float64, path: $.cost_usd, default: 0}
"""
IMAGE_COLUMNS = """  - {name: id, type: String, path: $.id}
  - {name: tier, type: LowCardinality(String), path: $.tier, default: "'anonymous'"}
  - {name: event_type, type: LowCardinality(String), path: $.event_type, default: "'text_generation'"}
  - {name: start_time, type: DateTime64(3), path: $.start_time}
  - {name: cost_usd, type: Float64, path: $.cost_usd, default: 0}
  - {name: image_width, type: UInt16, path: $.image_width, default: 0}
  - {name: image_height, type: UInt16, path: $.image_height, default: 0}
  - {name: num_images, type: UInt8, path: $.num_images, default: 0}
"""
EVENTS = """datasource: llm_events
columns:
{columns}engine: {{kind: MergeTree, partition_key: toYYYYMM(start_time), sorting_key: "{key}"}}
tokens: [{{name: tracker, scope: append}}]
"""
DAILY = """datasource: daily
columns:
  - {name: day, type: Date}
  - {name: cost, type: "SimpleAggregateFunction(sum, Float64)"}
engine: {kind: AggregatingMergeTree, sorting_key: day}
"""
TO_DAILY = """pipe: to_daily
type: materialized
datasource: daily
nodes:
  - name: by_day
    sql: SELECT toDate(start_time) AS day, sum(cost_usd) AS cost FROM llm_events GROUP BY day
"""
SPEND = """pipe: spend
type: endpoint
tokens: [{name: dashboard, scope: read}]
nodes:
  - name: total
    sql: |
      SELECT count() AS events, round(sum(cost_usd), 2) AS cost FROM llm_events
"""

problems = 0
checks = 0


def check(what, holds, shown=""):
    global problems, checks
    checks += 1
    if not holds:
        problems += 1
        print(f"workspace: {what}: {str(shown).strip()[-3000:]}", file=sys.stderr)


@contextlib.contextmanager
def serving(birdhouse, *flags):
    environment = dict(os.environ, TB_LOCAL_WORKSPACE_TOKEN=TOKEN, NO_COLOR="1")
    server = subprocess.Popen([birdhouse, "serve", "--empty", "--port", "0", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env=environment, cwd=tempfile.gettempdir())
    try:
        url = ""
        for line in server.stdout:
            url = line.split()[-1] if line.startswith("serving ") else url
            if line.startswith("tokens:"):
                break
        if not url:
            said = server.stderr.read()
            if server.wait(timeout=30) == 3:
                print(f"workspace: SKIPPED: no engine can be loaded here: {said.strip()}")
                sys.exit(77)
            raise RuntimeError(said)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=60)


class Proxy(http.server.BaseHTTPRequestHandler):
    """Passes requests on, but for what `decide(method, path, number)` answers itself: (status, JSON) or "drop"."""

    protocol_version = "HTTP/1.1"
    upstream = ""
    decide = staticmethod(lambda method, path, number: None)
    seen = []

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Proxy.seen.append(f"{self.command} {self.path}")
        decided = Proxy.decide(self.command, self.path, len(Proxy.seen))
        if decided == "drop":  # carried out, and the answer is lost
            self.forward(body)
            self.close_connection = True
            self.connection.close()
            return
        if decided is None:
            status, kind, text = self.forward(body)
        else:
            status, kind, text = decided[0], "application/json", json.dumps(decided[1]).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def forward(self, body):
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(Proxy.upstream).netloc, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() in ("authorization", "content-type")}
        connection.request(self.command, self.path, body=body, headers=headers)
        response = connection.getresponse()
        text = response.read()
        return response.status, response.getheader("Content-Type") or "text/plain", text

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def proxied(url, decide):
    Proxy.upstream, Proxy.decide, Proxy.seen = url, staticmethod(decide), []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def ask(url, path, body=None, method=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/plain"}
    request = urllib.request.Request(url + path, data=body, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read().decode()
    return json.loads(text) if text[:1] in "{[" else text


def rows(url, sql):
    return ask(url, "/v0/sql", f"{sql} FORMAT JSON".encode())["data"]


def deploy(birdhouse, folder, *flags, token=TOKEN):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TB_", "TINYBIRD_"))}
    environment.update(NO_COLOR="1", NO_PROXY="127.0.0.1,localhost")
    if token:
        environment["TINYBIRD_TOKEN"] = token
    done = subprocess.run([birdhouse, "deploy", *flags], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    check("no output holds the token", not token or token not in done.stdout + done.stderr)
    return done.returncode, done.stdout + done.stderr


def command(birdhouse, folder, *words):
    environment = dict(os.environ, TINYBIRD_TOKEN=TOKEN, NO_COLOR="1")
    done = subprocess.run([birdhouse, *words], cwd=folder, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def write_project(folder, url, generation, columns=COLUMNS, key="start_time, id", more=""):
    for name in ("datasources", "pipes"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "birdhouse.yaml").write_text(
        f"name: images\ntargets:\n  cloud: {{kind: tinybird, generation: {generation}, host: '{url}'{more}}}\n")
    (folder / "datasources/llm_events.yaml").write_text(EVENTS.format(columns=columns, key=key))
    (folder / "datasources/daily.yaml").write_text(DAILY)
    (folder / "pipes/to_daily.yaml").write_text(TO_DAILY)
    (folder / "pipes/spend.yaml").write_text(SPEND)


def pulled(url):
    files = {}
    for kind, listing, one, extension in (("datasources", "/v0/datasources", "/v0/datasources/", ".datasource"),
                                          ("pipes", "/v1/pipes", "/v1/pipes/", ".pipe")):
        for resource in ask(url, listing)[kind]:
            files[resource["name"] + extension] = ask(url, one + resource["name"] + extension)
    return files


class Sending:
    """Events that keep arriving; counts what was acknowledged."""

    def __init__(self, url):
        self.url, self.ended, self.acknowledged = url, threading.Event(), 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.ended.is_set():
            event = {"id": f"live{self.acknowledged}", "start_time": "2026-11-01 10:00:00.000", "cost_usd": 0.5}
            answer = ask(self.url, "/v0/events?name=llm_events&wait=true", json.dumps(event).encode())
            self.acknowledged += answer["successful_rows"]

    def __enter__(self):
        self.thread.start()
        return self

    def wait_for(self, more):
        wanted = self.acknowledged + more
        while self.acknowledged < wanted and self.thread.is_alive():
            time.sleep(0.01)

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def shipped_project(birdhouse):
    """The project of this repository: deployed from here, it is what the server's own build of it is."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse) as url:
        folder = pathlib.Path(scratch)
        for part in SHIPPED:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / part)
        config = (folder / "birdhouse.yaml").read_text()
        (folder / "birdhouse.yaml").write_text(config.replace("targets:\n", f"targets:\n  cloud: {{kind: tinybird, host: '{url}'}}\n"))
        code, said = deploy(birdhouse, folder, "--target", "cloud", "--dry-run")
        check("dry run of the shipped project", code == 0 and "would send: POST /v1/deploy" in said, said)
        check("a dry run changes nothing", pulled(url) == {})
        code, said = deploy(birdhouse, folder, "--target", "cloud", "--check")
        check("check of the shipped project", code == 0 and "would take it" in said, said)
        check("a check changes nothing", pulled(url) == {})
        code, said = deploy(birdhouse, folder, "--target", "cloud")
        check("deployment of the shipped project", code == 0 and "deployed" in said, said)
        generated = subprocess.run([birdhouse, "generate", "--output", "generated"], cwd=folder, capture_output=True, text=True)
        wanted = {path.name: path.read_text() for path in (folder / "generated").rglob("*.*") if path.suffix in (".datasource", ".pipe")}
        check("the workspace holds what `generate` writes", bool(wanted) and pulled(url) == wanted, generated.stderr)
        code, said = deploy(birdhouse, folder, "--target", "cloud")
        check("a second deployment finds nothing to do", code == 0 and "nothing to deploy" in said, said)
        report = json.loads(deploy(birdhouse, folder, "--target", "cloud", "--format", "json")[1])
        check("and says so as JSON", report["refused"] is False and report["workspace"]["outcome"] is None, report)


def image_columns(birdhouse, generation):
    """Image columns come to a workspace with rows while events arrive: every row is there once, before and after."""
    flags = ("--classic",) if generation == "classic" else ()
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, *flags) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, generation)
        code, said = deploy(birdhouse, folder)
        check(f"{generation}: first deployment", code == 0, said)
        old = "\n".join(json.dumps({"id": f"old{n}", "start_time": "2026-10-01 10:00:00.000", "cost_usd": 1}) for n in range(500))
        check(f"{generation}: rows before", ask(url, "/v0/events?name=llm_events&wait=true", old.encode())["successful_rows"] == 500)
        with Sending(url) as sending:
            write_project(folder, url, generation, columns=IMAGE_COLUMNS)
            code, said = deploy(birdhouse, folder)
        check(f"{generation}: image columns", code == 0 and "deployed" in said, said)
        check(f"{generation}: events arrived meanwhile", sending.acknowledged > 0)
        total = 500 + sending.acknowledged
        found = rows(url, "SELECT count() AS n, uniqExact(id) AS ids, countIf(event_type = 'text_generation') AS texts, "
                          "countIf(num_images = 0) AS none FROM llm_events")[0]
        check(f"{generation}: every row is there once", found == {"n": total, "ids": total, "texts": total, "none": total},
              f"{found} of {total}")
        cost = rows(url, "SELECT sum(cost) AS cost FROM daily")[0]["cost"]
        check(f"{generation}: the aggregates are exact", cost == 500 + sending.acknowledged * 0.5, cost)
        image = {"id": "image", "start_time": "2026-11-02 10:00:00.000", "event_type": "image_generation", "image_width": 640}
        ask(url, "/v0/events?name=llm_events&wait=true", json.dumps(image).encode())
        check(f"{generation}: images are stored", rows(url, "SELECT image_width AS w FROM llm_events WHERE id = 'image'") == [{"w": 640}])
        code, said = deploy(birdhouse, folder)
        check(f"{generation}: nothing is left to do", code == 0 and "nothing to deploy" in said, said)


def migration_files(*numbers):
    return [next((ROOT / "migrations").glob(f"{number:04}_*.yaml")).read_text() for number in numbers]


def landing_of(first, *later):
    """The definition of llm_events that the migrations of the repository build, as text: no more of YAML than they use."""
    columns = re.findall(r"^ {8}- (\{name: .*\})$", first, re.M)
    engine = re.search(r"^ {6}engine:\n((?: {8}.*\n)+)", first, re.M)[1]
    for migration in later:
        for flow, block in re.findall(r"^  - add_column: \{(.*)\}$|^  - add_column:\n((?: {6}.*\n)+)", migration, re.M):
            fields = flow or ", ".join(block.replace("      ", "").strip().split("\n"))
            fields, after = fields.replace("datasource: llm_events, ", "").rsplit(", after: ", 1)
            place = next(n for n, column in enumerate(columns) if column.startswith(f"{{name: {after},"))
            columns.insert(place + 1, "{" + fields + "}")
    return "datasource: llm_events\ncolumns:\n" + "".join(f"  - {column}\n" for column in columns) + \
           "engine:\n" + engine.replace("        ", "  ") + "tokens: [{name: tracker, scope: append}]\ntags: [generations]\n"


class Producers(Sending):
    """Text and image requests that keep arriving, as the producers of the project send them; what was acknowledged is kept."""

    def __init__(self, url):
        super().__init__(url)
        self.events, self.migrated = [], None

    def event(self, number):
        event = {"id": f"e{number:06}", "user_id": f"u{number % 7}", "tier": "seed", "start_time": f"2026-11-01 10:{number % 60:02}:00.250",
                 "duration_ms": number, "model": ("openai", "flux")[number % 2], "provider": "azure", "cost_usd": number / 8,
                 "cached": number % 3 == 0, "status": "success", "prompt_tokens": number * 2}
        if number % 2:  # its producers are ahead of the workspace
            event.update(event_type="image_generation", image_width=640, image_height=480 + number % 5, num_images=1)
        return event

    def send(self, count):
        events = [self.event(len(self.events) + n) for n in range(count)]
        answer = ask(self.url, "/v0/events?name=llm_events&wait=true", "\n".join(map(json.dumps, events)).encode())
        check("every event is acknowledged", answer == {"successful_rows": count, "quarantined_rows": 0}, answer)
        self.events += events
        self.acknowledged += count

    def run(self):
        while not self.ended.is_set():
            self.send(1)

    def note_migrated(self):
        self.wait_for(1)  # one that was on its way
        self.migrated = len(self.events)
        self.wait_for(20)


def expected_rows(events):
    """As the table holds them: what an event does not bring is the column's default."""
    return [{"id": e["id"], "user_id": e["user_id"], "tier": e["tier"], "start_time": e["start_time"], "end_time": e["start_time"],
             "duration_ms": e["duration_ms"], "model": e["model"], "provider": e["provider"], "cost_usd": e["cost_usd"],
             "cached": e["cached"], "status": e["status"], "error_message": "", "prompt_tokens": e["prompt_tokens"],
             "completion_tokens": 0} for e in events]


IMAGES = ("event_type", "image_width", "image_height", "num_images")


def check_image_rows(generation, url, producers):
    """Every acknowledged row once, its old columns as sent; the new ones as sent once the columns were there, else defaults."""
    found = rows(url, f"SELECT id, user_id, tier, start_time, end_time, duration_ms, model, provider, cost_usd, cached, status, error_message, "
                      f"prompt_tokens, completion_tokens, {', '.join(IMAGES)} FROM llm_events ORDER BY id")
    old = [{name: value for name, value in row.items() if name not in IMAGES} for row in found]
    wanted = expected_rows(producers.events)
    differing = [pair for pair in zip(old, wanted) if pair[0] != pair[1]]
    check(f"{generation}: every acknowledged row is there once, with what it had", old == wanted,
          f"{len(old)} of {len(wanted)} rows, first difference {differing[:1]}")
    defaults = ("text_generation", 0, 0, 0)
    sent = [tuple(event.get(name, default) for name, default in zip(IMAGES, defaults)) for event in producers.events]
    images = [tuple(row[name] for name in IMAGES) for row in found]
    check(f"{generation}: rows from before read defaults", set(images[:300]) == {defaults}, set(images[:300]))
    check(f"{generation}: rows since then read what was sent", images[producers.migrated:] == sent[producers.migrated:])
    strange = [row for row, own in zip(images, sent) if row not in (own, defaults)]
    check(f"{generation}: no row reads anything else", not strange, strange[:3])
    check(f"{generation}: some were sent as images", 0 < images.count(defaults) < len(images), len(images))


def image_migration(birdhouse, generation):
    """The landing of the repository before its image columns, and their migration, while text and image events keep arriving."""
    flags = ("--classic",) if generation == "classic" else ()
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, *flags) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, generation)
        landing = folder / "datasources/llm_events.yaml"
        landing.write_text(landing_of(*migration_files(1)))
        check(f"{generation}: the text service is deployed", deploy(birdhouse, folder)[0] == 0)
        producers = Producers(url)
        producers.send(300)
        with producers:
            producers.wait_for(20)
            landing.write_text(landing_of(*migration_files(1, 2)))
            code, said = deploy(birdhouse, folder)
            producers.note_migrated()
        check(f"{generation}: the image columns are deployed", code == 0 and "deployed" in said, said)
        check(f"{generation}: nothing is left to do", "nothing to deploy" in deploy(birdhouse, folder)[1])
        check(f"{generation}: no event was turned away", len(producers.events) >= producers.migrated + 20, len(producers.events))
        check_image_rows(generation, url, producers)
        cost = rows(url, "SELECT sum(cost) AS cost FROM daily")[0]["cost"]
        check(f"{generation}: the aggregates are exact", cost == sum(event["cost_usd"] for event in producers.events), cost)
        quarantined = rows(url, "SELECT count() AS n FROM llm_events_quarantine") if "llm_events_quarantine" in str(
            ask(url, "/v0/datasources")) else []
        check(f"{generation}: nothing was quarantined", quarantined in ([], [{"n": 0}]), quarantined)


def classic_ignores(birdhouse):
    """What Classic would keep silent about is an error, before anything is sent or after it is read back."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, "--classic") as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, "classic")
        check("classic: first deployment", deploy(birdhouse, folder)[0] == 0)
        before = pulled(url)
        write_project(folder, url, "classic", key="id, start_time")
        code, said = deploy(birdhouse, folder)
        check("classic: a changed key is refused before anything is sent", code != 0 and "X604" in said and pulled(url) == before,
              f"{code} {said}")
        # The service changes nothing and says that it did.
        write_project(folder, url, "classic", columns=IMAGE_COLUMNS)

        def deaf(method, path, number):
            return (200, {"operations": ["ADD COLUMN `image_width` UInt16"]}) if path.endswith("/alter") else None

        with proxied(url, deaf) as address:
            write_project(folder, address, "classic", columns=IMAGE_COLUMNS)
            code, said = deploy(birdhouse, folder)
        check("classic: what was ignored is found when it is read back", code == 1 and "error[X604]" in said and "image_width" in said,
              f"{code} {said}")


def reorders(birdhouse):
    """Columns that change their places: Forward takes the new order with every value, Classic is known to keep its own."""
    first, *others = COLUMNS.splitlines(keepends=True)
    for generation, flags in (("forward", ()), ("classic", ("--classic",))):
        with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, *flags) as url:
            folder = pathlib.Path(scratch)
            write_project(folder, url, generation)
            check(f"{generation}: deployed before the order changes", deploy(birdhouse, folder)[0] == 0)
            event = {"id": "a", "tier": "seed", "start_time": "2026-11-02 10:00:00.000", "cost_usd": 1}
            ask(url, "/v0/events?name=llm_events&wait=true", json.dumps(event).encode())
            write_project(folder, url, generation, columns="".join([*others, first]))
            code, said = deploy(birdhouse, folder)
            found = rows(url, "SELECT * FROM llm_events")
            check(f"{generation}: every value stays with its column", found == [event], found)
            if generation == "forward":
                check("forward: takes another order", code == 0 and list(found[0])[-1] == "id", f"{said} {found}")
            else:
                check("classic: another order is refused", code == 1 and "X604" in said and list(found[0])[0] == "id", f"{said} {found}")


MONTHLY = """datasource: monthly
columns:
  - {name: month, type: Date}
  - {name: cost, type: "SimpleAggregateFunction(sum, Float64)"}
engine: {kind: AggregatingMergeTree, sorting_key: month}
"""
# By name it comes before the view whose target it reads.
A_MONTHLY = """pipe: a_monthly
type: materialized
datasource: monthly
nodes:
  - name: by_month
    sql: SELECT toStartOfMonth(day) AS month, sum(cost) AS cost FROM daily GROUP BY month
"""


def landing_with_rows(folder, url, birdhouse):
    """A Classic workspace with 300 rows and no view of them; afterwards the views are declared."""
    write_project(folder, url, "classic")
    (folder / "pipes/to_daily.yaml").unlink()
    (folder / "datasources/daily.yaml").unlink()
    check("populate: the landing is deployed", deploy(birdhouse, folder)[0] == 0)
    events = "\n".join(json.dumps({"id": f"p{n}", "start_time": f"2026-1{n % 2}-01 10:00:00.000", "cost_usd": 0.5}) for n in range(300))
    ask(url, "/v0/events?name=llm_events&wait=true", events.encode())
    write_project(folder, url, "classic")
    (folder / "datasources/monthly.yaml").write_text(MONTHLY)
    (folder / "pipes/a_monthly.yaml").write_text(A_MONTHLY)


def costs(url):
    return [rows(url, f"SELECT sum(cost) AS cost FROM {table}")[0]["cost"] for table in ("daily", "monthly")]


def populates(birdhouse):
    """New materialized views of Classic: without history, which is said, or with all of it, once."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, "--classic") as url:
        folder = pathlib.Path(scratch)
        landing_with_rows(folder, url, birdhouse)
        code, said = deploy(birdhouse, folder, "--dry-run")
        check("populate: the plan says what begins without history", code == 0 and "note: `daily` begins without the rows that are in "
              "`llm_events`: `to_daily` takes those that come from now on; --populate brings the others with the deployment, `tb pipe populate "
              "to_daily --node by_day --wait` after it" in said and "`monthly` begins" not in said, said)
        code, said = deploy(birdhouse, folder, "--dry-run", "--populate")
        first, second = said.find("write to_daily, and fill daily"), said.find("write a_monthly, and fill monthly")
        check("populate: the plan says what is filled, and in which order", 0 < first < second and "pause what writes there" in said, said)
        code, said = deploy(birdhouse, folder, "--populate", "--verbose")
        check("populate: the jobs are waited for and told", code == 0 and "filled daily by to_daily: job" in said and "is done" in said and
              ", which fills daily, is " in said, said)
        check("populate: the history is there, once", costs(url) == [150, 150], costs(url))
        event = {"id": "new", "start_time": "2026-11-02 10:00:00.000", "cost_usd": 1}
        ask(url, "/v0/events?name=llm_events&wait=true", json.dumps(event).encode())
        check("populate: and what comes", costs(url) == [151, 151], costs(url))
        code, said = deploy(birdhouse, folder, "--populate")
        check("populate: nothing is filled twice", code == 0 and "nothing to deploy" in said and costs(url) == [151, 151], said)
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, "--classic") as url:
        folder = pathlib.Path(scratch)
        landing_with_rows(folder, url, birdhouse)
        code, said = deploy(birdhouse, folder)
        check("populate: nothing is filled unasked", code == 0 and costs(url) == [0, 0] and "--populate brings" in said, said)


def populations_that_fail(birdhouse):
    """A job that fails, or cannot be followed, ends the run, which says what is there; given again it does the rest."""
    def failed(path):
        return (200, {"id": "j1", "job_id": "j1", "status": "error", "error": "Memory limit exceeded"}) if "/v0/jobs/" in path else None

    def unbegun(path):
        return (200, {"name": "to_daily", "type": "materialized", "nodes": []}) if "populate=true" in path else None

    def unknown(path):
        return (404, {"error": "Job not found"}) if "/v0/jobs/" in path else None

    for answer, words, sums in ((failed, "ended as error: Memory limit exceeded", [150, 0]), (unbegun, "was not begun", [0, 0]),
                                (unknown, "cannot be followed", [150, 0])):
        with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, "--classic") as url:
            folder = pathlib.Path(scratch)
            landing_with_rows(folder, url, birdhouse)
            with proxied(url, lambda method, path, number, say=answer: say(path)) as address:
                config = (folder / "birdhouse.yaml").read_text()
                (folder / "birdhouse.yaml").write_text(config.replace(url, address))
                code, said = deploy(birdhouse, folder, "--populate")
                (folder / "birdhouse.yaml").write_text(config)
            check(f"populate: a job that {words} is told", code == 5 and words in said and "`daily` by `to_daily`" in said, f"{code} {said}")
            check(f"populate: after it {words} no other view is made", "a_monthly.pipe" not in pulled(url), pulled(url).keys())
            code, said = deploy(birdhouse, folder)
            check(f"populate: after it {words} the rest is done", code == 0 and "a_monthly.pipe" in pulled(url), f"{code} {said}")
            for _ in range(200):  # what really runs there may still be at it
                if costs(url) != sums:
                    time.sleep(0.05)
            check(f"populate: after it {words} no row is counted twice", costs(url) == sums, costs(url))


def faults(birdhouse, generation):
    """The n-th request fails, n = 1, 2, 3 ...: the same command, given again, ends where an undisturbed one does."""
    flags = ("--classic",) if generation == "classic" else ()
    kinds = {"500": ((500, {"error": "trouble"}), 2), "lost": ("drop", 1), "503": ((503, {"error": "later"}), 6),
             "403": ((403, {"error": "invalid token"}), 6)}  # and every how many requests
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse, *flags) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, generation)
        check(f"{generation}: first deployment", deploy(birdhouse, folder)[0] == 0)
        more, failures = 0, 0
        for kind, (outcome, step) in kinds.items():
            for number in range(1, 40, step):
                more += 1  # another column, so that there is always something to deploy
                columns = COLUMNS + "".join(f"  - {{name: n{n}, type: UInt8, path: $.n{n}, default: 0}}\n" for n in range(1, more + 1))
                with proxied(url, lambda method, path, seen, at=number, said=outcome: said if seen == at else None) as address:
                    write_project(folder, address, generation, columns=columns)
                    code, said = deploy(birdhouse, folder)
                    sent = len(Proxy.seen)
                write_project(folder, url, generation, columns=columns)
                failures += code != 0
                check(f"{generation}: {kind} at request {number} is told", code in (0, 3, 5), f"{code} {said}")
                code, said = deploy(birdhouse, folder)
                check(f"{generation}: a run after {kind} at request {number} converges", code == 0, f"{code} {said}")
                names = {column["name"] for column in ask(url, "/v0/datasources/llm_events")["columns"]}
                check(f"{generation}: {kind} at request {number} ends with the column", f"n{more}" in names, names)
                if sent < number:
                    break
        check(f"{generation}: some runs did fail", failures > 4, failures)


def guards(birdhouse):
    """Whose workspace, whose deployment, whose word."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, "forward", more=", workspace: production")
        code, said = deploy(birdhouse, folder)
        check("another workspace is refused", code == 4 and "Tinybird_Local_Testing" in said and pulled(url) == {}, f"{code} {said}")
        write_project(folder, url, "forward", more=", workspace: Tinybird_Local_Testing, protected: true")
        code, said = deploy(birdhouse, folder)
        check("a protected target is refused", code == 4 and "--confirm cloud" in said and pulled(url) == {}, f"{code} {said}")
        code, said = deploy(birdhouse, folder, "--confirm", "cloud")
        check("a confirmed one is not", code == 0, f"{code} {said}")
        code, said = deploy(birdhouse, folder, token="")
        check("without a token nothing is asked", code == 2 or code == 3, f"{code} {said}")
        code, said = deploy(birdhouse, folder, token="p.eyJ1Ijoid3JvbmcifQ.wrong")
        check("a wrong token is told", code == 3 and "403" in said, f"{code} {said}")

        (folder / "datasources/daily.yaml").unlink()
        (folder / "pipes/to_daily.yaml").unlink()
        code, said = deploy(birdhouse, folder, "--confirm", "cloud")
        check("a datasource that would go is refused", code == 4 and "daily" in said and "daily.datasource" in pulled(url), f"{code} {said}")
        code, said = deploy(birdhouse, folder, "--confirm", "cloud", "--allow-destructive")
        check("and goes when that is permitted", code == 0 and "daily.datasource" not in pulled(url), f"{code} {said}")

        foreign = {"id": "59", "status": "calculating", "live": False, "created_at": "2026-11-26T10:00:00+00:00"}
        live = {"id": "58", "status": "data_ready", "live": True, "created_at": "2026-11-25T10:00:00+00:00"}

        def busy(method, path, number):
            return (200, {"deployments": [live, foreign]}) if path.startswith("/v1/deployments") and method == "GET" else None

        with proxied(url, busy) as address:
            write_project(folder, address, "forward", columns=IMAGE_COLUMNS)
            code, said = deploy(birdhouse, folder)
            check("somebody else's deployment is left alone", code == 4 and "`59`" in said and "calculating" in said and
                  not [one for one in Proxy.seen if one.startswith(("DELETE", "POST"))], f"{code} {said} {Proxy.seen}")

        text = "There's already a deployment in progress.\n\nYou can check the status of your deployments with `tb deployment ls`."

        def late(method, path, number):
            if path.startswith("/v1/deploy?"):
                return 400, {"result": "failed", "deployment": {"id": "59", "status": "calculating", "feedback": [
                    {"resource": None, "level": "ERROR", "message": text}]}}
            return None

        with proxied(url, late) as address:
            write_project(folder, address, "forward", columns=IMAGE_COLUMNS)
            code, said = deploy(birdhouse, folder)
            check("so is one begun in the meantime", code == 4 and "in progress" in said, f"{code} {said}")

        def failing(method, path, number):
            if path.startswith("/v1/deploy?"):
                return 200, {"result": "success", "deployment": {"id": "60", "status": "creating_schema", "live": False, "errors": [],
                                                                 "feedback": []}}
            if path == "/v1/deployments/60":
                return 200, {"result": "success", "deployment": {"id": "60", "status": "failed", "live": False, "errors": [
                    "Error migrating data: Populate job 1 failed, status: error"], "feedback": []}}
            return None

        with proxied(url, failing) as address:
            write_project(folder, address, "forward", columns=IMAGE_COLUMNS)
            code, said = deploy(birdhouse, folder)
            check("a deployment that fails is told in the service's words", code == 1 and "Populate job 1 failed" in said, f"{code} {said}")
        write_project(folder, url, "forward", columns=IMAGE_COLUMNS)
        code, said = deploy(birdhouse, folder, "--allow-destructive")
        check("and the next one goes through", code == 0 and "deployed" in said, f"{code} {said}")


def watching(birdhouse):
    """`serve --watch` tells what changed, with no token and no value of a row; a project with problems changes nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        write_project(folder, "http://127.0.0.1:1", "forward")
        environment = dict(os.environ, TB_LOCAL_WORKSPACE_TOKEN=TOKEN, NO_COLOR="1")
        with (folder / "serve.err").open("w+") as log:
            server = subprocess.Popen([birdhouse, "serve", "--watch", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True,
                                      env=environment, cwd=folder)
            url = server.stdout.readline().split()[-1]

            def told(words):
                for _ in range(600):
                    if words in (folder / "serve.err").read_text():
                        return True
                    time.sleep(0.1)
                return False

            check("watch: the first build is told", told("new datasources: daily, llm_events\nnew pipes: spend, to_daily"))
            row = {"id": "a-secret-value", "start_time": "2026-11-01 10:00:00.000", "cost_usd": 0.5}
            ask(url, "/v0/events?name=llm_events&wait=true", json.dumps(row).encode())
            write_project(folder, "http://127.0.0.1:1", "forward", columns=IMAGE_COLUMNS)
            (folder / "pipes/spend.yaml").write_text(SPEND.replace("count() AS events", "count() AS n"))
            check("watch: a changed column and pipe are told", told("changed datasources: llm_events\n") and told("changed pipes: spend\n"))
            check("watch: the change is served", rows(url, "SELECT n FROM spend") == [{"n": 1}])
            (folder / "pipes/spend.yaml").write_text(SPEND.replace("cost_usd", "cost_eur"))
            check("watch: a problem is told", told("cost_eur"))
            check("watch: and changes nothing", rows(url, "SELECT n FROM spend") == [{"n": 1}])
            (folder / "pipes/spend.yaml").unlink()
            check("watch: what goes is told", told("gone pipes: spend\n"))
            server.terminate()
            out, _ = server.communicate(timeout=60)
            said = out + (folder / "serve.err").read_text()
            check("the server ends when it is told to", server.returncode == 0, said)
            check("the log holds no token and no value", TOKEN not in said and "a-secret-value" not in said, said)


def staged(birdhouse):
    """A deployment that somebody staged is in the way; events that arrive while one is promoted are all there."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, "forward")
        check("staged: first deployment", deploy(birdhouse, folder)[0] == 0)
        generated = folder / "generated"
        write_project(folder, url, "forward", columns=IMAGE_COLUMNS)
        subprocess.run([birdhouse, "generate", "--output", str(generated)], cwd=folder, check=True, capture_output=True)
        boundary = "----birdhouse"
        parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="data_project://"; filename="{path.relative_to(generated)}"\r\n'
                        f"Content-Type: text/plain\r\n\r\n{path.read_text()}\r\n" for path in generated.rglob("*.*")
                        if path.suffix in (".datasource", ".pipe"))
        request = urllib.request.Request(f"{url}/v1/deploy", data=f"{parts}--{boundary}--\r\n".encode(), method="POST", headers={
            "Authorization": f"Bearer {TOKEN}", "Content-Type": f"multipart/form-data; boundary={boundary}"})
        with Sending(url) as sending:
            with urllib.request.urlopen(request, timeout=60) as answer:
                made = json.load(answer)["deployment"]
            check("staged: made", made["status"] == "data_ready" and made["live"] is False, made)
            code, said = deploy(birdhouse, folder)
            check("staged: birdhouse leaves it alone", code == 4 and f"`{made['id']}`" in said, f"{code} {said}")
            sending.wait_for(20)
            promoted = ask(url, f"/v1/deployments/{made['id']}/set-live", b"")["deployment"]
            check("staged: promoted", promoted["live"] is True, promoted)
            sending.wait_for(20)
        found = rows(url, "SELECT count() AS n, uniqExact(id) AS ids, countIf(image_width = 0) AS new FROM llm_events")[0]
        check("staged: every event is there once", found == dict.fromkeys(("n", "ids", "new"), sending.acknowledged), found)
        cost = rows(url, "SELECT sum(cost) AS cost FROM daily")[0]["cost"]
        check("staged: the aggregates are exact", cost == sending.acknowledged * 0.5, cost)
        code, said = deploy(birdhouse, folder)
        check("staged: nothing is left to do", code == 0 and "nothing to deploy" in said, said)


def resumes(birdhouse):
    """A run that is stopped while a deployment goes on leaves it, and the next one waits for it by its id."""
    with tempfile.TemporaryDirectory() as scratch, serving(birdhouse) as url:
        folder = pathlib.Path(scratch)
        write_project(folder, url, "forward")
        check("first deployment", deploy(birdhouse, folder)[0] == 0)
        asked = threading.Event()
        slow = {"id": "1000", "status": "creating_schema", "live": False, "created_at": "2026-11-26T10:00:00+00:00", "errors": []}

        def decide(method, path, number):
            if path.startswith("/v1/deploy?"):
                return 200, {"result": "success", "deployment": slow}
            if path == "/v1/deployments/1000":
                asked.set()
                return 200, {"result": "success", "deployment": slow}
            return (200, {"deployments": [slow]}) if path == "/v1/deployments" and asked.is_set() else None

        with proxied(url, decide) as address:
            write_project(folder, address, "forward", columns=IMAGE_COLUMNS)
            environment = dict(os.environ, TINYBIRD_TOKEN=TOKEN, NO_COLOR="1", NO_PROXY="127.0.0.1,localhost")
            run = subprocess.Popen([birdhouse, "deploy"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            asked.wait(60)
            run.send_signal(2)
            out, err = run.communicate(timeout=60)
            check("Ctrl-C says how to go on", run.returncode == 5 and "`1000`" in err and "run the same command again" in err,
                  f"{run.returncode} {out} {err}")
            check("and leaves the deployment", not [one for one in Proxy.seen if one.startswith("DELETE")], Proxy.seen)
            journal = json.loads((folder / ".birdhouse/cloud.deployment.json").read_text())
            check("its id is remembered", journal["deployment"] == "1000", journal)

            live = dict(slow, status="data_ready", live=True)

            def later(method, path, number):
                if path == "/v1/deployments":
                    return 200, {"deployments": [live]}
                return (200, {"result": "success", "deployment": live}) if path == "/v1/deployments/1000" else None

            Proxy.decide, Proxy.seen = staticmethod(later), []
            code, said = deploy(birdhouse, folder)
            posted = [one for one in Proxy.seen if one.startswith("POST")]
            check("the next run waits for it instead of deploying again", not posted and "1000" in said, f"{said} {Proxy.seen}")
        check("nothing is left of it", not (folder / ".birdhouse/cloud.deployment.json").exists())


def compares(birdhouse):
    """What a workspace has is a state as a folder or a revision is; a FORWARD_QUERY is held against it before it is sent."""
    with serving(birdhouse) as url, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        events = folder / "datasources/llm_events.yaml"
        write_project(folder, url, "forward")
        code, said = deploy(birdhouse, folder)
        check("the project is deployed", code == 0, said)
        code, said = command(birdhouse, folder, "diff", "--from", "target:cloud", "--exit-code")
        check("a workspace that is up to date does not differ", code == 0 and "no difference" in said, said)

        changed = COLUMNS.replace("cost_usd, type: Float64", "cost_usd, type: Float32")
        events.write_text(EVENTS.format(columns=changed, key="start_time, id"))
        code, said = command(birdhouse, folder, "diff", "--from", "target:cloud", "--exit-code", "--no-engine", "--format", "json")
        check("the folder differs from the workspace, each change with its kind", code == 1 and '"type_narrowed"' in said, said)
        code, said = command(birdhouse, folder, "diff", "--from", "target:nowhere")
        check("a target that nothing declares is named", code == 2 and "nowhere" in said, f"{code} {said}")

        before = rows(url, "SELECT toTypeName(cost_usd) FROM llm_events LIMIT 1")
        code, said = deploy(birdhouse, folder)
        check("a conversion that nothing spells out is not sent", code == 1 and "R308" in said and "FORWARD_QUERY > SELECT" in said, f"{code} {said}")
        check("and nothing was changed", rows(url, "SELECT toTypeName(cost_usd) FROM llm_events LIMIT 1") == before)
        wrong = "forward_query: SELECT id, tier, start_time\n"
        events.write_text(EVENTS.format(columns=changed, key="start_time, id") + wrong)
        code, said = deploy(birdhouse, folder)
        check("a query that leaves a column out is not sent either", code == 1 and "does not name `cost_usd` exactly once" in said, f"{code} {said}")


def main():
    birdhouse = str(pathlib.Path(sys.argv[1]).resolve())
    if "BIRDHOUSE_TEST_NO_ENGINE" in os.environ:
        print(f"workspace: SKIPPED: {os.environ['BIRDHOUSE_TEST_NO_ENGINE']}")
        return 77
    wanted = sys.argv[2:]
    for name, test in (("shipped", lambda: shipped_project(birdhouse)), ("forward", lambda: image_columns(birdhouse, "forward")),
                       ("classic", lambda: image_columns(birdhouse, "classic")),
                       ("images-forward", lambda: image_migration(birdhouse, "forward")),
                       ("images-classic", lambda: image_migration(birdhouse, "classic")), ("ignores", lambda: classic_ignores(birdhouse)),
                       ("reorders", lambda: reorders(birdhouse)),
                       ("populates", lambda: populates(birdhouse)), ("populations-fail", lambda: populations_that_fail(birdhouse)),
                       ("guards", lambda: guards(birdhouse)), ("staged", lambda: staged(birdhouse)),
                       ("watching", lambda: watching(birdhouse)), ("resumes", lambda: resumes(birdhouse)),
                       ("compares", lambda: compares(birdhouse)),
                       ("faults-forward", lambda: faults(birdhouse, "forward")), ("faults-classic", lambda: faults(birdhouse, "classic"))):
        if not wanted or name in wanted:
            test()
    print(f"workspace: {checks} checks, {problems} problems")
    return 1 if problems else 0


sys.exit(main())
