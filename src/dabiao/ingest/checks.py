"""What is held against values that could be read: bounds, and rows that say one thing twice or two things at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.domain.rounding import plain
from dabiao.ingest.model import Candidate


def check(
    candidates: Sequence[Candidate], catalogue: Catalogue, file: str
) -> tuple[list[Candidate], list[Issue], int, int]:
    """Hold candidates against their indicator and against each other.

    Two rows of one file that state one figure differently are both refused: nothing says which of them is right. Two that
    state it alike are one value and a warning.

    Returns:
        the candidates that stand, the issues, how many were refused, how many only repeat another.
    """
    issues: list[Issue] = []
    bounded: list[Candidate] = []
    for candidate in candidates:
        found = _bounds(candidate, catalogue, file)
        if found is None:
            bounded.append(candidate)
        else:
            issues.append(found)
    refused = len(issues)
    groups: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for candidate in bounded:
        groups[candidate.key].append(candidate)
    kept: list[Candidate] = []
    repeated = 0
    for group in groups.values():
        first, *others = group
        if len({(c.value, c.qualifier, c.printed if c.value is None else "") for c in group}) > 1:
            refused += len(group)
            for c in group:
                other = first if c is not first else others[0]
                issues.append(_issue(c, file, "rows_contradict", row=other.row, value=_shown(other)))
            continue
        kept.append(first)
        repeated += len(others)
        issues.extend(_issue(c, file, "row_repeated", "warning", row=first.row) for c in others)
    return kept, issues, refused, repeated


def _bounds(candidate: Candidate, catalogue: Catalogue, file: str) -> Issue | None:
    indicator = catalogue.indicators[candidate.indicator]
    low, high = indicator.bounds
    value = candidate.value
    if value is None:
        return None
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    share = high == 100 and value > 100 and indicator.unit == "%"
    return _issue(
        candidate,
        file,
        "share_over_100" if share else "out_of_bounds",
        value=_shown(candidate),
        indicator=indicator.zh,
        low="–" if low is None else plain(low),
        high="–" if high is None else plain(high),
    )


def _shown(candidate: Candidate) -> str:
    return plain(candidate.value) if candidate.value is not None else candidate.printed or "–"


def _issue(c: Candidate, file: str, code: str, severity: str = "error", **params: object) -> Issue:
    return Issue(file, code, c.sheet, c.row, c.column or None, params, severity, c.raw)
