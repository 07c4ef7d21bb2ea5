"""Regions that an office adds: by the command, found by files at once, kept by a backup."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dabiao import bootstrap
from dabiao.errors import DeclarationError
from dabiao.services.app import App
from dabiao.services.declare.regions import Given, add_region, region_rows
from dabiao.services.intake.importing import import_file
from dabiao.services.keep import backup
from dabiao.store import audit, declared

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
SHANDONG = Given("370000", "山东省", "Shandong", "province")
JINAN = Given("370100", "济南市", "Jinan", "prefecture", "370000", aliases=("泉城",))


def again(app: App) -> App:
    """The app as the next command opens it."""
    return replace(app, catalogue=declared.catalogue(app.store))


def test_an_added_region_is_found_by_files(app: App, tmp_path: Path) -> None:
    """A file that names it is taken, by name and alias; the record says who added it."""
    file = tmp_path / "济南.csv"
    file.write_text(
        "地区,指标,时间,数值,单位\n泉城,PM2.5,2024,37,μg/m3\n济南市,PM2.5,2023,38,μg/m3\n", "utf-8"
    )
    assert import_file(app, file, now=NOW).refused == 2
    add_region(app, SHANDONG, "王某", NOW)
    add_region(app, JINAN, "王某", NOW)
    app = again(app)
    assert import_file(app, file, now=NOW).accepted == 2
    assert [r["id"] for r in region_rows(app) if r["own"]] == ["370000", "370100"]
    rows = audit.rows(app.store, action="region.added")
    assert [(r["subject"], r["actor"]) for r in rows] == [
        ("region:370000", "王某"), ("region:370100", "王某"),
    ]  # fmt: skip


def test_a_wrong_region_changes_nothing(app: App) -> None:
    """Refused with file, line and mend; neither file nor store has it."""
    with pytest.raises(DeclarationError, match=r"declared/regions\.csv:2 .*370000"):
        add_region(app, JINAN, "", NOW)
    add_region(app, SHANDONG, "", NOW)
    before = (app.paths.declared / "regions.csv").read_bytes()
    for wrong in (SHANDONG, replace(JINAN, aliases=("泉州",)), replace(JINAN, level="city")):
        with pytest.raises(DeclarationError):
            add_region(app, wrong, "", NOW)
    assert (app.paths.declared / "regions.csv").read_bytes() == before
    assert "370100" not in again(app).catalogue.regions


def test_own_files_are_loaded_with_the_programs(app: App) -> None:
    """``dabiao init`` takes in what was written by hand, and refuses all of it where one line is wrong."""
    add_region(app, SHANDONG, "", NOW)
    path = app.paths.declared / "regions.csv"
    path.write_text(path.read_text("utf-8") + "370100,济南市,Jinan,,370000,prefecture,,\n", "utf-8")
    opened, done = bootstrap.initialise(app.settings, NOW)
    assert done.changed
    assert opened.catalogue.regions["370100"].short_zh == "济南市"
    assert not bootstrap.initialise(app.settings, NOW)[1].changed
    path.write_text(path.read_text("utf-8") + "370200,青岛市,Qingdao,,379999,prefecture,,\n", "utf-8")
    with pytest.raises(DeclarationError):
        bootstrap.initialise(app.settings, NOW)


def test_a_backup_has_them(app: App, tmp_path: Path) -> None:
    """What an office declared is not in the program and would be lost with the machine."""
    add_region(app, SHANDONG, "", NOW)
    assert "declared/regions.csv" in backup.back_up(app, NOW, tmp_path / "out").files
