"""WebSocket (RFC 6455), permessage-deflate (RFC 7692) and WAMP's JSON by hand, so that an attacker can break their rules, too."""

import os
import ssl
import struct
import zlib

CONTINUATION, TEXT, CLOSE, PING, PONG = 0, 1, 8, 9, 10
NO_MASK = b"\0\0\0\0"
"""A mask that changes nothing: legal, and free for the sender."""

ROLES = '{"publisher":{},"subscriber":{},"caller":{},"callee":{}}'
HELLO = f'[1,"realm1",{{"roles":{ROLES}}}]'
GOODBYE = '[6,{},"wamp.close.normal"]'
GOODBYE_BACK = '[6,{},"wamp.close.goodbye_and_out"]'
# What a deflated message lacks at its end (RFC 7692, 7.2.1).
TAIL = b"\0\0\xff\xff"
# Each message by itself, so that what is sent can be made in advance.
DEFLATE = "permessage-deflate; client_no_context_takeover; server_no_context_takeover"


def request(deflate=False, more=()):
    """The opening handshake of a client."""
    lines = [
        "GET / HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: wamp.2.json", *more,
    ]
    if deflate:
        lines.append(f"Sec-WebSocket-Extensions: {DEFLATE}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def head(octets, opcode=TEXT, final=True, compressed=False, mask=NO_MASK):
    """The head of a frame; without a mask it is a server's."""
    first = opcode | (0x80 if final else 0) | (0x40 if compressed else 0)
    bit = 0x80 if mask is not None else 0
    if octets < 126:
        length = bytes([first, bit | octets])
    elif octets < 65536:
        length = struct.pack(">BBH", first, bit | 126, octets)
    else:
        length = struct.pack(">BBQ", first, bit | 127, octets)
    return length + (mask or b"")


def frame(payload, opcode=TEXT, final=True, compressed=False, mask=NO_MASK):
    if isinstance(payload, str):
        payload = payload.encode()
    begin = head(len(payload), opcode, final, compressed, mask)
    return begin + (masked(payload, mask) if mask and mask != NO_MASK else payload)


def masked(payload, key):
    octets = len(payload)
    keys = (key * (octets // 4 + 1))[:octets]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(keys, "big")).to_bytes(octets, "big")


def random_mask():
    return os.urandom(4)


def deflated_part(text):
    """A part of a deflated message that stands by itself, so that one can be used in many messages."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflater.compress(text.encode()) + deflater.flush(zlib.Z_SYNC_FLUSH)


def deflated(*parts):
    """One compressed frame of these parts; a long text of one character becomes a thousandth."""
    return frame(b"".join(parts)[: -len(TAIL)], compressed=True)


def close_frame(code=1000):
    return frame(struct.pack(">H", code), opcode=CLOSE)


class FrameReader:
    """Frames from octets as they come, without fragments, which the router does not send."""

    def __init__(self):
        self.buffer = bytearray()

    def feed(self, octets):
        """The frames that are whole now: opcode and payload, inflated where it was compressed."""
        self.buffer += octets
        frames = []
        at = 0
        while True:
            found = self._frame(at)
            if found is None:
                break
            opcode, payload, at = found
            frames.append((opcode, payload))
        if at:
            del self.buffer[:at]
        return frames

    def _frame(self, at):
        data = self.buffer
        if len(data) < at + 2:
            return None
        octets, begin = data[at + 1] & 0x7F, at + 2
        if octets == 126:
            if len(data) < at + 4:
                return None
            (octets,), begin = struct.unpack_from(">H", data, at + 2), at + 4
        elif octets == 127:
            if len(data) < at + 10:
                return None
            (octets,), begin = struct.unpack_from(">Q", data, at + 2), at + 10
        mask = b""
        if data[at + 1] & 0x80:
            mask, begin = bytes(data[begin : begin + 4]), begin + 4
        if len(data) < begin + octets:
            return None
        payload = bytes(data[begin : begin + octets])
        if mask and mask != NO_MASK:
            payload = masked(payload, mask)
        if data[at] & 0x40:
            payload = zlib.decompressobj(-15).decompress(payload + TAIL)
        return data[at] & 0x0F, payload, begin + octets


def close_code(payload):
    return struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005


def trusting():
    """A TLS client that takes anybody for the server: certificates are not what is tried here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def client_hello():
    """What a TLS client sends first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        trusting().wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()
