"""Units: one spelling for each, and the few that are declared equals. Nothing else is ever converted."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_DASHES = re.compile(r"[‐‑‒–—―−﹣－ー─]")
_UNITS: dict[str, tuple[str, ...]] = {
    "µg/m3": (
        "ug/m3", "ugm-3", "微克/立方米", "微克每立方米", "微克/每立方米", "微克/m3", "每立方米微克", "微克/立方", "微克每立方", "ug/立方米",
        "ug/nm3",
    ),
    "mg/m3": ("mgm-3", "毫克/立方米", "毫克每立方米", "毫克/每立方米", "毫克/m3", "每立方米毫克", "毫克/立方", "毫克每立方", "mg/立方米", "mg/nm3"),
    "%": ("percent", "pct", "百分比", "百分数", "百分率"),
    "个百分点": ("百分点", "percentagepoints", "pp"),
    "km2": ("平方公里", "平方千米", "sqkm"),
    "km": ("公里", "千米"),
    "m3": ("立方米",),
    "mg/L": ("毫克/升", "毫克每升"),
    "天": ("日", "days", "day", "d"),
    "名": ("位",),
    "个": (),
    "吨": (),
    "亩": (),
    "万亩": (),
    "万吨": (),
}  # fmt: skip
_CONVERSIONS = {("mg/m3", "µg/m3"): 3}
"""Declared equals, and nothing else: (as printed, as kept) → power of ten. The digits stay, only the point moves."""

_SCALES = {"": 0, "万": 4, "亿": 8, "万亿": 12}
SCALES = frozenset(_SCALES) - {""}
"""Words that count in ten thousands and hundred millions. As part of a unit (万亩) they belong to it."""


def unit_of(text: str) -> str:
    """One spelling for a unit: ``μg/m³``, ``ug/m3`` and ``微克/立方米`` are ``µg/m3``. An unknown one comes back as it is."""
    normal = _unit_key(text)
    return _SPELLINGS.get(normal, text.strip())


def same_unit(one: str, other: str) -> bool:
    """Whether two spellings name one unit."""
    return _unit_key(unit_of(one)) == _unit_key(unit_of(other))


def known_unit(text: str) -> bool:
    """Whether a spelling is among the declared ones."""
    return _unit_key(text) in _SPELLINGS


def scaled(unit: str) -> tuple[str, str]:
    """The counting word before a unit, and the unit: ``万亩`` → ``("万", "亩")``, ``吨`` → ``("", "吨")``."""
    for scale in ("万亿", "亿", "万"):
        if unit.startswith(scale):
            return scale, unit.removeprefix(scale)
    return "", unit


def converted(number: Decimal, printed: str, kept: str) -> Decimal | None:
    """A number in the unit ``printed``, in the unit ``kept``; ``None`` where the two are no declared equals.

    Units that differ only in 万 or 亿 are equals: 12000亩 is 1.2万亩.
    """
    if same_unit(printed, kept):
        return number
    power = _CONVERSIONS.get((unit_of(printed), unit_of(kept)))
    if power is None:
        (scale, base), (kept_scale, kept_base) = scaled(printed.strip()), scaled(kept.strip())
        if scale == kept_scale or not (same_unit(base, kept_base) if base or kept_base else True):
            return None
        power = _SCALES[scale] - _SCALES[kept_scale]
    return number.scaleb(power)


@lru_cache(maxsize=4096)
def _unit_key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s()^·]+", "", _DASHES.sub("-", plain)).replace("μ", "u")


_SPELLINGS = {_unit_key(name): unit for unit, names in _UNITS.items() for name in (unit, *names)}
