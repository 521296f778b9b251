"""The router as a process: its ready line, its signals, its options."""

import asyncio
import signal

from client import Aborted, Compression, Dialect, Inbox, Refused, open_session, soon
from router import Router
from runner import process_case


@process_case
async def ready_line():
    """the ready line names the port that the kernel chose and the shards"""
    for shards in (1, 2):
        async with Router(shards=shards) as router:
            assert router.port > 0 and router.shards == shards
            session = await open_session(router.url, Dialect("json"))
            await session.close()


@process_case
async def terminate():
    """SIGTERM says GOODBYE to every session and ends the router with status 0"""
    for shards in (1, 2):
        async with Router(shards=shards) as router:
            offers = (None, Compression("deflate"))
            dialects = [Dialect(name, offer) for name in ("json", "msgpack") for offer in offers]
            sessions = [await open_session(router.url, dialect) for dialect in dialects * 3]
            router.terminate()
            for session in sessions:
                details = await soon(session.left, "GOODBYE")
                assert details.reason == "wamp.close.system_shutdown", details.reason
                await soon(asyncio.shield(session.protocol.closed), "the end of the connection")
            assert await router.status() == 0, router.complaint()


@process_case
async def terminate_idle():
    """SIGTERM ends a router without sessions with status 0"""
    async with Router(shards=2) as router:
        await router.stop()


@process_case
async def interrupt():
    """SIGINT and SIGHUP end the router in the same way"""
    for number in (signal.SIGINT, signal.SIGHUP):
        async with Router() as router:
            session = await open_session(router.url, Dialect("json"))
            router.process.send_signal(number)
            assert (await soon(session.left, "GOODBYE")).reason == "wamp.close.system_shutdown"
            assert await router.status() == 0, router.complaint()


@process_case
async def drain():
    """events that were published before SIGTERM still arrive before GOODBYE"""
    async with Router(shards=2) as router:
        publisher = await open_session(router.url, Dialect("json"))
        subscriber = await open_session(router.url, Dialect("msgpack"))
        inbox = await Inbox().subscribe(subscriber, "com.rennbahn.interop.drain")
        for number in range(500):
            publisher.publish("com.rennbahn.interop.drain", number, "x" * 200)
        await publisher.barrier()
        router.terminate()
        await soon(subscriber.left, "GOODBYE")
        assert inbox.events.qsize() == 500, f"{inbox.events.qsize()} of 500 events"
        assert await router.status() == 0, router.complaint()


@process_case
async def busy_port():
    """a port that is taken is one clear line on stderr and an exit status other than 0"""
    async with Router() as router:
        second = Router(listen=f"127.0.0.1:{router.port}")
        await second.start()
        status = await second.status()
        assert status != 0, "exit status 0"
        assert status > 0, f"ended by signal {-status}"
        complaint = second.complaint()
        assert str(router.port) in complaint, complaint
        assert len(complaint.splitlines()) <= 2, complaint
        session = await open_session(router.url, Dialect("json"))
        await session.close()


@process_case
async def bad_option():
    """an unknown option is a usage error with status 64"""
    router = Router(options=["--no-such-option"])
    await router.start()
    assert await router.status() == 64, router.complaint()


@process_case
async def compression_off():
    """a router without compression declines the offer, and works"""
    async with Router(options=["--compression", "none"]) as router:
        session = await open_session(router.url, Dialect("json", Compression("deflate")))
        assert session.protocol.websocket_extensions_in_use == []
        await session.barrier()
        await session.close()


@process_case
async def one_serializer():
    """a router with one serializer refuses a client of the other"""
    async with Router(options=["--serializers", "msgpack"]) as router:
        try:
            await open_session(router.url, Dialect("json"))
        except Refused:
            pass
        else:
            raise AssertionError("a JSON session was accepted")
        session = await open_session(router.url, Dialect("msgpack"))
        await session.close()


@process_case
async def other_realm():
    """a session for another realm is aborted, and the router serves on"""
    async with Router() as router:
        for _ in range(3):
            try:
                await open_session(router.url, Dialect("json"), realm="realm2")
            except Aborted as aborted:
                assert aborted.reason == "wamp.error.no_such_realm", aborted.reason
            else:
                raise AssertionError("the session was welcomed")
        session = await open_session(router.url, Dialect("json"))
        await session.close()
