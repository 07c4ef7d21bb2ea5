"""Regions against indicators: one mark a target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html

from dabiao.domain.assessment import Status
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Measure
from dabiao.services.judge.judging import Verdict
from dashboard import present, urls
from dashboard.asked import Asked
from dashboard.components import frame
from dashboard.components.status import legend, mark

COLUMNS = {"zh-CN": 7, "en": 5}
"""How many indicators fit beside each other; English names are longer."""
ROWS = 12


@dataclass(frozen=True, slots=True)
class Matrix:
    """Which region stands in which row, which indicator in which column, and the verdicts where they cross."""

    regions: Sequence[str]
    indicators: Sequence[str]
    cells: Mapping[tuple[str, str], Sequence[Verdict]]


def arrange(verdicts: Sequence[Verdict], catalogue: Catalogue, most: int) -> Matrix:
    """The indicators that most places have a number for, and the places that have most of them.

    Args:
        verdicts: in the order in which a cell shows its marks.
        most: columns.
    """
    numeric = [v for v in verdicts if v.declared.target.measure is Measure.NUMERIC]
    places: dict[str, set[str]] = defaultdict(set)
    judged: Counter[str] = Counter()
    for v in numeric:
        t = v.declared.target
        places[t.indicator].add(t.region)
        judged[t.indicator] += v.assessment.status is not Status.NO_DATA
    order = list(catalogue.indicators)
    columns = sorted(places, key=lambda i: (-len(places[i]), -judged[i], order.index(i)))[:most]
    cells: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    filled: Counter[str] = Counter()
    for v in numeric:
        t = v.declared.target
        if t.indicator in columns:
            cells[t.region, t.indicator].append(v)
            filled[t.region] += 1
    widest = {r for r, _ in sorted(filled.items(), key=lambda item: -item[1])[:ROWS]}
    return Matrix([r for r in catalogue.regions if r in widest], columns, cells)


def matrix(verdicts: Sequence[Verdict], asked: Asked) -> list[object]:
    """The table and what its shapes mean."""
    catalogue, lang, say = asked.app.catalogue, asked.lang, asked.say
    arranged = arrange(verdicts, catalogue, COLUMNS[lang])
    if not arranged.regions:
        return [html.P(say("matrix.none"), className="soft")]
    rows = [
        [
            present.short_region(catalogue, region, lang),
            *(_cell(arranged.cells.get((region, indicator), ()), asked) for indicator in arranged.indicators),
        ]
        for region in arranged.regions
    ]
    headings = [say("matrix.region"), *(present.indicator(catalogue, i, lang) for i in arranged.indicators)]
    shown = [v for vs in arranged.cells.values() for v in vs]
    statuses = [s for s in Status if any(v.assessment.status is s for v in shown)]
    parts: list[object] = [
        frame.table(headings, rows, caption=say("matrix.heading"), classes="matrix"),
        legend(lang, statuses, say("matrix.provisional")),
    ]
    if any(v.assessment.proxy for v in shown):
        parts.append(html.P(say("matrix.proxy"), className="soft small"))
    return parts


def _cell(verdicts: Sequence[Verdict], asked: Asked) -> object:
    if not verdicts:
        return html.Span(asked.say("matrix.no_target"), className="unseen")
    return html.Div(
        [
            mark(
                v.assessment.status,
                bool(v.assessment.provisional),
                present.describe(v, asked.app.catalogue, asked.lang),
                urls.target(v.declared.target.id, asked.query),
                "*" if v.assessment.proxy else "",
            )
            for v in verdicts
        ],
        className="marks",
    )
