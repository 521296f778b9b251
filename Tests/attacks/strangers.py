"""Attacks by those who have not logged in."""

import asyncio
import json
import os
import time

import bystanders
import processes
import wire
from hostile import Ended
from rows import goal, holds, row

BOMB = 16 << 20
"""Octets, inflated."""
MIB = 1 << 20


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
    hello, rate = wire.client_hello(), 1000
    facts = hostile.facts
    facts.update({"hellos": 0, "answered": 0, "turnedAway": 0})
    tasks, begin, number = set(), time.monotonic(), 0

    async def one():
        peer = None
        try:
            peer = await hostile.connect()
            await peer.send(hello)
            await asyncio.sleep(1)
            try:
                facts["answered" if peer.sock.recv(16) else "turnedAway"] += 1
            except BlockingIOError:
                facts["unanswered"] = facts.get("unanswered", 0) + 1
        except (OSError, Ended):
            facts["turnedAway"] += 1
        finally:
            if peer:
                peer.close()
                hostile.peers.remove(peer)

    try:
        while True:
            number += 1
            await asyncio.sleep(max(0, begin + number / rate - time.monotonic()))
            facts["hellos"] += 1
            facts["perSecond"] = round(facts["hellos"] / (time.monotonic() - begin + 0.001))
            task = asyncio.ensure_future(one())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
    finally:
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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


@row(
    "cookies", seconds=24, options=with_cookies, leaves_early=True,
    judge=lambda found: [holds("a new client gets a cookie", found["attackers"]["facts"].get("cookie"))])
async def cookies(hostile):
    """anonymous joins without a cookie, as many as rennbahn load makes in 18 s"""
    process = await asyncio.create_subprocess_exec(
        hostile.program, "load", "--url", f"ws://127.0.0.1:{hostile.port}/", "--scenario", "connect", "--clients", "100",
        "--warmup", "0", "--duration", "18", "--json", "--allow-invalid", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, preexec_fn=processes.end_with_parent)
    try:
        text, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        hostile.facts["joins"] = json.loads(text)["measurements"]["messages"]
    except (ValueError, KeyError, TypeError):
        hostile.facts["joins"] = None
    hostile.facts["status"] = process.returncode
    peer = await (await hostile.connect(source=bystanders.HERE)).handshake()
    given = [line for line in peer.answer.split(b"\r\n") if line.lower().startswith(b"set-cookie:")]
    hostile.facts["cookie"] = given[0].decode().split(";", 1)[-1].strip() if given else None
