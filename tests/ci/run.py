"""Runs the shell of ci/ as a pipeline does: in a scratch git repository with the shipped project, against a loopback stand-in for
the two comment APIs.

    tests/ci/run.py BIRDHOUSE
"""

import http.server
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CI = ROOT / "ci"
SHIPPED = ["birdhouse.yaml", "datasources", "pipes", "migrations", "templates", "fixtures"]
TOKEN = "ghs_0123456789abcdefghij"
NO_ENGINE = os.environ.get("BIRDHOUSE_TEST_NO_ENGINE")


class CommentApi(http.server.ThreadingHTTPServer):
    """Comments in memory, in the words of either service. `refuse` answers every write with that status."""

    daemon_threads = True

    def __init__(self, me):
        super().__init__(("127.0.0.1", 0), Handler)
        self.me, self.refuse, self.comments, self.calls = me, None, [], []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def add(self, author, body):
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": {"login": author}, "author": {"id": author}})
        return self.comments[-1]

    def by(self, author):
        return [one["body"] for one in self.comments if one["user"]["login"] == author]


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def handle_call(self):
        server, url = self.server, urllib.parse.urlsplit(self.path)
        bytes_sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.calls.append(f"{self.command} {url.path}")
        if TOKEN not in (self.headers.get("Authorization") or "") + (self.headers.get("PRIVATE-TOKEN") or ""):
            return self.answer(401, {"message": "no token"})
        if url.path == "/user":
            return self.answer(200, {"id": server.me})
        if self.command == "GET":
            page = int(urllib.parse.parse_qs(url.query)["page"][0])
            return self.answer(200, server.comments[(page - 1) * 100 : page * 100])
        if server.refuse:
            return self.answer(server.refuse, {"message": "refused"})
        body = json.loads(bytes_sent)["body"]
        if self.command == "POST":
            return self.answer(201, server.add(server.me, body))
        comment = next(one for one in server.comments if one["id"] == int(url.path.rsplit("/", 1)[1]))
        if comment["user"]["login"] != server.me:
            return self.answer(403, {"message": "another's"})
        comment["body"] = body
        return self.answer(200, comment)

    do_GET = do_POST = do_PATCH = do_PUT = handle_call


class Repository:
    """The shipped project with one commit, in a folder of its own."""

    def __init__(self, folder, binary):
        self.folder, self.home = folder / "repository", folder / "home"
        self.home.mkdir()
        self.folder.mkdir()
        for part in SHIPPED:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, self.folder / part)
        self.environment = {
            "PATH": f"{binary.parent}:/usr/bin:/bin", "HOME": str(self.home), "USER": "ci", "TZ": "UTC", "NO_COLOR": "1", "GIT_CONFIG_NOSYSTEM": "1",
            **{name: os.environ[name] for name in ("BIRDHOUSE_LIBCHDB", "UBSAN_OPTIONS", "ASAN_OPTIONS") if name in os.environ},
        }
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit("the project")

    def git(self, *words):
        done = subprocess.run(["git", "-c", "user.name=ci", "-c", "user.email=ci@example.com", *words], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, message):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def run(self, *command, **environment):
        return subprocess.run([str(word) for word in command], cwd=self.folder, env={**self.environment, **environment}, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def replace(self, path, old, new):
        text = (self.folder / path).read_text()
        assert old in text, f"{path} does not hold {old!r}"
        (self.folder / path).write_text(text.replace(old, new, 1))


def ended(done, code):
    assert done.returncode == code, f"exit {done.returncode}, expected {code}\n{done.stdout}{done.stderr}"


CASES = []


def case(function):
    CASES.append(function)
    return function


def with_engine(function):
    if not NO_ENGINE:
        CASES.append(function)
    return function


@with_engine
def the_shipped_project_passes_every_part_of_check(repository):
    base = repository.git("rev-parse", "HEAD")
    done = repository.run(CI / "check.sh", BIRDHOUSE_BASE=base)
    ended(done, 0)
    for part in ("form", "problems", "stored samples of llm_events", "proof of all migrations", "proof of the change alone"):
        assert f"== {part}\n" in done.stdout, done.stdout


@with_engine
def a_column_without_its_migration_fails_the_proof_and_the_other_parts_still_run(repository):
    repository.replace("datasources/model_pricing.yaml", "columns:\n", "columns:\n  - {name: note, type: String, path: $.note, default: \"''\"}\n")
    done = repository.run(CI / "check.sh", BIRDHOUSE_FORMAT="github")
    ended(done, 1)
    assert "F221" in done.stderr and "== stored samples of llm_events" in done.stdout, done.stdout + done.stderr


@with_engine
def the_plan_says_what_changes_and_what_would_be_sent_and_sends_nothing(repository):
    base = repository.git("rev-parse", "HEAD")
    repository.replace("pipes/top_models_by_spend.yaml", "description: Models by", "description: \"`$(touch pwned)` 'and' more\" # Models by")
    repository.commit("a description")
    done = repository.run(CI / "plan.sh", "plan.md", BIRDHOUSE_BASE=base, BIRDHOUSE_TARGET="local")
    ended(done, 0)
    plan = (repository.folder / "plan.md").read_text()
    assert "## What changes" in plan and "## What will be done" in plan and "0001_llm_events" in plan and "CREATE TABLE" in plan, plan
    assert not (repository.folder / ".birdhouse").exists() and not (repository.folder / "pwned").exists()


@with_engine
def a_plan_that_cannot_be_made_is_shown_and_fails(repository):
    done = repository.run(CI / "plan.sh", "plan.md", BIRDHOUSE_TARGET="nowhere")
    assert done.returncode != 0
    assert "**Stopped with exit code" in (repository.folder / "plan.md").read_text()


@with_engine
def apply_brings_the_target_up_to_date_once_and_a_protected_one_only_when_confirmed(repository):
    repository.replace("birdhouse.yaml", "targets:\n", "targets:\n  production: {kind: embedded, path: .birdhouse/production, protected: true}\n")
    ended(repository.run(CI / "apply.sh", BIRDHOUSE_TARGET="production"), 4)
    first = repository.run(CI / "apply.sh", BIRDHOUSE_TARGET="production", BIRDHOUSE_CONFIRM="production")
    ended(first, 0)
    assert "applied 0001_llm_events to production" in first.stdout, first.stdout
    again = repository.run(CI / "apply.sh", BIRDHOUSE_TARGET="production", BIRDHOUSE_CONFIRM="production")
    ended(again, 0)
    assert "nothing to apply: target production is up to date" in again.stdout, again.stdout


def github(api, **more):
    return {"GITHUB_API_URL": api.url, "GITHUB_REPOSITORY": "shop/data", "GITHUB_TOKEN": TOKEN, "BIRDHOUSE_PULL_REQUEST": "7", "BIRDHOUSE_TARGET": "production", **more}


@case
def there_is_one_comment_a_target_and_it_is_changed_from_then_on(repository):
    me = "github-actions[bot]"
    api = CommentApi(me)
    for number in range(130):
        api.add("somebody", f"a word {number}")
    stranger = api.add("somebody", "<!-- birdhouse: plan for production -->\nnot ours")
    plan = repository.folder / "plan.md"
    plan.write_text("first `$(touch pwned)` \"quoted\" 'text' \\n <b>\n")
    ended(repository.run(CI / "comment_github.sh", plan, **github(api)), 0)
    assert api.by(me) == ["<!-- birdhouse: plan for production -->\n" + plan.read_text()], api.by(me)
    for number in range(80):
        api.add("somebody", f"a later word {number}")
    plan.write_text("second\n")
    ended(repository.run(CI / "comment_github.sh", plan, **github(api)), 0)
    assert api.by(me) == ["<!-- birdhouse: plan for production -->\nsecond\n"], api.by(me)
    ended(repository.run(CI / "comment_github.sh", plan, **github(api, BIRDHOUSE_TARGET="staging")), 0)
    assert len(api.by(me)) == 2 and stranger["body"].endswith("not ours")
    assert not (repository.folder / "pwned").exists()


@case
def a_fork_whose_token_may_not_write_finds_the_plan_in_the_summary(repository):
    api = CommentApi("github-actions[bot]")
    api.refuse = 403
    plan, summary = repository.folder / "plan.md", repository.folder / "summary.md"
    plan.write_text("the plan\n")
    done = repository.run(CI / "comment_github.sh", plan, **github(api, GITHUB_STEP_SUMMARY=str(summary)))
    ended(done, 0)
    assert summary.read_text() == "the plan\n" and "may not write comments (403)" in done.stderr, done.stderr


@case
def an_answer_that_nobody_expects_fails_the_step(repository):
    api = CommentApi("github-actions[bot]")
    api.refuse = 422
    (repository.folder / "plan.md").write_text("the plan\n")
    done = repository.run(CI / "comment_github.sh", "plan.md", **github(api))
    ended(done, 3)
    assert "the API answered with 422" in done.stderr, done.stderr
    ended(repository.run(CI / "comment_github.sh", "plan.md", **github(api, GITHUB_TOKEN="wrong")), 3)


@case
def a_plan_longer_than_a_comment_is_cut_and_says_so(repository):
    api = CommentApi("github-actions[bot]")
    (repository.folder / "plan.md").write_text("<details>\n\n```sql\n" + "ALTER TABLE `a` ADD COLUMN `b` String;\n" * 4000)
    ended(repository.run(CI / "comment_github.sh", "plan.md", **github(api)), 0)
    (body,) = api.by("github-actions[bot]")
    assert len(body.encode()) < 65536 and "longer than a comment may be" in body
    assert body.count("```") == 2 and body.count("</details>") == 1


@case
def no_token_stands_on_a_command_line(repository):
    tools = repository.home / "tools"
    tools.mkdir()
    record = repository.home / "calls"
    (tools / "curl").write_text(f'#!/bin/bash\nprintf "%s\\n" "$*" >>{shlex.quote(str(record))}\nexec /usr/bin/curl "$@"\n')
    (tools / "curl").chmod(0o755)
    api = CommentApi("github-actions[bot]")
    (repository.folder / "plan.md").write_text("the plan\n")
    environment = github(api, PATH=f"{tools}:{repository.environment['PATH']}")
    ended(repository.run(CI / "comment_github.sh", "plan.md", **environment), 0)
    assert "--request" in record.read_text() and TOKEN not in record.read_text()


@case
def a_merge_request_of_gitlab_has_one_note(repository):
    api = CommentApi(41)
    api.add(5, "<!-- birdhouse: plan for the default target -->\nnot ours")
    plan = repository.folder / "plan.md"
    gitlab = {"CI_API_V4_URL": api.url, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "3", "BIRDHOUSE_GITLAB_TOKEN": TOKEN}
    for text in ("first\n", "second\n"):
        plan.write_text(text)
        ended(repository.run(CI / "comment_gitlab.sh", plan, **gitlab), 0)
    assert api.by(41) == ["<!-- birdhouse: plan for the default target -->\nsecond\n"], api.comments
    assert api.comments[0]["body"].endswith("not ours")
    done = repository.run(CI / "comment_gitlab.sh", plan, **{**gitlab, "BIRDHOUSE_GITLAB_TOKEN": ""})
    ended(done, 0)
    assert "there is no BIRDHOUSE_GITLAB_TOKEN" in done.stderr


@case
def words_from_outside_never_become_code(repository):
    api = CommentApi("github-actions[bot]")
    (repository.folder / "plan.md").write_text("the plan\n")
    repository.git("checkout", "--quiet", "-b", "x$(touch${IFS}pwned)`touch${IFS}pwned`;touch${IFS}pwned")
    hostile = ["$(touch pwned)", "`touch pwned`", "x; touch pwned", "--help", "../..", "a\nb"]
    for word in hostile:
        ended(repository.run(CI / "check.sh", BIRDHOUSE_BASE=word), 2)
        ended(repository.run(CI / "check.sh", BIRDHOUSE_FORMAT=word), 2)
        ended(repository.run(CI / "plan.sh", "plan.md", BIRDHOUSE_BASE=word), 2)
        assert repository.run(CI / "comment_github.sh", "plan.md", **github(api, BIRDHOUSE_PULL_REQUEST=word)).returncode != 0
        assert repository.run(CI / "comment_github.sh", "plan.md", **github(api, GITHUB_REPOSITORY=word)).returncode != 0
        if word != "--help":
            assert repository.run(CI / "apply.sh", BIRDHOUSE_TARGET=word).returncode != 0
            assert repository.run(CI / "plan.sh", "plan.md", BIRDHOUSE_TARGET=word).returncode == 2
    assert not api.calls and not (repository.folder / "pwned").exists()


def value_of(expression, event):
    """`${{ a.b }}` of the action, as far as it uses them."""
    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", lambda match: event[match.group(1)], str(expression))


def applies(condition, event):
    if condition is None:
        return True
    inner = condition.strip().removeprefix("${{").removesuffix("}}")
    for part in inner.split("&&"):
        if part.strip() == "!cancelled()":
            continue
        name, wanted = re.fullmatch(r"\s*([\w.-]+) == '([^']*)'\s*", part).groups()
        if event[name] != wanted:
            return False
    return True


def run_action(repository, event):
    """The action's own steps, as a runner carries them out; how each ended."""
    import yaml

    action = yaml.safe_load((CI / "github/action.yml").read_text())
    for name, one in action["inputs"].items():
        event.setdefault(f"inputs.{name}", value_of(one.get("default", ""), {"github.token": TOKEN, **event}))
    ends = []
    for step in action["runs"]["steps"]:
        if "run" not in step or not applies(step.get("if"), event):
            continue
        assert "${{" not in step["run"], f"an expression in `run` is code: {step['run']}"
        environment = {name: value_of(value, event) for name, value in step.get("env", {}).items()}
        done = repository.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], GITHUB_ACTION_PATH=str(CI / "github"),
                              RUNNER_TEMP=str(repository.home), GITHUB_API_URL=event["api"], GITHUB_REPOSITORY="shop/data", **environment)
        ends.append((step["name"], done))
    return ends


@with_engine
def the_steps_of_the_github_action_check_plan_comment_and_apply(repository):
    api = CommentApi("github-actions[bot]")
    base = repository.git("rev-parse", "HEAD")
    event = {"github.event_name": "pull_request", "github.event.pull_request.base.sha": base, "github.event.pull_request.number": "7", "api": api.url}
    ends = run_action(repository, {**event, "inputs.mode": "check"})
    assert [name for name, _ in ends] == ["Make birdhouse ready", "Check and prove", "Plan", "Comment"]
    for _, done in ends:
        ended(done, 0)
    (body,) = api.by("github-actions[bot]")
    assert body.startswith("<!-- birdhouse: plan for the default target -->\n## What changes"), body[:200]
    ends = run_action(repository, {**event, "github.event_name": "push", "github.event.pull_request.base.sha": "", "inputs.mode": "apply"})
    assert [name for name, _ in ends] == ["Make birdhouse ready", "Apply"]
    for _, done in ends:
        ended(done, 0)
    assert "applied 0001_llm_events to local" in ends[-1][1].stdout


@with_engine
def the_jobs_of_the_gitlab_template_run(repository):
    import yaml

    api = CommentApi(41)
    jobs = yaml.safe_load((CI / "gitlab.yml").read_text())
    base = repository.git("rev-parse", "HEAD")
    outside = {"CI_API_V4_URL": api.url, "CI_PROJECT_ID": "12", "CI_MERGE_REQUEST_IID": "3", "BIRDHOUSE_GITLAB_TOKEN": TOKEN,
               "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, **jobs["variables"], "BIRDHOUSE_CI": str(CI)}
    for name in ("birdhouse:check", "birdhouse:plan", "birdhouse:apply"):
        ended(repository.run("bash", "-eo", "pipefail", "-c", "\n".join(jobs[name]["script"]), **outside), 0)
    assert len(api.by(41)) == 1
    assert jobs["birdhouse:apply"]["resource_group"] and jobs["birdhouse:apply"]["interruptible"] is False


@with_engine
def the_hooks_for_pre_commit_run(repository):
    import yaml

    ended(repository.run("birdhouse", "generate"), 0)
    repository.commit("datafiles beside their definitions")
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        files = [name for name in repository.git("ls-files").splitlines() if re.search(hook["files"], name)]
        assert files, f"{hook['id']} looks at no file of the shipped project"
        names = files if hook.get("pass_filenames", True) else []
        ended(repository.run(*shlex.split(hook["entry"]), *names), 0)
    assert not repository.git("status", "--porcelain", "--untracked-files=no"), "a hook changed a file that was in its form"


@case
def every_script_reads_as_bash(repository):
    scripts = sorted(CI.glob("*.sh"))
    assert len(scripts) >= 7
    for script in scripts:
        ended(repository.run("bash", "-n", script), 0)
        assert not re.search(r"\beval\b|curl[^\n]*\|\s*(ba)?sh", script.read_text()), f"{script.name} runs text as code"
    if shutil.which("shellcheck"):
        ended(repository.run("shellcheck", "--external-sources", *scripts), 0)
    else:
        print("skipped: there is no shellcheck on this machine")


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    if NO_ENGINE:
        print(f"skipped, what needs the engine: {NO_ENGINE}")
    failed = 0
    only = sys.argv[2:]
    chosen = [one for one in CASES if not only or one.__name__ in only]
    for one in chosen:
        with tempfile.TemporaryDirectory(prefix="birdhouse-ci-") as folder:
            try:
                one(Repository(pathlib.Path(folder), binary))
            except (AssertionError, subprocess.CalledProcessError) as problem:
                failed += 1
                print(f"FAILED {one.__name__.replace('_', ' ')}\n{problem}")
    print(f"{len(chosen)} cases of ci/, {failed} failed")
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
