"""What a page shows, as its address says it: filters, day and language in the query string, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from dabiao.i18n import LANGS, Lang
from dabiao.services.pages.views import FILTERS

OWN = ("kind", "state", "file", "code", "q", "page", "target", "source", "published", "tier")
"""What single pages are narrowed by, beside the filters: the words of the inboxes, of the lists of data, of an upload."""

LONGEST_OWN = 200

MOST_VALUES = 50
"""Values of one filter that are read from an address; more is no address that a page of ours has made."""


@dataclass(frozen=True, slots=True)
class Query:
    """The query string of any page.

    Attributes:
        filters: chosen values by filter name, only filters that have any, in the order of ``FILTERS``.
        as_of: the day whose knowledge is shown; ``None`` for today.
        lang: the language where the address names one.
        wrong: what stood as a day and is none.
        at: which of a review's proposals is in hand.
        own: words by a name of ``OWN``, for the one page that is shown.
        seconds, views: for how long the wall shows a view, and which in turn.
    """

    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    as_of: date | None = None
    lang: Lang | None = None
    wrong: str | None = None
    at: int | None = None
    seconds: int | None = None
    views: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)

    def with_filter(self, name: str, values: Iterable[str]) -> Query:
        """The same with one filter set, or taken away where there are no values; the list begins anew."""
        changed = {**self.filters, name: tuple(values)}
        own = {word: said for word, said in self.own.items() if word not in ("page", "target")}
        return replace(self, filters=_ordered(changed), own=own)

    def without_filters(self) -> Query:
        return replace(self, filters={}, at=None, seconds=None, views=(), own={})

    def with_own(self, **words: object) -> Query:
        """The same with some of the page's own words changed, or taken away where they are empty; the list begins anew."""
        kept = {
            **self.own,
            "page": "",
            "target": "",
            **{name: str(word or "") for name, word in words.items()},
        }
        return replace(self, own={name: kept[name] for name in OWN if kept.get(name)})

    @property
    def page(self) -> int:
        """Which page of a list is shown, from 1."""
        text = self.own.get("page", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1

    def in_hand(self, at: int | None) -> Query:
        """The same with another proposal in hand."""
        return replace(self, at=at)


def parse(search: str | None) -> Query:
    """Read a query string, with or without its question mark. Unknown names are passed over; a wrong day is kept as such."""
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl((search or "").removeprefix("?"), keep_blank_values=False):
        given.setdefault(name, []).append(value)
    day = given.get("as_of", [None])[-1]
    as_of, wrong = None, None
    if day is not None:
        try:
            as_of = date.fromisoformat(day)
        except ValueError:
            wrong = day
    lang = next((known for known in LANGS if known == given.get("lang", [None])[-1]), None)
    filters = {name: tuple(given.get(name, ())[:MOST_VALUES]) for name in FILTERS}
    views = tuple(v for v in given.get("views", [""])[-1].split(",")[:MOST_VALUES] if v)
    own = {name: given[name][-1][:LONGEST_OWN] for name in OWN if name in given}
    return Query(
        _ordered(filters), as_of, lang, wrong, _count(given, "at"), _count(given, "seconds"), views, own
    )


def _count(given: Mapping[str, list[str]], name: str) -> int | None:
    text = given.get(name, [""])[-1]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _ordered(filters: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(filters[name])) for name in FILTERS if filters.get(name)}


def encode(query: Query) -> str:
    """The query string with its question mark; empty for a query that says nothing. ``parse`` reads it back."""
    pairs = [(name, value) for name, values in query.filters.items() for value in values]
    if query.as_of is not None:
        pairs.append(("as_of", query.as_of.isoformat()))
    if query.lang is not None:
        pairs.append(("lang", query.lang))
    if query.at is not None:
        pairs.append(("at", str(query.at)))
    if query.seconds is not None:
        pairs.append(("seconds", str(query.seconds)))
    if query.views:
        pairs.append(("views", ",".join(query.views)))
    pairs += list(query.own.items())
    return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""


def overview(query: Query) -> str:
    """The overview's address."""
    return f"/{encode(query)}"


def plans(query: Query) -> str:
    """The address of the list of plans."""
    return f"/plans{encode(query.without_filters())}"


def plan(plan_id: str, query: Query) -> str:
    """A plan's address, with what of it is shown."""
    return f"/plan/{quote(plan_id, safe='')}{encode(query)}"


def plan_place(plan_id: str, target_id: str, query: Query) -> str:
    """The place of a target's quote in its plan's text; it names the target, so that a long plan opens where that is."""
    named = query.without_filters().with_own(target=target_id)
    return f"{plan(plan_id, named)}#in-{quote(target_id, safe='')}"


def plan_file(plan_id: str, name: str, query: Query) -> str:
    """Where a plan can be taken away: ``report.md`` or ``targets.csv``."""
    return f"/export/plan/{quote(plan_id, safe='')}/{name}{encode(query)}"


def region(region_id: str, query: Query) -> str:
    """A region's address, with what of it is shown."""
    return f"/region/{quote(region_id, safe='')}{encode(query)}"


def unit(unit_id: str, query: Query) -> str:
    """A unit's address, with what of it is shown."""
    return f"/unit/{quote(unit_id, safe='')}{encode(query)}"


def indicator(indicator_id: str, query: Query) -> str:
    """An indicator's address, with what of it is shown."""
    return f"/indicator/{quote(indicator_id, safe='')}{encode(query)}"


def unit_file(unit_id: str, name: str, query: Query) -> str:
    """Where a unit's sheet can be taken away: ``notice.xlsx`` or ``notice.docx``."""
    return f"/export/unit/{quote(unit_id, safe='')}/{name}{encode(query.without_filters())}"


def review(review_id: str | None, query: Query) -> str:
    """The address of a review, or of the page where one begins."""
    where = "/review" if review_id is None else f"/review/{quote(review_id, safe='')}"
    return where + encode(replace(query, filters={}, at=query.at if review_id else None))


def review_file(review_id: str, name: str, query: Query) -> str:
    """Where what a review has made can be taken away: ``plan.yaml`` or ``text.txt``."""
    return f"/export/review/{quote(review_id, safe='')}/{name}{encode(query.without_filters())}"


def target(target_id: str, query: Query) -> str:
    """A target's address: the day and the language go along, the filters stay behind."""
    return f"/target/{quote(target_id, safe='')}{encode(query.without_filters())}"


def target_file(target_id: str, name: str, query: Query) -> str:
    """Where a target's sheet can be taken away: ``notice.xlsx`` or ``notice.docx``."""
    return f"/export/target/{quote(target_id, safe='')}/{name}{encode(query.without_filters())}"


def export(query: Query) -> str:
    """Where the filtered list can be taken away."""
    return f"/export/targets.csv{encode(query)}"


def paper(query: Query) -> str:
    """Where the filtered list stands whole, to be printed."""
    return f"/print/targets{encode(query)}"


def plan_paper(plan_id: str, query: Query) -> str:
    """Where a plan's targets and its text stand whole, to be printed."""
    return f"/print/plan/{quote(plan_id, safe='')}{encode(query)}"


def values(target_id: str, query: Query) -> str:
    """Where a target's values can be taken away."""
    return f"/export/target/{quote(target_id, safe='')}/values.csv{encode(query.without_filters())}"


def template(target_id: str, query: Query) -> str:
    """Where an empty file that would bring a target's series can be had."""
    return f"/export/target/{quote(target_id, safe='')}/template.csv{encode(query.without_filters())}"


def desk(path: str, query: Query, **own: object) -> str:
    """The address of a page of data, jobs or alerts, narrowed by its own words alone."""
    return path + encode(query.without_filters().with_own(**own))
