"""permessage-deflate as the router's own configuration sets it: each key, against autobahn-python."""

import asyncio

from autobahn.websocket.compress import PerMessageDeflateOffer
from client import Compression, Dialect, open_session, soon
from configuration import FREE, configured, node, written
from runner import process_case

# Keys of `compression.deflate`, and what the connection has then: (server without context, its window, client likewise).
SETTINGS = [
    ({}, (False, 15, False, 15)),
    ({"no_context_takeover": True}, (True, 15, False, 15)),
    ({"no_context_takeover": False}, (False, 15, False, 15)),
    ({"max_window_bits": 9}, (False, 9, False, 15)),
    ({"request_no_context_takeover": True}, (False, 15, True, 15)),
    ({"request_max_window_bits": 9}, (False, 15, False, 9)),
    ({"memory_level": 1}, (False, 15, False, 15)),
    ({"memory_level": 9, "threshold": 200}, (False, 15, False, 15)),
    (
        {
            "no_context_takeover": True,
            "max_window_bits": 10,
            "request_no_context_takeover": True,
            "request_max_window_bits": 11,
            "memory_level": 4,
        },
        (True, 10, True, 11),
    ),
]


class Offer(Compression):
    """Windows of any size; and a client that does without context, if it says that, is taken at its word."""

    def options(self):
        offer = PerMessageDeflateOffer(accept_no_context_takeover=self.client_no_context_takeover)
        return {**super().options(), "perMessageCompressionOffers": [offer]}


@process_case
async def compression_settings():
    """every key of `compression.deflate` is announced where it is applied, and messages of all sizes pass both ways"""
    transports = [
        {"endpoint": FREE, "options": {"compression": {"deflate": setting}}} for setting, _ in SETTINGS
    ]
    async with configured(written("compression.json", node(*transports)), shards=2) as router:
        for url, (setting, expected) in zip([router.url, *router.others], SETTINGS, strict=True):
            for serializer, hints in (("json", False), ("msgpack", True)):
                offer = Offer("an offer", client_no_context_takeover=hints)
                session = await open_session(url, Dialect(serializer, offer))
                (extension,) = session.protocol.websocket_extensions_in_use
                agreed = (
                    extension.server_no_context_takeover,
                    extension.server_max_window_bits or 15,
                    extension.client_no_context_takeover,
                    extension.client_max_window_bits or 15,
                )
                server, server_bits, client, client_bits = expected
                assert agreed == (server, server_bits, client or hints, client_bits), (setting, hints, agreed)
                await soon(session.register(lambda text: text, f"com.rennbahn.interop.{serializer}"), "REGISTERED")
                # Text that repeats within a window, beyond a small one, and from one message to the next.
                for size in (0, 1, 199, 600, 5_000, 70_000, 600, 70_000):
                    text = "".join(f"{number * 7919 % 1009} Runden im Kreis, " for number in range(size // 20))
                    answer = await soon(session.call(f"com.rennbahn.interop.{serializer}", text), "RESULT")
                    assert answer == text, (setting, serializer, size)
                await asyncio.gather(*(session.call(f"com.rennbahn.interop.{serializer}", "x" * n) for n in range(50)))
                await session.close()
        await router.stop()
