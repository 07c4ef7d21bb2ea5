"""The checks on values read row by row: what each of them found becomes an issue of its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.domain.observation import State, Tier
from dabiao.domain.period import Period
from dabiao.domain.rounding import decimals_of, plain
from dabiao.ingest.checks.bounds import outside
from dabiao.ingest.checks.columns import Columns, Found, Ints, one_a_period
from dabiao.ingest.checks.facts import Key, facts
from dabiao.ingest.checks.heaping import Heap
from dabiao.ingest.checks.repeats import repeats
from dabiao.ingest.checks.review import Changes, review
from dabiao.ingest.model import Candidate

_TIERS = {tier: rank for rank, tier in enumerate(Tier)}
_STATES = {state: rank for rank, state in enumerate(State)}


def check(
    candidates: Sequence[Candidate], catalogue: Catalogue, file: str
) -> tuple[list[Candidate], list[Issue], int, int]:
    """Hold candidates against their indicator and against each other.

    Two rows of one file that state one figure differently are both refused: nothing says which of them is right. Two that
    state it alike are one value and a warning.

    Returns:
        the candidates that stand, the issues, how many were refused, how many only repeat another.
    """
    keys = list(dict.fromkeys(series_of(c) for c in candidates))
    columns = _columns(candidates, keys)
    out = outside(columns, facts(keys, catalogue))
    issues = [out_of_bounds(candidates[i], catalogue, file) for i in np.flatnonzero(out).tolist()]
    bounded = columns.take(~out)
    bounded = bounded.take(np.argsort(bounded.key, kind="stable").astype(np.int64))
    said = _numbers([candidates[i].key for i in bounded.row.tolist()])
    mark = _numbers([_mark(candidates[i]) for i in bounded.row.tolist()])
    twice = repeats(bounded, said, mark)
    for at in np.flatnonzero(twice.contradicted | twice.repeated).tolist():
        candidate, other = candidates[bounded.row[at]], candidates[bounded.row[twice.other[at]]]
        if twice.contradicted[at]:
            issues.append(issue_of(candidate, file, "rows_contradict", row=other.row, value=_shown(other)))
        else:
            issues.append(issue_of(candidate, file, "row_repeated", "warning", row=other.row))
    stand = np.sort(bounded.row[~(twice.contradicted | twice.repeated)])
    refused = int(out.sum() + twice.contradicted.sum())
    return [candidates[i] for i in stand.tolist()], issues, refused, int(twice.repeated.sum())


def review_rows(
    candidates: Sequence[Candidate],
    keys: Sequence[Key],
    stored: Columns,
    catalogue: Catalogue,
    file: str,
) -> tuple[list[Issue], list[Heap]]:
    """Hold the values of a file against their series; see :func:`dabiao.ingest.checks.review.review`.

    Args:
        candidates: the values that stand.
        keys: the series, with their partners (:func:`dabiao.ingest.checks.facts.with_partners`).
        stored: what the store knows of them; ``series`` is the place in ``keys``.
        catalogue: the declared indicators.
        file: the file's name, for the issues.
    """
    columns = _columns(candidates, keys, bounds_are_values=False)
    merged = one_a_period(columns, ranks(candidates), stored)
    found, heaps = review(merged, facts(keys, catalogue), _changes(candidates))
    return [issue for f in found for issue in issues_of(f, merged, candidates, catalogue, file)], heaps


def series_of(c: Candidate) -> Key:
    """The series that a value belongs to."""
    return (c.region, c.indicator, str(c.basis))


def _columns(
    candidates: Sequence[Candidate], keys: Sequence[Key], *, bounds_are_values: bool = True
) -> Columns:
    """The values as columns. ``bounds_are_values``: 98%以上 counts as 98, else it is no number."""
    number = {key: i for i, key in enumerate(keys)}
    usable = [c.value if bounds_are_values or c.qualifier is None else None for c in candidates]
    return Columns(
        np.array([number[series_of(c)] for c in candidates], np.int32),
        np.array([c.period.code for c in candidates], np.int64),
        np.array([np.nan if v is None else float(v) for v in usable], np.float64),
        np.array([0.5 if v is None else 0.5 * 10.0 ** -decimals_of(v) for v in usable], np.float64),
        np.arange(len(candidates), dtype=np.int64),
    )


def _numbers(things: Sequence[object]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """A number for each thing; equal things have equal numbers."""
    seen: dict[object, int] = {}
    return np.array([seen.setdefault(thing, len(seen)) for thing in things], np.int32)


def _mark(c: Candidate) -> object:
    return (c.qualifier, c.printed if c.value is None else "")


def ranks(candidates: Sequence[Candidate]) -> Ints:
    """The rank of each value by :func:`rank_of`."""
    return np.array([rank_of(c.tier, c.state, c.published) for c in candidates], np.int64)


def rank_of(tier: Tier, state: State, published: date | None) -> int:
    """By precedence: tier, state, later publication; the smaller the sooner."""
    return (_TIERS[tier] * 8 + _STATES[state]) * 10**7 - (published.toordinal() if published else 0)


def _changes(candidates: Sequence[Candidate]) -> Changes:
    rows = [(i, c.change) for i, c in enumerate(candidates) if c.change is not None]
    return Changes(
        np.array([i for i, _ in rows], np.int64),
        np.array([float(change.amount) for _, change in rows], np.float64),
        np.array([change.half for _, change in rows], np.float64),
        np.array([change.kind for _, change in rows], np.int8),
    )


def issues_of(
    found: Found,
    columns: Columns,
    candidates: Sequence[Candidate] | Mapping[int, Candidate],
    catalogue: Catalogue,
    file: str,
) -> list[Issue]:
    """What a check found, as issues of the rows. ``candidates``: by the ``row`` of the columns."""
    issues = []
    for i, at in enumerate(found.at.tolist()):
        c = candidates[int(columns.row[at])]
        indicator = catalogue.indicators[c.indicator]
        params: dict[str, object] = {
            name: _say(name, column[i].item(), indicator.decimals) for name, column in found.params.items()
        }
        if c.change is not None and "printed" in params:
            params["printed"] = c.change.printed
        params |= {"indicator": indicator.zh, "unit": indicator.unit or ""}
        issues.append(issue_of(c, file, found.code, found.severity, **params))
    return issues


def _say(name: str, figure: float, decimals: int) -> object:
    """A figure as a sentence has it: a period spelt out, a count whole, a value with at most a place more than is usual."""
    if name.endswith("period"):
        return str(Period.from_code(int(figure)))
    if isinstance(figure, int):
        return figure
    return plain(round(figure, decimals + 1)) if np.isfinite(figure) else "–"


def out_of_bounds(candidate: Candidate, catalogue: Catalogue, file: str) -> Issue:
    """What is wrong with a value that :func:`~dabiao.ingest.checks.bounds.outside` has found."""
    indicator = catalogue.indicators[candidate.indicator]
    low, high = indicator.bounds
    assert candidate.value is not None
    share = high == 100 and candidate.value > 100 and indicator.unit == "%"
    return issue_of(
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


def issue_of(c: Candidate, file: str, code: str, severity: str = "error", **params: object) -> Issue:
    """An issue at the place of a value."""
    return Issue(file, code, c.sheet, c.row, c.column or None, params, severity, c.raw)
