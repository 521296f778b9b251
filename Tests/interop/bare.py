"""`rennbahn load` and WebSocket servers without WAMP, which are made of autobahn-python: what is sent, answered and sent unasked."""

import asyncio
import contextlib
import json
import re

from autobahn.asyncio.websocket import WebSocketServerFactory, WebSocketServerProtocol
from exports import rennbahn
from runner import process_case



class Chat(WebSocketServerProtocol):
    """Answers what it is told with a message of its own, behind one that nobody asked for."""

    def onMessage(self, payload, isBinary):
        said = json.loads(payload)
        self.factory.heard.append((isBinary, said))
        self.sendMessage(json.dumps({"type": "typing"}).encode())
        answer = {"type": "said", "by": said["by"], "text": said["text"]}
        self.sendMessage(json.dumps(answer).encode(), isBinary)


class Feed(WebSocketServerProtocol):
    """Sends without end once it is asked to."""

    def onConnect(self, request):
        return "feed.v1" if "feed.v1" in request.protocols else None

    def onMessage(self, payload, isBinary):
        self.factory.heard.append((isBinary, payload))
        self.feeding = asyncio.get_running_loop().create_task(self.feed())

    async def feed(self):
        while True:
            for _ in range(10):
                self.sendMessage(b"tick")
                self.factory.sent += 1
            await asyncio.sleep(0.01)

    def onClose(self, wasClean, code, reason):
        if task := getattr(self, "feeding", None):
            task.cancel()


@contextlib.asynccontextmanager
async def serving(protocol, **options):
    factory = WebSocketServerFactory(**options)
    factory.protocol, factory.heard, factory.sent = protocol, [], 0
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    try:
        yield factory, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def cell(url, *options):
    words = ("load", "--url", url, "--clients", 3, "--duration", 0.5, "--warmup", 0.1, "--allow-invalid", "--json")
    return json.loads(await rennbahn(*words, *options))


@process_case
async def stamped_answers():
    """answers of another server are found by the stamp that they have, and what it says besides is passed over"""
    async with serving(Chat) as (server, url):
        message = '{"by":"{client}","text":"{stamp} {sequence}"}'
        found = await cell(url, "--scenario", "echo", "--message", message, "--reply", "stamped", "--depth", 2)
        measured = found["measurements"]
        counts = measured["verification"]
        assert counts["received"] == counts["expected"] == len(server.heard) > 10, counts
        assert not any(counts[name] for name in ("lost", "duplicated", "corrupted", "reordered", "unexpected")), counts
        assert {said["by"] for _, said in server.heard} == {"0", "1", "2"}
        for client in "012":
            texts = [said["text"] for _, said in server.heard if said["by"] == client]
            assert [int(text.split()[1]) for text in texts] == list(range(len(texts)))
            assert all(re.fullmatch(r"\S{32} \d+", text) for text in texts)
        assert not any(binary for binary, _ in server.heard)


@process_case
async def unasked_messages():
    """what another server sends unasked is counted, once each client has said what it is told to, by its subprotocol"""
    async with serving(Feed) as (server, url):
        found = await cell(
            *(url, "--scenario", "push", "--message", "subscribe", "--binary", "--subprotocol", "feed.v1"),
        )
        assert server.heard == [(True, b"subscribe")] * 3, server.heard
        measured = found["measurements"]
        assert 0 < measured["messages"] <= measured["verification"]["received"] <= server.sent, measured
