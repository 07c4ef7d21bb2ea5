"""What the statuses of a notice rest on: the sources of their values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dabiao import i18n
from dabiao.assess.sentences import indicator_name, region_name
from dabiao.domain.observation import Observation
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict


@dataclass(frozen=True, slots=True)
class Source:
    """One source behind the judged series of one indicator in one region."""

    region: str
    indicator: str
    source: str
    url: str | None
    tier: str
    first: str
    last: str
    count: int
    published: date | None


def sources_of(app: App, chosen: Iterable[Verdict], lang: str) -> tuple[Source, ...]:
    """The sources of every value that a status rests on."""
    found: dict[tuple[str, ...], dict[int, Observation]] = defaultdict(dict)
    for v in chosen:
        a = v.assessment
        points = [*(a.series.points if a.series else ()), *([a.decided_by] if a.decided_by else ())]
        for o in (p.chosen for p in points):
            found[o.region, o.indicator, o.source, o.source_url or "", str(o.tier)][o.id] = o
    made = []
    for (region, indicator, source, url, tier), observations in sorted(found.items()):
        ordered = sorted(observations.values(), key=lambda o: (o.period, o.id))
        made.append(
            Source(
                region_name(app.catalogue.regions[region], lang),
                indicator_name(app.catalogue.indicators[indicator], lang),
                source,
                url or None,
                i18n.text(f"tier.{tier}", lang),
                str(ordered[0].period),
                str(ordered[-1].period),
                len(ordered),
                max((o.published for o in ordered if o.published), default=None),
            )
        )
    return tuple(made)
