"""Attacks by not reading, or by too little of it; and who reads little and is no attacker."""

import asyncio
import json
import time

import bystanders
import wire
from rows import goal, holds, row

SMALL, MEDIUM = 4096, 16384
"""Receive buffers in octets: what is not read soon waits at the router, where it is to be dealt with."""

# 200 events of this size in a second are 4 MB, which no slow reader keeps up with.
LARGE_EVENTS = {"payload": 20_000}
SLOW = "com.example.slow"


async def drip(peer, octets):
    """Reads so many octets ten times a second."""
    while not peer.ended:
        peer.sip(octets)
        await asyncio.sleep(0.1)


@row("stuck-subscriber", clients=(1, 20), bystanders=LARGE_EVENTS)
async def stuck_subscriber(hostile):
    """subscribers that read nothing"""

    async def one(_):
        await (await hostile.join(SMALL)).asked(32, bystanders.TOPIC)

    await hostile.each(one)


async def slow_subscribers(hostile, buffer, octets, topic=bystanders.TOPIC, options="{}"):
    """Subscribers that read so many octets ten times a second."""

    async def one(_):
        peer = await hostile.join(buffer)
        await peer.asked(32, topic, options)
        await drip(peer, octets)

    await hostile.each(one)


@row("subscriber-200B", clients=(1, 20), bystanders=LARGE_EVENTS)
async def subscriber_200_octets(hostile):
    """subscribers that read 200 B/s, with a small receive buffer"""
    await slow_subscribers(hostile, SMALL, 20)


@row("subscriber-10KB", clients=(1, 20), bystanders=LARGE_EVENTS)
async def subscriber_10_kilobytes(hostile):
    """subscribers that read 10 KB/s"""
    await slow_subscribers(hostile, MEDIUM, 1000)


@row("subscriber-prefix", clients=(1, 20), bystanders=LARGE_EVENTS)
async def subscriber_of_all(hostile):
    """subscribers of the prefix com. that read 10 KB/s"""
    await slow_subscribers(hostile, MEDIUM, 1000, "com.", '{"match":"prefix"}')


@row("unread-results", clients=(1, 20))
async def unread_results(hostile):
    """callers of the bystanders' procedure that do not read their results"""
    # In octets a second of each: all of them together stay within what the callee, which is honest, can do.
    pace = max(2_500_000 / hostile.clients, 250_000)
    text = "#" * 20_000

    async def one(_):
        peer = await hostile.join(SMALL)
        begin, number = time.monotonic(), 0
        while True:
            number += 1
            await peer.send(wire.frame(f'[48,{number},{{}},"{bystanders.PROCEDURE}",["{text}"]]'))
            await asyncio.sleep(max(0, begin + number * len(text) / pace - time.monotonic()))

    await hostile.each(one)


def judge_slow_callee(found):
    calls = found["bystanders"]["otherCalls"]
    # The attack ends a moment before the calls do: what is called in between finds nobody, which is not the router's doing.
    without = calls["errors"].get("wamp.error.no_such_procedure", 0)
    return [
        goal("calls to the slow callee that nobody answered", calls["unanswered"], 0),
        holds("the slow callee was there", without <= 0.05 * calls["called"]),
    ]


@row(
    "slow-callee", bystanders={"also_calls": {"procedure": SLOW, "rate": 50, "payload": 20_000}}, judge=judge_slow_callee)
async def slow_callee(hostile):
    """a callee that reads 10 KB/s, called with 1 MB/s by the bystanders' caller"""
    peer = await hostile.join(MEDIUM)
    await peer.asked(64, SLOW)
    while not peer.ended:
        peer.sip(1000)
        for message in [one for one in peer.messages if one.startswith(b"[68,")]:
            await peer.send(wire.frame(f"[70,{json.loads(message)[1]},{{}},[]]"))
        peer.messages.clear()
        await asyncio.sleep(0.1)


def judge_phone(found):
    facts = found["attackers"]["facts"]
    return [
        holds("the result of 2 MiB is whole", facts.get("resultOctets") == bystanders.LARGE_OCTETS),
        holds("it stays connected", not found["attackers"]["ends"] or set(found["attackers"]["ends"]) == {"open"}),
        goal("events that it missed", facts.get("missing"), 0),
        goal("age of its last event", facts.get("age"), 5.0, "s"),
    ]


@row("phone", seconds=52, bystanders={"phone": True}, judge=judge_phone)
async def phone(hostile):
    """a phone at 50 KB/s: calls for a result of 2 MiB, and subscribes to 4 KB/s"""
    hostile.keeps_events = True
    peer = await hostile.join(MEDIUM, source=bystanders.HERE)
    facts = hostile.facts
    facts.update({"events": 0, "missing": 0, "age": None})
    await peer.asked(32, bystanders.PHONE_TOPIC)
    await peer.send(wire.frame(f'[48,2,{{}},"{bystanders.LARGE}",["large"]]'))
    begin, read, last = time.monotonic(), 0, None
    while not peer.ended:
        read += 1
        peer.sip(5000)
        for message in map(json.loads, peer.messages):
            if message[0] == 50:
                facts.update({"resultOctets": len(message[3][0]), "resultSeconds": round(time.monotonic() - begin, 1)})
            elif message[0] == 36:
                number, sent = message[4][:2]
                facts["events"] += 1
                facts["missing"] += number - last - 1 if last else 0
                facts["age"], last = time.monotonic() - sent, number
        peer.messages.clear()
        await asyncio.sleep(max(0, begin + read * 0.1 - time.monotonic()))


@row("fan-out-flood", clients=(1, 20))
async def fan_out_flood(hostile):
    """publishers that send what they can to 300 subscribers of theirs, who read it all"""
    event = wire.frame(f'[16,1,{{}},"com.hostile.flood",["{"#" * 100}"]]')
    subscribers = []

    async def subscriber(_):
        peer = await hostile.join()
        await peer.asked(32, "com.hostile.flood")
        subscribers.append(asyncio.ensure_future(peer.discard()))

    async def publisher(_):
        peer = await hostile.join()
        while True:
            await peer.send(event * 50)

    try:
        await hostile.each(subscriber, count=300)
        await hostile.each(publisher)
    finally:
        for task in subscribers:
            task.cancel()
        await asyncio.gather(*subscribers, return_exceptions=True)
