"""Finished pages, kept by each worker for as long as they would be made the same again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from dash._utils import to_json

from dabiao.domain.access import Right, Scope
from dabiao.i18n import Lang
from dabiao.services.pages.once import Once
from dabiao.services.pages.state import State, state_of
from dabiao.settings import Settings
from dashboard import gate
from dashboard.asked import Asked
from dashboard.pages.page import Page
from dashboard.theme import Theme

MOST = 64
"""Pages that are kept, those asked for last; the largest have some 400 kB."""


@dataclass(frozen=True, slots=True)
class _Key:
    """All that a kept page hangs on.

    A page that is kept shows verdicts, series, plans and the catalogue and nothing else. ``state`` changes with every
    write to any of these and with whatever else any page shows, so that an acknowledgement or an import is in the next
    answer of every worker. ``today`` turns at midnight, also where the address names no day; the hour of the day is on no kept
    page. Of the reader, what may be seen and done is in the key: two of equal scope and rights are shown the same, and
    none their names. What is of the moment is not kept: freshness and the way out in the header, forms, the wall, jobs.
    """

    part: str
    path: str
    search: str
    lang: Lang
    theme: Theme
    settings: Settings
    state: State
    as_of: date
    today: date
    scope: Scope
    rights: frozenset[Right]
    named: bool


_KEPT: Once[_Key, tuple[str, str]] = Once(MOST)


def page(asked: Asked, part: str, path: str, search: str | None, make: Callable[[], Page]) -> Page:
    """A page, or a part of one, as ``make`` makes it: the first time from the store, then from what is kept.

    It is kept as the text that is sent, a tenth of what the objects take.

    Args:
        part: which part of the page.
        search: the query string as it came.
    """

    def made() -> tuple[str, str]:
        found = make()
        return found.title, to_json(found.children)  # type: ignore[no-untyped-call]

    title, text = _KEPT.get(_key(asked, part, path, search or ""), made)
    children: Any = json.loads(text)
    return Page(title, children)


def _key(asked: Asked, part: str, path: str, search: str) -> _Key:
    me, app = gate.principal(), asked.app
    return _Key(
        part,
        path,
        search,
        asked.lang,
        asked.theme,
        app.settings,
        state_of(app),
        asked.as_of,
        asked.today,
        app.scope,
        me.rights,
        bool(me.name),
    )
