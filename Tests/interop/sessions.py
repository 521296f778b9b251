"""Connections and sessions: what is negotiated, how a session begins and ends."""

from client import Aborted, Dialect, Refused, soon
from runner import case


@case
async def handshake(world):
    """the subprotocol and the extensions are the ones asked for"""
    protocol = (await world.join()).protocol
    assert protocol.websocket_protocol_in_use == f"wamp.2.{world.dialect.serializer}"
    extensions = protocol.websocket_extensions_in_use
    if world.dialect.compression:
        assert len(extensions) == 1, f"extensions in use: {extensions}"
        world.dialect.compression.check(extensions[0])
    else:
        assert extensions == [], f"extensions in use: {extensions}"


@case
async def welcome(world):
    """WELCOME carries a session id in range and the router's roles"""
    first, second = await world.join_many(2)
    for session in (first, second):
        details = session.joined.result()
        assert 1 <= details.session <= 2**53, details.session
        assert details.realm == "realm1", details.realm
        assert {"broker", "dealer"} <= set(session._router_roles), session._router_roles
        assert session._router_roles["broker"].pattern_based_subscription is True
        assert session._router_roles["dealer"].pattern_based_registration is True
    assert first.session_id != second.session_id


@case
async def goodbye(world):
    """a session that says GOODBYE is answered, and its connection closes cleanly"""
    session = await world.join()
    session.leave("wamp.close.normal")
    await soon(session.left, "GOODBYE")
    clean, code, reason = await session.close()
    assert clean and code == 1000, (clean, code, reason)


@case
async def goodbye_reason(world):
    """the answer to GOODBYE gives goodbye_and_out as its reason"""
    session = await world.join()
    session.leave("wamp.close.close_realm")
    details = await soon(session.left, "GOODBYE")
    assert details.reason == "wamp.close.goodbye_and_out", details.reason


@case
async def unknown_realm(world):
    """HELLO for a realm that does not exist is answered with ABORT"""
    try:
        await world.join(realm="com.rennbahn.no.such.realm")
    except Aborted as aborted:
        assert aborted.reason == "wamp.error.no_such_realm", aborted.reason
    else:
        raise AssertionError("the session was welcomed")


@case
async def unknown_subprotocol(world):
    """a connection that offers only unknown subprotocols is refused"""
    try:
        await world.join(protocols=["wamp.2.unheard-of", "chat"])
    except Refused:
        pass
    else:
        raise AssertionError("the connection was accepted")


@case
async def second_choice(world):
    """an unknown subprotocol before a known one is passed over"""
    session = await world.join(protocols=["wamp.2.unheard-of", f"wamp.2.{world.dialect.serializer}"])
    assert session.protocol.websocket_protocol_in_use == f"wamp.2.{world.dialect.serializer}"
    await session.barrier()


@case
async def ping(world):
    """a WebSocket ping is answered with its payload while messages pass"""
    session = await world.join()
    for payload in (b"", b"rennbahn", bytes(range(125))):
        session.protocol.sendPing(payload)
        assert await soon(session.protocol.pongs.get(), "a pong") == payload
        await session.barrier()


@case
async def fragments(world):
    """messages that arrive in small fragments are put together"""
    dialect = Dialect(world.dialect.serializer, world.dialect.compression, fragment_size=7)
    session = await world.join(dialect)
    text = "Grüße aus Erlangen 🏁 " * 40

    def echo(*args, **kwargs):
        return [list(args), kwargs]

    await soon(session.register(echo, world.uri("echo")), "REGISTERED")
    answer = await soon(session.call(world.uri("echo"), text, key=text), "RESULT")
    assert answer == [[text], {"key": text}], answer


@case
async def leaving_frees(world):
    """what a session registered is free again when it has left"""
    first, second = await world.join_many(2)
    await soon(first.register(lambda: "first", world.uri("name")), "REGISTERED")
    assert await soon(second.call(world.uri("name")), "RESULT") == "first"
    await first.close()
    # The GOODBYE is answered after the session's registrations are gone.
    await soon(second.register(lambda: "second", world.uri("name")), "REGISTERED")
    assert await soon(second.call(world.uri("name")), "RESULT") == "second"
