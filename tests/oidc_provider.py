"""An identity provider over loopback: OpenID Connect's code flow, strict with whoever asks, and false where a test wants it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "dabiao", "a secret"

Claims = dict[str, Any]
Keys = dict[str, RSAKey | ECKey]


@dataclass
class Provider:
    """What it knows, and how it is false.

    Attributes:
        people: claims by the name that is typed at the provider.
        redirects: addresses that it sends back to.
        spoil: changes a token's claims before it is signed.
        header: the token's header; its ``alg`` and ``kid`` choose the key.
        metadata: what its discovery says otherwise; ``None`` takes a field out.
        in_token: whether names and groups are in the token; else userinfo alone has them.
        shown_by: how the client shows that it is who it says: ``client_secret_basic``, ``client_secret_post``, or ``none`` for one
            without a secret, which proves itself by its verifier alone. It is not taken another way.
        failing: paths that answer 503.
        asked: paths in the order in which they were asked for.
    """

    issuer: str
    people: dict[str, Claims] = field(default_factory=dict)
    redirects: set[str] = field(default_factory=set)
    spoil: Callable[[Claims], object] = lambda _claims: None
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256", "kid": "rsa"})
    metadata: dict[str, Any] = field(default_factory=dict)
    in_token: bool = True
    shown_by: str = "client_secret_basic"
    userinfo: Claims = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    keys: Keys = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys.setdefault("rsa", RSAKey.generate_key(2048, {"kid": "rsa"}))
        self.keys.setdefault("ec", ECKey.generate_key("P-256", {"kid": "ec"}))

    def discovery(self) -> Claims:
        at = self.issuer
        found = {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/leave",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.metadata,
        }
        return {name: value for name, value in found.items() if value is not None}

    def grant(self, asked: dict[str, str], person: str) -> str:
        """Where the browser goes with a code, for a person who has signed in here."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "person": person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, nonce: str, person: str) -> Claims:
        access = secrets.token_urlsafe(16)
        self.access[access] = person
        now = int(time.time())
        told = self.people[person]
        claims: Claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= told if self.in_token else {"sub": told["sub"]}
        self.spoil(claims)
        key: Any = self.keys.get(self.header.get("kid", ""), self.keys["rsa"])
        if self.header["alg"] == "none":
            signed = ".".join(_b64(json.dumps(part).encode()) for part in (self.header, claims)) + "."
        elif self.header["alg"] == "HS256":
            signed = _hs256(self.header, claims)
        else:
            signed = jwt.encode(dict(self.header), claims, key, registry=JWSRegistry(algorithms=["RS256", "ES256", "RS512"]))  # fmt: skip
        return {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed}

    def key_set(self) -> Claims:
        return dict(KeySet(list(self.keys.values())).as_dict(private=False))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _hs256(header: dict[str, str], claims: Claims) -> str:
    """A token signed with the client's secret, which anyone with the secret could make."""
    import hmac

    said = f"{_b64(json.dumps(header).encode())}.{_b64(json.dumps(claims).encode())}"
    return f"{said}.{_b64(hmac.digest(SECRET.encode(), said.encode(), 'sha256'))}"


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        path, query = self._asked()
        p = self.provider
        if path in p.failing:
            self._answer(503, b"down")
        elif path == "/.well-known/openid-configuration":
            self._json(p.discovery())
        elif path == "/keys":
            self._json(p.key_set())
        elif path == "/authorize":
            self._authorize(query)
        elif path == "/userinfo":
            person = p.access.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._json({**p.people[person], **p.userinfo} if person else {"error": "invalid_token"}, 200 if person else 401)  # fmt: skip
        elif path == "/leave":
            self._answer(200, b"<title>Left</title><h1>Left</h1>", "text/html")
        else:
            self._answer(404, b"")

    def do_POST(self) -> None:
        path, _ = self._asked()
        form = _one(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if path in self.provider.failing:
            self._answer(503, b"down")
        elif path == "/authorize":
            self._go(self.provider.grant(_one(parse_qs(form["asked"])), form["person"]))
        elif path == "/token":
            self._token(form)
        else:
            self._answer(404, b"")

    def _authorize(self, query: dict[str, str]) -> None:
        """The provider's own page for signing in, after everything that a client must send was looked at."""
        right = (
            query.get("response_type") == "code"
            and query.get("client_id") == CLIENT
            and query.get("redirect_uri") in self.provider.redirects
            and "openid" in query.get("scope", "").split()
            and query.get("code_challenge_method") == "S256"
            and len(query.get("code_challenge", "")) == 43
            and len(query.get("state", "")) >= 20
            and len(query.get("nonce", "")) >= 20
        )
        if not right:
            self._answer(400, b"wrong request")
            return
        form = f"""<!DOCTYPE html><html lang="en"><title>Provider</title><form method="post" action="/authorize">
<input type="hidden" name="asked" value="{escape(urlencode(query))}"><label>Who <input name="person"></label>
<button>Continue</button></form>"""
        self._answer(200, form.encode(), "text/html")

    def _token(self, form: dict[str, str]) -> None:
        begun = self.provider.codes.pop(form.get("code", ""), None)  # a code is good once
        challenge = _b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not self._client_shown(form):
            self._json({"error": "invalid_client"}, 401)
        elif (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != form.get("redirect_uri")
        ):
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json(self.provider.token(begun["nonce"], begun["person"]))

    def _client_shown(self, form: dict[str, str]) -> bool:
        """Whether the client shows itself as it is registered, and in no other way beside it (RFC 6749, 2.3.1)."""
        header, how = self.headers.get("Authorization"), self.provider.shown_by
        if how == "client_secret_basic":
            kind, _, told = (header or "").partition(" ")
            shown = base64.b64decode(told).decode() if kind == "Basic" else ""
            both = {f"{CLIENT}:{SECRET.replace(' ', '+')}", f"{CLIENT}:{SECRET}"}
            return shown in both and "client_secret" not in form
        secret = SECRET if how == "client_secret_post" else None
        return header is None and form.get("client_id") == CLIENT and form.get("client_secret") == secret

    def _asked(self) -> tuple[str, dict[str, str]]:
        split = urlsplit(self.path)
        self.provider.asked.append(split.path)
        return split.path, _one(parse_qs(split.query))

    def _json(self, content: Claims, status: int = 200) -> None:
        self._answer(status, json.dumps(content).encode(), "application/json")

    def _go(self, where: str) -> None:
        self.send_response(303)
        self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _one(query: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in query.items()}


@contextmanager
def running(**given: Any) -> Iterator[Provider]:
    """A provider that answers on a port of its own until the block ends."""

    class Handler(_Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.provider = Provider(f"http://127.0.0.1:{server.server_port}", **given)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Handler.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
