"""Forecasts of a store's series: what is fitted again, from what, and that it can be rebuilt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from dabiao.domain.assessment import SeriesForecast
from dabiao.domain.observation import Series, series_of
from dabiao.domain.period import PeriodKind
from dabiao.services.app import App
from dabiao.services.judge import forecast_day, forecasting
from dabiao.services.judge.panels import Table
from dabiao.store import observations as observed
from dabiao.store.database import Row
from tests.factories import settings_of
from tests.unit.services.series_made import NOW, bring, bulletin, cities, regions

AS_OF = date(2026, 6, 1)
LATER = date(2026, 8, 1)


@pytest.fixture
def country(app: App, tmp_path: Path) -> App:
    """Six regions with PM2.5 of 2015–2025, all told on one day a year."""
    bring(app, tmp_path, cities(regions(app.catalogue, 6), range(2015, 2026)))
    return app


def stored(app: App) -> dict[str, Row]:
    return {r["region"]: r for r in app.store.rows("SELECT * FROM forecasts ORDER BY id")}


def counts(app: App, as_of: date = AS_OF) -> tuple[int, int]:
    done = forecasting.run_forecasts(app, as_of, NOW)
    return done["fitted"], done["unchanged"]


def series_on(app: App, as_of: date, region: str) -> Series:
    found = series_of(observed.known_observations(app.store, as_of), PeriodKind.YEAR, as_of)
    return next(s for (r, _, _), s in found.items() if r == region)


def asked(app: App, as_of: date, region: str) -> SeriesForecast:
    series = series_on(app, as_of, region)
    made = forecasting.find_or_fit(app, as_of, {"x": (series, None)}, "2026-11-21T02:00:00Z")["x"]
    assert isinstance(made, SeriesForecast)
    return made


def test_a_second_run_fits_nothing(country: App) -> None:
    """All series are fitted once; neither the next run nor the next day does it again."""
    assert counts(country) == (6, 0)
    assert counts(country) == (0, 6)
    assert counts(country, LATER) == (0, 6)


def test_a_forecast_names_what_it_learned_from(country: App) -> None:
    """Its own vintage, and the digest, day and size of its panel; the six of one family share it."""
    counts(country)
    rows = stored(country)
    assert len({r["vintage"] for r in rows.values()}) == 6
    (panel,) = country.store.rows("SELECT * FROM forecast_panels")
    assert {r["panel"] for r in rows.values()} == {panel["digest"]}
    assert (panel["indicator"], panel["kind"], panel["day"], panel["series"]) == (
        "pm25",
        "year",
        "2026-03-01",
        6,
    )


def test_news_of_many_renew_all_and_of_few_only_their_own(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the share at which a family is renewed only the changed series is fitted anew; from it on all are."""
    monkeypatch.setattr("dabiao.services.judge.panels.RENEWED_AT", 0.3)
    names = regions(app.catalogue, 6)
    bring(app, tmp_path, cities(names, range(2015, 2025)))
    assert counts(app) == (6, 0)
    bring(app, tmp_path, bulletin(names[0], {2025: 30.0}))
    assert counts(app) == (1, 5)
    assert stored(app)[names[0]]["last_period"] == "2025"
    bring(app, tmp_path, bulletin(names[1], {2025: 31.0}, published="2026-03-10"))
    assert counts(app) == (6, 0)
    assert len(app.store.rows("SELECT * FROM forecast_panels")) == 3


def test_a_forecast_can_be_rebuilt_to_the_digit(country: App, tmp_path: Path) -> None:
    """From its panel's day alone, in a store that has learned much since, every stored number comes again."""
    counts(country)
    before = country.store.rows(
        "SELECT f.*, p.day FROM forecasts f JOIN forecast_panels p ON p.digest = f.panel"
    )
    names = regions(country.catalogue, 6)
    bring(
        country, tmp_path, "".join(bulletin(n, {2025: 20.0 + i}, "2026-07-01") for i, n in enumerate(names))
    )
    with country.store.write() as db:
        db.execute("DELETE FROM forecasts")
    counts(country, date.fromisoformat(before[0]["day"]))
    again = stored(country)
    for r in before:
        for column in ("vintage", "panel", "quantiles", "distribution", "params", "first_step"):
            assert again[r["region"]][column] == r[column]


@pytest.mark.parametrize("as_of", [date(2022, 6, 1), date(2024, 3, 1), date(2025, 12, 31), AS_OF])
def test_nothing_later_than_the_day_counts(country: App, as_of: date) -> None:
    """A store without any value known later, in any series, gives the same digits and the same panel."""
    names = regions(country.catalogue, 6)
    expected = {n: asked(country, as_of, n) for n in names}
    with country.store.write() as db:
        later = [
            r["id"]
            for r in country.store.rows("SELECT id FROM observed WHERE known_on > ?", [as_of.isoformat()])
        ]
        for number in later:
            db.execute("DELETE FROM observations WHERE id = ?", [number])
    assert later or as_of == AS_OF
    assert {n: asked(country, as_of, n) for n in names} == expected


def test_a_change_in_another_series_changes_the_panel(country: App, tmp_path: Path) -> None:
    """A corrected value of one city is in the digest of all: their forecasts are other forecasts."""
    names = regions(country.catalogue, 6)
    before = asked(country, LATER, names[1])
    bring(country, tmp_path, bulletin(names[0], {2025: 12.3}, published="2026-07-01"))
    after = asked(country, LATER, names[1])
    assert (before.vintage, before.panel_day) == (after.vintage, "2026-03-01")
    assert after.panel_day == "2026-07-01"
    assert before.panel != after.panel
    assert before.steps != after.steps


def test_one_series_alone_stays_selectable(country: App, now: datetime) -> None:
    """The model ``shrunk`` learns from no other: no panel, and no companion changes it."""
    alone = replace(country, settings=settings_of(country.paths.home, model="shrunk"))
    found = asked(alone, AS_OF, regions(country.catalogue, 1)[0])
    assert (found.model, found.panel, found.panel_series) == ("shrunk", "", 1)
    assert counts(alone) == (6, 0)
    assert counts(country) == (6, 0)


def test_what_was_stored_is_what_is_found(country: App) -> None:
    """A forecast looked up is the one that would be fitted in passing, but for its id and moment."""
    name = regions(country.catalogue, 1)[0]
    passing = asked(country, AS_OF, name)
    counts(country)
    kept = asked(country, AS_OF, name)
    assert (passing.id, kept.id > 0) == (0, True)
    assert replace(kept, id=0, made_at=passing.made_at) == passing


def test_an_interrupted_run_goes_on_where_it_was(country: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told to be done is stored when the run is stopped; the next run does the rest, to the same digits."""
    monkeypatch.setattr(forecasting, "_TOGETHER", 2)
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        forecasting.run_forecasts(country, AS_OF, NOW, progress=stop)
    assert told == [(2, 6), (4, 6)]
    assert len(stored(country)) == 4
    assert counts(country) == (2, 4)
    parts = {n: r["quantiles"] for n, r in stored(country).items()}
    with country.store.write() as db:
        db.execute("DELETE FROM forecasts")
    counts(country)
    assert {n: r["quantiles"] for n, r in stored(country).items()} == parts


def test_a_short_series_is_counted_and_not_fitted(country: App, tmp_path: Path) -> None:
    """Below the declared minimum there is no forecast, but the series is a companion of the others."""
    name = regions(country.catalogue, 7)[6]
    bring(country, tmp_path, bulletin(name, dict.fromkeys(range(2022, 2026), 30.0)))
    done = forecasting.run_forecasts(country, AS_OF, NOW)
    assert (done["series"], done["fitted"], done["too_short"]) == (7, 6, 1)
    assert country.store.rows("SELECT series FROM forecast_panels")[0]["series"] == 7


def test_months_are_forecast_by_their_own_model(walked_app: App) -> None:
    """Monthly series of two years and more have a forecast of 24 months with season; shorter ones have none."""
    rows = walked_app.store.rows("SELECT * FROM forecasts WHERE kind = 'month'")
    assert rows
    assert {(r["model"], r["horizon"], r["panel"]) for r in rows} == {("blend", 24, "")}
    table = Table(walked_app.store, walked_app.catalogue.indicators, PeriodKind.MONTH, date(2026, 11, 21))
    assert all(r["observed"] >= 24 for r in rows)
    assert len(rows) <= len(table)


def test_a_further_deadline_asks_for_a_longer_forecast() -> None:
    """Ten years by default, as many as reach the deadline beyond; months keep their two years."""
    assert forecast_day.horizon_of(PeriodKind.YEAR, 2024, None) == 10
    assert forecast_day.horizon_of(PeriodKind.YEAR, 2024, 2034) == 10
    assert forecast_day.horizon_of(PeriodKind.YEAR, 2024, 2035) == 11
    assert forecast_day.horizon_of(PeriodKind.MONTH, 2024, 2035) == 24
