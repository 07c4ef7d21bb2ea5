"""The table of ``dabiao derive`` into the store: hours, days and section classes as observations of their places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dabiao.domain.observation import Basis, State, Tier
from dabiao.domain.period import Period
from dabiao.errors import DabiaoError, UnknownName
from dabiao.ingest.model import Candidate, Defaults, Reading
from dabiao.ingest.read import load
from dabiao.services.app import App
from dabiao.services.derive import sections as derive_sections
from dabiao.services.derive import surveys as derive_surveys
from dabiao.services.derive import tables as derive_table
from dabiao.services.derive import water as derive_water
from dabiao.services.derive.air import INDICATORS
from dabiao.services.derive.deriving import HourLabel, refuse_ozone
from dabiao.services.derive.spellings import AIR
from dabiao.services.derive.tables import Column, Table
from dabiao.services.files import readable
from dabiao.services.intake.importing import ImportResult, store_reading


@dataclass(frozen=True, slots=True)
class Filing:
    """What a file does not say of itself.

    Attributes:
        region: id of the region of rows whose column of cities says none.
        source: title of the source; the file's name where ``None``.
        published: day of publication; the day of import where ``None``.
        tier: how far the source speaks for the authority.
        label: which hour a time of an hourly file stands for.
    """

    region: str | None = None
    source: str | None = None
    published: date | None = None
    tier: Tier = Tier.OFFICIAL
    label: HourLabel = HourLabel.END


def store_file(app: App, path: Path, filing: Filing, now: datetime) -> tuple[ImportResult, frozenset[str]]:
    """Import a file of hours, days or section classes; each site and section is a series of its own.

    Returns:
        What became of its values, and the regions that they are of.

    Raises:
        DabiaoError: the file cannot be read, or a row is wrong; nothing was written.
        UnknownName: a city is no declared region.
    """
    table = derive_table.read(path, app.settings.limits)
    if derive_surveys.is_survey(table):
        raise DabiaoError("derive_survey_store", path=str(path))
    with readable(path):
        data = load(path, app.settings.max_import_mb)
    today = app.today(now)
    shared: dict[str, Any] = {
        "qualifier": None, "tier": filing.tier, "state": State.FINAL, "source": filing.source or path.name, "source_url": "",
        "published": filing.published, "known_on": filing.published or today,
        "known_rule": "published" if filing.published else "imported", "note": None, "sheet": None, "raw": (),
    }  # fmt: skip
    rows = tuple(
        Candidate(**values, **shared)
        for values in (_sections if "section" in table.columns else _air)(app, table, filing)
    )
    reading = Reading(
        path.name, hashlib.sha256(data).hexdigest(), len(data), rows, (), 0, 0, {"read_as": "derive"}
    )
    defaults = Defaults(filing.source or path.name, filing.published, filing.tier)
    return store_reading(app, reading, path.name, data, defaults, now=now), frozenset(r.region for r in rows)


def _air(app: App, table: Table, filing: Filing) -> Iterator[dict[str, Any]]:
    columns = {n: c for n, c in table.columns.items() if n in AIR}
    if not columns:
        raise DabiaoError("derive_nothing", path=str(table.path), columns=", ".join(table.headings))
    times, hourly = derive_table.times(table)
    refuse_ozone(table, hourly=hourly)
    if hourly and filing.label is HourLabel.END:
        times = times - 1
    periods = [_hour(t) if hourly else Period.day_of(t.date()) for t in times.astype(object)]
    places = _places(app, table, filing, "点位")
    ids = {name: indicator for indicator, name in INDICATORS.items()}
    for name, column in columns.items():
        derive_table.numbers(table, column)  # refuses what is no number, with its row
        for at, text in enumerate(column.cells):
            number = derive_table.cell_number(text)
            if number is not None:
                yield _row(app, table, column, at, ids[name], places[at], periods[at], number)


def _sections(app: App, table: Table, filing: Filing) -> Iterator[dict[str, Any]]:
    column = table.columns.get("class")
    if column is None:
        raise DabiaoError("derive_classes_only", path=str(table.path), columns=", ".join(table.headings))
    places = _places(app, table, filing, "断面")
    for sample in derive_water.samples(table):
        if sample.water_class is None:
            continue
        place = places[sample.at]
        number, period = Decimal(sample.water_class.value), Period.parse(sample.period)
        yield _row(app, table, column, sample.at, derive_sections.INDICATOR, place, period, number)


def _row(
    app: App,
    table: Table,
    column: Column,
    at: int,
    indicator: str,
    place: tuple[str, Basis],
    period: Period,
    number: Decimal,
) -> dict[str, Any]:
    return {
        "region": place[0],
        "indicator": indicator,
        "period": period,
        "value": number,
        "printed": column.cells[at].strip(),
        "unit": app.catalogue.indicators[indicator].unit or "",
        "row": at + table.first_row,
        "column": column.heading,
        "basis": place[1],
    }


def _hour(start: datetime) -> Period:
    """The hour that begins at a time."""
    return Period.hour_of(start.date(), start.hour + 1)


def _places(app: App, table: Table, filing: Filing, kind: str) -> list[tuple[str, Basis]]:
    """The region and basis of each row; a site or section stands in the basis' scope."""
    authority = "third_party" if filing.tier is Tier.THIRD_PARTY else "official"
    rows = len(next(iter(table.columns.values())).cells)
    cities, sites = table.columns.get("city"), table.columns.get("site" if kind == "点位" else "section")
    known: dict[tuple[str, str], tuple[str, Basis]] = {}
    found = []
    for at in range(rows):
        city = cities.cells[at].strip() if cities else ""
        site = sites.cells[at].strip().replace("|", "｜") if sites else ""
        if (city, site) not in known:
            scope = f"{kind}:{site}" if site else ""
            known[city, site] = (_region(app, table, filing, city), Basis(authority, scope=scope))
        found.append(known[city, site])
    return found


def _region(app: App, table: Table, filing: Filing, city: str) -> str:
    if not city and filing.region is not None:
        return filing.region
    if not city:
        raise DabiaoError("derive_no_region", path=str(table.path))
    looked = app.catalogue.find_region(city)
    if looked.found is None:
        near = [r.zh for r in looked.among] or list(looked.near)
        raise UnknownName("filter_unknown", field="region", name=city, near=", ".join(near) or "—")
    return looked.found.id
