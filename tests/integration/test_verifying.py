"""Each thing that the check finds, and that it finds nothing where all is well."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest

from dabiao import i18n
from dabiao.services.app import App
from dabiao.services.keep import backup, verifying
from dabiao.store import runs


def found(app: App, now: datetime, *, everything: bool = True) -> dict[str, verifying.Finding]:
    return {f.code: f for f in verifying.verify(app, now, everything=everything).findings}


@pytest.fixture
def sound(walked_app: App, now: datetime) -> App:
    """A store with a backup: nothing is wrong with it."""
    backup.back_up(walked_app, now)
    return walked_app


def test_a_sound_store_has_no_finding(sound: App, now: datetime) -> None:
    """Everything is looked at, and nothing is found."""
    said = verifying.verify(sound, now)
    assert said.findings == []
    assert said.whole
    assert said.checked["raw_files"] == 5
    assert all(said.checked[name] >= 1 for name in ("stores", "clocks", "disks", "backups"))


def test_a_damaged_index(sound: App, now: datetime) -> None:
    """An index whose page was overwritten is damage that most reads do not show."""
    with sqlite3.connect(sound.paths.store) as db:
        name, root = db.execute(
            """SELECT name, rootpage FROM sqlite_master
               WHERE type = 'index' AND tbl_name = 'target_versions' AND rootpage > 0 LIMIT 1"""
        ).fetchone()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    sound.store.close()
    with sound.paths.store.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
    finding = found(sound, now)["store_damaged"]
    assert finding.severity == "error"
    assert str(sound.paths.store) in i18n.text("verify.store_damaged", "en", **finding.params), name


def test_a_raw_file_that_is_gone_or_changed(sound: App, now: datetime) -> None:
    """Each is named with its import; one byte is enough, and the time of the file says nothing."""
    first, second, *_ = sorted(p for p in sound.paths.raw.rglob("*") if p.is_file())
    first.unlink()
    status = second.stat()
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.unlink()  # a backup may be a link to the same bytes
    second.write_bytes(data)
    os.utime(second, ns=(status.st_atime_ns, status.st_mtime_ns))
    said = found(sound, now)
    assert set(said) == {"raw_missing", "raw_changed"}
    assert said["raw_missing"].params["path"] == first.relative_to(sound.paths.home).as_posix()
    assert said["raw_changed"].params["path"] == second.relative_to(sound.paths.home).as_posix()
    assert not verifying.verify(sound, now).whole


def test_every_raw_file_has_its_turn(sound: App, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A daily check reads only some bytes, but within days it has read every file."""
    monkeypatch.setattr(verifying, "SAMPLE", 1)
    paths = sorted(p for p in sound.paths.raw.rglob("*") if p.is_file())
    for path in paths:
        content = path.read_bytes()
        path.unlink()
        days = [
            day
            for day in range(5)
            if found(sound, now + timedelta(days=day), everything=False).get("raw_missing")
        ]
        assert len(days) == 1, path.name
        path.write_bytes(content)


@pytest.mark.parametrize(("minutes", "wrong"), [(0, False), (5, False), (6, True), (60 * 24 * 30, True)])
def test_a_clock_that_is_behind(sound: App, now: datetime, minutes: int, wrong: bool) -> None:
    """Records more than five minutes in the future mean that the clock was set back."""
    run_id = runs.start_run(
        sound.store,
        "check",
        "2026-01-01T00:00:00Z",
        "manual",
        (now + timedelta(minutes=minutes)).strftime("%FT%TZ"),
        "0",
    )
    assert run_id is not None
    assert ("clock_behind" in found(sound, now)) is wrong


class Usage(NamedTuple):
    """As :func:`shutil.disk_usage` gives it."""

    total: int
    used: int
    free: int


@pytest.mark.parametrize(("spare", "wrong"), [(0, False), (-1, True)])
def test_a_disk_that_is_nearly_full(
    sound: App, now: datetime, monkeypatch: pytest.MonkeyPatch, spare: int, wrong: bool
) -> None:
    """Less than a backup and an import need is a warning, not damage."""
    needed = 2 * sound.paths.store.stat().st_size + (64 << 20)

    def usage(_: Any) -> Usage:
        return Usage(needed * 2, needed, needed + spare)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    said = verifying.verify(sound, now)
    assert [f.code for f in said.findings] == (["disk_low"] if wrong else [])
    assert said.whole


def test_no_backup(walked_app: App, now: datetime) -> None:
    """A store that was never backed up."""
    assert set(found(walked_app, now)) == {"backup_none"}


@pytest.mark.parametrize(("hours", "wrong"), [(48, False), (49, True)])
def test_an_old_backup(sound: App, now: datetime, hours: int, wrong: bool) -> None:
    """Two days without a backup are one too many for a job of every night."""
    said = found(sound, now + timedelta(hours=hours))
    assert set(said) == ({"backup_old"} if wrong else set())
    if wrong:
        assert said["backup_old"].params["days"] == 2


def test_errors_stand_before_warnings(walked_app: App, now: datetime) -> None:
    """What is harmed comes first, what is in danger after it; each has its sentence in both languages."""
    next(p for p in walked_app.paths.raw.rglob("*") if p.is_file()).unlink()
    said = verifying.verify(walked_app, now).findings
    assert [f.severity for f in said] == ["error", "warning"]
    for finding in said:
        for lang in ("zh-CN", "en"):
            assert finding.to_json(lang)["message"]
