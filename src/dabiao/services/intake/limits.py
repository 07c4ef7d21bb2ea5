"""The rows of a file that whoever imports it may not bring: each is refused for itself, the others are taken.

An account that is limited changes what it is limited to and nothing else. What it may not bring stands in the quarantine with its
cells, for an account without limits to take in or dismiss.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from dabiao.domain.issue import Issue
from dabiao.ingest.bulk.cells import Flags
from dabiao.ingest.bulk.issues import IssueLog
from dabiao.ingest.bulk.reading import Large
from dabiao.ingest.bulk.values import Values
from dabiao.ingest.checks.rows import issue_of
from dabiao.ingest.model import Candidate, Reading
from dabiao.services.access import visible
from dabiao.services.app import App
from dabiao.services.derive import air, sections
from dabiao.services.derive.keep import KEPT

CODE = "outside_limits"
"""Under ``issue.``: a value of a series that is not the account's."""

_OF_WATER = frozenset(name for (kind, _), name in KEPT.items() if kind in ("good_share", "worse_share"))
_INPUTS: Mapping[str, frozenset[str]] = {
    name: frozenset({sections.INDICATOR} if name in _OF_WATER else air.INDICATORS) for name in KEPT.values()
}
"""What the derived indicators are derived of: who answers for the share of good days brings the days."""


class Limits:
    """Which series an account may bring values of: those in each set that its scope names.

    That is narrower than what it sees: a district sees the city's series by which its target is judged, and does not write it.
    """

    def __init__(self, app: App) -> None:
        self._scope, self._catalogue = app.scope, app.catalogue
        self._judged: frozenset[tuple[str, str]] | None = None
        if self._scope.plans or self._scope.units:
            judged = visible.part(app).judged
            self._judged = judged | {(r, source) for r, i in judged for source in _INPUTS.get(i, ())}

    def __call__(self, region: str, indicator: str) -> bool:
        regions = self._scope.regions
        if regions and not visible.within(self._catalogue, region, regions):
            return False
        return self._judged is None or (region, indicator) in self._judged


def keep_within(app: App, reading: Reading) -> Reading:
    """What was read from a file, less the values that the account may not bring; each of these is an issue with its row."""
    if app.scope.everything:
        return reading
    may = Limits(app)
    rows = tuple(c for c in reading.rows if may(c.region, c.indicator))
    beyond = [_issue(app, reading.file, c) for c in reading.rows if not may(c.region, c.indicator)]
    return replace(
        reading, rows=rows, issues=(*reading.issues, *beyond), refused=reading.refused + len(beyond)
    )


def keep_large_within(app: App, large: Large, log: IssueLog) -> None:
    """As :func:`keep_within`, of a large file."""
    if app.scope.everything:
        return
    may, values = Limits(app), large.values
    mine = np.array([may(k.region, k.indicator) for k in values.keys], np.bool_)
    beyond: Flags = ~mine[values.series]
    for candidates in large.candidates(np.sort(values.row[beyond])):
        log.add([_issue(app, large.file, c) for c in candidates.values()])
    large.refused += int(beyond.sum())
    large.values = _without(values, beyond)


def _without(values: Values, beyond: Flags) -> Values:
    """Values without some, and without the series and manners that these alone have: nothing of them reaches the store."""
    left = values.take(~beyond)
    series, by_series = np.unique(left.series, return_inverse=True)
    manners, by_manner = np.unique(left.manner, return_inverse=True)
    left.series, left.manner = by_series.astype(np.int32), by_manner.astype(np.int32)
    left.keys = [values.keys[i] for i in series.tolist()]
    left.manners = [values.manners[i] for i in manners.tolist()]
    return left


def _issue(app: App, file: str, c: Candidate) -> Issue:
    region, indicator = app.catalogue.regions[c.region].zh, app.catalogue.indicators[c.indicator].zh
    return issue_of(c, file, CODE, region=region, indicator=indicator)
