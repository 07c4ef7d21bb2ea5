"""Sign-in by an identity provider: OpenID Connect, the code flow with PKCE.

Nothing is asked of the provider before someone signs in, so that the service starts without it. What comes back is held against what was
sent: state, nonce, verifier, issuer, audience, time and signature (OpenID Connect Core 1.0, 3.1.3.7; RFC 7636; RFC 9207).
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dabiao.errors import AccessRefused
from dabiao.services.access.oidc_asking import TIMEOUT, fetch, safe, unreachable, wrong
from dabiao.settings import Settings

ALGORITHMS = ("RS256", "ES256")
"""Signatures that are taken, whatever the provider offers: never none, never one that the client's secret can make."""

LEEWAY = 60
"""Seconds by which the provider's clock may differ."""

_KNOWN_FOR = 3600.0
"""Seconds for which what the provider says of itself is kept."""

_LEFT_ALONE = 5.0
"""Seconds after a failed discovery in which it is not tried again."""

_DISCOVERY = "/.well-known/openid-configuration"


class Begun(NamedTuple):
    """A sign-in on its way: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for.

    Attributes:
        subject: issuer and the provider's id of the person; names change hands, this does not.
        name: what the person is called there; empty where the provider does not say.
        groups: the person's groups there.
    """

    subject: str
    name: str
    groups: tuple[str, ...]


class Provider:
    """The identity provider of the settings, as one process knows it."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed: tuple[float, AccessRefused] | None = None

    def begin(self, redirect: str) -> tuple[str, Begun]:
        """Where to send a browser that wants to sign in, and what it must bring back.

        Raises:
            AccessRefused: ``oidc_unreachable`` or ``oidc_provider_wrong``.
        """
        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        with self._session(redirect) as session:
            url, _ = session.create_authorization_url(
                self._address("authorization_endpoint"),
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
            )
        return str(url), begun

    def finish(self, redirect: str, begun: Begun, answer: Mapping[str, str], now: datetime) -> Person:
        """Whom the provider vouches for, by what the browser brought back.

        Args:
            redirect: the address that it came back to.
            begun: what it was to bring back.
            answer: the query it came with.
            now: the moment, for the token's times.

        Raises:
            AccessRefused: ``oidc_refused`` (with ``why``), ``oidc_denied``, ``oidc_unreachable`` or ``oidc_provider_wrong``.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise AccessRefused("oidc_refused", why="state")
        self._check_sender(answer)
        if "error" in answer:
            raise AccessRefused("oidc_denied", why=answer["error"][:64])
        if not answer.get("code"):
            raise AccessRefused("oidc_refused", why="code")
        token = self._token(redirect, answer["code"], begun.verifier)
        claims = self._claims(token, begun.nonce, now)
        return self._person(token, claims)

    def way_out(self, after: str) -> str | None:
        """Where a person ends the session at the provider itself; ``None`` where it has no such place or does not answer."""
        try:
            place = self._metadata().get("end_session_endpoint")
        except AccessRefused:
            return None
        if not isinstance(place, str) or not safe(place):
            return None
        asked = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": after}
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}"

    def _check_sender(self, answer: Mapping[str, str]) -> None:
        """RFC 9207: an answer that names its issuer, or must, comes from this one."""
        known = self._metadata()
        sender = answer.get("iss")
        required = known.get("authorization_response_iss_parameter_supported") is True
        if (sender is not None or required) and sender != known["issuer"]:
            raise AccessRefused("oidc_refused", why="iss")

    def _session(self, redirect: str) -> OAuth2Session:
        s = self._settings
        secret = s.oidc_client_secret.get_secret_value()
        return OAuth2Session(
            s.oidc_client_id,
            secret or None,
            token_endpoint_auth_method=self._authentication() if secret else "none",
            scope=s.oidc_scopes,
            redirect_uri=redirect,
            code_challenge_method="S256",
        )

    def _authentication(self) -> str:
        """How the client shows its secret: as the provider says, in the header where it does not."""
        offered = self._metadata().get("token_endpoint_auth_methods_supported")
        basic, post = "client_secret_basic", "client_secret_post"
        return post if isinstance(offered, list) and basic not in offered and post in offered else basic

    def _token(self, redirect: str, code: str, verifier: str) -> dict[str, Any]:
        place = self._address("token_endpoint")
        try:
            with self._session(redirect) as session:
                found = session.fetch_token(
                    place,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise AccessRefused("oidc_refused", why=str(error.error)[:64]) from error
        except (requests.RequestException, ValueError) as error:
            raise unreachable(place) from error
        if not isinstance(found.get("id_token"), str):
            raise AccessRefused("oidc_refused", why="id_token")
        return dict(found)

    def _claims(self, token: Mapping[str, Any], nonce: str, now: datetime) -> CodeIDToken:
        try:
            decoded = self._decoded(token["id_token"])
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._metadata()["issuer"]},
                    "aud": {"essential": True, "value": self._settings.oidc_client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self._settings.oidc_client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            why = getattr(error, "claim", None) or getattr(error, "error", None) or "id_token"
            raise AccessRefused("oidc_refused", why=str(why)[:64]) from error
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise AccessRefused("oidc_refused", why="sub")
        return claims

    def _decoded(self, text: str) -> jwt.Token:
        """A token whose signature holds; keys are fetched again once where it names one that is not known."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(text, self._key_set(), registry=registry)
        except InvalidKeyIdError:
            return jwt.decode(text, self._key_set(anew=True), registry=registry)

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            kept = self._keys
        if kept is not None and not anew and self._clock() - kept[0] < _KNOWN_FOR:
            return kept[1]
        place = self._address("jwks_uri")
        try:
            found = KeySet.import_key_set(fetch(place))  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise wrong(place) from error
        with self._lock:
            self._keys = (self._clock(), found)
        return found

    def _person(self, token: Mapping[str, Any], claims: CodeIDToken) -> Person:
        s = self._settings
        told: dict[str, Any] = dict(claims)
        if s.oidc_groups_claim not in told or s.oidc_name_claim not in told:
            told = {**self._userinfo(token, claims["sub"]), **told}
        groups = told.get(s.oidc_groups_claim)
        listed = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
        name = told.get(s.oidc_name_claim)
        return Person(
            f"{claims['iss']}#{claims['sub']}",
            name if isinstance(name, str) else "",
            tuple(g for g in listed if isinstance(g, str)),
        )

    def _userinfo(self, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
        """What the provider says of the person beside the token, if it has a place for that and means the same person."""
        place = self._metadata().get("userinfo_endpoint")
        access = token.get("access_token")
        if not isinstance(place, str) or not isinstance(access, str):
            return {}
        if not safe(place):
            raise wrong(place)
        found = fetch(place, {"Authorization": f"Bearer {access}"})
        if found.get("sub") != subject:
            raise AccessRefused("oidc_refused", why="userinfo")
        return found

    def _address(self, name: str) -> str:
        place = self._metadata().get(name)
        if not isinstance(place, str) or not safe(place):
            raise wrong(name)
        return place

    def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself, asked for when it is first needed and again after an hour.

        One that does not answer is left alone for seconds: whoever asks for the page meanwhile must not wait for it too.
        """
        with self._lock:
            kept, failed = self._known, self._failed
        if kept is not None and self._clock() - kept[0] < _KNOWN_FOR:
            return kept[1]
        if failed is not None and self._clock() - failed[0] < _LEFT_ALONE:
            raise AccessRefused(failed[1].code, **failed[1].params)
        try:
            found = self._discovered()
        except AccessRefused as error:
            with self._lock:
                self._failed = (self._clock(), error)
            raise
        with self._lock:
            self._known, self._failed = (self._clock(), found), None
        return found

    def _discovered(self) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        place = issuer.rstrip("/") + _DISCOVERY
        found = fetch(place)
        if found.get("issuer") != issuer:
            raise wrong("issuer")
        return found
