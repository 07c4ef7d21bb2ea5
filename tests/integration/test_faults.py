"""A full disk, a locked store, a clock that was set back, a page of the store overwritten: each is said, and nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dabiao import bootstrap
from dabiao.errors import DabiaoError, StoreBusy
from dabiao.services.app import App
from dabiao.services.intake import inbox
from dabiao.services.intake.importing import import_file
from dabiao.services.jobs import history_rows
from dabiao.services.keep import backup
from dabiao.services.keep.verifying import verify
from dabiao.services.operate import doctor
from dabiao.services.operate.outcome import Level
from dabiao.store import Store
from dashboard.app import create_app
from jobs.run import Asked, run_job
from tests.factories import settings_of

HEAD = "region,indicator,period,value,unit,tier,state,source,published\n"


def table(path: Path, *values: str) -> Path:
    """A file of annual values of one series, from 2010 on."""
    rows = (
        f"泉州市,pm25,{2010 + n},{v},µg/m3,official,final,泉州市生态环境状况公报,{2011 + n}-06-05\n"
        for n, v in enumerate(values)
    )
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def held(path: Path) -> Counter[tuple[Any, ...]]:
    """Every version of every value in a store."""
    store = Store.open(path)
    try:
        return Counter(
            tuple(r) for r in store.rows("SELECT region, indicator, period, value, known_on FROM observed")
        )
    finally:
        store.close()


@pytest.fixture
def filled(app: App, tmp_path: Path, now: datetime) -> App:
    """A store with three values."""
    import_file(app, table(tmp_path / "first.csv", "31", "30", "29"), now=now)
    return app


def errors(app: App, now: datetime) -> set[str]:
    """What the check finds harmed."""
    return {f.code for f in verify(app, now).findings if f.severity == "error"}


# -- the disk is full ------------------------------------------------------------------------------------------------

FULL = """
import json, os, shutil, subprocess, sys
from datetime import UTC, datetime
from pathlib import Path
from dabiao import bootstrap, settings
from dabiao.errors import DabiaoError
from dabiao.services.intake import inbox
from dabiao.services.intake.importing import import_file
from dabiao.services.keep import backup, verifying
from dabiao.services.operate.readiness import readiness

source, disk, new, now = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=True)
home = disk / "home"
shutil.copytree(source, home)
shutil.copy(new, home / "inbox" / "new.csv")
chosen = settings.load({"DABIAO_HOME": str(home)}, disk)
said = {}

def attempt(name, action):
    try:
        action()
        said[name] = "done"
    except DabiaoError as error:
        said[name] = error.code

app = bootstrap.open_app(chosen)  # a service that runs: its log stands already
app.store.rows("SELECT count(*) FROM observed")
ballast = disk / "ballast"
with ballast.open("wb", buffering=0) as file:
    for size in (1 << 20, 1 << 12):
        try:
            while file.write(bytes(size)) == size:
                pass
        except OSError:
            pass
attempt("import", lambda: import_file(app, new, now=now))
attempt("backup", lambda: backup.back_up(app, now))
said["inbox"] = getattr(inbox.import_inbox(app, now=now, sleep=lambda _: None).stopped_by, "code", None)
said["waiting"] = sorted(p.name for p in (home / "inbox").iterdir())
said["backups"] = len(list((home / "backups").iterdir()))
said["ready"] = sorted(readiness(app.paths, lambda: bootstrap.open_app(chosen)).troubles)
said["observations"] = app.store.rows("SELECT count(*) FROM observed")[0][0]
ballast.unlink()
attempt("import_after", lambda: import_file(app, new, now=now))
attempt("backup_after", lambda: backup.back_up(app, now))
said["observations_after"] = app.store.rows("SELECT count(*) FROM observed")[0][0]
said["harmed"] = [f.code for f in verifying.verify(app, now).findings if f.severity == "error"]
print(json.dumps(said))
"""


def unshared() -> list[str] | None:
    """How a process gets mounts of its own on this machine, if it may have them."""
    for options in (["-m"], ["-r", "-m"]):
        command = ["unshare", *options]
        if (
            shutil.which("unshare")
            and not subprocess.run(
                [*command, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"],
                capture_output=True,
                check=False,
            ).returncode
        ):
            return command
    return None


def test_a_disk_without_a_byte_left(filled: App, tmp_path: Path, now: datetime) -> None:
    """A real file system, filled to the last block: import, inbox and backup say so, what stood stands, the file waits;
    with room again the same steps succeed.
    """
    command = unshared()
    if command is None:
        pytest.skip("this machine lets nobody mount a small disk")
    filled.store.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    new = table(tmp_path / "new.csv", *(f"{20 + n / 10}" for n in range(15)))
    done = subprocess.run(
        [*command, sys.executable, "-c", FULL, str(filled.paths.home), str(disk), str(new), now.isoformat()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")},
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["import"] == said["backup"] == "store_disk_full"
    assert said["inbox"] == "store_disk_full"
    assert "new.csv" in said["waiting"]
    assert said["backups"] == 0
    assert said["ready"] == ["disk"]
    assert said["observations"] == 3
    assert said["import_after"] == said["backup_after"] == "done"
    assert said["observations_after"] > 3
    assert said["harmed"] == []


# -- another process holds the lock ----------------------------------------------------------------------------------


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another connection inside a write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_store_that_another_process_holds(filled: App, tmp_path: Path, now: datetime) -> None:
    """Writers give up after the timeout with a sentence; readers and backups do not even wait; nothing is half done."""
    home = filled.paths.home
    impatient = bootstrap.open_app(settings_of(home, busy_timeout_ms="50"))
    new = table(tmp_path / "new.csv", "31.5")
    shutil.copy(new, home / "inbox" / "new.csv")
    before = held(filled.paths.store)
    try:
        with locked(filled.paths.store):
            with pytest.raises(StoreBusy) as refused:
                import_file(impatient, new, now=now)
            assert "busy_timeout_ms" in str(refused.value)
            stopped = inbox.import_inbox(impatient, now=now, sleep=lambda _: None).stopped_by
            assert stopped is not None
            assert stopped.code == "store_busy"
            with create_app(impatient.settings).server.test_client() as client:
                assert client.get("/readyz").status_code == 200
                # the audit's row of a download cannot be written, so the file does not leave
                answer = client.get("/export/targets.csv")
                assert answer.status_code == 503
                assert "busy_timeout_ms" in answer.text
            assert backup.back_up(impatient, now).rows["imports"] == 1
        assert held(filled.paths.store) == before
        assert (home / "inbox" / "new.csv").is_file()
        assert import_file(impatient, new, now=now).revised == 1
        assert errors(impatient, now) == set()
    finally:
        impatient.store.close()


# -- the clock was set back ------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back(filled: App, tmp_path: Path, now: datetime) -> None:
    """The check and the doctor say it; imports go on, and no value that was known is lost or doubled, then or later."""
    before = held(filled.paths.store)
    earlier = now - timedelta(days=2)
    assert errors(filled, earlier) == {"clock_behind"}
    opens = partial(bootstrap.open_app, filled.settings)
    said = {o.check: o for o in doctor.examine(filled.settings, filled.paths, opens, earlier)}
    assert said["clocks"].level is Level.FAIL
    for lang in ("zh-CN", "en"):
        assert "2026-11-21" in said["clocks"].to_json(lang)["message"]
    import_file(filled, table(tmp_path / "new.csv", "31", "30", "29", "28"), now=earlier)
    after = held(filled.paths.store)
    assert before <= after
    assert (after - before).total() == 1
    assert errors(filled, now) == set()


# -- a page of the store is overwritten ------------------------------------------------------------------------------


def overwrite(app: App, name: str) -> None:
    """Put noise where a table begins; the file's first page where no table is named."""
    app.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    size = app.store.rows("PRAGMA page_size")[0][0]
    found = app.store.rows("SELECT rootpage FROM sqlite_master WHERE name = ?", [name])
    app.store.close()
    page = found[0][0] if found else 1
    with app.paths.store.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def job(app: App, now: datetime) -> dict[str, Any]:
    """A run of the import job by hand, as its row tells of it."""
    run_job(app, Asked("import", now, "manual", movable=True), lambda: now)
    return history_rows(app)[0]


@pytest.mark.parametrize("name", ["", "observations", "imports", "target_versions"])
def test_an_overwritten_page(filled: App, tmp_path: Path, now: datetime, name: str) -> None:
    """Whichever page it is: check, import, backup, page and doctor say that the store is damaged and what to do, no backup of
    it is kept, and the last whole backup brings everything back.
    """
    made = backup.back_up(filled, now)
    before = held(filled.paths.store)
    overwrite(filled, name)
    opens = partial(bootstrap.open_app, filled.settings)
    new = table(tmp_path / "new.csv", "31.5")

    def refused(action: Any) -> str:
        with pytest.raises(DabiaoError) as caught:
            action()
        return caught.value.code

    examined = list(doctor.examine(filled.settings, filled.paths, opens, now))
    harmed = [o for o in examined if o.level is Level.FAIL]
    assert [o.check for o in harmed] == ["store"]
    assert "dabiao restore" in harmed[0].to_json("en")["message"]
    with create_app(filled.settings).server.test_client() as client:
        answer = client.get("/export/targets.csv")
        assert answer.status_code == 503 or name in ("observations", "imports")
        assert client.get("/healthz").status_code == 200
    if not name:
        assert refused(opens) == "store_damaged"
    else:
        app = opens()
        assert refused(lambda: backup.back_up(app, now)) in ("backup_damaged", "store_damaged")
        if name != "target_versions":  # values do not touch the targets' pages
            assert refused(lambda: import_file(app, new, now=now)) == "store_damaged"
        app.store.close()
    assert [b.path for b in backup.backups(filled.paths.backups)] == [made.path]
    home = tmp_path / "again"
    backup.restore(made.path, home)
    assert held(home / "dabiao.sqlite") == before


@pytest.mark.parametrize("command", [["verify"], ["import", "new.csv"], ["backup"], ["status"]])
def test_the_commands_say_that_the_store_is_damaged(
    filled: App,
    tmp_path: Path,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One sentence on standard error or in the listing, exit status 1, and never a traceback."""
    from dabiao.cli import main

    table(tmp_path / "new.csv", "31.5")
    overwrite(filled, "imports" if command[0] in ("verify", "import", "backup") else "target_versions")
    monkeypatch.setenv("DABIAO_HOME", str(filled.paths.home))
    monkeypatch.setenv("DABIAO_LANG", "en")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["dabiao", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert any(word in out + err for word in ("damaged", "not an intact database", "failed its check"))
    assert "Traceback" not in out + err


def test_a_job_on_a_damaged_store_fails_with_its_reason(filled: App, now: datetime) -> None:
    """Its row names the damage; the file stays in the inbox."""
    table(filled.paths.inbox / "new.csv", "31.5")
    overwrite(filled, "observations")
    app = bootstrap.open_app(filled.settings)
    try:
        row = job(app, now)
    finally:
        app.store.close()
    assert row["state"] == "failed"
    assert "not an intact database" in row["message"]
    assert (filled.paths.inbox / "new.csv").is_file()
