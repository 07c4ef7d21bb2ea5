"""The limits of GB 3095 by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

Mean = Literal["year", "24h", "8h", "1h"]
POLLUTANTS = ("SO2", "NO2", "PM10", "PM2.5", "CO", "O3")


@dataclass(frozen=True, slots=True)
class Limits:
    """One stage of the standard: limits by pollutant and kind of mean, µg/m³ (CO mg/m³)."""

    id: str
    rule: str
    first: date | None
    last: date | None
    class_2: Mapping[str, Mapping[str, Decimal]]
    class_1: Mapping[str, Mapping[str, Decimal]] | None = None

    def limit(self, pollutant: str, mean: Mean, area: Literal[1, 2] = 2) -> Decimal | None:
        """A limit; ``None`` if the standard sets none for this mean.

        Raises:
            LookupError: the limits of this class are not known here (class I before 2026-03-01).
        """
        table = self.class_2 if area == 2 else self.class_1
        if table is None:
            raise LookupError(f"{self.id}: class I limits are not known")
        return table[pollutant].get(mean)

    def daily(self, pollutant: str) -> Decimal:
        """The limit for a day: 24 hours, for ozone the highest 8 hours."""
        return self.class_2[pollutant]["8h" if pollutant == "O3" else "24h"]


def _table(**given: tuple[str, ...]) -> Mapping[str, Mapping[str, Decimal]]:
    gases = {"CO": {"24h": Decimal(4), "1h": Decimal(10)}}
    found = {
        ("PM2.5" if name == "PM25" else name): {
            mean: Decimal(text) for mean, _, text in (part.partition("=") for part in parts)
        }
        for name, parts in given.items()
    }
    return MappingProxyType({name: MappingProxyType(v) for name, v in (gases | found).items()})


_SO2 = ("year=60", "24h=150", "1h=500")
_NO2 = ("year=40", "24h=80", "1h=200")
_NO2_FINAL = ("year=30", "24h=50", "1h=200")
_O3 = ("8h=160", "1h=200")
_SO2_1 = ("year=20", "24h=50", "1h=150")
_O3_1 = ("8h=100", "1h=160")

GB3095_2012 = Limits(
    "GB3095-2012",
    "limits_2012",
    None,
    date(2026, 2, 28),
    _table(SO2=_SO2, NO2=_NO2, O3=_O3, PM10=("year=70", "24h=150"), PM25=("year=35", "24h=75")),
)
GB3095_2026_TRANSITION = Limits(
    "GB3095-2026-transition",
    "limits_2026",
    date(2026, 3, 1),
    date(2030, 12, 31),
    _table(SO2=_SO2, NO2=_NO2, O3=_O3, PM10=("year=60", "24h=120"), PM25=("year=30", "24h=60")),
    _table(SO2=_SO2_1, NO2=_NO2, O3=_O3_1, PM10=("year=40", "24h=50"), PM25=("year=15", "24h=35")),
)
GB3095_2026_FINAL = Limits(
    "GB3095-2026-final",
    "limits_2026",
    date(2031, 1, 1),
    None,
    _table(
        SO2=_SO2_1,
        NO2=_NO2_FINAL,
        O3=_O3,
        PM10=("year=50", "24h=100"),
        PM25=("year=25", "24h=50"),
    ),
    _table(SO2=_SO2_1, NO2=_NO2_FINAL, O3=_O3_1, PM10=("year=20", "24h=50"), PM25=("year=10", "24h=25")),
)
STAGES = (GB3095_2012, GB3095_2026_TRANSITION, GB3095_2026_FINAL)


def limits_on(day: date) -> Limits:
    """The stage in force on a day."""
    return next(s for s in STAGES if s.last is None or day <= s.last)
