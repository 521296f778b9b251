"""The dealer: REGISTER, CALL, INVOCATION, YIELD, RESULT, UNREGISTER and their errors."""

import asyncio

from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallResult, RegisterOptions

from client import soon
from pubsub import expect_error
from runner import case


async def register(session, procedure, endpoint):
    return await soon(session.register(endpoint, procedure), "REGISTERED")


async def call(session, procedure, *args, **kwargs):
    return await soon(session.call(procedure, *args, **kwargs), "RESULT")


@case
async def call_payloads(world):
    """a call hands args and kwargs over and its result back"""
    caller, callee = await world.join_many(2)

    def echo(*args, **kwargs):
        return CallResult(*args, **kwargs)

    await register(callee, world.uri("echo"), echo)
    assert await call(caller, world.uri("echo")) is None
    assert await call(caller, world.uri("echo"), 23) == 23
    several = await call(caller, world.uri("echo"), 1, "two", None, three=[3, {"four": 4.5}])
    assert list(several.results) == [1, "two", None], several
    assert several.kwresults == {"three": [3, {"four": 4.5}]}, several
    keywords = await call(caller, world.uri("echo"), only="keyword")
    assert list(keywords.results or []) == [] and keywords.kwresults == {"only": "keyword"}, keywords


@case
async def call_oneself(world):
    """a session can call what it registered itself"""
    session = await world.join()
    await register(session, world.uri("double"), lambda number: 2 * number)
    assert await call(session, world.uri("double"), 21) == 42


@case
async def error_result(world):
    """an error of a callee reaches the caller with its URI, args and kwargs"""
    caller, callee = await world.join_many(2)

    def fail(*args, **kwargs):
        raise ApplicationError("com.rennbahn.error.refused", "because", 7, [None, {"a": 1}], detail={"b": [2]})

    await register(callee, world.uri("fail"), fail)
    for _ in range(3):
        error = await expect_error(caller.call(world.uri("fail"), 1), "com.rennbahn.error.refused")
        assert list(error.args) == ["because", 7, [None, {"a": 1}]], error.args
        assert error.kwargs == {"detail": {"b": [2]}}, error.kwargs


@case
async def runtime_error(world):
    """an exception of a callee's code reaches the caller as an error"""
    caller, callee = await world.join_many(2)

    def fail():
        raise ValueError("no good")

    await register(callee, world.uri("fail"), fail)
    error = await expect_error(caller.call(world.uri("fail")), "wamp.error.runtime_error")
    assert list(error.args) == ["no good"], error.args


@case
async def no_such_procedure(world):
    """a call of what nobody registered is an error"""
    session = await world.join()
    await expect_error(session.call(world.uri("nothing"), 1, a=2), "wamp.error.no_such_procedure")
    await session.barrier()


@case
async def procedure_already_exists(world):
    """a procedure can be registered once, by whomever"""
    first, second = await world.join_many(2)
    await register(first, world.uri("taken"), lambda: "first")
    await expect_error(second.register(lambda: "second", world.uri("taken")), "wamp.error.procedure_already_exists")
    await expect_error(first.register(lambda: "again", world.uri("taken")), "wamp.error.procedure_already_exists")
    assert await call(second, world.uri("taken")) == "first"


async def register_pattern(session, procedure, match, answer):
    """Registers what answers a call with `answer` and the procedure that was called."""

    def endpoint(*_, details):
        return [answer, details.procedure]

    options = RegisterOptions(match=match, details_arg="details")
    return await soon(session.register(endpoint, procedure, options), "REGISTERED")


@case
async def pattern_match(world):
    """a call goes to the procedure itself, else to the longest prefix, else to the most specific wildcard"""
    caller, callee = await world.join_many(2)
    registrations = {}
    for match, name in (
        ("exact", "a.b.c"),
        ("prefix", "a.b"),
        ("prefix", "a."),
        ("wildcard", "a.b."),
        ("wildcard", "a..c"),
        ("wildcard", ".b.c"),
    ):
        key = f"{match} {name}"
        registrations[key] = await register_pattern(callee, world.uri(name), match, key)
    for key in list(registrations):
        assert await call(caller, world.uri("a.b.c"), 1) == [key, world.uri("a.b.c")]
        await soon(registrations.pop(key).unregister(), "UNREGISTERED")
    await expect_error(caller.call(world.uri("a.b.c")), "wamp.error.no_such_procedure")


@case
async def pattern_tells_procedure(world):
    """the invocations of a pattern tell the procedure that was called, across serializers too"""
    callee = await world.join()
    callers = [await world.join(), await world.join(dialect=world.dialect.other())]
    await register_pattern(callee, world.uri("math."), "prefix", "prefix")
    await register_pattern(callee, world.uri("..stop"), "wildcard", "wildcard")
    for caller in callers:
        for name in ("math.add", "math.sub.ü"):
            assert await call(caller, world.uri(name), 1, 2) == ["prefix", world.uri(name)]
        assert await call(caller, world.uri("x.y.stop")) == ["wildcard", world.uri("x.y.stop")]
        await expect_error(caller.call(world.uri("y.stop")), "wamp.error.no_such_procedure")


@case
async def pattern_already_exists(world):
    """a URI can be registered once under each policy"""
    first, second = await world.join_many(2)
    for match in ("exact", "prefix", "wildcard"):
        await register_pattern(first, world.uri("taken"), match, match)
    for match in ("exact", "prefix", "wildcard"):
        await expect_error(
            second.register(lambda: None, world.uri("taken"), RegisterOptions(match=match)),
            "wamp.error.procedure_already_exists",
        )


@case
async def unregister(world):
    """after UNREGISTERED a procedure is gone, and can be registered again"""
    caller, callee = await world.join_many(2)
    registration = await register(callee, world.uri("brief"), lambda: 1)
    assert await call(caller, world.uri("brief")) == 1
    await soon(registration.unregister(), "UNREGISTERED")
    await expect_error(caller.call(world.uri("brief")), "wamp.error.no_such_procedure")
    await register(caller, world.uri("brief"), lambda: 2)
    assert await call(callee, world.uri("brief")) == 2


@case
async def no_such_registration(world):
    """UNREGISTER of an unknown, an ended or another session's registration is an error"""
    session, other = await world.join_many(2)
    await expect_error(session.send_unregister(4711), "wamp.error.no_such_registration")
    registration = await register(session, world.uri("own"), lambda: 1)
    await expect_error(other.send_unregister(registration.id), "wamp.error.no_such_registration")
    assert await call(other, world.uri("own")) == 1
    await soon(registration.unregister(), "UNREGISTERED")
    await expect_error(session.send_unregister(registration.id), "wamp.error.no_such_registration")


@case
async def concurrent_calls(world):
    """many calls at once, answered out of order, each get their own result"""
    caller, other, callee = await world.join_many(3)
    waiting = []
    released = asyncio.Event()

    async def hold(number):
        waiting.append(number)
        if len(waiting) == 200:
            released.set()
        await released.wait()
        # Answers leave in another order than the calls came in.
        for _ in range(number % 7):
            await asyncio.sleep(0)
        return number * number

    await register(callee, world.uri("square"), hold)
    calls = [(caller, other)[number % 2].call(world.uri("square"), number) for number in range(200)]
    assert await soon(asyncio.gather(*calls), "200 results") == [number * number for number in range(200)]
    # What one caller asked arrives in the order in which it asked.
    assert [number for number in waiting if number % 2 == 0] == list(range(0, 200, 2))
    assert [number for number in waiting if number % 2 == 1] == list(range(1, 200, 2))


@case
async def calls_in_sequence(world):
    """three hundred calls one after the other are all answered"""
    caller, callee = await world.join_many(2)
    await register(callee, world.uri("next"), lambda number: number + 1)
    number = 0
    for _ in range(300):
        number = await call(caller, world.uri("next"), number)
    assert number == 300


@case
async def both_directions(world):
    """two sessions that call each other while they are called"""
    first, second = await world.join_many(2)

    async def count(session, procedure, number):
        return number if number == 0 else 1 + await session.call(procedure, number - 1)

    await register(first, world.uri("first"), lambda number: count(first, world.uri("second"), number))
    await register(second, world.uri("second"), lambda number: count(second, world.uri("first"), number))
    assert await call(first, world.uri("second"), 25) == 25


@case
async def callee_leaves(world):
    """a call whose callee's connection breaks ends in an error"""
    caller, callee = await world.join_many(2)
    invoked = asyncio.get_running_loop().create_future()

    async def never():
        invoked.set_result(None)
        await asyncio.get_running_loop().create_future()

    await register(callee, world.uri("never"), never)
    pending = caller.call(world.uri("never"))
    await soon(invoked, "INVOCATION")
    callee.protocol.transport.abort()
    try:
        await soon(pending, "ERROR")
    except ApplicationError as error:
        assert error.error.startswith("wamp.error."), error.error
    else:
        raise AssertionError("a result")
    await expect_error(caller.call(world.uri("never")), "wamp.error.no_such_procedure")


@case
async def caller_leaves(world):
    """the answer to a caller that is gone does no harm"""
    caller, callee, other = await world.join_many(3)
    invoked, release = asyncio.Event(), asyncio.Event()

    async def slow():
        invoked.set()
        await release.wait()
        return 1

    await register(callee, world.uri("slow"), slow)
    pending = caller.call(world.uri("slow"))
    await soon(invoked.wait(), "INVOCATION")
    caller.protocol.transport.abort()
    await soon(asyncio.wait([pending]), "the end of the call")
    await other.barrier()
    release.set()
    await register(callee, world.uri("quick"), lambda: 2)
    assert await call(other, world.uri("quick")) == 2
    assert await call(other, world.uri("slow")) == 1
    assert pending.exception()


@case
async def invalid_procedures(world):
    """a procedure that is no URI is an error, and the session lives on"""
    session = await world.join()
    # The only URI that this client lets through although an exact match may not have it: an empty component.
    await expect_error(session.register(lambda: None, "com..empty"), "wamp.error.invalid_uri")
    await session.barrier()
