"""Declared files into the store: all of them or none, and nothing twice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dabiao import bootstrap
from dabiao.domain.rounding import plain
from dabiao.errors import DeclarationError, StoreUnwritable
from dabiao.plans.findings import Finding
from dabiao.plans.load import Declared, load
from dabiao.services.app import App, Paths, stamp
from dabiao.services.contract import json_number
from dabiao.services.declare import setup
from dabiao.services.declare.targets import content_of, from_content, targets_as_of
from tests.factories import settings_of

SAME = [
    "id",
    "region",
    "indicator",
    "measure",
    "kind",
    "quote",
    "clause",
    "comparator",
    "unit",
    "tolerance_note",
    "deadline",
    "deadline_note",
    "stretch",
    "change",
    "printed",
    "read_as",
    "read_why",
    "note",
]
"""Fields that a target has as its plan file's entry has them."""


@pytest.fixture(scope="module")
def declared(data: Path) -> Declared:
    return load(data)


def test_a_day_begins_where_the_office_is(app: App) -> None:
    """In Shanghai the day of 16:00 UTC is tomorrow's."""
    assert app.today(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert app.today(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)
    elsewhere = replace(app, settings=settings_of(app.paths.home, timezone="America/New_York"))
    assert elsewhere.today(datetime(2026, 11, 22, 4, 0, tzinfo=UTC)) == date(2026, 11, 21)


def test_a_moment_is_stored_in_utc_to_the_second() -> None:
    """Stamps of every timezone sort as text."""
    from zoneinfo import ZoneInfo

    there = datetime(2026, 11, 21, 10, 0, 0, 999999, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert stamp(there) == "2026-11-21T02:00:00Z"


def test_an_error_keeps_everything_out(app: App, declared: Declared, now: datetime) -> None:
    """One wrong file, and nothing of the others is loaded: the store never holds half a change."""
    before = app.store.data_version()
    broken = replace(declared, plans=(), findings=(Finding("a.yaml", 1, "yaml_broken", {"detail": "x"}),))
    with pytest.raises(DeclarationError, match="1 error in"):
        setup.load_declared(app, broken, now)
    assert app.store.data_version() == before
    assert len(targets_as_of(app, app.today(now))) == sum(len(p.targets) for p in declared.plans)


def test_a_warning_keeps_nothing_out(app: App, declared: Declared, now: datetime) -> None:
    """A warning is said by the check; the files are loaded all the same."""
    warned = replace(declared, findings=(Finding("a.yaml", 1, "quote_without_value", {}, "warning"),))
    assert setup.load_declared(app, warned, now).changed is False


def test_a_changed_and_a_removed_plan(app: App, data: Path, tmp_path: Path, now: datetime) -> None:
    """A corrected value is a new version from today, a removed plan is withdrawn from today; a repeat changes nothing."""
    own = tmp_path / "data"
    shutil.copytree(data, own)
    mine = replace(app, paths=Paths(app.paths.home, own))
    plan = own / "plans/jilin-2024.yaml"
    plan.write_text(plan.read_text("utf-8").replace("value: 45.22", "value: 45.220", 1), encoding="utf-8")
    (own / "plans/yingtan-2021.yaml").unlink()
    later = now + timedelta(days=2)
    done = setup.load_declared(mine, load(own), later)
    assert done.changed
    assert (done.counts["changed"], done.counts["withdrawn"], done.counts["added"]) == (1, 44, 0)
    today, before = mine.today(later), mine.today(now)
    assert {d.target.plan for d in targets_as_of(mine, before)} - {
        d.target.plan for d in targets_as_of(mine, today)
    } == {"yingtan-2021"}
    found = {d.target.id: d for d in targets_as_of(mine, today)}["jilin-2024-wetland-protection"]
    assert (str(found.target.value), found.target.decimals, found.version) == ("45.220", 3, 2)
    assert setup.load_declared(mine, load(own), later).changed is False


def test_init_makes_every_folder_and_can_be_repeated(tmp_path: Path, now: datetime) -> None:
    """The home has every folder that the program writes to; a second init loads nothing."""
    settings = settings_of(tmp_path / "home")
    app, done = bootstrap.initialise(settings, now)
    assert done.changed
    assert all(folder.is_dir() for folder in app.paths.folders())
    app.store.close()
    again, done = bootstrap.initialise(settings, now)
    assert not done.changed
    assert len(again.catalogue.indicators) == len(app.catalogue.indicators)
    again.store.close()


def test_init_below_a_file_is_said(tmp_path: Path, now: datetime) -> None:
    """Where no folder can be made the error names the place and the setting."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnwritable, match="DABIAO_HOME"):
        bootstrap.initialise(settings_of(tmp_path / "file/home"), now)


def test_the_stored_catalogue_is_the_declared_one(app: App, declared: Declared) -> None:
    """Regions, indicators and units come back from the store as they were declared."""
    assert dict(app.catalogue.regions) == dict(declared.catalogue.regions)
    assert dict(app.catalogue.indicators) == dict(declared.catalogue.indicators)
    assert dict(app.catalogue.units) == dict(declared.catalogue.units)


def test_a_target_comes_back_as_it_was_declared(declared: Declared) -> None:
    """No field of a plan file's entry is lost or loses a digit on its way through the store."""
    for plan in declared.plans:
        for spec in plan.targets:
            t = from_content(spec.id, plan.plan.id, content_of(spec, plan))
            for name in SAME:
                assert getattr(t, name) == getattr(spec, name), (spec.id, name)
            assert (str(t.value), str(t.tolerance)) == (str(spec.value), str(spec.tolerance))
            assert (list(t.lead_units), list(t.responsible_units), list(t.same_as)) == (
                spec.lead_units,
                spec.responsible_units,
                spec.same_as,
            )
            assert t.baseline_declared == (spec.baseline is not None)
            if spec.baseline is not None:
                assert (t.baseline_period, t.baseline_value) == (spec.baseline.period, spec.baseline.value)
            elif plan.plan.schedule_base is not None:
                assert t.baseline_period == plan.plan.schedule_base.period


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, None),
        (Decimal(27), 27),
        (Decimal("45.22"), 45.22),
        (Decimal("1E+3"), 1000),
        (Decimal("0.9"), 0.9),
        (Decimal(-3), -3),
        (26.9, 26.9),
        (27.0, 27),
    ],
)
def test_json_numbers_have_the_digits_of_the_plan(
    value: Decimal | float | None, number: float | None
) -> None:
    """27 is written 27 and not 27.0; 45.22 is 45.22; nothing has an exponent."""
    found = json_number(value)
    assert (found, type(found)) == (number, type(number))
    assert value is None or plain(value) == str(found)
