"""What attackers stand on: connections whose reading and writing is in the attack's hand, in a process of their own.

What is sent is counted, and how the router ended a connection is kept: an attack is bounded in time and in its number of clients.
"""

import asyncio
import collections
import socket
import time

import wire

HERE = "127.0.0.1"
"""Where all attackers come from."""

IP_BIND_ADDRESS_NO_PORT = 24
PIECE = 65536
FAREWELL = 1.5
"""Seconds in which attackers look, at their end, for what the router said to them."""


class Ended(Exception):
    """The router has ended the connection."""


class Peer:
    """One hostile connection. Nothing is read unless the attack asks for it."""

    def __init__(self, hostile, sock):
        self.hostile, self.sock = hostile, sock
        self.reader, self.answer = wire.FrameReader(), b""
        self.said, self.ended, self.messages = [], None, []
        self.is_web_socket, self.is_deaf, self.number = False, False, 0

    async def send(self, octets):
        loop, view = asyncio.get_running_loop(), memoryview(octets)
        while len(view):
            piece, view = view[:PIECE], view[PIECE:]
            try:
                await loop.sock_sendall(self.sock, piece)
            except OSError as error:
                self.sip(1 << 20)
                raise self.over(f"reset ({type(error).__name__})") from error
            self.hostile.octets += len(piece)

    async def receive(self, octets=PIECE):
        """Waits for something to read."""
        if self.ended:
            raise Ended(self.ended)
        try:
            data = await asyncio.get_running_loop().sock_recv(self.sock, octets)
        except OSError as error:
            raise self.over("reset") from error
        self.take(data)

    def sip(self, octets):
        """Reads what is there, without waiting, and says whether there was anything."""
        if self.ended:
            return False
        try:
            data = self.sock.recv(octets)
        except BlockingIOError:
            return False
        except OSError:
            self.over("reset")
            return False
        try:
            self.take(data)
        except Ended:
            return False
        return True

    def take(self, data):
        if not data:
            raise self.over("end")
        if self.is_deaf:
            return
        if not self.is_web_socket:
            self.answer += data
            if b"\r\n\r\n" not in self.answer:
                return
            self.answer, data = self.answer.split(b"\r\n\r\n", 1)
            if not self.answer.startswith(b"HTTP/1.1 101"):
                raise self.over(self.answer.split(b"\r\n")[0].decode(errors="replace"))
            self.is_web_socket = True
        for opcode, payload in self.reader.feed(data):
            if opcode == wire.CLOSE:
                raise self.over(f"Close {wire.close_code(payload)}")
            if opcode == wire.TEXT:
                self._heard(payload)

    def _heard(self, payload):
        if payload.startswith((b"[3,", b"[6,")):
            self.said.append(("ABORT " if payload[1:2] == b"3" else "GOODBYE ") + payload.split(b'"')[-2].decode())
        elif not payload.startswith((b"[36,", b"[50,")) or self.hostile.keeps_events:
            self.messages.append(payload)

    def over(self, how):
        if not self.ended:
            self.ended = ", ".join([*self.said, how])
        return Ended(self.ended)

    async def handshake(self, deflate=False, more=()):
        await self.send(wire.request(deflate, more))
        while not self.is_web_socket:
            await self.receive()
        return self

    async def answered(self, *begins, patience=30):
        """Reads on until a message that begins so is there, and takes it."""
        deadline = time.monotonic() + patience
        while True:
            for message in self.messages:
                if message.startswith(begins):
                    self.messages.remove(message)
                    return message
            await asyncio.wait_for(self.receive(), deadline - time.monotonic())

    async def join(self, deflate=False):
        await self.handshake(deflate)
        await self.send(wire.frame(wire.HELLO))
        await self.answered(b"[2,")
        return self

    async def asked(self, code, name, options="{}"):
        """SUBSCRIBE (32) or REGISTER (64), with its answer."""
        self.number += 1
        await self.send(wire.frame(f'[{code},{self.number},{options},"{name}"]'))
        await self.answered(b"[33,", b"[65,", b"[8,")

    async def barrier(self):
        """Waits until the router has been through all that was sent."""
        await self.asked(32, "com.hostile.barrier")

    async def discard(self):
        """Reads all that comes, as fast as can be, and looks at nothing, not even at the end."""
        self.is_deaf = True
        while await asyncio.get_running_loop().sock_recv(self.sock, 1 << 18):
            pass
        raise self.over("end")

    def close(self):
        self.sock.close()


class Hostile:
    """An attack's view of the world."""

    def __init__(self, program, port, clients, seconds, leaves_early):
        self.program, self.port, self.clients, self.seconds = program, port, clients, seconds
        self.leaves_early, self.keeps_events = leaves_early, False
        self.octets, self.peers, self.past, self.facts = 0, [], collections.Counter(), {}
        self.deadline = 0.0

    @staticmethod
    def socket(source=HERE, receive_buffer=None):
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The port is chosen when it is known where to, so that more of them can be used.
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.bind((source, 0))
        return sock

    async def connect(self, receive_buffer=None, source=HERE):
        sock = self.socket(source, receive_buffer)
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        except BaseException:
            sock.close()
            raise
        peer = Peer(self, sock)
        self.peers.append(peer)
        return peer

    async def join(self, receive_buffer=None, deflate=False, source=HERE):
        peer = await self.connect(receive_buffer, source)
        return await peer.join(deflate)

    async def each(self, work, count=None, again=False, pause=0.02):
        """The same by each client, numbered from 0; `again` and again where the router ended it, so many seconds later."""

        async def one(number):
            while True:
                try:
                    await work(number)
                except (Ended, OSError, asyncio.TimeoutError) as error:
                    if not isinstance(error, Ended):
                        self.past[f"{type(error).__name__}"] += 1
                if not again:
                    return
                self.forget_ended()
                await asyncio.sleep(pause)

        await asyncio.gather(*(one(number) for number in range(count or self.clients)))

    def forget_ended(self):
        for peer in [peer for peer in self.peers if peer.ended]:
            self.past[peer.ended] += 1
            peer.close()
            self.peers.remove(peer)

    async def rest(self):
        """Until the attack's time is over."""
        await asyncio.sleep(max(0, self.deadline - time.monotonic()))

    async def farewell(self):
        """Hears what the router said last, without waiting long."""
        for peer in self.peers:
            if not peer.ended:
                peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        deadline, quiet = time.monotonic() + FAREWELL, 0
        while time.monotonic() < deadline and quiet < 5 and any(not peer.ended for peer in self.peers):
            moved = [peer.sip(1 << 20) for peer in self.peers if not peer.ended]
            quiet = 0 if any(moved) else quiet + 1
            await asyncio.sleep(0 if any(moved) else 0.05)

    async def run(self, attack):
        began = time.monotonic()
        self.deadline = began + self.seconds
        task = asyncio.ensure_future(attack(self))
        done, _ = await asyncio.wait({task}, timeout=self.seconds)
        if done and not self.leaves_early and not task.exception():
            await self.rest()
        lasted, octets = time.monotonic() - began, self.octets
        task.cancel()
        found = (await asyncio.gather(task, return_exceptions=True))[0]
        stopped = None
        if isinstance(found, (Ended, OSError, asyncio.TimeoutError)):
            stopped = f"{type(found).__name__}: {found}"
        elif isinstance(found, Exception):
            raise found
        open_now = sum(not peer.ended for peer in self.peers)
        await self.farewell()
        ends = self.past + collections.Counter(peer.ended or "open" for peer in self.peers)
        for peer in self.peers:
            peer.close()
        return {
            "seconds": lasted, "octets": octets, "ends": dict(ends), "openAtEnd": open_now, "facts": self.facts,
            "stopped": stopped,
        }


def work(pipe, attack, *arguments):
    """What a child does: attacks, and tells what became of it."""
    pipe.send(asyncio.run(Hostile(*arguments).run(attack)))
