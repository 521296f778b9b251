"""`rennbahn router` as a child process of the tests."""

import asyncio
import os
import re
import signal

from client import WAIT, soon

URL = r"((?:wss?|https?|rs)://127\.0\.0\.1:(\d+)/|ws\+unix:\S+)"
READY = rf"rennbahn router ready on {URL} realms=%s shards=(\d+)( also=\S+)?\n"


def binary():
    return os.environ.get("RENNBAHN", ".build/release/rennbahn")


class Router:
    """A router on a port of the kernel's choice; `async with` starts it and makes sure that it has ended.

    Without `listen` the options say where it listens.
    """

    realms = "realm1"
    kept = 8192
    """Octets of standard error."""

    def __init__(self, shards=1, listen="127.0.0.1:0", options=()):
        places = ["--listen", listen, "--realm", "realm1"] if listen else []
        self.arguments = ["router", *places, "--shards", str(shards), *options]
        self.errors = b""

    async def __aenter__(self):
        await self.start()
        line = (await soon(self.process.stdout.readline(), "the router's ready line")).decode()
        ready = re.fullmatch(READY % self.realms, line)
        if not ready:
            await self.kill()
            raise AssertionError(f"no ready line but {line!r}; on stderr: {self.complaint()}")
        self.url, self.port, self.shards = ready[1], int(ready[2] or 0), int(ready[3])
        self.others = ready[4].removeprefix(" also=").split(",") if ready[4] else []
        return self

    async def __aexit__(self, *_):
        await self.kill()

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(
            binary(),
            *self.arguments,
            env={**os.environ, "RENNBAHN_TICKET": "open sesame"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.draining = asyncio.create_task(self._drain())

    async def _drain(self):
        while chunk := await self.process.stderr.read(4096):
            self.errors = (self.errors + chunk)[-self.kept :]

    def complaint(self):
        return self.errors.decode(errors="replace").strip() or "nothing"

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    async def status(self):
        """The exit status, once the process has ended by itself."""
        status = await soon(self.process.wait(), "the router's exit")
        await soon(self.draining, "the end of the router's stderr")
        return status

    async def stop(self):
        """Fails if the router ended before, or ends with another status than 0."""
        early = self.process.returncode
        assert early is None, f"the router ended by itself with status {early}; on stderr: {self.complaint()}"
        self.terminate()
        status = await self.status()
        assert status == 0, f"exit status {status}; on stderr: {self.complaint()}"

    async def kill(self):
        if self.process.returncode is None:
            self.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), WAIT)
            except asyncio.TimeoutError:
                self.process.kill()
                await self.process.wait()
        await self.draining
