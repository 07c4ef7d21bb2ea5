"""Days, hours and sections put into a store without a file, and what is derived of them as known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dabiao.domain.observation import Basis, Observation, preferred
from dabiao.domain.period import LONG_KINDS, Period
from dabiao.services.app import App
from dabiao.store import observations as observed
from dabiao.store.observations import known_observations

CITY = "220200"
CLEAN = {"so2": "8", "no2": "20", "pm10": "40", "pm25": "20", "co": "0.6", "o3_8h": "90"}
"""A day of which every item is excellent, but ozone good."""


def days_of(year: int, *, without: Iterable[date] = ()) -> list[str]:
    """Every day of a year but some."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    left = set(without)
    every = (first + timedelta(days=i) for i in range((last - first).days + 1))
    return [d.isoformat() for d in every if d not in left]


def hours_of(day: str, count: int = 24, first: int = 1) -> list[str]:
    """Hours of a day."""
    return [f"{day}T{h:02}" for h in range(first, first + count)]


def tell(
    app: App,
    indicator: str,
    values: Mapping[str, str],
    known_on: str,
    *,
    scope: str = "",
    authority: str = "official",
    region: str = CITY,
    **shared: Any,
) -> None:
    """One source says these values by period, known from a day; it replaces what it had said before that day."""
    with app.store.write() as db:
        series = observed.series_id(db, region, indicator, Basis(authority, scope=scope))
        source = observed.source_id(db, "the monitoring centre", "")
        codes = {Period.parse(p).code: p for p in values}
        before = {
            r["period"]: r["id"]
            for r in db.execute(
                """SELECT o.period, o.id FROM observations o JOIN provenances p ON p.id = o.provenance_id
                   WHERE o.series_id = ? AND o.period BETWEEN ? AND ? AND p.known_on <= ?
                     AND NOT EXISTS (SELECT 1 FROM observations n WHERE n.supersedes = o.id) ORDER BY o.id""",
                [series, min(codes), max(codes), known_on],
            )
        }
        given = {
            "source_id": source, "tier": authority, "state": "final", "unit": app.catalogue.indicators[indicator].unit or "",
            "known_on": known_on, "known_rule": "imported", "recorded_at": "2026-01-01T00:00:00Z",
        } | shared  # fmt: skip
        observed.append(
            db,
            [
                {
                    "series_id": series,
                    "period": p,
                    "value": v,
                    "printed": v,
                    "supersedes": before.get(c),
                    **given,
                }
                for c, p in sorted(codes.items())
                for v in [values[p]]
            ],
        )


def tell_days(app: App, periods: Iterable[str], known_on: str, scope: str = "", **changed: str) -> None:
    """Clean days of all six pollutants."""
    found = list(periods)
    for indicator, value in (CLEAN | changed).items():
        tell(app, indicator, dict.fromkeys(found, value), known_on, scope=scope)


def derived(app: App, as_of: str) -> dict[tuple[str, str, str], Observation]:
    """What is derived and used as known on a day: by indicator, period and standard."""
    groups: dict[tuple[str, str, str], list[Observation]] = {}
    for o in known_observations(app.store, date.fromisoformat(as_of), kinds=LONG_KINDS):
        if o.basis.authority.startswith("derived"):
            groups.setdefault((o.indicator, str(o.period), o.basis.standard), []).append(o)
    found = {}
    for key, several in groups.items():
        point = preferred(several)
        if point is not None:
            found[key] = point.chosen
    return found


def value(app: App, indicator: str, period: str, as_of: str, standard: str = "") -> Decimal | None:
    """The derived value that is used, as known on a day."""
    found = derived(app, as_of).get((indicator, period, standard))
    return found.value if found else None
