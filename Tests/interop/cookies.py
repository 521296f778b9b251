"""Cookies, as autobahn-python meets them: given with the first answer, and good for who comes back with them."""

from http.cookies import SimpleCookie

import certificates
from client import Aborted, Dialect, open_session, soon
from configuration import FREE, configured, node, written
from runner import process_case

from autobahn.wamp.auth import create_authenticator

TICKET = {"type": "static", "principals": {"joe": {"ticket": "sesame", "role": "anonymous"}}}


def given(session):
    """The cookie that the answer to a session's opening handshake has set, or nothing."""
    header = session.protocol.response.headers.get("set-cookie")
    return SimpleCookie(header)["cbtid"] if header else None


@process_case
async def cookies_over_all_endpoints():
    """a client of autobahn-python is known again by its cookie over TCP, TLS and a UNIX socket, until it logs out"""
    tls = {
        "certificate": str(certificates.SERVER.certificate_file),
        "key": str(certificates.SERVER.key_file),
    }
    cookie = {"store": {"type": "memory"}, "length": 32, "max_age": 1000, "http_strict": True, "same_site": "Lax"}
    options = {"allowed_origins": ["http://localhost"]}
    shared = {"options": options, "cookie": cookie, "auth": {"ticket": TICKET, "cookie": {}}}
    transports = [
        {"endpoint": FREE, **shared},
        {"endpoint": {**FREE, "tls": tls}, **shared},
        {"endpoint": {"type": "unix", "path": "cookies.sock"}, **shared},
    ]
    async with configured(written("cookies.json", node(*transports)), shards=2) as router:
        for url, name in zip([router.url, *router.others], ("json", "msgpack", "json"), strict=True):
            proof = create_authenticator("ticket", authid="joe", ticket="sesame")
            first = await open_session(url, Dialect(name), proofs=(proof,), methods=["cookie", "ticket"])
            morsel = given(first)
            assert len(morsel.value) == 32 and morsel["max-age"] == "1000", morsel
            assert morsel["httponly"] and morsel["samesite"] == "Lax", morsel
            authid = first.joined.result().authid
            await first.close()
            headers = {"Cookie": f"other=1; cbtid={morsel.value}"}
            again = await open_session(url, Dialect(name), methods=["cookie"], headers=headers)
            details = again.joined.result()
            assert given(again) is None, "a known cookie is not given again"
            assert (details.authid, details.authprovider) == (authid, "cookie"), details
            again.leave("wamp.close.logout")
            await soon(again.left, "GOODBYE")
            await again.close()
            try:
                await open_session(url, Dialect(name), methods=["cookie"], headers=headers)
            except Aborted as aborted:
                assert aborted.reason == "wamp.error.no_auth_method", aborted
            else:
                raise AssertionError("a cookie that was logged out is good")
        await router.stop()
