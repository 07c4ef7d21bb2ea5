"""Which values of a large file stand: within their bounds, and stated once or alike."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.issue import Issue
from dabiao.domain.rounding import plain
from dabiao.ingest.bulk.cells import Codes, Ints, joined
from dabiao.ingest.bulk.issues import IssueLog
from dabiao.ingest.bulk.single import RowReader
from dabiao.ingest.bulk.values import Values, slabs
from dabiao.ingest.checks.bounds import outside
from dabiao.ingest.checks.columns import Facts
from dabiao.ingest.checks.facts import facts
from dabiao.ingest.checks.repeats import repeats
from dabiao.ingest.checks.rows import issue_of, out_of_bounds
from dabiao.ingest.resolve import Context

_SLAB = 500_000
Fate = NDArray[np.int8]

_FINE, _OUTSIDE, _CONTRADICTED, _REPEATED = range(4)


@dataclass(slots=True)
class Standing:
    """The values that stand, and how many were refused, or only repeat another."""

    values: Values
    refused: int
    repeated: int


def standing(
    values: Values, catalogue: Catalogue, rows: RowReader, context: Context, log: IssueLog
) -> Standing:
    """Hold values against their indicators and against each other, as :func:`dabiao.ingest.checks.rows.check` does."""
    keys = [(k.region, k.indicator, str(k.basis)) for k in values.keys]
    fate = np.zeros(len(values), np.int8)
    other: dict[int, int] = {}
    known = facts(keys, catalogue)
    said = _numbers((m.source, m.source_url, m.state, m.published) for m in values.manners)
    for slab in slabs(values, _SLAB):
        _judge(values.take(slab), known, said, slab.start, fate[slab], other)
    flagged = np.flatnonzero(fate)
    if len(flagged):
        _report(values, flagged, fate, other, rows, context, log)
        values_left = values.take(fate == _FINE)
    else:
        values_left = values
    counts = np.bincount(fate, minlength=4).tolist()
    return Standing(values_left, counts[_OUTSIDE] + counts[_CONTRADICTED], counts[_REPEATED])


def _judge(values: Values, known: Facts, said: Codes, start: int, fate: Fate, other: dict[int, int]) -> None:
    """What becomes of some values, and the place of the value that another contradicts or repeats."""
    columns = values.columns()
    out = outside(columns, known)
    fate[out] = _OUTSIDE
    inside = np.flatnonzero(~out)
    bounded = columns.take(inside) if out.any() else columns
    mark = _marks(values)[inside]
    twice = repeats(bounded, said[values.manner[inside]], mark)
    fate[inside[twice.contradicted]] = _CONTRADICTED
    fate[inside[twice.repeated]] = _REPEATED
    found = np.flatnonzero(twice.other >= 0)
    pairs = zip((inside[found] + start).tolist(), (inside[twice.other[found]] + start).tolist(), strict=True)
    other.update(pairs)


def _marks(values: Values) -> Codes:
    """A number for what stands beside each value: 以上, or the word of a missing one."""
    qualifier = _numbers(m.qualifier for m in values.manners)
    word = _numbers(None if number is not None else printed for number, printed in values.words)
    beside = np.append(word, 0)[values.word] + 1
    beside = np.where(np.isnan(values.number), beside, 0).astype(np.int32)
    return joined([qualifier[values.manner], beside])[0]


def _numbers(things: Iterable[Hashable]) -> Codes:
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(thing, len(seen)) for thing in things], np.int32)


def _report(
    values: Values,
    flagged: Ints,
    fate: Fate,
    other: dict[int, int],
    rows: RowReader,
    context: Context,
    log: IssueLog,
) -> None:
    """The issues of the values that do not stand, row by row of the file."""
    flagged = flagged[np.argsort(values.row[flagged], kind="stable")]
    wanted = values.row[flagged]
    done = 0
    for batch in rows.cells(wanted):
        candidates = rows.read(batch, context).candidates
        issues: list[Issue] = []
        for at in flagged[done : done + len(batch)].tolist():
            candidate = candidates[int(values.row[at])]
            if fate[at] == _OUTSIDE:
                issues.append(out_of_bounds(candidate, context.catalogue, context.file))
                continue
            row = int(values.row[other[at]])
            if fate[at] == _REPEATED:
                issues.append(issue_of(candidate, context.file, "row_repeated", "warning", row=row))
            else:
                shown = _shown(values, other[at])
                issues.append(issue_of(candidate, context.file, "rows_contradict", row=row, value=shown))
        log.add(issues)
        done += len(batch)


def _shown(values: Values, at: int) -> str:
    number, printed = values.said(at)
    return plain(number) if number is not None else printed or "–"
