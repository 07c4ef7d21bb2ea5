"""Domain objects with plain defaults: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from dabiao.domain.observation import Basis, Observation, Point, Series, State, Tier
from dabiao.domain.period import Period
from dabiao.domain.target import (
    Comparator,
    DecidingSeries,
    Direction,
    Indicator,
    IndicatorType,
    Kind,
    Measure,
    Target,
)
from dabiao.settings import Settings, load

OFFICIAL = Basis("official")


def observation(period: str = "2024", value: str | None = "27", **more: Any) -> Observation:
    """A final official value of a region's PM2.5, public on the day after its period."""
    found = Period.parse(period)
    published = date.fromordinal(found.end.toordinal() + 1)
    given: dict[str, Any] = {
        "id": 1,
        "region": "220000",
        "indicator": "pm25",
        "period": found,
        "value": None if value is None else Decimal(value),
        "printed": value or "",
        "unit": "µg/m3",
        "basis": OFFICIAL,
        "tier": Tier.OFFICIAL,
        "state": State.FINAL,
        "source": "公报",
        "published": published,
        "known_on": published,
    }
    return Observation(**(given | more))


def series(values: Mapping[int, str] | None = None, **more: Any) -> Series:
    """An annual official series; five falling values by default."""
    values = values or {2020: "31", 2021: "30", 2022: "29", 2023: "28", 2024: "27"}
    own = {k: v for k, v in more.items() if k in ("region", "indicator", "basis")}
    points = []
    for number, (year, value) in enumerate(values.items(), start=1):
        chosen = observation(str(year), value, **({"id": number} | more))
        points.append(Point(chosen.period, Decimal(value), chosen))
    kind = points[0].period.kind
    return Series(
        own.get("region", "220000"),
        own.get("indicator", "pm25"),
        kind,
        own.get("basis", OFFICIAL),
        tuple(points),
    )


def indicator(key: str = "pm25", direction: Direction = "lower", **more: Any) -> Indicator:
    """An annual level in µg/m3 of which less is better."""
    given: dict[str, Any] = {
        "zh": "PM2.5平均浓度",
        "en": "PM2.5 mean concentration",
        "unit": "µg/m3",
        "type": IndicatorType.LEVEL,
        "bounds": (Decimal(0), None),
        "decimals": 1,
        "frequency": "annual",
    }
    return Indicator(id=key, direction=direction, **(given | more))


def target(
    comparator: str = "<=", value: str | None = "27", deadline: str | None = "2027", **more: Any
) -> Target:
    """A firm numeric level, decided by official values of its own region."""
    given: dict[str, Any] = {
        "id": "jilin-2024-pm25",
        "plan": "jilin-2024",
        "region": "220000",
        "indicator": "pm25",
        "measure": Measure.NUMERIC,
        "kind": Kind.LEVEL,
        "quote": f"浓度下降到{value}以下",
        "clause": "二、(一)主要目标",
        "unit": "µg/m3",
    }
    given |= more
    given.setdefault(
        "series",
        DecidingSeries(given["region"], given["indicator"], (Tier.OFFICIAL, Tier.PRESS), proxy=False),
    )
    return Target(
        comparator=Comparator(comparator) if value is not None else None,
        value=None if value is None else Decimal(value),
        deadline=deadline,
        **given,
    )


def settings_of(home: Path, **environ: str) -> Settings:
    """Settings with that home and nothing from the machine's own environment."""
    return load({"DABIAO_HOME": str(home), **{f"DABIAO_{k.upper()}": v for k, v in environ.items()}}, home)
