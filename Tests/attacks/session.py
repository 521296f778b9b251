"""A WAMP session of somebody honest, in asyncio: reads what comes as soon as it comes."""

import asyncio
import json
import socket

import wire


class Lost(Exception):
    """The session is over, and why."""


class Session(asyncio.Protocol):
    """Opening handshake, HELLO and messages; `heard` is called with each message, as text."""

    def __init__(self, heard=None):
        loop = asyncio.get_running_loop()
        self.heard = heard or (lambda octets: None)
        self.reader = wire.FrameReader()
        self.answer = b""
        self.cookie = None
        self.welcomed = loop.create_future()
        self.over = loop.create_future()
        self.goodbye = None
        self.answers = {}
        self.number = 0

    @classmethod
    async def join(cls, port, source, heard=None, tls=None, patience=30):
        """A session that has WELCOME."""
        session = await cls.connect(port, source, heard, tls)
        try:
            await asyncio.wait_for(session.welcomed, patience)
        except BaseException:
            session.abandon()
            raise
        return session

    @classmethod
    async def connect(cls, port, source, heard=None, tls=None):
        """A connection, with TLS behind it where that is asked for, on which the handshake is on its way."""
        _, session = await asyncio.get_running_loop().create_connection(
            lambda: cls(heard), "127.0.0.1", port, local_addr=(source, 0), ssl=tls,
            server_hostname="localhost" if tls else None)
        session.transport.write(wire.request())
        return session

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data):
        if self.answer is not None:
            self.answer += data
            if b"\r\n\r\n" not in self.answer:
                return
            head, data = self.answer.split(b"\r\n\r\n", 1)
            self.answer = None
            if not head.startswith(b"HTTP/1.1 101"):
                self._end(head.split(b"\r\n")[0].decode(errors="replace"))
                return
            cookies = [line for line in head.split(b"\r\n") if line.lower().startswith(b"set-cookie:")]
            self.cookie = cookies[0].decode() if cookies else None
            self.send(wire.HELLO)
        for opcode, payload in self.reader.feed(data):
            if opcode == wire.TEXT:
                self._message(payload)
            elif opcode == wire.PING:
                self.transport.write(wire.frame(payload, wire.PONG))
            elif opcode == wire.CLOSE:
                self.transport.write(wire.close_frame(1000))
                self.transport.close()
                self._end(f"Close {wire.close_code(payload)}")

    def _message(self, payload):
        # Events, results and invocations are the business of whoever listens.
        if payload.startswith(b"[2,") and not self.welcomed.done():
            self.welcomed.set_result(True)
        elif payload.startswith((b"[33,", b"[65,")):
            waiting = self.answers.pop(json.loads(payload)[1], None)
            if waiting and not waiting.done():
                waiting.set_result(True)
        elif payload.startswith(b"[6,"):
            self.goodbye = json.loads(payload)[2]
            self.send(wire.GOODBYE_BACK)
        elif payload.startswith(b"[3,"):
            self._end(f"ABORT {json.loads(payload)[2]}")
        else:
            self.heard(payload)

    def connection_lost(self, error):
        self._end("reset" if error else "end of the connection")

    def _end(self, why):
        if not self.over.done():
            self.over.set_result(why)
        for waiting in (self.welcomed, *self.answers.values()):
            if not waiting.done():
                waiting.set_exception(Lost(why))
                # Whoever waits hears of it; where nobody does there is nothing to tell.
                waiting.exception()

    def send(self, text):
        self.transport.write(wire.frame(text))

    def next_number(self):
        self.number += 1
        return self.number

    async def asked(self, code, name, options="{}", patience=20):
        """SUBSCRIBE (32) or REGISTER (64), with its answer."""
        number = self.next_number()
        self.answers[number] = asyncio.get_running_loop().create_future()
        self.send(f'[{code},{number},{options},"{name}"]')
        await asyncio.wait_for(self.answers[number], patience)

    def leave(self):
        """Says GOODBYE and Close, and waits for neither."""
        if not self.transport.is_closing():
            self.send(wire.GOODBYE)
            self.transport.write(wire.close_frame())
            self.transport.close()

    def abandon(self):
        self.transport.abort()
