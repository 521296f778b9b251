"""TLS and UNIX sockets, with Python's ssl module and the openssl command on the other side."""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import stat

import certificates
from client import Dialect, open_session, soon
from router import Router
from runner import process_case

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def secure_router(*options, identity=certificates.SERVER, shards=1):
    return Router(shards=shards, options=[*certificates.server_options(identity), "--log-level", "info", *options])


async def in_thread(function, *arguments):
    return await soon(asyncio.to_thread(function, *arguments), function.__name__)


def converse(port, context, session=None):
    """Upgrades a connection with Python's ssl: the session to come back with, and whether this one was resumed."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        with context.wrap_socket(raw, server_hostname="localhost", session=session) as connection:
            connection.sendall(
                b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Protocol: wamp.2.json\r\n\r\n"
            )
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                chunk = connection.recv(4096)
                assert chunk, f"the router hung up behind {answer!r}"
                answer += chunk
            assert answer.startswith(b"HTTP/1.1 101 "), answer
            kept, resumed = connection.session, connection.session_reused
            connection.sendall(bytes([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]))
            assert connection.recv(4096) == bytes([0x88, 2, 0x03, 0xE8]), "no answer to Close"
            # Reads up to close_notify; a connection that is only cut off would be an SSLEOFError here.
            connection.suppress_ragged_eofs = False
            assert connection.recv(4096) == b"", "the router said more"
            return kept, resumed


async def client(port, *options, text=b""):
    """What `openssl s_client` prints about a connection, on both streams."""
    process = await asyncio.create_subprocess_exec(
        *("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", certificates.AUTHORITY.certificate_file),
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    process.stdin.write(text)
    await process.stdin.drain()
    output = b""
    try:
        # What it prints last before it waits for its input, or the end where the handshake fails.
        while chunk := await asyncio.wait_for(process.stdout.read(4096), 0.7):
            output += chunk
    except asyncio.TimeoutError:
        pass
    process.stdin.close()
    output += await soon(process.stdout.read(), "the end of s_client")
    await process.wait()
    return output.decode(errors="replace")


async def logged(router, text):
    """Waits until the router has logged it."""

    async def look():
        while text not in router.complaint():
            await asyncio.sleep(0.01)

    await soon(look(), f"a log line with {text!r}, instead of {router.complaint()}")


@process_case
async def tls_versions():
    """TLS 1.2 and 1.3: Python's ssl shakes hands, resumes, and is told of the end by close_notify"""
    async with secure_router(shards=2) as router:
        for version in VERSIONS.values():
            context = certificates.client_context(version=version)
            session, resumed = await in_thread(converse, router.port, context)
            assert not resumed
            for _ in range(4):
                session, resumed = await in_thread(converse, router.port, context, session)
                assert resumed, f"{version} was not resumed"
        await router.stop()
        assert "8 of them resumed" in router.complaint() or router.complaint().count("of them resumed") == 2


@process_case
async def tls_kernel():
    """the kernel encrypts where it can, and nowhere with --no-kernel-tls"""
    async with secure_router() as router:
        await in_thread(converse, router.port, certificates.client_context())
        # The module may have been loaded for the router.
        with open("/proc/sys/net/ipv4/tcp_available_ulp") as names:
            expected = 1 if "tls" in names.read().split() else 0
        await router.stop()
        assert f"{expected} with kernel TLS" in router.complaint(), router.complaint()
    async with secure_router("--no-kernel-tls") as router:
        await in_thread(converse, router.port, certificates.client_context())
        await router.stop()
        assert "0 with kernel TLS" in router.complaint(), router.complaint()


@process_case
async def tls_one_version():
    """--tls-versions leaves the other version out, and --no-tls-resumption the tickets"""
    for mine, other in (("1.2", "1.3"), ("1.3", "1.2")):
        async with secure_router("--tls-versions", mine, "--no-tls-resumption") as router:
            context = certificates.client_context(version=VERSIONS[mine])
            session, _ = await in_thread(converse, router.port, context)
            assert not (await in_thread(converse, router.port, context, session))[1], "resumed"
            try:
                await in_thread(converse, router.port, certificates.client_context(version=VERSIONS[other]))
            except ssl.SSLError:
                pass
            else:
                raise AssertionError(f"TLS {other} was spoken")


@process_case
async def tls_server_certificates():
    """a certificate that has expired, or is another host's, is what Python refuses"""
    for identity, reason in (
        (certificates.EXPIRED_SERVER, "certificate has expired"),
        (certificates.STRANGE_SERVER, "Hostname mismatch"),
    ):
        async with secure_router(identity=identity) as router:
            try:
                await in_thread(converse, router.port, certificates.client_context())
            except ssl.SSLCertVerificationError as error:
                assert reason in str(error), error
            else:
                raise AssertionError("the certificate was accepted")
            await logged(router, "TLS: ")


@process_case
async def tls_client_certificates():
    """with --tls-ca the right client certificate is accepted; a missing, expired or foreign one is refused"""
    async with secure_router("--tls-ca", str(certificates.AUTHORITY.certificate_file)) as router:
        for version in VERSIONS.values():
            context = certificates.client_context(certificates.CLIENT, version)
            session, _ = await in_thread(converse, router.port, context)
            _, resumed = await in_thread(converse, router.port, context, session)
            assert resumed
            for identity, reason in (
                (None, "peer did not return a certificate"),
                (certificates.EXPIRED_CLIENT, "certificate has expired"),
                (certificates.STRANGE_CLIENT, "unable to get local issuer certificate"),
            ):
                router.errors = b""
                try:
                    await in_thread(converse, router.port, certificates.client_context(identity, version))
                except (ssl.SSLError, ConnectionError):
                    pass
                else:
                    raise AssertionError(f"accepted: {reason}")
                await logged(router, reason)


@process_case
async def tls_s_client():
    """openssl s_client: both versions, resumption from a file, ciphers, renegotiation refused"""
    if not shutil.which("openssl"):
        raise AssertionError("there is no openssl command")
    async with secure_router("--tls-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256") as router:
        for option, name in (("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")):
            kept = str(certificates.FOLDER / f"session{option}")
            output = await client(router.port, option, "-verify_return_error", "-sess_out", kept)
            assert f"New, {name}" in output and "Verify return code: 0 (ok)" in output, output
            assert option == "-tls1_3" or "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256" in output, output
            output = await client(router.port, option, "-sess_in", kept)
            assert f"Reused, {name}" in output, output
        output = await client(router.port, "-tls1_2", text=b"R\n")
        assert "no renegotiation" in output, output
        await logged(router, "TLS: the peer asked for a renegotiation")
        output = await client(router.port, "-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305")
        assert "handshake failure" in output, output
        await logged(router, "TLS: no shared cipher")


@process_case
async def tls_plain():
    """plain HTTP on a port of TLS is told apart, and the router serves on"""
    async with secure_router() as router:
        reader, writer = await asyncio.open_connection("127.0.0.1", router.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await soon(reader.read(), "the end of the connection")
        writer.close()
        await logged(router, "TLS: http request")
        session = await open_session(router.url, Dialect("json"))
        await session.close()


@process_case
async def tls_files():
    """a certificate that is missing is one clear line and a usage error"""
    router = Router(options=["--tls-certificate", "missing.pem", "--tls-key", "missing.pem"])
    await router.start()
    assert await router.status() == 64
    assert "certificate missing.pem: No such file or directory" in router.complaint(), router.complaint()
    router = Router(options=["--tls-key", "missing.pem"])
    await router.start()
    assert await router.status() == 64
    assert "--tls-certificate and --tls-key go together" in router.complaint(), router.complaint()


@process_case
async def unix_life():
    """the file of a UNIX socket: permissions, gone after SIGTERM, taken over after SIGKILL, never from somebody else"""
    path = str(certificates.FOLDER / "life.sock")
    for shards in (1, 2):
        async with Router(shards, f"unix:{path}", ["--socket-permissions", "600"]) as router:
            assert router.url == f"ws+unix:{path}"
            assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
            sessions = [await open_session(router.url, Dialect("json")) for _ in range(8)]
            second = Router(listen=f"unix:{path}")
            await second.start()
            assert await second.status() == 64
            assert "another process listens there" in second.complaint(), second.complaint()
            for session in sessions:
                await session.close()
            await router.stop()
            assert not os.path.exists(path)
        router = Router(shards, f"unix:{path}")
        async with router:
            router.process.send_signal(signal.SIGKILL)
            await router.status()
            assert os.path.exists(path)
        async with Router(shards, f"unix:{path}") as router:
            session = await open_session(router.url, Dialect("msgpack"))
            await session.close()
    with open(path, "w") as file:
        file.write("not a socket")
    router = Router(listen=f"unix:{path}")
    await router.start()
    assert await router.status() == 64
    assert "is no socket" in router.complaint(), router.complaint()


@process_case
async def several_places():
    """one router on a TCP port with TLS and at a UNIX path"""
    path = str(certificates.FOLDER / "several.sock")
    async with secure_router("--listen", f"unix:{path}", shards=2) as router:
        first = await open_session(router.url, Dialect("json"))
        second = await open_session(f"ws+unix:{path}", Dialect("msgpack"))
        received = asyncio.get_running_loop().create_future()
        await soon(second.subscribe(received.set_result, "com.rennbahn.interop.places"), "SUBSCRIBED")
        first.publish("com.rennbahn.interop.places", 7)
        assert await soon(received, "the event") == 7
        await first.close()
        await second.close()
