"""One request, read once: which store, which language, which theme, which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import flask

from dabiao import bootstrap, i18n
from dabiao.domain.assessment import Status
from dabiao.services.app import App
from dabiao.services.pages import catalogues
from dabiao.settings import Settings
from dashboard import gate, urls
from dashboard.theme import Theme

LANG_COOKIE = "dabiao_lang"
THEME_COOKIE = "dabiao_theme"


class Say:
    """The words of one language: ``say("overview.title")`` is the message ``dashboard.overview.title``."""

    def __init__(self, lang: i18n.Lang) -> None:
        self.lang = lang

    def __call__(self, key: str, /, **params: Any) -> str:
        return i18n.text(f"dashboard.{key}", self.lang, **params)

    def word(self, key: str, /, **params: Any) -> str:
        """A message of any area."""
        return i18n.text(key, self.lang, **params)

    def status(self, status: Status | str) -> str:
        return i18n.text(f"status.{status}", self.lang)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for. ``as_of`` is never after ``today``."""

    app: App
    query: urls.Query
    say: Say
    theme: Theme
    now: datetime
    today: date
    as_of: date

    @property
    def lang(self) -> i18n.Lang:
        return self.say.lang


def language(named: str | None, cookie: str | None, accept: list[str], default: i18n.Lang) -> i18n.Lang:
    """The address decides, then the user's last choice, then the browser's first language that there is, then the setting."""
    for tag in (named, cookie, *accept):
        if tag and tag.lower()[:2] in ("zh", "en"):
            return i18n.normalise_lang(tag)
    return default


def theme_of(cookies: Mapping[str, str]) -> Theme:
    """The theme that the browser's script has noted; light before it has."""
    return "dark" if cookies.get(THEME_COOKIE) == "dark" else "light"


def request_language(settings: Settings, query: urls.Query) -> i18n.Lang:
    """The language of the request in hand."""
    accept = [tag for tag, _ in flask.request.accept_languages]
    return language(query.lang, flask.request.cookies.get(LANG_COOKIE), accept, settings.lang)


def referring_query() -> urls.Query:
    """The address of the page on whose behalf the browser asks, as far as it says it (same origin: always)."""
    _, _, search = (flask.request.referrer or "").partition("?")
    return urls.parse(search)


def read(settings: Settings, query: urls.Query, theme: Theme = "light") -> Asked:
    """Open the store for this request and settle language and day.

    Raises:
        StoreError: there is no store yet, or it cannot be used.
    """
    now = datetime.now(UTC)
    me = gate.principal()
    opened = bootstrap.open_store(settings)
    flask.g.dabiao_store = opened.store
    known = catalogues.catalogue(opened.store)
    app = replace(opened, catalogue=known, scope=me.scope, reader=me.name)
    today = app.today(now)
    as_of = min(query.as_of, today) if query.as_of else today
    return Asked(app, query, Say(request_language(settings, query)), theme, now, today, as_of)


def close(_error: BaseException | None = None) -> None:
    """Give this request's connection back."""
    store = flask.g.pop("dabiao_store", None)
    if store is not None:
        store.close()
