"""Filters as a person or a program writes them: names or ids to the ids of what is declared."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.app import App


def unknown(field: str, text: str, near: Iterable[str]) -> UnknownName:
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
        raise unknown("region", text, near)
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
        raise unknown("indicator", text, near)
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
        raise unknown("unit", text, _close(text, names))
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
        raise unknown(field, text, _close(text, names))
    return text
