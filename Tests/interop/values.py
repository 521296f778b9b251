"""Payload values: what arrives is what was sent, in its type, within one serializer and across two."""

import math

from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallResult

from client import Inbox, soon
from pubsub import expect_error
from rpc import register
from runner import case

INTEGERS = [0, -1, 23, 24, 127, 128, 255, 256, 65535, 65536, -32, -33, -128, -129, -32769, 2**31, -(2**31) - 1]
BIG_INTEGERS = [2**32, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
UNSIGNED = [2**63, 2**64 - 1]
FLOATS = [0.5, -0.0, 1.0, 0.1, 1e-300, 1.7976931348623157e308, 5e-324, 123456789.123456789, 1e22]
TEXTS = [
    "",
    "Grüße aus Erlangen",
    "шоссе 高速道路 مسار",
    "🏁🏎️ \U0010ffff",
    "line\nbreak\ttab \"quoted\" back\\slash /slash",
    "\x01\x1f\x7f\u2028\u2029",
    "ends in NUL\0",
]
BINARY = [b"", b"\0", b"\0\0", bytes(range(256)), b"\xff" * 3, b"ab", b"abc", b"abcd", bytes(70000)]
NESTED = [
    [[[[[[[[[[["deep"]]]]]]]]]]],
    {"a": {"b": {"c": {"d": [{}, [], "", None]}}}},
    {"": 1, "ключ": 2, "with space": 3, 'with "quotes"': 4},
    [list(range(20)), {str(number): number for number in range(20)}],
    [True, False, None],
]


def same(left, right):
    """Equal in value, in type, in the sign of a zero and in the order of keys."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right)
    return left == right


async def there_and_back(publisher, subscriber, topic, values):
    """Publishes each value alone, and all of them as keywords; the subscriber must get the same."""
    inbox = await Inbox().subscribe(subscriber, topic)
    for value in values:
        publisher.publish(topic, value)
        args, kwargs = await inbox.payload()
        assert same(args, [value]) and kwargs == {}, f"{shown(value)} arrived as {shown(args)}, {shown(kwargs)}"
    keywords = {f"key{index}": value for index, value in reversed(list(enumerate(values)))}
    publisher.publish(topic, values, **keywords)
    args, kwargs = await inbox.payload()
    assert same(args, [values]) and same(kwargs, keywords), f"{shown(args)}, {shown(kwargs)}"


async def call_and_back(caller, callee, procedure, values):
    """Sends the values through a call, its result, and an error."""

    def echo(*args, **kwargs):
        return CallResult(*args, **kwargs)

    def fail(*args, **kwargs):
        raise ApplicationError("com.rennbahn.error.echo", *args, **kwargs)

    await register(callee, procedure, echo)
    await register(callee, f"{procedure}.fail", fail)
    result = await soon(caller.call(procedure, *values, values=values), "RESULT")
    assert same(list(result.results), values) and same(result.kwresults, {"values": values}), shown(result)
    error = await expect_error(caller.call(f"{procedure}.fail", *values, values=values), "com.rennbahn.error.echo")
    assert same(list(error.args), values) and same(error.kwargs, {"values": values}), shown(error)


def shown(value):
    text = repr(value)
    return text if len(text) < 400 else f"{text[:400]}… ({len(text)} characters)"


def all_values(with_unsigned=True):
    return INTEGERS + BIG_INTEGERS + (UNSIGNED if with_unsigned else []) + FLOATS + TEXTS + BINARY + NESTED


@case
async def event_values(world):
    """integers, floats, text, binary and nested values pass through events"""
    publisher, subscriber = await world.join_many(2)
    for index, values in enumerate((INTEGERS, BIG_INTEGERS, FLOATS, TEXTS, NESTED)):
        await there_and_back(publisher, subscriber, world.uri(f"topic{index}"), values)


@case
async def event_binary(world):
    """binary values pass through events"""
    publisher, subscriber = await world.join_many(2)
    await there_and_back(publisher, subscriber, world.uri("topic"), BINARY)


@case
async def event_unsigned(world):
    """integers from 2^63 to 2^64-1 pass through events"""
    publisher, subscriber = await world.join_many(2)
    await there_and_back(publisher, subscriber, world.uri("topic"), UNSIGNED)


@case
async def call_values(world):
    """every kind of value passes through a call, its result and its error"""
    caller, callee = await world.join_many(2)
    await call_and_back(caller, callee, world.uri("echo"), all_values())


@case
async def large_event(world):
    """events of 200 KB of text and of binary arrive whole"""
    publisher, *subscribers = await world.join_many(4)
    inboxes = [await Inbox().subscribe(subscriber, world.uri("topic")) for subscriber in subscribers]
    text = "".join(chr(0x21 + (index * 7919) % 90) for index in range(200_000))
    binary = bytes((index * 193) >> 3 & 0xFF for index in range(200_000))
    for value in (text, binary, "after"):
        publisher.publish(world.uri("topic"), value)
    for inbox in inboxes:
        for value in (text, binary, "after"):
            args, _ = await inbox.payload()
            assert same(args, [value]), shown(args)


@case
async def large_call(world):
    """a call and a result of 200 KB arrive whole"""
    caller, callee = await world.join_many(2)
    await register(callee, world.uri("reverse"), lambda text: text[::-1])
    text = "".join(chr(0x21 + (index * 6007) % 90) for index in range(200_000))
    assert await soon(caller.call(world.uri("reverse"), text), "RESULT") == text[::-1]


@case
async def mixed_events(world):
    """events between a JSON and a MsgPack session keep every value"""
    one = await world.join()
    other = await world.join(world.dialect.other())
    for direction, (publisher, subscriber) in enumerate(((one, other), (other, one))):
        for index, values in enumerate((INTEGERS, BIG_INTEGERS, UNSIGNED, FLOATS, TEXTS, BINARY, NESTED)):
            await there_and_back(publisher, subscriber, world.uri(f"topic{direction}.{index}"), values)


@case
async def mixed_fan_out(world):
    """one publication reaches JSON and MsgPack subscribers alike, in order"""
    publisher = await world.join()
    inboxes = []
    for dialect in (world.dialect, world.dialect.other()) * 3:
        inboxes.append(await Inbox().subscribe(await world.join(dialect), world.uri("topic")))
    sent = [[number, b"\0" * number, {"ü": number / 8, "z": 2**53 + number, "a": None}] for number in range(60)]
    for args in sent:
        publisher.publish(world.uri("topic"), *args)
    for inbox in inboxes:
        for expected in sent:
            args, kwargs = await inbox.payload()
            assert same(args, expected) and kwargs == {}, shown(args)


@case
async def mixed_calls(world):
    """calls, results and errors between a JSON and a MsgPack session keep every value"""
    one = await world.join()
    other = await world.join(world.dialect.other())
    await call_and_back(one, other, world.uri("there"), all_values())
    await call_and_back(other, one, world.uri("back"), all_values())


@case
async def mixed_large(world):
    """an event of 200 KB arrives whole at a session of the other serializer"""
    publisher = await world.join()
    inbox = await Inbox().subscribe(await world.join(world.dialect.other()), world.uri("topic"))
    binary = bytes((index * 151) >> 2 & 0xFF for index in range(200_000))
    publisher.publish(world.uri("topic"), binary, text="ß" * 100_000)
    args, kwargs = await inbox.payload()
    assert same(args, [binary]) and same(kwargs, {"text": "ß" * 100_000}), shown(args)
