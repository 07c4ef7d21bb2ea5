"""Derived values as rows: an observation each, and beside it how it was made."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from sqlite_utils import Database

from dabiao.domain.observation import Basis, State, Tier
from dabiao.domain.period import Period
from dabiao.services.app import App, stamp
from dabiao.services.derive.air import Place
from dabiao.standards import rules
from dabiao.standards.aqi import Standard
from dabiao.standards.exact import rounded
from dabiao.standards.outcome import Derived
from dabiao.store import derivations as table
from dabiao.store import observations as observed
from dabiao.store.derivations import Moment

TIERS = {"official": Tier.DERIVED, "third_party": Tier.DERIVED_THIRD_PARTY}
"""What is computed here from values of an authority has a tier and an authority of its own (docs/adr/0011)."""

KEPT = {
    ("mean", "SO2"): "so2", ("mean", "NO2"): "no2", ("mean", "PM10"): "pm10", ("mean", "PM2.5"): "pm25",
    ("percentile", "SO2"): "so2_p98", ("percentile", "NO2"): "no2_p98", ("percentile", "PM10"): "pm10_p95",
    ("percentile", "PM2.5"): "pm25_p95", ("percentile", "CO"): "co_p95", ("percentile", "O3"): "o3_p90",
    ("good_days", None): "good_days", ("good_ratio", None): "good_day_ratio", ("heavy_days", None): "heavy_pollution_days",
    ("heavy_ratio", None): "heavy_pollution_day_ratio", ("ranking_index", None): "air_composite_index",
    ("good_share", None): "surface_water_good_ratio", ("worse_share", None): "surface_water_inferior_v_ratio",
}  # fmt: skip
"""Which derived indicators are kept, and as which of the catalogue."""

_TEXTS = {
    "mean": "GB 3095, HJ 663", "percentile": "HJ 663 annex A", "ranking_index": "环办[2014]64号",
    "good_share": "GB 3838-2002, 环办[2011]22号", "worse_share": "GB 3838-2002, 环办[2011]22号",
}  # fmt: skip
"""The text that defines an indicator; of the rest it is that of the index, with its clauses."""

_WITHOUT_TEXT = ("good_share", "worse_share")
"""Indicators whose text stands in the derivation alone: there is one, whatever the period."""

NOT_VALID = "有效性不足"
"""What stands in the place of a value that may not be evaluated."""


class Version(Protocol):
    """Part of a span as known from a day on, evaluated only when it is asked for.

    Attributes:
        digest: of every input that it rests on.
        state: the least settled of them.
        inputs: per input series: its kind of period, first and last one that has a value, and how many have one.
    """

    @property
    def moment(self) -> Moment: ...
    @property
    def known_on(self) -> date: ...
    @property
    def digest(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def inputs(self) -> tuple[Mapping[str, Any], ...]: ...
    def rows(self) -> list[Derived]:
        """What is derived."""
        ...


class Made(NamedTuple):
    """One derived value: of which series, as known from which day, and what it rests on."""

    indicator: str
    basis: Basis
    known_on: date
    version: Version
    row: Derived


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run did.

    Attributes:
        places: regions and bases of which something was looked at.
        derived: values of periods that had none.
        revised: values that take another's place, or follow it from a later day.
        not_valid: of both, how many may not be evaluated, so that only the reason is kept.
        unchanged: parts that were looked at and rest on the same inputs as before.
    """

    places: int = 0
    derived: int = 0
    revised: int = 0
    not_valid: int = 0
    unchanged: int = 0

    def __add__(self, other: Counts) -> Counts:
        mine, more = self.to_json(), other.to_json()
        return Counts(**{name: mine[name] + more[name] for name in mine})

    def to_json(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def basis_of(place: Place, row: Derived) -> Basis:
    """The basis of a derived value: what its inputs state, whose values they were, and the text where it changes the number."""
    given = place.basis
    return Basis(
        str(TIERS[given.authority]),
        given.dust,
        given.condition,
        " ".join(s for s in (given.scope, given.standard) if s),
        row.limits or (row.standard if row.indicator not in _WITHOUT_TEXT else None) or "",
    )


def append(db: Database, app: App, place: Place, made: Sequence[Made], now: datetime) -> Counts:
    """Append derivations and the observations they give. Inside a write.

    An observation supersedes whatever of its series and period was known by its day and stands.
    """
    series = {
        key: observed.series_id(db, place.region, *key)
        for key in {(m.indicator, m.basis): None for m in made}
    }
    codes = {m.row.period: _code(m.row.period) for m in made}
    standing: dict[tuple[int, int | None], list[tuple[int, str]]] = defaultdict(list)
    wanted = [c for c in codes.values() if c is not None]
    for series_of, period, found, known_on in table.standing(db, list(series.values()), wanted):
        standing[series_of, period].append((found, known_on))
    free = observed.next_id(db)
    rows: list[dict[str, Any]] = []
    derivations: list[dict[str, Any]] = []
    counts = {"derived": 0, "revised": 0, "not_valid": 0}
    for m in sorted(made, key=lambda m: m.known_on):
        series_id, code, day = series[m.indicator, m.basis], codes[m.row.period], m.known_on.isoformat()
        observation = None
        before = standing[series_id, code]
        counts["revised" if before else "derived"] += 1
        counts["not_valid"] += m.row.valid is False
        if code is not None:
            shared = _observation(db, app, m, series_id, stamp(now))
            replaced = [s for s in before if s[1] <= day]
            every: list[int | None] = [found for found, _ in replaced] or [None]
            for superseded in every:
                observation = free + len(rows)
                rows.append({**shared, "id": observation, "supersedes": superseded})
                before.append((observation, day))
            standing[series_id, code] = [s for s in before if s not in replaced]
        derivations.append(_derivation(m, series_id, observation, stamp(now)))
    observed.append(db, rows)
    table.append(db, derivations)
    return Counts(**counts)


def _code(period: str) -> int | None:
    """The code of a period; ``None`` of a stretch that is no period of a series (March to December)."""
    try:
        return Period.parse(period).code
    except ValueError:
        return None


def _observation(db: Database, app: App, made: Made, series_id: int, recorded_at: str) -> dict[str, Any]:
    row = made.row
    value = None if row.valid is False or row.value is None else format(row.value, "f")
    return {
        "series_id": series_id,
        "period": row.period,
        "value": value,
        "printed": NOT_VALID if value is None else value,
        "source_id": observed.source_id(db, _source(row), ""),
        "tier": made.basis.authority,
        "state": str(made.version.state),
        "unit": app.catalogue.indicators[made.indicator].unit or "",
        "known_on": made.known_on.isoformat(),
        "known_rule": "derived",
        "recorded_at": recorded_at,
    }


def _source(row: Derived) -> str:
    """Who says a value: this program, by which text, and how certain its reading of it is."""
    of_index = "aqi_2026" if row.standard == Standard.HJ633_2026 else "aqi_2012"
    text = _TEXTS.get(row.indicator) or rules.RULES[of_index].source
    return f"derived by dabiao: {text} [{rules.weakest(row.rules)}]"


def _derivation(made: Made, series_id: int, observation: int | None, recorded_at: str) -> dict[str, Any]:
    row, version = made.row, made.version
    return {
        "series_id": series_id,
        "period": row.period,
        "variant": row.variant,
        "known_on": made.known_on.isoformat(),
        "observation_id": observation,
        "outcome": {True: "valid", False: "not_valid", None: "no_rule"}[row.valid],
        "value": None if row.value is None else format(row.value, "f"),
        "unrounded": None if row.unrounded is None else format(rounded(row.unrounded, 6), "f"),
        "count": row.days,
        "standard": row.standard,
        "limits": row.limits,
        "rules": json.dumps(row.rules),
        "certainty": str(rules.weakest(row.rules)),
        "reasons": json.dumps([{"code": w.code, "params": w.params} for w in row.why]),
        "inputs": json.dumps(version.inputs),
        "digest": version.digest,
        "recorded_at": recorded_at,
        "program": rules.VERSION,
    }
