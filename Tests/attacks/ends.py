"""How the router ends, what its log may do to it, and what others may do to our clients and commands."""

import base64
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import time

import wire
from perform import with_bystanders
from processes import Broken, Router, end_with_parent
from rows import goal, holds, row, special

SHUTDOWN = "wamp.close.system_shutdown"
# Five subscribers, caller, callee, publisher.
SESSIONS = 8


@row(
    "log-pipe", clients=(20,), is_muted=True, options=lambda setting: (("--log-level", "debug"),),
    judge=lambda found: [holds("at least 500 connections to tell of", sum(found["attackers"]["ends"].values()) >= 500)])
async def log_pipe(hostile):
    """bad requests by the thousand, while nobody reads the pipe that the log goes into; then SIGTERM"""

    async def one(_):
        peer = await hostile.connect()
        await peer.send(b"NONSENSE / HTTP/1.1\r\n\r\n")
        while True:
            await peer.receive()

    await hostile.each(one, again=True)


@special("sighup")
def sighup(setting):
    """SIGHUP while there are sessions"""
    with Router(setting.program, shards=setting.shards) as router, with_bystanders(router, {}) as child:
        time.sleep(0.5)
        child.tell(("mark", 0))
        seconds, status = router.stop(signal.SIGHUP)
        child.tell(("finish", 0.5))
        found = child.hear(20)
        goodbyes = found["goodbyes"].get(SHUTDOWN, 0)
        return {
            "end": {"seconds": seconds, "status": status},
            "facts": {"goodbyes": goodbyes, "sessions": SESSIONS},
            "goals": [
                holds(f"all {SESSIONS} sessions hear GOODBYE", goodbyes == SESSIONS),
                goal("status of the router", abs(status), 0),
                goal("seconds until it has ended", seconds, 4.0, "s"),
            ],
            "log": router.log_text(),
        }


class HostileRouter:
    """A router that asks its client for far too much work."""

    CHALLENGE = {"challenge": '{"nonce":"x"}', "salt": "pepper", "iterations": 10_000_000, "keylen": 1024}

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(10)
        self.port = self.listening.getsockname()[1]

    def challenge(self):
        """Accepts one client, and challenges it: how long it was silent from then on, and what it said."""
        sock, _ = self.listening.accept()
        with sock:
            sock.settimeout(10)
            request = b""
            while b"\r\n\r\n" not in request:
                request += self._some(sock)
            key = re.search(rb"(?im)^sec-websocket-key:\s*(\S+)", request).group(1)
            accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
            sock.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept + b"\r\nSec-WebSocket-Protocol: wamp.2.json\r\n\r\n")
            reader, frames = wire.FrameReader(), []
            while not frames:
                frames = reader.feed(self._some(sock))
            text = json.dumps([4, "wampcra", self.CHALLENGE]).encode()
            sock.sendall(wire.head(len(text), mask=None) + text)
            began = time.monotonic()
            try:
                said = reader.feed(sock.recv(65536))
            except socket.timeout:
                return time.monotonic() - began, "nothing"
            except OSError:
                said = []
            return time.monotonic() - began, said[0][1].decode(errors="replace")[:100] if said else "end"

    @staticmethod
    def _some(sock):
        data = sock.recv(65536)
        if not data:
            raise Broken("the client has closed the connection before it was challenged")
        return data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listening.close()


def component(folder, port):
    """A configuration of a client that logs in by WAMP-CRA."""
    transport = {
        "type": "websocket", "url": f"ws://127.0.0.1:{port}/", "serializers": ["json"],
        "endpoint": {"type": "tcp", "host": "127.0.0.1", "port": port},
    }
    one = {
        "type": "class", "classname": "subscriber", "realm": "realm1", "transport": transport,
        "auth": {"wampcra": {"authid": "joe", "secret": "sesame"}},
    }
    path = os.path.join(folder, "component.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"version": 2, "workers": [{"type": "container", "components": [one]}]}, file)
    return path


@special("challenge")
def challenge(setting):
    """a router that challenges rennbahn load with 10 M iterations × 32 blocks"""
    with HostileRouter() as router:
        client = subprocess.Popen(
            [setting.program, "load", "--config", component(setting.folder, router.port), "--duration", "15"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=end_with_parent)
        try:
            silence, said = router.challenge()
        except (OSError, AttributeError) as error:
            raise Broken(f"rennbahn load does not come: {error}") from error
        finally:
            client.kill()
            _, complaint = client.communicate()
    return {
        "facts": {"silence": silence, "said": said}, "log": complaint.decode(errors="replace"),
        "goals": [goal("silence of the client after the challenge", silence, 1.0, "s")],
    }


@special("history")
def history(setting):
    """rennbahn history on ratios of 1e17 and others that are hardly any"""
    statuses = {}
    for ratio in ("1e17", "1e308", "1e-308", "9.3e18"):
        path = os.path.join(setting.folder, "history.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write("date,commit,anchor,machine,cell,metric,ratio\n")
            for day in range(1, 13):
                figure = ratio if day == 6 else 1.01
                file.write(f"2026-11-{day:02},{day:07x},0.1.0,29e7eac9,pubsub 32 B json,throughput,{figure}\n")
        ran = subprocess.run([setting.program, "history", path], capture_output=True, timeout=30, check=False)
        statuses[ratio] = ran.returncode
    return {
        "facts": {"statuses": statuses}, "goals": [holds("none ends by a signal", min(statuses.values()) >= 0)], "log": "",
    }
