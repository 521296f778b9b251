"""The router and its loads, each a process that is started here and ends with this program, however that ends."""

import ctypes
import json
import os
import re
import signal
import subprocess
import tempfile
import time

PATIENCE = 10.0
"""Seconds that a router has to get ready, and to end before it is killed."""
BESIDE = 60
"""Seconds that a load has beside its window: 30 to connect, 1 to warm up, 5 to drain, some to start and to close."""
LINES = 8
"""Of what a load says, the last ones that are kept."""
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


class SoakError(Exception):
    pass


def start(command, output, errors, nice=0):
    def before():
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.nice(nice)

    # In a session of its own: Ctrl-C is for this program, which ends its children itself.
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, preexec_fn=before, start_new_session=True)


def end(process):
    if process.poll() is None:
        process.kill()
        process.wait()


def numbers(path, names):
    """Of a file with lines `name: number …`."""
    with open(path, encoding="ascii") as file:
        found = dict(re.findall(r"^(\w+):\s+(\d+)", file.read(), re.MULTILINE))
    return [int(found[name]) for name in names]


def sampled(pid):
    """Resident KiB, threads and descriptors of a process."""
    resident, threads = numbers(f"/proc/{pid}/status", ["VmRSS", "Threads"])
    return resident, threads, len(os.listdir(f"/proc/{pid}/fd"))


def sampled_closely(pid):
    """Of a process that rests: memory page by page, where the kernel tells it so, and CPU seconds."""
    resident, threads, descriptors = sampled(pid)
    try:
        resident, dirty = numbers(f"/proc/{pid}/smaps_rollup", ["Rss", "Private_Dirty"])
    except (OSError, KeyError):
        dirty = None
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return {
        "residentKiB": resident, "privateDirtyKiB": dirty, "descriptors": descriptors, "threads": threads,
        "cpuSeconds": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
    }


class Router:
    """`rennbahn router` with its defaults but for the port and the shards, from its ready line to its end."""

    def __init__(self, program, shards):
        self.log = tempfile.TemporaryFile()
        self.process = start(
            [program, "router", "--listen", "127.0.0.1:0", "--shards", str(shards)], subprocess.PIPE, self.log)
        self.pid = self.process.pid
        try:
            os.set_blocking(self.process.stdout.fileno(), False)
            self.url = self._url()
        except BaseException:
            self.close()
            raise

    def _url(self):
        line, deadline = b"", time.monotonic() + PATIENCE
        while not line.endswith(b"\n") and time.monotonic() < deadline and self.process.poll() is None:
            line += self.process.stdout.read() or b""
            time.sleep(0.01)
        place = re.search(rb"router ready on (ws://\S+)", line)
        if not place:
            raise SoakError(f"the router did not start: {line!r} {self.log_lines()[-3:]}")
        return place[1].decode()

    def stop(self):
        """Asks it to end: its status, −9 where it did not and was killed, the seconds that it took, and what it said."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                end(self.process)
        seconds = time.monotonic() - began
        said = (self.process.stdout.read() or b"").decode(errors="replace")
        line = re.search(r"^rennbahn router ended detached=(\d+) dropped=(\d+)", said, re.MULTILINE)
        detached, dropped = map(int, line.groups()) if line else (None, None)
        return {"status": self.process.returncode, "seconds": round(seconds, 2), "detached": detached, "dropped": dropped}

    def log_lines(self):
        # Not by seeking: the router writes at the same position.
        return os.pread(self.log.fileno(), 64 << 20, 0).decode(errors="replace").splitlines()

    def close(self):
        end(self.process)
        self.process.stdout.close()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class RunningLoad:
    def __init__(self, program, url, load):
        self.load, self.was_killed, self.is_overdue = load, False, False
        self.output, self.errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.process = start(
            [program, "load", "--url", url, "--json", *load.arguments], self.output, self.errors,
            nice=10 if load.gives_way else 0)

    def has_ended(self):
        """Kills it where that is its lot, or where it does not end by itself."""
        if self.process.poll() is not None:
            return True
        lasted, killed_after = time.monotonic() - self.began, self.load.killed_after
        if killed_after is not None and lasted >= killed_after:
            self.was_killed = True
        elif lasted >= self.load.seconds + BESIDE:
            self.is_overdue = True
        if self.was_killed or self.is_overdue:
            self.process.kill()
        return False

    def told(self):
        """The cell of its results, or nothing, and the last lines that it said besides."""
        texts = []
        for file in (self.output, self.errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace").strip())
        try:
            return json.loads(texts[0]), texts[1].splitlines()[-LINES:]
        except ValueError:
            return None, (texts[0].splitlines() + texts[1].splitlines())[-LINES:]

    def close(self):
        end(self.process)
        self.output.close()
        self.errors.close()
