"""On whose behalf the request in hand is made, and what each address needs; decided before any view runs, by :mod:`dashboard.entrance`."""

from __future__ import annotations

from collections.abc import Mapping

import flask

from dabiao.domain.access import AT_THE_MACHINE, NOBODY, Principal
from dashboard import rights
from dashboard.rights import Need, Open

_KEY = "dabiao_principal"
_NEEDS = "dabiao_needs"


def principal() -> Principal:
    """The principal of the request in hand; the one at the machine outside of requests."""
    if not flask.has_request_context():
        return AT_THE_MACHINE
    found: Principal = flask.g.get(_KEY, NOBODY)
    return found


def admit(found: Principal) -> None:
    """Note on whose behalf the request in hand is made."""
    setattr(flask.g, _KEY, found)


def declare(server: flask.Flask, needs: Mapping[str, Need]) -> None:
    """Add endpoints of a package of its own to the table: each with the right that it needs."""
    server.extensions.setdefault(_NEEDS, {}).update(needs)


def need_of(server: flask.Flask, endpoint: str, path: str = "") -> Need | None:
    """What an endpoint needs; ``None`` for one that nobody may ask for."""
    if endpoint == "_dash_assets.static" and path.rpartition("/")[2] in rights.SIGN_IN_ASSETS:
        return Open.PUBLIC
    return {**rights.ENDPOINTS, **server.extensions.get(_NEEDS, {})}.get(endpoint)
