"""Pages that the server writes itself, without the program: for signing in and for one's own account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import flask
from markupsafe import Markup

from dabiao.i18n import LANGS
from dabiao.settings import Settings
from dashboard import asked as asking
from dashboard import theme, urls
from dashboard.asked import THEME_COOKIE, Say

_PAGE = Markup("""<!DOCTYPE html>
<html lang="{lang}" data-mantine-color-scheme="{scheme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/style.css">
<link rel="stylesheet" href="/assets/access.css">
<style>{theme}</style>
</head>
<body class="{kind}">
<header class="header"><a class="brand" href="/">{name}</a>
<a class="button" lang="{other}" href="{switch}">{switch_says}</a></header>
<main id="main">{body}</main>
<footer class="footer">{footer}</footer>
</body>
</html>
""")


def say_of(settings: Settings) -> Say:
    """The words in the language of the request in hand."""
    query = urls.parse(flask.request.query_string.decode("utf-8", "replace"))
    return Say(asking.request_language(settings, query))


def page(
    kind: str, title: str, body: Sequence[Markup], say: Say, *, kept: Mapping[str, str | list[str]]
) -> str:
    """A whole page.

    Args:
        kind: the class of its body.
        kept: the query that the link to the other language takes along.
    """
    cookies = flask.request.cookies
    scheme = asking.theme_of(cookies)
    colours = theme.css() if THEME_COOKIE in cookies else f"{theme.css()}\n{theme.as_the_system()}"
    other = next(lang for lang in LANGS if lang != say.lang)
    switch = f"{flask.request.path}?{urlencode({**kept, 'lang': other}, doseq=True)}"
    return _PAGE.format(
        lang=say.lang,
        scheme=scheme,
        title=say("title", page=title),
        theme=Markup(colours),  # noqa: S704 - made of constants
        kind=kind,
        name=say("shell.name"),
        other=other,
        switch=switch,
        switch_says=say("shell.other_language"),
        body=Markup("\n").join(body),
        footer=say("shell.footer"),
    )


def field(name: str, label: str, kind: str, autocomplete: str, **more: Any) -> Markup:
    """A box with its name over it; ``more`` are further attributes, ``True`` for one without a value."""
    extra = Markup("").join(
        Markup(" {}").format(key) if value is True else Markup(' {}="{}"').format(key, value)
        for key, value in more.items()
        if value not in (None, False)
    )
    return Markup(
        '<label class="field"><span>{}</span>'
        '<input name="{}" type="{}" autocomplete="{}" required maxlength="256"{}></label>'
    ).format(label, name, kind, autocomplete, extra)


def alert(said: str | None) -> Markup:
    """What went wrong, said at once to who cannot see it too."""
    return Markup('<p class="wrong" role="alert">{}</p>').format(said) if said else Markup("")


def done(said: str | None) -> Markup:
    """What was done."""
    return Markup('<p class="done" role="status">{}</p>').format(said) if said else Markup("")
