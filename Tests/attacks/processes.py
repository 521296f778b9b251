"""Processes that are started here: the router, and children of this program, all of which end with it."""

import ctypes
import fcntl
import multiprocessing
import os
import re
import signal
import subprocess
import tempfile
import time

PATIENCE = 10.0
"""Seconds that a router has to get ready, and to end before it is killed."""

F_SETPIPE_SZ = 1031
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)
forking = multiprocessing.get_context("fork")


class Broken(Exception):
    """An attack could not be carried out: nothing is known of the router."""


def end_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def prepare_router():
    end_with_parent()
    # Where nohup began all this it is ignored, and a router that is born with that ignores it, too.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Child:
    """A function in a process of its own, with a pipe to it: `work(pipe, *arguments)`."""

    def __init__(self, work, *arguments, nice=0):
        self.pipe, other = forking.Pipe()
        self.process = forking.Process(target=Child.main, args=(work, other, self.pipe, nice, arguments), daemon=True)
        self.process.start()
        other.close()

    @staticmethod
    def main(work, pipe, other, nice, arguments):
        end_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        other.close()
        os.nice(nice)
        work(pipe, *arguments)

    def tell(self, what):
        try:
            self.pipe.send(what)
        except OSError as error:
            raise Broken(f"a process of the attack ended early: {error}") from error

    def hear(self, seconds):
        try:
            if self.pipe.poll(seconds):
                return self.pipe.recv()
        except (EOFError, OSError) as error:
            raise Broken("a process of the attack ended early") from error
        raise Broken(f"no answer of a process of the attack in {seconds:.0f} s")

    def end(self):
        self.process.kill()
        self.process.join()
        self.pipe.close()


def options_of(program, command):
    """The options that a build knows, by its help."""
    text = subprocess.run([program, command, "--help"], capture_output=True, text=True, timeout=20)
    return set(re.findall(r"^  (--[a-z-]+)", text.stdout, re.MULTILINE))


class Router:
    """`rennbahn router` from its ready line to its end, seen from outside. `options` are pairs; a build is not given what it does
    not know."""

    known = {}

    def __init__(self, program, options=(), shards=1, muted=False):
        if program not in Router.known:
            Router.known[program] = options_of(program, "router")
        listening = () if any(name == "--config" for name, _ in options) else (("--listen", "127.0.0.1:0"),)
        arguments = [program, "router"]
        for name, value in (*listening, ("--shards", str(shards)), ("--cpus", Router.processors(shards)), *options):
            if name in Router.known[program] and value is not None:
                arguments += [name, value]
        self.log = tempfile.TemporaryFile()
        self.unread = None
        if muted:
            # The log goes into a small pipe that nobody reads.
            self.unread, writing = os.pipe()
            fcntl.fcntl(writing, F_SETPIPE_SZ, 4096)
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=writing if muted else self.log,
            preexec_fn=prepare_router)
        if muted:
            os.close(writing)
        self.pid = self.process.pid
        self.ended = None
        try:
            line = self._ready_line()
            place = re.search(r"router ready on \w+://[^ ]*:(\d+)/", line)
            if not place:
                raise Broken(f"the router did not start: {line!r} {self.log_text()[-500:]!r}")
        except BaseException:
            self.close()
            raise
        self.port = int(place.group(1))

    @staticmethod
    def processors(shards):
        """The first ones, where others are left for bystanders and attackers."""
        allowed = sorted(os.sched_getaffinity(0))
        return ",".join(map(str, allowed[:shards])) if len(allowed) > shards else None

    def _ready_line(self):
        line, deadline = b"", time.monotonic() + PATIENCE
        os.set_blocking(self.process.stdout.fileno(), False)
        while not line.endswith(b"\n") and time.monotonic() < deadline and self.process.poll() is None:
            line += self.process.stdout.read() or b""
            time.sleep(0.01)
        return line.decode(errors="replace")

    def memory(self):
        """Resident octets now and at most so far (VmRSS, VmHWM)."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
                found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+)", file.read(), re.MULTILINE))
        except OSError:
            found = {}
        return tuple(int(found.get(name, 0)) * 1024 for name in ("VmRSS", "VmHWM"))

    def cpu(self):
        """Seconds that its threads have run, and that they have waited for a processor."""
        ran = waited = 0
        try:
            for task in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{task}/schedstat", encoding="ascii") as file:
                    figures = file.read().split()
                ran, waited = ran + int(figures[0]), waited + int(figures[1])
        except OSError:
            pass
        return ran / 1e9, waited / 1e9

    def is_alive(self):
        return self.process.poll() is None

    def stop(self, number=signal.SIGTERM):
        """Asks it to end: seconds that it took, and its status; −9 where it did not, and was killed."""
        if self.ended is None:
            began = time.monotonic()
            if self.process.poll() is None:
                self.process.send_signal(number)
                try:
                    self.process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
            self.ended = (time.monotonic() - began, self.process.returncode)
        return self.ended

    def log_text(self):
        # Not by seeking: the router writes at the same position.
        return os.pread(self.log.fileno(), 4 << 20, 0).decode(errors="replace")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        if self.unread is not None:
            os.close(self.unread)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
