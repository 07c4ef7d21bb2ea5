"""On whose behalf the request in hand is made, decided once before any view runs."""

from __future__ import annotations

import flask

from dabiao.domain.access import AT_THE_MACHINE, NOBODY, Principal

_KEY = "dabiao_principal"


def principal() -> Principal:
    """The principal of the request in hand; the one at the machine outside of requests."""
    if not flask.has_request_context():
        return AT_THE_MACHINE
    found: Principal = flask.g.get(_KEY, NOBODY)
    return found


def admit(found: Principal) -> None:
    """Note on whose behalf the request in hand is made."""
    setattr(flask.g, _KEY, found)
