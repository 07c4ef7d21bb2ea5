"""The chart of each target that is off track, as a picture for the letter."""

from __future__ import annotations

from collections.abc import Iterable

from dabiao import i18n
from dabiao.assess.levels import border_of
from dabiao.domain.period import PeriodKind
from dabiao.i18n.format import unit
from dabiao.reports.chart import HEIGHT, WIDTH, Ahead, TargetChart, svg
from dabiao.reports.picture import png_of
from dabiao.services.publish.notice_words import target_text
from dabiao.services.publish.notices import Entry

FEWEST = 2
"""Observed years below which a line shows nothing that the sentence does not."""


def pictures(entries: Iterable[Entry], lang: str) -> dict[str, bytes] | None:
    """Charts as PNG by target id, of those that have a series; ``None`` where this machine can draw none."""
    drawn = {e.v.declared.target.id: svg(c) for e in entries if (c := chart(e, lang)) is not None}
    if not drawn:
        return {}
    made = png_of(list(drawn.values()), WIDTH, HEIGHT)
    return None if made is None else dict(zip(drawn, made, strict=True))


def chart(e: Entry, lang: str) -> TargetChart | None:
    """A target's annual series with its border and forecast; ``None`` where there is too little to draw."""
    a, t = e.v.assessment, e.v.declared.target
    series = a.series
    if series is None or series.kind is not PeriodKind.YEAR or len(series) < FEWEST:
        return None
    last = series.last.period.year
    ahead = [
        Ahead(int(s.period), s.point, s.lower80, s.upper80)
        for s in (a.forecast.steps if a.forecast else ())
        if s.period.isdecimal()
        and int(s.period) > last
        and (t.deadline is None or s.period <= t.deadline[:4])
    ]
    border = None if a.bounds is None else border_of(a.bounds)
    words = [i18n.text(f"notice.chart.{name}", lang) for name in ("observed", "expected", "band")]
    return TargetChart(
        observed=[(p.period.year, float(p.value)) for p in series.points],
        ahead=ahead,
        goal=None if border is None else float(border),
        deadline=int(t.deadline[:4]) if t.deadline else None,
        unit=unit(e.line.app.catalogue.indicators[t.indicator].unit, lang).strip(),
        words=(words[0], words[1], words[2], i18n.text("notice.chart.goal", lang, goal=target_text(e, lang))),
    )
