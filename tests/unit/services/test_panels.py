"""The series of a day as one table: the same values as the domain's own rule, and the panels they learn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.observation import series_of
from dabiao.domain.period import PeriodKind
from dabiao.services.app import App
from dabiao.services.judge import panels
from dabiao.services.judge.panels import Panels, Table, last_renewal
from dabiao.store import observations as observed
from tests.unit.services.series_made import bring, bulletin


@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_has_the_series_of_the_domain(walked_app: App, data: st.DataObject) -> None:
    """On any day, of any kind: the same series, values, vintages and windows as the rule of one observation at a time."""
    as_of = data.draw(st.dates(date(2015, 1, 1), date(2027, 1, 1)))
    kind = data.draw(st.sampled_from([PeriodKind.YEAR, PeriodKind.QUARTER, PeriodKind.MONTH]))
    table = Table(walked_app.store, walked_app.catalogue.indicators, kind, as_of)
    expected = series_of(observed.known_observations(walked_app.store, as_of), kind, as_of)
    found = {k: row for k, row in table.place.items() if table.today.vintages[row]}
    assert {(r, i, str(b)) for r, i, b in expected} == set(found)
    for (region, indicator, basis), series in expected.items():
        row = found[region, indicator, str(basis)]
        assert table.today.vintages[row] == series.vintage
        own = table.today.values[row]
        used = {table.today.first + c: own[c] for c in np.flatnonzero(np.isfinite(own)).tolist()}
        assert used == {p.period.code: float(p.value) for p in series.points}
        assert panels.row_of(table, series) == row


def test_what_was_corrected_later_is_used_from_that_day(app: App, tmp_path: Path) -> None:
    """A value that replaces another does so in the table from the day on which it was known."""
    bring(app, tmp_path, bulletin("220000", {2023: 30, 2024: 28}))
    bring(app, tmp_path, bulletin("220000", {2024: 27}, published="2025-09-01"))
    for day, value in ((date(2025, 6, 1), 28.0), (date(2025, 8, 31), 28.0), (date(2025, 9, 1), 27.0)):
        table = Table(app.store, app.catalogue.indicators, PeriodKind.YEAR, day)
        row = next(r for r, v in enumerate(table.today.vintages) if v)
        assert table.today.values[row, -1] == value


def spread(news: Sequence[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    days, series = np.array(news, dtype=np.int64).T
    return days, series


def test_a_family_is_renewed_when_one_in_twenty_has_news() -> None:
    """Of forty series one with news leaves the panel as it is, the second renews it; the count then begins anew."""
    start = [(1, s) for s in range(40)]
    assert last_renewal(*spread(start)) == 1
    assert last_renewal(*spread([*start, (2, 0)])) == 1
    assert last_renewal(*spread([*start, (2, 0), (3, 0)])) == 1  # the same one again is no second
    assert last_renewal(*spread([*start, (2, 0), (3, 1)])) == 3
    assert last_renewal(*spread([*start, (2, 0), (3, 1), (4, 2)])) == 3
    assert last_renewal(*spread([(1, s) for s in range(20)] + [(2, 0)])) == 2


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 50)), min_size=1, max_size=200), st.integers(1, 30)
)
def test_a_renewal_hangs_on_nothing_later(news: list[tuple[int, int]], day: int) -> None:
    """The panel of a day is the same whether or not later news are in the store."""
    told = sorted(set(news))
    renewals = {d: last_renewal(*spread([n for n in told if n[0] <= d])) for d, _ in told}
    known = [n for n in told if n[0] <= day]
    if known:
        assert last_renewal(*spread(known)) == renewals[known[-1][0]]
        assert last_renewal(*spread(known)) <= day


def test_a_series_learns_from_its_indicator_and_authority(walked_app: App) -> None:
    """Companions share indicator and authority; every series is its own companion; the digest names all."""
    table = Table(walked_app.store, walked_app.catalogue.indicators, PeriodKind.YEAR, date(2026, 11, 21))
    made = Panels(table)
    c = table.columns
    for row in np.flatnonzero([bool(v) for v in table.today.vintages]).tolist():
        companions = made.of(made.names[row])
        members = companions.grid.rows.tolist()
        assert row in members
        assert {(c.indicators[m], c.bases[m].authority) for m in members} == {
            (c.indicators[row], c.bases[row].authority)
        }
        assert companions.panel.series == len(members)
        assert companions.grid.vintages[members.index(row)] == table.today.vintages[row]


def test_a_large_family_is_dealt_by_region(walked_app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a family too large for one panel: each series in one, the same one whatever else there is."""
    monkeypatch.setattr(panels, "LARGEST", 2)
    days = (date(2024, 1, 1), date(2026, 11, 21))
    parts = []
    for day in days:
        table = Table(walked_app.store, walked_app.catalogue.indicators, PeriodKind.YEAR, day)
        sizes = np.bincount(table.family)
        parts.append(len(sizes))
        names: dict[int, set[str]] = {}
        for row, family in enumerate(table.family.tolist()):
            names.setdefault(family, set()).add(table.columns.indicators[row])
        assert all(len(n) == 1 for n in names.values())
    assert parts[0] > 10
