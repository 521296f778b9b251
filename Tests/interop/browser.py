"""A headless Chromium and `rennbahn router`: pages hold WAMP sessions in JavaScript.

    python3 Tests/interop/browser.py    RENNBAHN names the binary, CHROMIUM the browser

The last line is `N passed, N failed`; the exit status is 0 only if all passed.
"""

import asyncio
import json
import logging
import os
import pathlib
import signal
import sys
import tempfile
from urllib.parse import quote

import certificates
from client import Dialect, open_session, soon
from configuration import FREE, configured, node, written
from runner import Tally

PAGE = pathlib.Path(__file__).with_name("browser.html").read_bytes()
GREETING = "Grüße 🐎" * 3000


class Site:
    """A web site of one page on a port of the kernel's choice, which takes the page's report."""

    async def __aenter__(self):
        self.report = asyncio.get_running_loop().create_future()
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def _serve(self, reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(int(fields.get("content-length", 0)))
            if head.startswith("POST /report ") and not self.report.done():
                self.report.set_result(json.loads(body))
            status = "200 OK" if head.startswith(("GET /?", "POST /report ")) else "404 Not Found"
            answer = PAGE if head.startswith("GET /?") else b""
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(answer)}\r\nConnection: close\r\n\r\n".encode()
                + answer
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class Browser:
    """A headless browser with a profile of its own that opens one page."""

    def __init__(self, address):
        self.address = address

    async def __aenter__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = await asyncio.create_subprocess_exec(
            os.environ.get("CHROMIUM", "chromium"),
            "--headless=new",
            # It opens nothing but the test's own page; its sandbox needs what containers do not give.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            # The tests' own authority is nobody's else.
            "--ignore-certificate-errors",
            f"--user-data-dir={self.profile.name}",
            self.address,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        return self

    async def __aexit__(self, *_):
        if self.process.returncode is None:
            self.process.terminate()
            await self.process.wait()
        self.profile.cleanup()


async def visit(router, host="127.0.0.1", page=None):
    """What the page tells of its two sessions, with a callee and a publisher of autobahn-python at the same router.

    `page`: where the router itself has the page; else it is another server's.
    """
    url = router.url if page is None else page.replace("http", "ws") + "ws"
    peer = await open_session(url, Dialect("json"))

    def answer(_):
        for number in range(3):
            peer.publish("com.example.to.browser", number, GREETING)

    await soon(peer.register(lambda text: text + text, "com.example.double"), "REGISTERED")
    await soon(peer.subscribe(answer, "com.example.from.browser"), "SUBSCRIBED")
    async with Site() as site:
        own = f"http://{host}:{site.port}/"
        address = f"{own}?router={quote(url)}" if page is None else f"{page}?report={quote(own + 'report')}"
        async with Browser(address):
            report = await asyncio.wait_for(site.report, 25)
    await peer.close()
    return report


def joined(session):
    assert session["opened"] and session["protocol"] == "wamp.2.json", session
    assert session["result"] == GREETING * 2
    assert session["events"] == [[number, GREETING] for number in range(3)]
    assert session["goodbye"] == "wamp.close.goodbye_and_out" and session["code"] == 1000 and session["wasClean"], session


def started(name, **transport):
    return configured(written(name, node({"endpoint": FREE, "serializers": ["json"], **transport})))


async def plain():
    """a page of an allowed origin joins, calls, gets events and says goodbye"""
    async with started("browser.json", options={"allowed_origins": ["http://127.0.0.1:*"]}) as router:
        for session in (await visit(router))["sessions"]:
            joined(session)
            assert session["extensions"] == "", session["extensions"]
        await router.stop()


async def compressed():
    """it negotiates permessage-deflate where the transport has it"""
    async with started("browser-deflate.json", options={"compression": {"deflate": {}}}) as router:
        for session in (await visit(router))["sessions"]:
            joined(session)
            assert session["extensions"].startswith("permessage-deflate"), session["extensions"]
        await router.stop()


async def foreign():
    """a page of another origin gets no connection"""
    async with started("browser-origin.json", options={"allowed_origins": ["http://127.0.0.1:*"]}) as router:
        for session in (await visit(router, host="localhost"))["sessions"]:
            assert not session["opened"] and session["code"] == 1006, session
        await router.stop()


async def remembered():
    """it is known by its cookie when it comes again, which scripts cannot read"""
    cookie = {"store": {"type": "memory"}, "http_strict": True, "same_site": "Strict"}
    async with started("browser-cookie.json", cookie=cookie) as router:
        report = await visit(router)
        first, second = report["sessions"]
        joined(first)
        joined(second)
        assert first["authid"] and first["authid"] == second["authid"], report
        assert report["cookies"] == "", report["cookies"]
        await router.stop()


async def served():
    """a page of the router's own web transport, over plain HTTP and over TLS, joins at the same port and reads its settings"""
    folder = certificates.FOLDER / "browser"
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_bytes(PAGE)
    paths = {
        "/": {"type": "static", "directory": "browser"},
        "ws": {"type": "websocket", "serializers": ["json"], "options": {"allowed_origins": ["*://127.0.0.1:*"]}},
        "settings": {"type": "json", "value": {"colour": "grün", "sizes": [1, 2.5, None]}},
    }
    tls = {"certificate": str(certificates.SERVER.certificate_file), "key": str(certificates.SERVER.key_file)}
    for name, endpoint in (("web.json", FREE), ("web-tls.json", {**FREE, "tls": tls})):
        path = written(f"browser-{name}", node({"type": "web", "endpoint": endpoint, "paths": paths}))
        async with configured(path, shards=2) as router:
            report = await visit(router, page=router.url)
            for session in report["sessions"]:
                joined(session)
            assert report["settings"] == {"colour": "grün", "sizes": [1, 2.5, None]}, report
            assert report["type"] == "application/json; charset=utf-8", report
            assert report["missing"] == 404 and report["partStatus"] == 206 and report["part"] == "!doctype", report
            await router.stop()


async def main():
    tally = Tally()
    for function in (plain, compressed, foreign, remembered, served):
        await tally.run(f"browser · {function.__doc__}", function)
    return tally.finish()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    # Who exits removes its files.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    sys.exit(asyncio.run(main()))
