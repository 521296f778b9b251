"""RawSocket and universal transports, and cookies: autobahn-python over `rs://`, and Python's own sockets."""

import json
import os
import re
import signal
import socket

import certificates
from client import Dialect
from router import Router
from runner import process_case

WITHOUT_WEBSOCKET = {
    "handshake": "RawSocket has no subprotocols and no extensions",
    "unknown_subprotocol": "RawSocket has no subprotocols",
    "second_choice": "RawSocket offers one serializer",
    "ping": "autobahn's RawSocket tells of no pongs",
    "fragments": "RawSocket has no fragments",
}
"""Cases that are about WebSocket itself."""

COOKIES = certificates.FOLDER / "cookies.log"


def configured(name, transport, shards=1):
    """A router with one transport, on a free port."""
    transport["endpoint"] = {"type": "tcp", "portrange": [20000, 29999], "interface": "127.0.0.1"}
    everybody = {"name": "anonymous", "allow-by-default": True}
    worker = {
        "type": "router",
        "realms": [{"name": "realm1", "roles": [everybody]}],
        "transports": [transport],
    }
    path = certificates.FOLDER / f"{name}.json"
    path.write_text(json.dumps({"version": 2, "workers": [worker]}))
    return Router(shards, listen=None, options=["--config", str(path)])


async def run(tally):
    """Every case over RawSocket, and over WebSocket on the same port."""
    services = {"ws": {"type": "websocket"}}
    transport = {"type": "universal", "rawsocket": {}, "websocket": services}
    for shards in (1, 2):
        async with configured("universal", transport, shards) as router:
            dialects = [Dialect("json"), Dialect("msgpack")]
            title = f"RawSocket, {shards} shard{'s' if shards > 1 else ''}"
            url = f"rs://127.0.0.1:{router.port}"
            await tally.run_dialects(title, url, WITHOUT_WEBSOCKET, dialects)
            if shards == 1:
                await tally.run_dialects("universal, WebSocket", router.url + "ws", {}, dialects)
            await tally.run(f"{title} · after all of it SIGTERM ends the router with status 0", router.stop)


class Visitor:
    """A WebSocket client with a cookie, upon a socket of Python's."""

    def __init__(self, port, cookie=None):
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=5)
        fields = f"Cookie: x=y; cbtid={cookie}\r\n" if cookie else ""
        self.connection.sendall(
            (
                "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Protocol: wamp.2.json\r\n{fields}\r\n"
            ).encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.read(1)
        assert answer.startswith(b"HTTP/1.1 101 "), answer
        found = re.search(rb"Set-Cookie: cbtid=([^;\r]+);max-age=604800;HttpOnly;SameSite=Lax\r\n", answer)
        self.given = found[1].decode() if found else None

    def read(self, count):
        chunk = self.connection.recv(count, socket.MSG_WAITALL)
        assert len(chunk) == count, "the router hung up"
        return chunk

    def ask(self, message):
        text = json.dumps(message).encode()
        assert len(text) < 126
        self.connection.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        length = self.read(2)[1]
        if length == 126:
            length = int.from_bytes(self.read(2), "big")
        return json.loads(self.read(length))

    def join(self, *methods):
        answer = self.ask([1, "realm1", {"authmethods": methods, "authid": "joe", "roles": {"caller": {}}}])
        return self.ask([5, "sesame", {}]) if answer[0] == 4 else answer


def cookie_router():
    ticket = {"type": "static", "principals": {"joe": {"ticket": "sesame", "role": "anonymous"}}}
    transport = {
        "type": "websocket",
        "options": {"allowed_origins": ["http://localhost"]},
        "cookie": {"store": {"type": "file", "filename": str(COOKIES)}},
        "auth": {"ticket": ticket, "cookie": {}},
    }
    return configured("cookies", transport, shards=2)


@process_case
async def cookies_survive():
    """kill -9 loses no cookie, and brings none back that was logged out"""
    COOKIES.unlink(missing_ok=True)
    kept, gone = [], []
    for _ in range(3):
        async with cookie_router() as router:
            for cookie, name in kept:
                visitor = Visitor(router.port, cookie)
                welcome = visitor.join("cookie")
                assert visitor.given is None and welcome[0] == 2, welcome
                assert (welcome[2]["authid"], welcome[2]["authprovider"]) == (name, "cookie"), welcome
            for cookie in gone:
                visitor = Visitor(router.port, cookie)
                assert visitor.given not in (None, cookie) and visitor.join("cookie")[0] == 3
            for logs_out in (False, True, False, True):
                visitor = Visitor(router.port)
                name = visitor.join("cookie", "ticket")[2]["authid"]
                if logs_out:
                    assert visitor.ask([6, {}, "wamp.close.logout"])[0] == 6
                    gone.append(visitor.given)
                else:
                    kept.append((visitor.given, name))
            os.kill(router.process.pid, signal.SIGKILL)
            await router.status()


@process_case
async def rawsocket_refusals():
    """an unknown serializer and reserved bits are answered with their errors, HTTP with nothing"""
    async with configured("rawsocket", {"type": "rawsocket"}) as router:
        assert router.url.startswith("rs://"), router.url
        for request, answer in (
            (b"\x7f\xf3\0\0", b"\x7f\x10\0\0"),
            (b"\x7f\xf1\1\0", b"\x7f\x30\0\0"),
            (b"GET / HTTP/1.1\r\n\r\n", b""),
        ):
            with socket.create_connection(("127.0.0.1", router.port), timeout=5) as connection:
                connection.sendall(request)
                try:
                    assert connection.recv(100) == answer
                except ConnectionResetError:
                    assert answer == b""
        await router.stop()
