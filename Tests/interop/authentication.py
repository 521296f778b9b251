"""Who a session is: autobahn-python proves itself to `rennbahn router --config`, and fails to where it must."""

import hashlib
import hmac
import json
import time

import certificates
from client import Aborted, Compression, Dialect, Refused, open_session, soon
from configuration import ANONYMOUS, FREE, written
from cryptography.hazmat.primitives import hashes
from router import Router
from runner import process_case

from argon2.low_level import Type, hash_secret
from autobahn.wamp.auth import create_authenticator, derive_key

DIALECTS = (Dialect("json"), Dialect("msgpack", Compression("deflate")))
PRIVATE_KEY = "4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510"
PUBLIC_KEY = "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d"
OTHER_KEY = "d511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd"


def role(name):
    return {**ANONYMOUS, "name": name}


def argon2_credential(password, salt, iterations, memory):
    """What autobahn's client makes of a password: the text that argon2 writes, without padding, is the key."""
    text = hash_secret(
        secret=password.encode(), salt=salt, time_cost=iterations, memory_cost=memory, parallelism=1, hash_len=32, type=Type.ID
    )
    salted = text.split(b"$")[-1]
    client_key = hmac.digest(salted, b"Client Key", hashlib.sha256)
    return {
        "kdf": "argon2id-13",
        "iterations": iterations,
        "memory": memory,
        "salt": salt.hex(),
        "stored-key": hashlib.sha256(client_key).hexdigest(),
        "server-key": hmac.digest(salted, b"Server Key", hashlib.sha256).hex(),
    }


AUTH = {
    "anonymous": {"type": "static", "role": "guest", "authid": "visitor"},
    "ticket": {"type": "static", "principals": {"joe": {"ticket": "${RENNBAHN_TICKET}", "role": "user"}}},
    "wampcra": {
        "type": "static",
        "users": {
            "joe": {"secret": "geheim", "role": "user"},
            "ann": {
                "secret": derive_key(b"password", b"salt123", 2000, 16).decode(),
                "salt": "salt123",
                "iterations": 2000,
                "keylen": 16,
                "role": "guest",
            },
        },
    },
    "scram": {
        "type": "static",
        "principals": {"joe": {**argon2_credential("pencil", b"0123456789abcdef", 2, 512), "role": "user"}},
    },
    "cryptosign": {"type": "static", "principals": {"joe": {"authorized_keys": [PUBLIC_KEY], "role": "user"}}},
}


def router(name, auth=AUTH, shards=2, **transport):
    configuration = {
        "version": 2,
        "workers": [
            {
                "type": "router",
                "realms": [
                    {"name": "realm1", "roles": [role("user"), role("guest")]},
                    {"name": "realm2", "roles": [role("guest")]},
                ],
                "transports": [{"type": "websocket", "endpoint": FREE, "auth": auth, **transport}],
            }
        ],
    }
    path = written(f"{name}.json", configuration)
    return Realms(shards, listen=None, options=["--config", str(path)])


class Realms(Router):
    """A router with realms of its own."""

    realms = "realm1,realm2"
    kept = 1024 * 1024


RIGHT = [
    ("anonymous", {}, "guest", "visitor"),
    ("ticket", {"authid": "joe", "ticket": "open sesame"}, "user", "joe"),
    ("wampcra", {"authid": "joe", "secret": "geheim"}, "user", "joe"),
    ("wampcra", {"authid": "ann", "secret": "password"}, "guest", "ann"),
    ("scram", {"authid": "joe", "password": "pencil"}, "user", "joe"),
    ("cryptosign", {"authid": "joe", "privkey": PRIVATE_KEY}, "user", "joe"),
    ("cryptosign", {"privkey": PRIVATE_KEY}, "user", "joe"),
]

WRONG = [
    ("ticket", {"authid": "joe", "ticket": "open"}),
    ("ticket", {"authid": "nobody", "ticket": "open sesame"}),
    ("wampcra", {"authid": "joe", "secret": "password"}),
    ("wampcra", {"authid": "ann", "secret": "geheim"}),
    ("wampcra", {"authid": "nobody", "secret": "geheim"}),
    ("scram", {"authid": "joe", "password": "pencils"}),
    ("scram", {"authid": "nobody", "password": "pencil"}),
    ("cryptosign", {"authid": "joe", "privkey": OTHER_KEY}),
    ("cryptosign", {"authid": "nobody", "privkey": PRIVATE_KEY}),
    ("cryptosign", {"privkey": OTHER_KEY}),
]


def proof(method, arguments):
    return create_authenticator(method, **arguments)


@process_case
async def credentials():
    """anonymous, ticket, WAMP-CRA plain and salted, SCRAM with Argon2 and cryptosign let autobahn in, as who it is"""
    async with router("credentials") as running:
        for dialect in DIALECTS:
            for method, arguments, role_name, authid in RIGHT:
                session = await open_session(running.url, dialect, proofs=[proof(method, arguments)])
                details = session.joined.result()
                assert (details.authid, details.authrole) == (authid, role_name), (method, details)
                assert (details.authmethod, details.authprovider) == (method, "static"), (method, details)
                assert details.realm == "realm1", details
                await session.barrier()
                await session.close()
        await running.stop()


@process_case
async def wrong_credentials():
    """wrong credentials of each method, and right ones under a wrong name, are told apart by nothing, and refused"""
    async with router("wrong-credentials", max_failed_logins_per_address=0) as running:
        for dialect in DIALECTS:
            messages = {}
            for method, arguments in WRONG:
                try:
                    await open_session(running.url, dialect, proofs=[proof(method, arguments)])
                except Aborted as aborted:
                    assert aborted.reason == "wamp.error.not_authorized", (method, arguments, aborted)
                    assert messages.setdefault(method, str(aborted)) == str(aborted), (messages, aborted)
                else:
                    raise AssertionError(f"{method} {arguments} was let in")
        await running.stop()


@process_case
async def slowed_guesses():
    """who guesses is answered later from the sixth time on, and the right ticket is still let in"""
    method, wrong = WRONG[0]
    right = RIGHT[1][1]
    async with router("slowed-guesses") as running:
        for guess in range(6):
            # A second from the fifth failure on, which is after this.
            if guess < 5:
                begun = time.monotonic()
            try:
                await open_session(running.url, DIALECTS[0], proofs=[proof(method, wrong)])
            except Aborted as aborted:
                assert aborted.reason == "wamp.error.not_authorized", aborted
            else:
                raise AssertionError(f"{wrong} was let in")
        assert time.monotonic() - begun > 0.99, begun
        session = await open_session(running.url, DIALECTS[0], proofs=[proof(method, right)])
        await session.close()
        await running.stop()


@process_case
async def refused_logins():
    """a method that is not there, a realm without the role and one that does not exist have ABORT reasons of their own"""
    joe = ("ticket", {"authid": "joe", "ticket": "open sesame"})
    auth = {"ticket": AUTH["ticket"], "anonymous": AUTH["anonymous"]}
    async with router("refused-logins", auth=auth) as running:
        for method, realm, reason in (
            (("wampcra", {"authid": "joe", "secret": "geheim"}), "realm1", "wamp.error.no_auth_method"),
            (joe, "realm2", "wamp.error.no_such_role"),
            (joe, "realm3", "wamp.error.no_such_realm"),
        ):
            try:
                await open_session(running.url, DIALECTS[0], realm=realm, proofs=[proof(*method)])
            except Aborted as aborted:
                assert aborted.reason == reason, aborted
            else:
                raise AssertionError(f"{method} joined {realm}")
        await running.stop()


@process_case
async def client_certificate():
    """the certificate of a TLS client is who it is; another of the same authority is nobody, one of a stranger no client"""
    fingerprint = ":".join(f"{octet:02X}" for octet in certificates.CLIENT.certificate.fingerprint(hashes.SHA1()))
    tls = {
        "certificate": str(certificates.SERVER.certificate_file),
        "key": str(certificates.SERVER.key_file),
        "ca_certificates": [str(certificates.AUTHORITY.certificate_file)],
    }
    principals = {"joe": {"certificate-sha1": fingerprint, "role": "user"}}
    auth = {"tls": {"type": "static", "principals": principals}, "anonymous": AUTH["anonymous"]}
    async with router("client-certificate", auth=auth, endpoint={**FREE, "tls": tls}) as running:
        for _ in range(2):
            session = await open_session(running.url, DIALECTS[1], methods=["tls"], identity=certificates.CLIENT)
            details = session.joined.result()
            assert (details.authid, details.authrole, details.authmethod) == ("joe", "user", "tls"), details
            await session.close()
        try:
            await open_session(running.url, DIALECTS[0], methods=["tls"], identity=certificates.SERVER)
        except Aborted as aborted:
            assert aborted.reason == "wamp.error.not_authorized", aborted
        else:
            raise AssertionError("a certificate that is nobody's was let in")
        try:
            await open_session(running.url, DIALECTS[0], methods=["tls"], identity=certificates.STRANGE_CLIENT)
        except (Refused, ConnectionError, OSError):
            pass
        else:
            raise AssertionError("a stranger was let in")
        await running.stop()


@process_case
async def secrets_stay():
    """neither a trace nor a complaint shows what sessions prove themselves with"""
    async with router("secrets-stay", debug=True, shards=1, max_failed_logins_per_address=0) as running:
        for method, arguments, *_ in RIGHT:
            session = await open_session(running.url, DIALECTS[0], proofs=[proof(method, arguments)])
            await session.close()
        for method, arguments in WRONG:
            try:
                await open_session(running.url, DIALECTS[0], proofs=[proof(method, arguments)])
            except Aborted:
                pass
        await running.stop()
    written_down = running.complaint()
    assert '[5,"***","***"]' in written_down and '[4,"scram","***"]' in written_down, written_down
    for secret in ("sesame", "geheim", "pencil", PRIVATE_KEY, AUTH["wampcra"]["users"]["ann"]["secret"], '"nonce"'):
        assert secret not in written_down, secret
    assert json.dumps("joe") in written_down
