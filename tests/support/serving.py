"""`birdhouse serve` as a process of its own, for tests and benchmarks: its address, its token, its end."""

import json
import os
import pathlib
import signal
import subprocess
import urllib.error
import urllib.request


class Serving:
    """A running server over the project in `folder`. `storage` None: in memory."""

    def __init__(self, birdhouse, folder, storage=None, options=()):
        command = [str(pathlib.Path(birdhouse).resolve()), "serve", "--port", "0", *options]
        command += ["--storage", str(storage)] if storage else []
        self.errors = (pathlib.Path(folder) / "serve.err").open("ab")
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=self.errors, text=True)
        self.url = ""
        for line in self.process.stdout:
            if line.startswith("serving "):
                self.url = line.split()[1]
            if line.startswith("tokens:"):
                break
        if not self.url:
            raise RuntimeError(f"serve left with {self.process.wait()}: {(pathlib.Path(folder) / 'serve.err').read_text()}")
        self.token = self.ask("GET", "/tokens", token="")[1]["workspace_admin_token"]

    def ask(self, method, path, body=None, token=None):
        """(status, JSON or text); connection errors are raised."""
        request = urllib.request.Request(self.url + path, data=body, method=method)
        if token is None:
            token = self.token
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refused:
            text = refused.read().decode(errors="replace")
            try:
                return refused.code, json.loads(text)
            except ValueError:
                return refused.code, text

    def resident_bytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self._wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self._wait()

    def _wait(self):
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.errors.close()
        return code
