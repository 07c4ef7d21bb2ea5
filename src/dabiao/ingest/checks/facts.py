"""What the checks must know of each series, from the declared indicators."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import IndicatorType
from dabiao.ingest.checks.columns import Facts, facts_of
from dabiao.ingest.checks.components import WHOLES
from dabiao.ingest.checks.heaping import THRESHOLDS
from dabiao.ingest.checks.parts import NONE, OVER_MONTHS

Key = tuple[str, str, str]
"""Region, indicator and basis (as text): what makes a series."""

_RATIO = (IndicatorType.LEVEL,)
_SMOOTH = (IndicatorType.LEVEL, IndicatorType.SHARE, IndicatorType.INDEX)
_PARTS = {whole: part for part, whole in WHOLES.items()}


def with_partners(keys: Iterable[Key], catalogue: Catalogue) -> list[Key]:
    """Series in a fixed order without repetition, each with the one that it is part of and the one that is part of it."""
    found: dict[Key, None] = {}
    for region, indicator, basis in keys:
        partners = (WHOLES.get(indicator), _PARTS.get(indicator))
        for name in (indicator, *partners):
            if name is not None and name in catalogue.indicators:
                found.setdefault((region, name, basis))
    return list(found)


def facts(keys: Sequence[Key], catalogue: Catalogue) -> Facts:
    """The facts of each series, in the order of the keys."""
    number = {key: i for i, key in enumerate(keys)}
    own = {name: _own(name, catalogue) for name in {name for _, name, _ in keys}}
    rows = []
    for region, name, basis in keys:
        whole = number.get((region, WHOLES[name], basis), -1) if name in WHOLES else -1
        rows.append((*own[name], whole, THRESHOLDS.get(name, math.nan)))
    return facts_of(rows)


def _own(name: str, catalogue: Catalogue) -> tuple[float, float, bool, bool, int]:
    """The facts of an indicator, whatever the place: ``low``, ``high``, ``ratio``, ``smooth`` and ``over``."""
    indicator = catalogue.indicators[name]
    low, high = indicator.bounds
    return (
        -math.inf if low is None else float(low),
        math.inf if high is None else float(high),
        indicator.type in _RATIO,
        indicator.type in _SMOOTH,
        OVER_MONTHS.get(name, NONE),
    )
