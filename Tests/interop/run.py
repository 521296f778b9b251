"""Interoperability of a WAMP router with autobahn-python, a client that nobody here wrote.

    python3 Tests/interop/run.py                       starts `rennbahn router` (RENNBAHN names the binary) and tests it
    python3 Tests/interop/run.py --url ws://HOST:PORT  tests a router that is running already, with a realm `realm1`

The last line is `N passed, N failed`; the exit status is 0 only if all passed.
"""

import argparse
import asyncio
import logging
import signal
import sys

import authentication  # noqa: F401
import bare  # noqa: F401
import certificates
import client  # noqa: F401  (first: it makes autobahn use asyncio)
import compression  # noqa: F401
import configuration  # noqa: F401
import cookies  # noqa: F401
import endpoints  # noqa: F401
import exports  # noqa: F401
import metrics  # noqa: F401
import processes  # noqa: F401
import pubsub  # noqa: F401
import rawsocket
import rpc  # noqa: F401
import sessions  # noqa: F401
import values  # noqa: F401
from router import Router
from runner import DIALECTS, Tally

# Where a router of others differs from Rennbahn, by its choice or by its fault: case → reason.
DIFFERENCES = {
    "": {},
    "crossbar": {
        "invalid_topics": "Crossbar closes the connection with 1011 where a URI is invalid",
        "invalid_procedures": "Crossbar closes the connection with 1011 where a URI is invalid",
        "goodbye_reason": "Crossbar answers GOODBYE with wamp.close.normal",
    },
}


async def main(arguments):
    tally = Tally(arguments.only)
    if arguments.url:
        await tally.run_dialects(arguments.peer or "router", arguments.url, DIFFERENCES[arguments.peer])
    else:
        for shards in (1, 2):
            title = f"{shards} shard{'s' if shards > 1 else ''}"
            async with Router(shards=shards, options=["--compression", "deflate"]) as router:
                await tally.run_dialects(title, router.url, {})
                await tally.run(f"{title} · after all of it SIGTERM ends the router with status 0", router.stop)
        # The first dialect of each serializer.
        dialects = DIALECTS[:: len(DIALECTS) // 2] if arguments.sample else DIALECTS
        socket = f"unix:{certificates.FOLDER / 'interop.sock'}"
        for title, listen, options in (
            ("wss", "127.0.0.1:0", certificates.server_options()),
            ("UNIX socket", socket, []),
        ):
            async with Router(shards=2, listen=listen, options=options) as router:
                await tally.run_dialects(title, router.url, {}, dialects)
                await tally.run(f"{title} · after all of it SIGTERM ends the router with status 0", router.stop)
        await rawsocket.run(tally)
        await tally.run_processes()
    return tally.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running router instead of one that is started")
    parser.add_argument("--peer", default="", choices=sorted(DIFFERENCES), help="which router runs at --url")
    parser.add_argument("--only", default="", help="only the cases whose name contains this")
    parser.add_argument("--sample", action="store_true", help="over TLS and UNIX sockets two dialects, not all")
    logging.disable(logging.CRITICAL)
    # Who exits removes its files. And where nohup began all this SIGHUP is ignored, which a router that is born with it does, too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    sys.exit(asyncio.run(main(parser.parse_args())))
