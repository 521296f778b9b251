"""Attacks by those who have a session, and what messages that are made to be dear cost for each MB on the wire."""

import contextlib

import wire
from hostile import Ended
from rows import row

BOMB = 16 << 20
MB = 1_000_000


@row("long-topics", clients=(1, 20), is_memory=True, is_cost=True)
async def long_topics(hostile):
    """60 topics of 16 MiB each over deflate, 1 MB on the wire"""
    most, end = wire.deflated_part("a" * (BOMB - 100)), wire.deflated_part('"]')

    async def one(client):
        peer = await hostile.join(deflate=True)
        for number in range(60):
            begin = wire.deflated_part(f'[32,{number + 1},{{}},"com.hostile.c{client}.n{number}.')
            await peer.send(wire.deflated(begin, most, end))
        while True:
            await peer.receive()

    await hostile.each(one)


async def pour(hostile, piece, megabytes, deflate=False):
    """Sends a piece over and over, reads what is said to it, and waits until the router has been through it."""
    peer = await hostile.join(deflate=deflate)
    for number in range(max(1, int(megabytes * MB / len(piece)))):
        await peer.send(piece)
        if number % 8 == 0:
            peer.sip(1 << 18)
    await peer.barrier()


def fragments(text, octets, mask):
    """One message in frames of so many octets."""
    parts = [text[at : at + octets] for at in range(0, len(text), octets)]
    return b"".join(
        wire.frame(part, wire.CONTINUATION if number else wire.TEXT, number == len(parts) - 1, mask=mask())
        for number, part in enumerate(parts))


def publication(argument):
    return f'[16,1,{{}},"com.hostile.cost",[{argument}]]'


COST = {"seconds": 20, "leaves_early": True, "is_cost": True}


@row("cost-tiny-frames", **COST)
async def tiny_frames(hostile):
    """messages in frames of one octet each, 4 MB"""
    piece = fragments(publication('"' + "#" * 500 + '"'), 1, lambda: wire.NO_MASK)
    await pour(hostile, piece * 16, 4)


@row("cost-masks", **COST)
async def many_masks(hostile):
    """messages in frames of eight octets, each with a mask of its own, 4 MB"""
    piece = fragments(publication('"' + "#" * 4000 + '"'), 8, wire.random_mask)
    await pour(hostile, piece * 8, 4)


@row("cost-pings", **COST)
async def pings(hostile):
    """pings without payload, 2 MB"""
    await pour(hostile, wire.frame(b"", wire.PING) * 2000, 2)


@row("cost-messages", **COST)
async def small_messages(hostile):
    """the smallest publications, 4 MB"""
    await pour(hostile, wire.frame('[16,1,{},"a.b"]') * 2000, 4)


@row("cost-deep-json", **COST)
async def deep_json(hostile):
    """lists in lists, a hundred deep, 8 MB"""
    deep = "[" * 100 + "]" * 100
    await pour(hostile, wire.frame(publication(",".join([deep] * 300))), 8)


@row("cost-bombs", **COST)
async def bombs(hostile):
    """publications of 16 KB that inflate to 16 MiB, 1 MB"""
    await pour(hostile, wire.deflated(wire.deflated_part(publication('"' + "#" * (BOMB - 100) + '"'))), 1, deflate=True)


@row("cost-heads", clients=(20,), **COST)
async def heads(hostile):
    """requests of 15 KiB that are no handshakes, each on a connection of its own, 4 MB"""
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"#" * 50) for n in range(260)) + b"\r\n"
    share = int(4 * MB / len(request) / hostile.clients)

    async def one(_):
        for _ in range(share):
            peer = await hostile.connect()
            await peer.send(request)
            # The answer is that there is no handshake, which ends it here.
            with contextlib.suppress(Ended):
                await peer.receive()
            peer.over("answered")
            hostile.forget_ended()

    await hostile.each(one)
