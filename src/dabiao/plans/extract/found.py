"""What a reader found, in offsets of the normal text, before clause, date and offices are joined to it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dabiao.domain.target import Comparator, Kind, Measure
from dabiao.plans.extract.naming import Named
from dabiao.plans.extract.outline import Clause
from dabiao.plans.extract.places import Place
from dabiao.plans.extract.timing import Bound


@dataclass(frozen=True, slots=True)
class Found:
    """One reading of one stretch of the text."""

    start: int
    end: int
    clause: Clause
    named: Named
    place: Place
    bound: Bound
    measure: Measure
    kind: Kind
    comparator: Comparator | None = None
    value: Decimal | None = None
    unit: str | None = None
    stretch: bool = False
    baseline_period: str | None = None
    baseline_value: Decimal | None = None
    change: Literal["relative", "absolute"] | None = None
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
