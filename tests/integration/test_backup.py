"""Backups: made beside writers, proved, kept by age, restored only where there is no store."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao import bootstrap
from dabiao.errors import BackupRefused, StoreTooNew, StoreUnwritable
from dabiao.services.app import App
from dabiao.services.judge import judging
from dabiao.services.keep import backup
from dabiao.store import SCHEMA_VERSION
from tests.factories import settings_of


def said(app: App, now: datetime) -> list[tuple[str, str, float | None]]:
    day = app.today(now)
    return [
        (v.declared.target.id, str(v.assessment.status), v.assessment.attainment)
        for v in judging.judge(app, day, now)
    ]


def test_a_restored_home_says_the_same(walked_app: App, now: datetime, tmp_path: Path) -> None:
    """A drill: every target of the restored store has the status and the digits of the first."""
    made = backup.back_up(walked_app, now)
    home = tmp_path / "restored"
    backup.restore(made.path, home)
    again = bootstrap.open_app(settings_of(home))
    try:
        assert said(again, now) == said(walked_app, now)
        raw = [p.relative_to(walked_app.paths.home) for p in walked_app.paths.raw.rglob("*") if p.is_file()]
        assert raw
        assert all((home / p).read_bytes() == (walked_app.paths.home / p).read_bytes() for p in raw)
        assert again.store.row("PRAGMA journal_mode")[0] == "wal"  # type: ignore[index]
    finally:
        again.store.close()


def test_a_backup_is_one_moment_of_a_store_that_is_written_to(walked_app: App, now: datetime) -> None:
    """Rows that another connection commits meanwhile are wholly in the copy or wholly not."""
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(walked_app.paths.store, timeout=10, isolation_level=None)
        number = 0
        while not stop.is_set():
            connection.execute("BEGIN IMMEDIATE")
            for name in ("one", "two"):
                connection.execute(
                    "INSERT INTO sources (title, url) VALUES (?, ?)",
                    [f"{name} {number}", "https://example.org"],
                )
            connection.execute("COMMIT")
            number += 1
        connection.close()

    before = walked_app.store.row("SELECT count(*) FROM sources")[0]  # type: ignore[index]
    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.05)
        made = backup.back_up(walked_app, now)
    finally:
        stop.set()
        writer.join()
    with sqlite3.connect(made.path / backup.STORE) as copy:
        pairs = dict(
            copy.execute(
                "SELECT substr(title, 1, 3), count(*) FROM sources WHERE title LIKE 'one %' OR title LIKE 'two %' GROUP BY 1"
            )
        )
    assert pairs["one"] == pairs["two"] > 0
    assert made.rows["sources"] == before + pairs["one"] + pairs["two"]


def spoil_store(folder: Path) -> None:
    path = folder / backup.STORE
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\0" * (len(data) - len(data) // 2)
    path.write_bytes(data)


def cut_manifest(folder: Path) -> None:
    path = folder / backup.MANIFEST
    path.write_text(path.read_text("utf-8")[:100], "utf-8")


def lose_raw(folder: Path) -> None:
    next(p for p in (folder / "raw").rglob("*") if p.is_file()).unlink()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (spoil_store, "backup_file_changed"),
        (cut_manifest, "backup_unreadable"),
        (lose_raw, "backup_file_missing"),
    ],
)
def test_a_harmed_backup_is_refused(walked_app: App, now: datetime, tmp_path: Path, harm, code: str) -> None:  # type: ignore[no-untyped-def]
    """A backup that is not what its manifest says is not restored, and leaves no store behind."""
    made = backup.back_up(walked_app, now)
    harm(made.path)
    home = tmp_path / "restored"
    with pytest.raises(BackupRefused) as refused:
        backup.restore(made.path, home)
    assert refused.value.code == code
    assert not (home / backup.STORE).exists()


def test_a_damaged_store_makes_no_backup(walked_app: App, now: datetime) -> None:
    """A copy of a store with a damaged index is not kept as if it were whole."""
    store = walked_app.paths.store
    walked_app.store.row("PRAGMA wal_checkpoint(TRUNCATE)")
    root = walked_app.store.row("SELECT rootpage FROM sqlite_master WHERE name = 'imports_sha256'")
    size = walked_app.store.row("PRAGMA page_size")
    assert root is not None
    assert size is not None
    walked_app.store.close()
    with store.open("r+b") as file:
        file.seek((root[0] - 1) * size[0] + 200)
        file.write(b"\xff" * (size[0] - 200))
    with pytest.raises((BackupRefused, StoreUnwritable)):
        backup.back_up(walked_app, now)
    assert list(walked_app.paths.backups.iterdir()) == []


def test_restore_overwrites_no_store(walked_app: App, now: datetime) -> None:
    """A home that has a store keeps it."""
    made = backup.back_up(walked_app, now)
    before = walked_app.paths.store.read_bytes()
    with pytest.raises(BackupRefused) as refused:
        backup.restore(made.path, walked_app.paths.home)
    assert refused.value.code == "restore_not_empty"
    assert walked_app.paths.store.read_bytes() == before


def rewrite(folder: Path, version: int) -> None:
    """Give the copy another schema number, and the manifest the sums that go with it."""
    with sqlite3.connect(folder / backup.STORE) as copy:
        copy.execute(f"PRAGMA user_version = {version}")
    manifest = json.loads((folder / backup.MANIFEST).read_text("utf-8"))
    manifest["files"][backup.STORE] = backup._sha256(folder / backup.STORE)
    (folder / backup.MANIFEST).write_text(json.dumps(manifest), "utf-8")


def test_a_backup_of_a_newer_program_is_refused(walked_app: App, now: datetime, tmp_path: Path) -> None:
    """The older program does not touch what it does not know."""
    made = backup.back_up(walked_app, now)
    rewrite(made.path, SCHEMA_VERSION + 1)
    with pytest.raises(StoreTooNew):
        backup.restore(made.path, tmp_path / "restored")
    assert not (tmp_path / "restored" / backup.STORE).exists()


def test_a_full_disk_leaves_no_backup(walked_app: App, now: datetime) -> None:
    """A copy that the file size limit of the process cuts off leaves nothing, and the store as it was."""
    script = (
        "import resource, signal\n"
        "from datetime import datetime, UTC\n"
        "from dabiao import bootstrap, settings\n"
        "from dabiao.errors import StoreUnwritable\n"
        "from dabiao.services.keep import backup\n"
        "app = bootstrap.open_app(settings.load())\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))\n"
        "try:\n"
        "    backup.back_up(app, datetime.now(UTC))\n"
        "except StoreUnwritable as error:\n"
        "    print(error.code)\n"
    )
    environment = {**os.environ, "DABIAO_HOME": str(walked_app.paths.home)}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.stdout.strip() == "store_disk_full", done.stderr
    assert list(walked_app.paths.backups.iterdir()) == []
    assert walked_app.store.row("PRAGMA integrity_check")[0] == "ok"  # type: ignore[index]


def test_a_backup_that_is_killed_is_no_backup(walked_home: Path) -> None:
    """Killed at any moment, the folder lists whole backups only; the next run clears what was left."""
    environment = {**os.environ, "DABIAO_HOME": str(walked_home)}
    script = "from dabiao.cli import main; main()"
    for wait in (0.9, 1.1, 1.3):
        process = subprocess.Popen(
            [sys.executable, "-c", script, "backup"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for made in backup.backups(walked_home / "backups"):
            backup.verify_backup(made.path)
    done = subprocess.run(
        [sys.executable, "-c", script, "backup", "--format", "json"],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    backup.verify_backup(Path(json.loads(done.stdout)[0]["path"]))


def test_old_backups_go_by_age(walked_app: App, now: datetime) -> None:
    """Of forty nightly backups those of seven days, five weeks and twelve months stay, and nothing else is removed."""
    folder = walked_app.paths.backups
    first = backup.back_up(walked_app, now - timedelta(days=39))
    for days in range(39):
        at = now - timedelta(days=days)
        path = folder / at.strftime("%Y%m%dT%H%M%SZ")
        shutil.copytree(first.path, path)
        manifest = json.loads((path / backup.MANIFEST).read_text("utf-8"))
        manifest["made_at"] = at.isoformat()
        (path / backup.MANIFEST).write_text(json.dumps(manifest), "utf-8")
    (folder / "notes.txt").write_text("mine", "utf-8")
    backup.rotate(folder, 7, 5, 12)
    kept = [b.at.date().isoformat() for b in backup.backups(folder)]
    assert kept[-7:] == [f"2026-11-{d}" for d in range(15, 22)]
    assert kept[:-7] == ["2026-10-25", "2026-10-31", "2026-11-01", "2026-11-08"]
    assert (folder / "notes.txt").is_file()


@given(
    days=st.lists(st.integers(0, 3000), min_size=1, max_size=60),
    keep=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
)
def test_the_newest_backup_is_never_removed(days: list[int], keep: tuple[int, int, int]) -> None:
    """Whatever the numbers, the newest stays; a removed one never comes back into the rule a day later."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = {start + timedelta(days=d) for d in days}
    kept = backup.to_keep(made, *keep)
    assert max(made) in kept <= made
    assert backup.to_keep(kept, *keep) == kept
