"""The months of an indicator as known on a day, by place: what the years in progress of all its places are forecast from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from dabiao.assess.part_year.makeup import Makeup, makeup_of
from dabiao.assess.part_year.observed import Line, lines_of
from dabiao.assess.part_year.pooled import pooled
from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Basis, Observation
from dabiao.domain.period import LONG_KINDS, PeriodKind
from dabiao.domain.target import Indicator, Target, Together, members
from dabiao.services.app import App
from dabiao.store import observations as observed

SEASONS = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4}


class Months:
    """What was known on a day, by place and by indicator: each indicator's companions are looked up once."""

    def __init__(self, known: Iterable[Observation], as_of: date) -> None:
        self.as_of = as_of
        self._known: dict[str, dict[str, list[Observation]]] = defaultdict(lambda: defaultdict(list))
        for o in known:
            self._known[o.indicator][o.region].append(o)
        self._rows: dict[tuple[str, str, PeriodKind], list[tuple[str, dict[int, float]]]] = {}

    def of(self, region: str, indicator: str) -> Sequence[Observation]:
        return self._known.get(indicator, {}).get(region, ())

    def lines(self, target: Target, indicator: Indicator, together: Sequence[str] = ()) -> list[Line]:
        """The lines that a target may be judged by: its place's own, or those of the members that it takes together."""

        def own(region: str) -> list[Line]:
            return lines_of(self.of(region, indicator.id), target.series.tiers, self.as_of)

        if not together:
            return own(target.series.region)
        averaged = makeup_of(indicator) in (Makeup.MEAN, Makeup.DAYS)
        return pooled([own(region) for region in together], target.together, averaged)

    def companions(
        self, indicator: str, basis: Basis, kind: PeriodKind
    ) -> list[tuple[str, dict[int, float]]]:
        """Every series of an indicator of one authority and kind of period."""
        asked = (indicator, basis.authority, kind)
        if asked not in self._rows:
            months = 12 // SEASONS[kind]
            found = []
            for region, observations in sorted(self._known.get(indicator, {}).items()):
                for line in lines_of(observations, tuple({o.tier for o in observations}), self.as_of):
                    row = {p.first // months: float(v) for p, v in line.values.items() if p.kind is kind}
                    if row and line.basis.authority == basis.authority:
                        found.append((f"{region}|{line.basis}", row))
            self._rows[asked] = found
        return self._rows[asked]


def taken_together(catalogue: Catalogue, target: Target) -> tuple[str, ...]:
    """The members whose mean or total a target asks for; none for a target on one series, or on each of several."""
    if target.together not in (Together.MEAN, Together.TOTAL):
        return ()
    return members(target, catalogue.regions[target.region])


class MonthsOf:
    """The months of each indicator as known on a day; those that were asked for last are kept."""

    def __init__(self, app: App, as_of: date) -> None:
        self.app, self.as_of = app, as_of
        self._last: tuple[str, Months] | None = None

    def of(self, indicator: str) -> Months:
        """The months of one indicator, of all places."""
        if self._last is None or self._last[0] != indicator:
            known = observed.known_observations(
                self.app.store, self.as_of, indicator=indicator, kinds=LONG_KINDS
            )
            self._last = (indicator, Months(known, self.as_of))
        return self._last[1]
