"""Classes of surface water by one sample or mean: GB 3838-2002 table 1, single-factor evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType

from dabiao.standards.exact import Number, fraction
from dabiao.standards.statistics import exceedance


class WaterClass(IntEnum):
    """Ⅰ–Ⅴ, and 6 for worse than Ⅴ (劣Ⅴ)."""

    I = 1  # noqa: E741 - the standard's own name
    II = 2
    III = 3
    IV = 4
    V = 5
    WORSE = 6

    @property
    def good(self) -> bool:
        """Whether it counts towards the Ⅰ–Ⅲ share."""
        return self <= WaterClass.III


def _row(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(t) for t in text.split())


AT_MOST = MappingProxyType(
    {
        "CODMn": _row("2 4 6 10 15"),
        "COD": _row("15 15 20 30 40"),
        "BOD5": _row("3 3 4 6 10"),
        "NH3N": _row("0.15 0.5 1.0 1.5 2.0"),
        "TP": _row("0.02 0.1 0.2 0.3 0.4"),
        "Cu": _row("0.01 1.0 1.0 1.0 1.0"),
        "Zn": _row("0.05 1.0 1.0 2.0 2.0"),
        "F": _row("1.0 1.0 1.0 1.5 1.5"),
        "Se": _row("0.01 0.01 0.01 0.02 0.02"),
        "As": _row("0.05 0.05 0.05 0.1 0.1"),
        "Hg": _row("0.00005 0.00005 0.0001 0.001 0.001"),
        "Cd": _row("0.001 0.005 0.005 0.005 0.01"),
        "Cr6": _row("0.01 0.05 0.05 0.05 0.1"),
        "Pb": _row("0.01 0.01 0.05 0.05 0.1"),
        "CN": _row("0.005 0.05 0.2 0.2 0.2"),
        "phenol": _row("0.002 0.002 0.005 0.01 0.1"),
        "oil": _row("0.05 0.05 0.05 0.5 1.0"),
        "LAS": _row("0.2 0.2 0.2 0.3 0.3"),
        "sulfide": _row("0.05 0.1 0.2 0.5 1.0"),
        "TN": _row("0.2 0.5 1.0 1.5 2.0"),
        "coliform": _row("200 2000 10000 20000 40000"),
    }
)
"""mg/L (coliform a litre), classes Ⅰ to Ⅴ; not more than."""
TP_LAKE = _row("0.01 0.025 0.05 0.1 0.2")
DO_AT_LEAST = _row("7.5 6 5 3 2")
PH_FROM, PH_TO = Decimal(6), Decimal(9)
NOT_EVALUATED = ("TN", "coliform")
"""Items of the table that do not enter the class of a section (nor does water temperature)."""
NO_MULTIPLE = ("pH", "DO")
ITEMS = ("pH", "DO", *AT_MOST)


def item_class(item: str, value: Number, *, lake: bool = False) -> WaterClass:
    """The class of one item; of classes with the same limit the better.

    Raises:
        KeyError: the table has no such item.
    """
    number = fraction(value)
    if item == "pH":
        return WaterClass.I if PH_FROM <= number <= PH_TO else WaterClass.WORSE
    if item == "DO":
        return next(
            (WaterClass(i) for i, low in enumerate(DO_AT_LEAST, 1) if number >= low), WaterClass.WORSE
        )
    row = TP_LAKE if lake and item == "TP" else AT_MOST[item]
    return next((WaterClass(i) for i, high in enumerate(row, 1) if number <= high), WaterClass.WORSE)


@dataclass(frozen=True, slots=True)
class Section:
    """A section's class and what decided it."""

    item_classes: dict[str, WaterClass]
    water_class: WaterClass
    main_pollutants: tuple[str, ...]
    """At most three items worse than Ⅲ, the worst first; of one class the larger multiple of its Ⅲ limit first."""
    multiples: dict[str, Decimal]

    @property
    def worse_than_iii(self) -> tuple[str, ...]:
        return tuple(i for i, c in self.item_classes.items() if not c.good)


def section(values: Mapping[str, Number], *, lake: bool = False) -> Section:
    """The class of a section: that of its worst item.

    Raises:
        ValueError: no item that is evaluated.
    """
    classes = {i: item_class(i, v, lake=lake) for i, v in values.items() if i not in NOT_EVALUATED}
    if not classes:
        raise ValueError("no item that is evaluated")
    multiples = {}
    for item, found in classes.items():
        if not found.good and item not in NO_MULTIPLE:
            row = TP_LAKE if lake and item == "TP" else AT_MOST[item]
            multiples[item] = exceedance(values[item], row[2]) or Decimal(0)
    worst = sorted(
        (i for i, c in classes.items() if not c.good),
        key=lambda i: (-classes[i], -multiples.get(i, Decimal(0))),
    )
    return Section(classes, max(classes.values()), tuple(worst[:3]), multiples)


def mean_of(samples: Sequence[Mapping[str, Number]]) -> dict[str, Fraction]:
    """The arithmetic mean of each item over the samples that have it."""
    items = dict.fromkeys(i for s in samples for i in s)
    found = {}
    for item in items:
        known = [fraction(s[item]) for s in samples if item in s]
        found[item] = sum(known, Fraction()) / len(known)
    return found
