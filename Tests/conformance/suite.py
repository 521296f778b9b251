"""The processes of a run: the router that echoes, the testsuite's two modes, and our client."""

import ast
import contextlib
import json
import re
import select
import shutil
import socket
import subprocess
import time

AGENT = "rennbahn"


class EchoRouter:
    """`rennbahn router --echo` on a port of the kernel's choice."""

    def __init__(self, binary, reports):
        self.binary = binary
        self.reports = reports

    def __enter__(self):
        self.reports.mkdir(parents=True, exist_ok=True)
        with open(self.reports / "router.log", "w") as log:
            self.process = subprocess.Popen(
                [self.binary, "router", "--echo", "--listen", "127.0.0.1:0"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        line = self.process.stdout.readline() if ready else ""
        found = re.search(r"ws://\S+:\d+", line)
        if not found:
            end(self.process)
            raise SystemExit(f"the router did not start: {(self.reports / 'router.log').read_text()}")
        self.url = found[0]
        return self

    def __exit__(self, *_):
        end(self.process)
        self.process.stdout.close()


class Batch:
    """Cases that one process of the testsuite goes through."""

    def __init__(self, wstest, folder, patterns, deadline):
        self.wstest = wstest
        self.folder = folder
        self.deadline = deadline
        self.spec = {
            "outdir": str(folder), "cases": patterns, "exclude-cases": [], "exclude-agent-cases": {},
        }

    def left(self):
        return max(0.1, self.deadline - time.monotonic())

    @contextlib.contextmanager
    def suite(self, mode, **more):
        """The testsuite in one of its modes; what it prints goes to a file."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        spec = self.folder / "spec.json"
        spec.write_text(json.dumps(self.spec | more))
        with open(self.folder / "log", "w") as log:
            process = subprocess.Popen(
                [self.wstest, "-m", mode, "-s", spec, *(["-u", "0"] if mode == "fuzzingserver" else [])],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env={"PYTHONUNBUFFERED": "1"})
        try:
            yield process
        finally:
            end(process)

    def outcome(self):
        """The cases that the suite meant to run, and what it says of those that it ran."""
        log = (self.folder / "log").read_text(errors="replace")
        meant = re.search(r"^Cases = (\[.*\])$", log, re.MULTILINE)
        if not meant:
            return [], {}, log[-2000:]
        index = self.folder / "index.json"
        found = json.loads(index.read_text()).get(AGENT, {}) if index.exists() else {}
        return ast.literal_eval(meant[1]), found, ""


def against_router(batch, url):
    """The fuzzing client against the router; returns what Batch.outcome() does."""
    with batch.suite("fuzzingclient", servers=[{"agent": AGENT, "url": url}]) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(batch.left())
    return batch.outcome()


def against_client(batch, binary):
    """The fuzzing server against our client; returns what Batch.outcome() does."""
    port = free_port()
    with batch.suite("fuzzingserver", url=f"ws://127.0.0.1:{port}") as process:
        if not listens(port, process, batch.left()):
            return [], {}, (batch.folder / "log").read_text(errors="replace")[-2000:]
        with open(batch.folder / "client.log", "w") as log:
            client = subprocess.Popen(
                [binary, "echo-client", "--url", f"ws://127.0.0.1:{port}", "--agent", AGENT],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            client.wait(batch.left())
        end(client)
    meant, found, trouble = batch.outcome()
    if client.returncode != 0:
        trouble += (batch.folder / "client.log").read_text(errors="replace")[-2000:] or "the client did not finish"
    return meant, found, trouble


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port, process, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
