"""Attacks by those who have not logged in."""

import asyncio
import collections
import errno
import json
import os
import time

import bystanders
import processes
import wire
from rows import goal, holds, row

BOMB = 16 << 20
"""Octets, inflated."""
MIB = 1 << 20
JAR = 100_000
"""Cookies that a transport keeps."""


def hello_bomb():
    """HELLO of 16 KB on the wire, and of 16 MiB when it is inflated."""
    text = wire.HELLO[:-2] + ',"x":"'
    return wire.deflated(wire.deflated_part(text + "#" * (BOMB - len(text) - 3) + '"}]'))


@row("hello-bomb", seconds=3, is_memory=True)
async def one_hello_bomb(hostile):
    """HELLO of 16 KB that inflates to 16 MiB, once"""
    peer = await (await hostile.connect()).handshake(deflate=True)
    await peer.send(hello_bomb())
    await peer.receive()


@row("hello-bomb-loop", clients=(1, 20), is_memory=True, is_cost=True)
async def hello_bombs(hostile):
    """HELLO of 16 KB that inflates to 16 MiB, again and again at 12 kB/s each"""
    bomb = hello_bomb()
    pause = len(bomb) / 12_000

    async def one(number):
        # Not all at once.
        await asyncio.sleep(pause * (number + 1) / hostile.clients)
        peer = await (await hostile.connect()).handshake(deflate=True)
        await peer.send(bomb)
        await asyncio.sleep(pause * (hostile.clients - number - 1) / hostile.clients)
        await peer.receive()
        while not peer.ended:
            await peer.receive()

    await hostile.each(one, again=True)


async def unfinished(hostile, joined):
    size = 15 << 20
    body = b"#" * MIB

    async def one(_):
        peer = await hostile.connect()
        await (peer.join() if joined else peer.handshake())
        await peer.send(wire.head(size))
        for part in range(15):
            await peer.send(body if part < 14 else body[:-1])

    await hostile.each(one)


@row("unfinished-before", clients=(30,), is_memory=True)
async def unfinished_before(hostile):
    """messages of 15 MiB that are never finished, before HELLO"""
    await unfinished(hostile, joined=False)


@row("unfinished-after", clients=(30,), is_memory=True)
async def unfinished_after(hostile):
    """messages of 15 MiB that are never finished, within a session"""
    await unfinished(hostile, joined=True)


@row(
    "no-hello", clients=(400,), seconds=12,
    judge=lambda found: [goal("connections that are still there after 12 s", found["attackers"]["openAtEnd"], 0)])
async def no_hello(hostile):
    """connections that never say HELLO, half of them not even a handshake"""

    async def one(number):
        peer = await hostile.connect()
        if number % 2:
            await peer.handshake()
        while True:
            await peer.receive()

    await hostile.each(one)


@row("held-connections", clients=(600,), options=lambda setting: (("--max-connections", "500"),))
async def held_connections(hostile):
    """one address that takes every connection there may be (500), and again when it loses one"""

    async def one(_):
        peer = await (await hostile.connect()).handshake()
        while True:
            await peer.receive()

    await hostile.each(one, again=True, pause=0.2)


def tls(setting):
    return (("--tls-certificate", setting.certificate), ("--tls-key", setting.key))


def judge_flood(found):
    honest = found["bystanders"]["joins"][0]
    facts = found["attackers"]["facts"]
    return [
        goal("p99 of honest TLS connects", honest["connectP99"], 1.0, "s"),
        holds("at least 900 ClientHellos a second", facts.get("perSecond", 0) >= 900),
    ]


@row(
    "tls-flood", options=tls, judge=judge_flood,
    bystanders={"tls": True, "joins": [{"source": bystanders.HERE, "every": 0.04}, {"source": "127.0.0.1", "every": 0.2}]})
async def tls_flood(hostile):
    """1,000 ClientHellos a second from one address, whose handshakes are not gone on with"""
    hello, rate, begin = wire.client_hello(), 1000, time.monotonic()
    facts = hostile.facts
    facts.update({"hellos": 0, "answered": 0, "unanswered": 0, "turnedAway": 0})
    begun, unsent = collections.deque(), []
    try:
        while True:
            now = time.monotonic()
            while facts["hellos"] < (now - begin) * rate:
                sock = hostile.socket()
                sock.connect_ex(("127.0.0.1", hostile.port))
                begun.append((now + 1, sock))
                unsent.append(sock)
                facts["hellos"] += 1
            unsent = [sock for sock in unsent if not said(hello, sock, hostile)]
            while begun and begun[0][0] <= now:
                _, sock = begun.popleft()
                facts[outcome(sock)] += 1
                sock.close()
            facts["perSecond"] = round(facts["hellos"] / (time.monotonic() - begin + 0.001))
            await asyncio.sleep(0.002)
    finally:
        for _, sock in begun:
            sock.close()


def said(hello, sock, hostile):
    """Whether nothing more is to be sent on this connection."""
    try:
        hostile.octets += sock.send(hello)
    except (BlockingIOError, OSError) as error:
        # Not connected yet; what is reset or closed is done with.
        return sock.fileno() < 0 or error.errno not in (errno.EAGAIN, errno.ENOTCONN)
    return True


def outcome(sock):
    try:
        return "answered" if sock.recv(16) else "turnedAway"
    except BlockingIOError:
        return "unanswered"
    except OSError:
        return "turnedAway"


def with_cookies(setting):
    """A node that gives cookies, and remembers logins by them."""
    everything = {"call": True, "register": True, "publish": True, "subscribe": True}
    role = {"name": "anonymous", "permissions": [{"uri": "", "match": "prefix", "allow": everything}]}
    principals = {"joe": {"ticket": "sesame", "role": "anonymous"}}
    transport = {
        "type": "websocket", "endpoint": {"type": "tcp", "portrange": [21000, 29999], "interface": "127.0.0.1"},
        "options": {"allowed_origins": ["http://localhost"]}, "cookie": {"store": {"type": "memory"}},
        "auth": {"anonymous": {"type": "static"}, "ticket": {"type": "static", "principals": principals}, "cookie": {}},
    }
    worker = {"type": "router", "realms": [{"name": "realm1", "roles": [role]}], "transports": [transport]}
    path = os.path.join(setting.folder, "cookies.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"version": 2, "workers": [worker]}, file)
    return (("--config", path),)


async def joined(hostile, seconds):
    """How many sessions `rennbahn load` opens and closes in so many seconds."""
    process = await asyncio.create_subprocess_exec(
        hostile.program, "load", "--url", f"ws://127.0.0.1:{hostile.port}/", "--scenario", "connect", "--clients", "100",
        "--warmup", "0", "--duration", str(seconds), "--json", "--allow-invalid", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, preexec_fn=processes.end_with_parent)
    try:
        text, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        return json.loads(text)["measurements"]["messages"]
    except (ValueError, KeyError, TypeError):
        return 0


@row(
    "cookies", seconds=75, options=with_cookies, leaves_early=True,
    judge=lambda found: [holds("a new client gets a cookie", found["attackers"]["facts"].get("cookie"))])
async def cookies(hostile):
    """anonymous joins without a cookie, until there are more than the jar holds, or a minute is over"""
    facts = hostile.facts
    facts.update({"joins": 0, "isFull": False})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not facts["isFull"]:
        more = await joined(hostile, 10)
        facts["joins"] += more
        facts["isFull"] = facts["joins"] > JAR
        if not more:
            # Somebody keeps them from it.
            break
    peer = await (await hostile.connect(source=bystanders.HERE)).handshake()
    given = [line for line in peer.answer.split(b"\r\n") if line.lower().startswith(b"set-cookie:")]
    facts["cookie"] = given[0].decode().split(";", 1)[-1].strip() if given else None
