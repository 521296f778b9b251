"""`rennbahn init`, `check` and `router --config`, as a user of Crossbar.io meets them."""

import asyncio
import json
import signal
import stat
import subprocess

import certificates
from client import Aborted, Compression, Dialect, Refused, open_session, soon
from router import Router, binary
from runner import process_case

EVERYTHING = {"call": True, "register": True, "publish": True, "subscribe": True}
ANONYMOUS = {
    "name": "anonymous",
    "permissions": [{"uri": "", "match": "prefix", "allow": EVERYTHING, "cache": True}],
}
# There is no port 0 in such a file: the first that is free.
FREE = {"type": "tcp", "portrange": [21000, 29999], "interface": "127.0.0.1"}


def node(*transports, realms=("realm1",)):
    return {
        "version": 2,
        "workers": [
            {
                "type": "router",
                "realms": [{"name": name, "roles": [ANONYMOUS]} for name in realms],
                "transports": [{"type": "websocket", **transport} for transport in transports],
            }
        ],
    }


def written(name, configuration):
    path = certificates.FOLDER / name
    path.write_text(configuration if isinstance(configuration, str) else json.dumps(configuration))
    return path


def configured(path, shards=1, options=()):
    return Router(shards, listen=None, options=["--config", str(path), *options])


def command(*arguments):
    return subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True, timeout=30)


@process_case
async def init():
    """`init` writes a node that `check` and `router --config` take as it is, and overwrites nothing"""
    path = certificates.FOLDER / "starter.yaml"
    made = command("init", path)
    assert made.returncode == 0 and "#" in path.read_text(), made
    again = command("init", path)
    assert again.returncode == 64 and "exists" in again.stderr, again
    checked = command("check", "--config", path)
    assert checked.returncode == 0 and "1 transport" in checked.stdout, checked
    text = path.read_text()
    assert text.count("port: 8080") == 1
    written("starter.yaml", text.replace("port: 8080", "portrange: [21000, 29999]"))
    async with configured(path, shards=2) as router:
        for dialect in (Dialect("json"), Dialect("msgpack", Compression("deflate"))):
            session = await open_session(router.url, dialect)
            await session.close()
        await router.stop()


@process_case
async def several_transports():
    """one file: TCP, TLS and a UNIX socket, each with serializers and compression of its own, and two realms"""
    path = written(
        "several.json",
        node(
            {"endpoint": FREE, "serializers": ["json"]},
            {
                "endpoint": {
                    **FREE,
                    "tls": {
                        "certificate": certificates.SERVER.certificate_file.name,
                        "key": certificates.SERVER.key_file.name,
                    },
                },
                "serializers": ["msgpack"],
                "options": {"compression": {"deflate": {"threshold": 64}}},
            },
            {"endpoint": {"type": "unix", "path": "configured.sock", "permissions": "600"}},
            realms=("realm1", "com.second"),
        ),
    )
    router = configured(path, shards=2)
    await router.start()
    line = (await soon(router.process.stdout.readline(), "the ready line")).decode()
    try:
        urls = [word.split("=")[-1] for word in line.split() if word.startswith(("ws", "also="))]
        urls = [url for word in urls for url in word.split(",")]
        assert [url.split(":")[0] for url in urls] == ["ws", "wss", "ws+unix"], line
        assert " realms=realm1,com.second " in line, line
        deflate = Dialect("msgpack", Compression("deflate"))
        sessions = [
            await open_session(url, dialect)
            for url, dialect in zip(urls, (Dialect("json"), deflate, Dialect("msgpack")))
        ]
        assert stat.S_IMODE((certificates.FOLDER / "configured.sock").stat().st_mode) == 0o600
        heard = [asyncio.get_running_loop().create_future() for _ in sessions]
        for session, future in zip(sessions, heard):
            await soon(session.subscribe(future.set_result, "com.rennbahn.interop.configured"), "SUBSCRIBED")
        stranger = await open_session(urls[2], Dialect("json"), realm="com.second")
        stranger.publish("com.rennbahn.interop.configured", "of another realm")
        await stranger.barrier()
        sessions[0].publish("com.rennbahn.interop.configured", "x" * 500)
        for future in heard[1:]:
            assert await soon(future, "the event") == "x" * 500
        for url, dialect in ((urls[0], Dialect("msgpack")), (urls[1], Dialect("json"))):
            try:
                await open_session(url, dialect)
            except Refused:
                continue
            raise AssertionError(f"{dialect} is spoken at {url}")
        try:
            await open_session(urls[0], Dialect("json"), realm="com.third")
        except Aborted as aborted:
            assert "wamp.error.no_such_realm" in str(aborted), aborted
        else:
            raise AssertionError("joined a realm that the file does not have")
        router.terminate()
        for session in (*sessions, stranger):
            details = await soon(session.left, "GOODBYE")
            assert details.reason == "wamp.close.system_shutdown", details.reason
        assert await router.status() == 0, router.complaint()
    finally:
        await router.kill()
    assert not (certificates.FOLDER / "configured.sock").exists()


@process_case
async def versions():
    """`enable_hybi10`, `enable_rfc6455`: version 8, whose pages are named by another header, and version 13, each alone"""
    pages = {"allowed_origins": ["http://welcome"]}
    path = written(
        "versions.json",
        node(
            {"endpoint": FREE, "options": pages},
            {"endpoint": FREE, "options": {"enable_hybi10": False}},
            {"endpoint": FREE, "options": {"enable_rfc6455": False}},
        ),
    )
    router = configured(path)
    await router.start()
    line = (await soon(router.process.stdout.readline(), "the ready line")).decode()
    try:
        urls = [url for word in line.split() for url in word.removeprefix("also=").split(",") if url.startswith("ws:")]
        assert len(urls) == 3, line
        for url, specifications in zip(urls, ((10, 18), (18,), (10,))):
            for specification in (10, 18):
                for origin in ("http://welcome", "http://stranger"):
                    is_welcome = specification in specifications and (url != urls[0] or origin == "http://welcome")
                    try:
                        session = await open_session(url, Dialect("json"), origin=origin, specification=specification)
                        await session.barrier()
                        await session.close()
                        assert is_welcome, (url, specification, origin)
                    except Refused as refused:
                        assert not is_welcome, (url, specification, origin, refused)
        router.terminate()
        assert await router.status() == 0, router.complaint()
    finally:
        await router.kill()


@process_case
async def traces():
    """`debug: true` writes what passes on a transport to standard error, without what a session proves itself with"""
    path = written("traced.json", node({"id": "looked_at", "debug": True, "endpoint": FREE}))
    async with configured(path) as router:
        session = await open_session(router.url, Dialect("json"))
        session.publish("com.rennbahn.interop.traced", password="geheim", user="anna")
        await session.barrier()
        await session.close()
        router.process.send_signal(signal.SIGINT)
        assert await router.status() == 0
    complaint = router.complaint()
    assert 'looked_at 0.' in complaint and "< GET / HTTP/1.1" in complaint, complaint
    assert '"com.rennbahn.interop.traced",[],{' in complaint and '"password":"***"' in complaint, complaint
    assert '"user":"anna"' in complaint and "geheim" not in complaint, complaint


@process_case
async def problems():
    """every problem of a file at once, with its path, from `check` as from `router --config`: status 64"""
    broken = node({"endpoint": {"type": "tcp", "port": 0}, "options": {"max_mesage_size": 1, "enable_flash_policy": True}})
    path = written("broken.json", broken)
    for arguments in (("check",), ("router",)):
        ended = command(*arguments, "--config", path)
        assert ended.returncode == 64, ended
        for text in (
            "workers[0].transports[0].endpoint.port: found 0; allowed:",
            'options.max_mesage_size: unknown key; did you mean "max_message_size"?',
            "options.enable_flash_policy: found true; only false is supported",
            "3 problems",
        ):
            assert text in ended.stdout + ended.stderr, (text, ended)


@process_case
async def contradiction():
    """an option for what the file says is refused beside it"""
    path = written("contradicted.json", node({"endpoint": FREE}))
    for option in (("--listen", "127.0.0.1:0"), ("--realm", "other"), ("--tls-key", "a.pem"), ("--echo",)):
        ended = command("router", "--config", path, *option)
        assert ended.returncode == 64 and "cannot be given beside --config" in ended.stderr, (option, ended)
