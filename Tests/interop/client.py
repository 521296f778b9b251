"""WAMP clients for the tests: autobahn-python sessions over asyncio, with every wait bounded in time.

A `Dialect` says how a session speaks: its serializer and what it does about permessage-deflate.
"""

import asyncio
from asyncio import FIRST_COMPLETED
from dataclasses import dataclass, replace

import certificates
import txaio

txaio.use_asyncio()

from autobahn.asyncio.rawsocket import WampRawSocketClientFactory, WampRawSocketClientProtocol  # noqa: E402
from autobahn.asyncio.wamp import ApplicationSession  # noqa: E402  (txaio chooses the framework first)
from autobahn.asyncio.websocket import WampWebSocketClientFactory, WampWebSocketClientProtocol  # noqa: E402
from autobahn.wamp import message  # noqa: E402
from autobahn.wamp.request import UnregisterRequest, UnsubscribeRequest  # noqa: E402
from autobahn.wamp.serializer import JsonSerializer, MsgPackSerializer  # noqa: E402
from autobahn.wamp.types import PublishOptions, SubscribeOptions  # noqa: E402
from autobahn.websocket.compress import (  # noqa: E402
    PerMessageDeflateOffer,
    PerMessageDeflateResponse,
    PerMessageDeflateResponseAccept,
)

WAIT = 10.0
"""Seconds after which anything that a test waits for is missing."""


async def soon(awaitable, what):
    """The awaitable's result, or a failure that says what did not happen in time."""
    try:
        return await asyncio.wait_for(awaitable, WAIT)
    except asyncio.TimeoutError:
        raise AssertionError(f"{what} did not happen within {WAIT:.0f} s") from None


def serializer(name):
    return {"json": JsonSerializer, "msgpack": MsgPackSerializer}[name]()


@dataclass(frozen=True)
class Compression:
    """What a client offers, and what the connection must end up with. Window bits of 0: not asked for."""

    name: str
    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = 0
    client_max_window_bits: int = 0

    def options(self):
        offer = PerMessageDeflateOffer(
            request_no_context_takeover=self.server_no_context_takeover,
            request_max_window_bits=self.server_max_window_bits,
        )

        def accept(response):
            if isinstance(response, PerMessageDeflateResponse):
                # A client may always do less than it was allowed: reset its context, or use a smaller window.
                return PerMessageDeflateResponseAccept(
                    response,
                    no_context_takeover=True if self.client_no_context_takeover else None,
                    window_bits=self.client_max_window_bits or None,
                )

        return {"perMessageCompressionOffers": [offer], "perMessageCompressionAccept": accept}

    def check(self, extension):
        assert extension.server_no_context_takeover == self.server_no_context_takeover, "server_no_context_takeover"
        if self.server_max_window_bits:
            assert extension.server_max_window_bits == self.server_max_window_bits, "server_max_window_bits"


@dataclass(frozen=True)
class Dialect:
    serializer: str
    compression: Compression | None = None
    fragment_size: int = 0
    """Octets to a frame of an outgoing message; 0 leaves messages whole."""

    def __str__(self):
        return f"{self.serializer}, {self.compression.name if self.compression else 'no compression'}"

    def other(self):
        return replace(self, serializer={"json": "msgpack", "msgpack": "json"}[self.serializer])


class Protocol(WampWebSocketClientProtocol):
    """The WebSocket connection; remembers how it ended."""

    def __init__(self):
        super().__init__()
        loop = asyncio.get_running_loop()
        self.opened = loop.create_future()
        self.closed = loop.create_future()
        self.pongs = asyncio.Queue()

    def onConnect(self, response):
        self.response = response
        return super().onConnect(response)

    def onOpen(self):
        self.opened.set_result(None)
        super().onOpen()

    def onPong(self, payload):
        self.pongs.put_nowait(payload)

    def onClose(self, wasClean, code, reason):
        super().onClose(wasClean, code, reason)
        if not self.closed.done():
            self.closed.set_result((wasClean, code, reason))


class RawSocketProtocol(WampRawSocketClientProtocol):
    """The RawSocket connection; remembers how it ended, as Protocol does."""

    def __init__(self):
        super().__init__()
        loop = asyncio.get_running_loop()
        self.opened = loop.create_future()
        self.closed = loop.create_future()

    def _on_handshake_complete(self):
        self.opened.set_result(None)
        super()._on_handshake_complete()

    def connection_lost(self, exc):
        super().connection_lost(exc)
        if not self.closed.done():
            # There is no closing handshake: the end of the stream is a clean one.
            self.closed.set_result((exc is None, 1000 if exc is None else 1006, ""))


class Session(ApplicationSession):
    """A session that tells the test when it joined, left and lost its transport."""

    def __init__(self, realm, proofs=(), methods=None):
        super().__init__()
        self.wanted_realm = realm
        self.proofs = {proof.name: proof for proof in proofs}
        self.methods = methods or list(self.proofs) or None
        loop = asyncio.get_running_loop()
        self.joined = loop.create_future()
        self.left = loop.create_future()

    def onConnect(self):
        self.protocol = self._transport
        proofs = self.proofs.values()
        authextra = {key: value for proof in proofs for key, value in (proof.authextra or {}).items()}
        authids = [proof._args["authid"] for proof in proofs if proof._args.get("authid")]
        self.join(
            self.wanted_realm,
            authmethods=self.methods,
            authid=authids[0] if authids else None,
            authextra=authextra or None,
        )

    def onChallenge(self, challenge):
        return self.proofs[challenge.method].on_challenge(self, challenge)

    def onWelcome(self, welcome):
        proof = self.proofs.get(welcome.authmethod)
        return proof.on_welcome(self, welcome.authextra) if proof else None

    def onJoin(self, details):
        self.joined.set_result(details)

    def onLeave(self, details):
        if not self.left.done():
            self.left.set_result(details)
        return super().onLeave(details)

    async def close(self):
        """Leaves the realm, and waits until the WebSocket connection is closed too."""
        if self.is_attached():
            self.leave()
        return await soon(asyncio.shield(self.protocol.closed), "the end of the WebSocket connection")

    async def barrier(self):
        """Returns when the router has worked off everything that this session sent before."""
        await soon(self.publish("com.rennbahn.interop.barrier", options=ACKNOWLEDGE), "PUBLISHED for a barrier")

    # autobahn keeps its caller from asking for what is not there, so these write the message themselves.

    async def send_unsubscribe(self, subscription_id):
        request_id = self._request_id_gen.next()
        reply = txaio.create_future()
        self._unsubscribe_reqs[request_id] = UnsubscribeRequest(request_id, reply, subscription_id)
        self._transport.send(message.Unsubscribe(request_id, subscription_id))
        await soon(reply, "the answer to UNSUBSCRIBE")

    async def send_unregister(self, registration_id):
        request_id = self._request_id_gen.next()
        reply = txaio.create_future()
        self._unregister_reqs[request_id] = UnregisterRequest(request_id, reply, registration_id)
        self._transport.send(message.Unregister(request_id, registration_id))
        await soon(reply, "the answer to UNREGISTER")


ACKNOWLEDGE = PublishOptions(acknowledge=True)


class Inbox:
    """The events of one subscription, in the order in which they came."""

    def __init__(self):
        self.events = asyncio.Queue()

    async def subscribe(self, session, topic, match=None):
        options = SubscribeOptions(match=match, details_arg="event_details")
        self.subscription = await soon(session.subscribe(self._receive, topic, options), "SUBSCRIBED")
        return self

    def _receive(self, *args, event_details, **kwargs):
        self.events.put_nowait((list(args), kwargs, event_details))

    async def event(self):
        return await soon(self.events.get(), "an EVENT")

    async def payload(self):
        args, kwargs, _ = await self.event()
        return args, kwargs


class Refused(Exception):
    """The WebSocket handshake failed, or the connection ended before a session was joined."""


class Aborted(Exception):
    """The router answered HELLO with ABORT; `reason` is its URI."""

    def __init__(self, details):
        super().__init__(f"{details.reason}: {details.message}")
        self.reason = details.reason


async def open_session(
    url,
    dialect,
    realm="realm1",
    protocols=None,
    origin=None,
    headers=None,
    specification=18,
    proofs=(),
    methods=None,
    identity=None,
):
    """A session that has joined `realm`.

    `protocols` replaces the subprotocols that the dialect stands for, `proofs` are autobahn's authenticators, `methods`
    replaces the methods that they stand for, `identity` is the certificate that a TLS client shows. Of the drafts that
    autobahn names by `specification`, 10 to 12 are version 8 of the protocol and 18 is version 13. `headers` are further ones
    of the opening handshake.
    """
    made = []

    def make_session():
        made.append(Session(realm, proofs, methods))
        return made[-1]

    if url.startswith("rs://"):
        factory = WampRawSocketClientFactory(make_session, serializer=serializer(dialect.serializer))
        factory.protocol = RawSocketProtocol
        host, port = url.removeprefix("rs://").strip("/").split(":")
        _, protocol = await soon(asyncio.get_running_loop().create_connection(factory, host, int(port)), "a connection")
        return await joined(protocol, made)

    socket_path = url.removeprefix("ws+unix:") if url.startswith("ws+unix:") else None
    if socket_path:
        url = "ws://localhost/"
    factory = WampWebSocketClientFactory(make_session, url=url, serializers=[serializer(dialect.serializer)])
    factory.protocol = Protocol
    if protocols is not None or origin is not None or headers is not None:
        factory.setSessionParameters(
            url=url, protocols=protocols or factory.protocols, origin=origin, headers=headers or {}
        )
    factory.setProtocolOptions(
        version=specification,
        openHandshakeTimeout=WAIT,
        closeHandshakeTimeout=WAIT,
        autoFragmentSize=dialect.fragment_size,
        tcpNoDelay=not socket_path,
        **(dialect.compression.options() if dialect.compression else {}),
    )
    loop = asyncio.get_running_loop()
    if socket_path:
        connecting = loop.create_unix_connection(factory, socket_path)
    else:
        context = certificates.client_context(identity) if factory.isSecure else None
        connecting = loop.create_connection(factory, factory.host, factory.port, ssl=context)
    _, protocol = await soon(connecting, "a connection")
    return await joined(protocol, made)


async def joined(protocol, made):
    """The session on a connection that is being opened, once it has joined."""
    await soon(asyncio.wait([protocol.opened, protocol.closed], return_when=FIRST_COMPLETED), "the opening handshake")
    if not protocol.opened.done():
        raise Refused(protocol.closed.result())
    session = made[0]
    await soon(
        asyncio.wait([session.joined, session.left, protocol.closed], return_when=FIRST_COMPLETED),
        "an answer to HELLO",
    )
    if session.joined.done():
        return session
    if session.left.done():
        raise Aborted(session.left.result())
    raise Refused(protocol.closed.result())
