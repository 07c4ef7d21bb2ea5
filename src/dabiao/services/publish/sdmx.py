"""Observed values and the assessments of targets as SDMX: two dataflows, and the structures that explain them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from dabiao import i18n
from dabiao.assess.sentences import subject
from dabiao.domain.assessment import Status
from dabiao.domain.observation import Basis, Point, Series, State, Tier, series_of
from dabiao.domain.period import LONG_KINDS, Period, PeriodKind
from dabiao.domain.target import Comparator, Measure, Target
from dabiao.reports.sdmx import Codes, Column, Names, Role, Structure, data_csv, structure_xml
from dabiao.services.app import App
from dabiao.services.listing import Line, lines
from dabiao.services.pages import views
from dabiao.services.publish.packages import write_package
from dabiao.store import declared
from dabiao.store.observations import known_observations

_LANGUAGES = {"en": "en", "zh": "zh-CN"}
_UNSTATED = "_U"
"""A dimension has a value in every row: this stands where the source names no scope or standard."""
_FREQUENCIES = {
    PeriodKind.YEAR: "A",
    PeriodKind.QUARTER: "Q",
    PeriodKind.MONTH: "M",
    PeriodKind.CUMULATIVE: "_O",
}

_OBSERVATIONS = (
    ("FREQ", Role.DIMENSION, "FREQ"),
    ("REF_AREA", Role.DIMENSION, "REF_AREA"),
    ("INDICATOR", Role.DIMENSION, "INDICATOR"),
    ("AUTHORITY", Role.DIMENSION, "AUTHORITY"),
    ("DUST", Role.DIMENSION, "DUST"),
    ("GAS_STATE", Role.DIMENSION, "GAS_STATE"),
    ("SCOPE", Role.DIMENSION, None),
    ("STANDARD", Role.DIMENSION, None),
    ("TIME_PERIOD", Role.TIME, None),
    ("OBS_VALUE", Role.MEASURE, None),
    ("UNIT_MEASURE", Role.ATTRIBUTE, None),
    ("OBS_STATUS", Role.ATTRIBUTE, "OBS_STATUS"),
    ("TIER", Role.ATTRIBUTE, "TIER"),
    ("KNOWN_ON", Role.ATTRIBUTE, None),
    ("PUBLISHED", Role.ATTRIBUTE, None),
    ("SOURCE", Role.ATTRIBUTE, None),
    ("SOURCE_URL", Role.ATTRIBUTE, None),
)
_ASSESSMENTS = (
    ("TARGET", Role.DIMENSION, "TARGET"),
    ("TIME_PERIOD", Role.TIME, None),
    ("OBS_VALUE", Role.MEASURE, None),
    ("STATUS", Role.ATTRIBUTE, "STATUS"),
    ("PROVISIONAL", Role.ATTRIBUTE, None),
    ("PLAN", Role.ATTRIBUTE, "PLAN"),
    ("REF_AREA", Role.ATTRIBUTE, "REF_AREA"),
    ("INDICATOR", Role.ATTRIBUTE, "INDICATOR"),
    ("COMPARATOR", Role.ATTRIBUTE, "COMPARATOR"),
    ("TARGET_VALUE", Role.ATTRIBUTE, None),
    ("UNIT_MEASURE", Role.ATTRIBUTE, None),
    ("DEADLINE", Role.ATTRIBUTE, None),
    ("FORECAST", Role.ATTRIBUTE, None),
    ("LOWER80", Role.ATTRIBUTE, None),
    ("UPPER80", Role.ATTRIBUTE, None),
    ("LATEST_PERIOD", Role.ATTRIBUTE, None),
    ("LATEST_VALUE", Role.ATTRIBUTE, None),
    ("TIER", Role.ATTRIBUTE, "TIER"),
    ("LEAD_UNITS", Role.ATTRIBUTE, None),
    ("RESPONSIBLE_UNITS", Role.ATTRIBUTE, None),
    ("CLAUSE", Role.ATTRIBUTE, None),
    ("QUOTE", Role.ATTRIBUTE, None),
    ("TARGET_VERSION", Role.ATTRIBUTE, None),
)
_TYPES = {
    "OBS_VALUE": "Double",
    "TARGET_VALUE": "Decimal",
    "FORECAST": "Decimal",
    "LOWER80": "Decimal",
    "UPPER80": "Decimal",
    "LATEST_VALUE": "Decimal",
    "TARGET_VERSION": "Integer",
    "PROVISIONAL": "Boolean",
    "KNOWN_ON": "GregorianDay",
    "PUBLISHED": "GregorianDay",
}


def export_sdmx(app: App, as_of: date, now: datetime, out: Path) -> list[Path]:
    """Write the values and assessments known on a day as SDMX-CSV, and their structures as SDMX-ML, named in both languages.

    The same store and day give the same bytes.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    return write_package(app, out, sdmx_files(app, as_of, now), "sdmx", as_of, now)


def sdmx_files(app: App, as_of: date, now: datetime) -> dict[str, bytes]:
    """The files of :func:`export_sdmx` by their names."""
    observed = _structure("OBSERVATIONS", _OBSERVATIONS)
    assessed = _structure("ASSESSMENTS", _ASSESSMENTS)
    told = lines(app, views.verdicts(app, as_of, now), _LANGUAGES["zh"])
    return {
        "observations.csv": data_csv(observed, observation_rows(app, as_of)),
        "assessments.csv": data_csv(assessed, [_assessment(line, as_of) for line in told]),
        "structures.xml": structure_xml(
            (observed, assessed), _codes(app, told), _names("exchange.sdmx.concepts"), as_of
        ),
    }


def _names(key: str) -> Names:
    return {code: i18n.text(key, lang) for code, lang in _LANGUAGES.items()}


def _structure(name: str, columns: Iterable[tuple[str, Role, str | None]]) -> Structure:
    return Structure(
        name,
        _names(f"exchange.sdmx.{name.lower()}"),
        tuple(
            Column(key, role, _names(f"exchange.sdmx.column.{key.lower()}"), codes, _TYPES.get(key, "String"))
            for key, role, codes in columns
        ),
    )


def observation_rows(app: App, as_of: date) -> list[tuple[object, ...]]:
    """The value that each series uses for each of its years, quarters, months and months so far, as known on a day."""
    known = known_observations(app.store, as_of, kinds=LONG_KINDS)
    series = [s for kind in LONG_KINDS for s in series_of(known, kind, as_of).values()]
    return [_observation(s, p) for s in sorted(series, key=lambda s: s.id) for p in s.points]


def _observation(s: Series, p: Point) -> tuple[object, ...]:
    o, b = p.chosen, s.basis
    status = "A" if o.state is State.FINAL else "P"
    key = (_FREQUENCIES[s.kind], s.region, s.indicator, b.authority, b.dust, b.condition)
    said = (o.unit, status, str(o.tier), o.known_on, o.published, o.source, o.source_url)
    return (*key, b.scope or _UNSTATED, b.standard or _UNSTATED, time_period(p.period), p.value, *said)


def time_period(period: Period) -> str:
    """A period as SDMX writes it: 2024, 2024-Q1, 2024-03; the months so far by their beginning and their length."""
    if period.kind is not PeriodKind.CUMULATIVE:
        return str(period)
    return f"{period.start.isoformat()}/P{period.last - period.first + 1}M"


def _assessment(line: Line, as_of: date) -> tuple[object, ...]:
    v, cells = line.v, line.cells()
    t, a = v.declared.target, v.assessment
    return (
        t.id,
        as_of,
        cells["attainment"],
        str(a.status),
        bool(a.provisional),
        t.plan,
        t.region,
        t.indicator,
        t.comparator.name if t.comparator else None,
        t.value,
        t.unit,
        t.deadline,
        cells["point"],
        cells["lower80"],
        cells["upper80"],
        cells["latest_period"],
        a.latest_value,
        str(a.latest.chosen.tier) if a.latest else None,
        ";".join(t.lead_units) or None,
        ";".join(t.responsible_units) or None,
        t.clause,
        t.quote,
        a.target_version,
    )


def _codes(app: App, told: Iterable[Line]) -> Codes:
    """Every list, with the names of its codes: places, indicators, plans and targets as they are declared."""
    catalogue = app.catalogue
    return {
        "FREQ": {f: _names(f"exchange.sdmx.freq.{f}") for f in _FREQUENCIES.values()},
        "REF_AREA": {r.id: {"en": r.en, "zh": r.zh} for r in catalogue.regions.values()},
        "INDICATOR": {i.id: {"en": i.en, "zh": i.zh} for i in catalogue.indicators.values()},
        "AUTHORITY": {a: _names(f"tier.{a}") for a in Basis.AUTHORITIES},
        "DUST": {d: _names(f"dust.{d}") for d in Basis.DUSTS},
        "GAS_STATE": {c: _names(f"condition.{c}") for c in Basis.CONDITIONS},
        "OBS_STATUS": {s: _names(f"exchange.sdmx.obs_status.{s}") for s in ("A", "P")},
        "TIER": {str(t): _names(f"tier.{t}") for t in Tier},
        "TARGET": {line.v.declared.target.id: _target(app, line.v.declared.target) for line in told},
        "STATUS": {str(s): _names(f"status.{s}") for s in Status},
        "PLAN": {p["id"]: {"en": p["title_en"], "zh": p["title"]} for p in declared.plan_rows(app.store)},
        "COMPARATOR": {c.name: _names(f"exchange.sdmx.comparator.{c.name}") for c in Comparator},
    }


def _target(app: App, t: Target) -> Names:
    """What a target is called: its place, deadline, indicator and value; its quote where it has no number."""
    if t.measure is not Measure.NUMERIC or t.comparator is None or t.value is None:
        return {"zh": t.quote}
    return {code: subject(t, app.catalogue, lang) for code, lang in _LANGUAGES.items()}
