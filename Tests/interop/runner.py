"""Collects test cases, runs them in the cells of the matrix, and counts.

A case is an `async` function of a `World`. Its docstring is its name in the output. What it opens through the world
is closed when it ends, whatever its outcome.
"""

import asyncio
import sys
import time
import traceback

from client import Compression, Dialect, open_session

CASE_LIMIT = 30.0
"""Seconds after which a case has failed even though each of its waits is bounded."""

COMPRESSIONS = [
    None,
    Compression("deflate"),
    Compression("deflate, server_no_context_takeover", server_no_context_takeover=True),
    Compression("deflate, client without context", client_no_context_takeover=True),
    Compression(
        "deflate, neither with context",
        server_no_context_takeover=True,
        client_no_context_takeover=True,
    ),
    Compression("deflate, windows of 512 octets", server_max_window_bits=9, client_max_window_bits=9),
]

DIALECTS = [Dialect(serializer, compression) for serializer in ("json", "msgpack") for compression in COMPRESSIONS]

every_dialect = []
"""Cases that run against a running router, in every dialect."""

every_process = []
"""Cases that start routers of their own, once."""


def case(function):
    every_dialect.append(function)
    return function


def process_case(function):
    every_process.append(function)
    return function


class World:
    """What one run of a case sees: a router, a dialect, and names that no other run uses."""

    counter = 0

    def __init__(self, url, dialect):
        self.url = url
        self.dialect = dialect
        self.sessions = []
        World.counter += 1
        self.prefix = f"com.rennbahn.interop.run{World.counter}"

    def uri(self, name):
        return f"{self.prefix}.{name}"

    async def join(self, dialect=None, **options):
        session = await open_session(self.url, dialect or self.dialect, **options)
        self.sessions.append(session)
        return session

    async def join_many(self, count):
        return [await self.join() for _ in range(count)]

    async def close(self):
        await asyncio.gather(*(session.close() for session in self.sessions))


class Tally:
    def __init__(self, only=""):
        self.only = only
        self.passed = 0
        self.skipped = 0
        self.failures = []
        self.told = set()

    def wants(self, function):
        return self.only in function.__name__

    def skip(self, function, reason):
        self.skipped += 1
        if function not in self.told:
            self.told.add(function)
            print(f"skipped in every dialect: {function.__doc__}: {reason}", flush=True)

    async def run(self, label, work):
        """Runs one case; `work` is a coroutine function without arguments."""
        began = time.monotonic()
        try:
            await asyncio.wait_for(work(), CASE_LIMIT)
        except asyncio.TimeoutError:
            self._fail(label, f"did not end within {CASE_LIMIT:.0f} s\n")
        except Exception:
            self._fail(label, traceback.format_exc())
        else:
            self.passed += 1
            took = time.monotonic() - began
            if took > 2:
                print(f"slow: {label}: {took:.1f} s", flush=True)

    def _fail(self, label, why):
        self.failures.append(label)
        print(f"FAILED: {label}\n{why}", file=sys.stderr, flush=True)

    async def run_dialects(self, title, url, differences, dialects=DIALECTS):
        """Every case in every dialect against the router at `url`; `differences` names cases that cannot hold there."""
        for dialect in dialects:
            before = self.passed, len(self.failures)
            for function in filter(self.wants, every_dialect):
                label = f"{title} · {dialect} · {function.__doc__}"
                if function.__name__ in differences:
                    self.skip(function, differences[function.__name__])
                    continue

                async def work():
                    world = World(url, dialect)
                    try:
                        await function(world)
                    except BaseException:
                        # The first failure is the one to tell; what closing adds to it is noise.
                        await asyncio.gather(world.close(), return_exceptions=True)
                        raise
                    await world.close()

                await self.run(label, work)
            passed, failed = self.passed - before[0], len(self.failures) - before[1]
            print(f"{title} · {dialect}: {passed} of {passed + failed} pass", flush=True)

    async def run_processes(self):
        for function in filter(self.wants, every_process):
            await self.run(f"process · {function.__doc__}", function)

    def finish(self):
        """Prints the failures again and the closing line; the exit status."""
        for label in self.failures:
            print(f"failed: {label}")
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        print(f"{self.passed} passed, {len(self.failures)} failed{skipped}")
        return 1 if self.failures or not self.passed else 0
