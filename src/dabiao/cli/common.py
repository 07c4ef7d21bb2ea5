"""What the commands share: settings, the open app, dates and filters from the command line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from dabiao import bootstrap, settings
from dabiao.cli.output import Format
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.app import App

FormatOption = Annotated[Format, typer.Option("--format", help="table, json or csv.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="As known on this day (YYYY-MM-DD); today by default."),
]


def now() -> datetime:
    """The clock. Read here, in the shell, and handed on."""
    return datetime.now(UTC)


def open_app() -> App:
    """The app of this process's settings."""
    return bootstrap.open_app(settings.load())


def day(app: App, text: str | None) -> date:
    """The as-of day: the one given, else today in the settings' timezone.

    Raises:
        DabiaoError: not a date.
    """
    if text is None:
        return app.today(now())
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DabiaoError("date_wrong", text=text) from error


def _unknown(field: str, text: str, near: Iterable[str]) -> UnknownName:
    """A filter's value that does not exist, with the names that look like it."""
    return UnknownName("filter_unknown", field=field, name=text, near=", ".join(near) or "—")


def _close(text: str, names: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(text, sorted(names), n=3, cutoff=0.3)


def region_id(app: App, text: str | None) -> str | None:
    """The region of a name or code given as a filter.

    Raises:
        UnknownName: none, or more than one of that name.
    """
    if text is None:
        return None
    found = app.catalogue.find_region(text)
    if found.found is None:
        near = [r.zh for r in found.among] or list(found.near)
        raise _unknown("region", text, near)
    return found.found.id


def indicator_id(app: App, text: str | None) -> str | None:
    """The indicator of a name or id given as a filter.

    Raises:
        UnknownName: none, or more than one of that name.
    """
    if text is None:
        return None
    found = app.catalogue.find_indicator(text)
    if found.found is None:
        near = [i.zh for i in found.among] or list(found.near)
        raise _unknown("indicator", text, near)
    return found.found.id


def unit_ids(app: App, text: str | None) -> list[str] | None:
    """The units of a name given as a filter: one by its id, or those of every place where the name is printed.

    Raises:
        UnknownName: there is none; near ones are named.
    """
    if text is None:
        return None
    found = [u.id for u in app.catalogue.find_units(text)]
    if not found:
        names = {n for u in app.catalogue.units.values() for n in (u.id, u.zh, *u.aliases)}
        raise _unknown("unit", text, _close(text, names))
    return found


def deadline_year(text: str | None) -> str | None:
    """A year given as a filter.

    Raises:
        DabiaoError: not four digits.
    """
    if text is not None and not (len(text) == 4 and text.isdecimal()):
        raise DabiaoError("deadline_wrong", text=text)
    return text


def one_of(field: str, text: str | None, known: Iterable[str]) -> str | None:
    """A filter's value, if it is one that exists.

    Raises:
        UnknownName: it is not; near ones are named.
    """
    if text is None:
        return None
    names = set(known)
    if text not in names:
        raise _unknown(field, text, _close(text, names))
    return text
