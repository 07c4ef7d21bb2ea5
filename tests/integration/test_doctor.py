"""The doctor: each thing that it looks at, as it should be and as it should not, with its mend in both languages."""

from __future__ import annotations

import json
import os
import resource
import socket
import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dabiao import bootstrap, i18n
from dabiao.services import jobs
from dabiao.services.app import App, stamp
from dabiao.services.keep import backup
from dabiao.services.operate import doctor, machine
from dabiao.services.operate.outcome import Level, Outcome
from dabiao.store import SCHEMA_VERSION, runs
from tests.factories import settings_of

CHECKS = {
    "settings", "versions", "descriptors", "home", "file_system", "permissions", "browser", "fonts", "store", "journal",
    "clocks", "disks", "backups", "accounts", "scheduler", "runs",
}  # fmt: skip


def examined(app: App, now: datetime, *, network: bool = False, **changed: Any) -> dict[str, Outcome]:
    """What the doctor says of a deployment, by check."""
    chosen = app.settings.model_copy(update=changed)
    app.store.close()
    opens = partial(bootstrap.open_app, chosen)
    return {o.check: o for o in doctor.examine(chosen, app.paths, opens, now, network=network)}


@pytest.fixture
def sound(app: App, now: datetime) -> App:
    """A deployment as it should be: a private home, a backup, a scheduler that lives."""
    app.paths.home.chmod(0o700)
    backup.back_up(app, now)
    runs.take_lease(app.store, "scheduler", "host:1", stamp(now), stamp(now + timedelta(minutes=1)))
    return app


def test_a_sound_deployment(sound: App, now: datetime) -> None:
    """Nothing fails, whatever browser, fonts and limits this machine has; each outcome has its sentence in both languages."""
    found = examined(sound, now)
    assert set(found) == CHECKS
    wrong = {name for name, o in found.items() if o.level is not Level.OK}
    assert wrong <= {"browser", "fonts", "descriptors", "file_system"}
    for outcome in found.values():
        zh, en = (outcome.to_json(lang)["message"] for lang in i18n.LANGS)
        assert zh != en


def test_a_scheduler_that_is_gone(sound: App, now: datetime) -> None:
    """The lease has run out."""
    assert examined(sound, now)["scheduler"].level is Level.OK
    assert examined(sound, now + timedelta(minutes=2))["scheduler"].level is Level.WARN


def test_failed_and_paused_jobs(sound: App, now: datetime) -> None:
    """Each is named with the commands that mend it."""
    number = runs.start_run(sound.store, "import", stamp(now), "schedule", stamp(now), "0")
    assert number is not None
    runs.finish_run(sound.store, number, "failed", stamp(now), {}, "error", "disk full")
    jobs.pause(sound, "backup", now, "甲")
    found = examined(sound, now)
    assert found["runs"].level is found["pause"].level is Level.WARN
    assert "dabiao jobs run import" in found["runs"].to_json("en")["message"]
    assert "dabiao jobs resume backup" in found["pause"].to_json("zh-CN")["message"]


@pytest.mark.parametrize(
    ("host", "level"), [("127.0.0.1", Level.OK), ("::1", Level.OK), ("0.0.0.0", Level.FAIL)]
)
def test_an_open_address_needs_an_admin(sound: App, now: datetime, host: str, level: Level) -> None:
    """Without one the dashboard would not start: the doctor says so before it is tried."""
    assert examined(sound, now, host=host)["accounts"].level is level


def test_no_backup_and_an_old_one(app: App, now: datetime) -> None:
    """Both are dangers, in the words of the check."""
    assert examined(app, now)["backups"].key == "verify.backup_none"
    backup.back_up(app, now - timedelta(days=3))
    assert examined(app, now)["backups"].key == "verify.backup_old"


@pytest.mark.parametrize(
    ("version", "key"),
    [(SCHEMA_VERSION - 1, "error.migration_needed"), (SCHEMA_VERSION + 1, "error.store_too_new")],
)
def test_a_store_of_another_program(sound: App, now: datetime, version: int, key: str) -> None:
    """Nothing more can be looked at in it."""
    with closing(sqlite3.connect(sound.paths.store)) as db:
        db.execute(f"PRAGMA user_version = {version}")
    found = examined(sound, now)
    assert (found["store"].level, found["store"].key) == (Level.FAIL, key)
    assert "journal" not in found


def test_a_store_that_is_not_there(sound: App, now: datetime) -> None:
    """The command that makes it is named."""
    sound.store.close()
    for path in sound.paths.home.glob("dabiao.sqlite*"):
        path.unlink()
    found = examined(sound, now)["store"]
    assert found.level is Level.FAIL
    assert "dabiao init" in found.to_json("en")["message"]


def test_a_journal_that_is_not_a_log(sound: App, now: datetime) -> None:
    """Readers would wait for the writer."""
    sound.store.close()
    with closing(sqlite3.connect(sound.paths.store)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    assert examined(sound, now)["journal"].level is Level.FAIL


@pytest.mark.parametrize(
    ("name", "mode", "key"),
    [
        ("dabiao.sqlite", 0o644, "doctor.permissions.wrong"),
        ("dabiao.sqlite", 0o640, "doctor.permissions.ok"),
        ("dabiao.sqlite", 0o660, "doctor.permissions.ok"),
        ("dabiao.sqlite", 0o646, "doctor.permissions.writable"),
        ("dabiao.toml", 0o644, "doctor.permissions.ok"),
        ("dabiao.toml", 0o602, "doctor.permissions.writable"),
        ("", 0o777, "doctor.permissions.writable"),
    ],
)
def test_what_others_can_read_or_write(
    tmp_path: Path, name: str, mode: int, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folders above let them in: reading the store is a warning, writing anything a failure."""
    monkeypatch.setattr(machine, "_reachable", lambda _: True)
    home = tmp_path / "home"
    home.mkdir(mode=0o750)
    for given in ("dabiao.sqlite", "dabiao.toml"):
        (home / given).touch(0o640)
    (home / name).chmod(mode)
    settings = settings_of(home)
    found = machine._open_to_others(settings, bootstrap.paths(settings))
    assert found.key == key
    levels = {"wrong": Level.WARN, "ok": Level.OK, "writable": Level.FAIL}
    assert found.level is levels[key.rpartition(".")[2]]


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw - nfs4 host:/export rw
31 30 8:2 / /srv/local\\040disk rw - xfs /dev/sdb rw
32 22 0:41 / /dev/shm rw - tmpfs tmpfs rw
33 22 0:42 / /media/office rw - cifs //office/share rw
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib/dabiao", "ext4"),
        ("/srv/dabiao", "nfs4"),
        ("/srv", "nfs4"),
        ("/srvother", "ext4"),
        ("/srv/local disk/dabiao", "xfs"),
        ("/dev/shm/x", "tmpfs"),
        ("/media/office/dabiao", "cifs"),
    ],
)
def test_the_file_system_of_a_folder(tmp_path: Path, folder: str, kind: str) -> None:
    """The deepest mount that holds the folder says it, with spaces as the kernel writes them."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, "utf-8")
    assert machine.file_system(Path(folder), mounts) == kind


@pytest.mark.parametrize("text", ["", "nonsense", "22 1 8:1 /", "22 1 8:1 / / rw -"])
def test_a_table_of_mounts_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    """Another system, or another kernel: it is not known, and that is no fault."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(text, "utf-8")
    assert machine.file_system(Path("/srv"), mounts) == "?"
    assert machine.file_system(Path("/srv"), tmp_path / "none") == "?"


@pytest.mark.parametrize(
    ("kind", "key"), [("nfs4", "network"), ("tmpfs", "passing"), ("ext4", "ok"), ("?", "ok")]
)
def test_a_file_system_that_will_not_do(
    app: App, monkeypatch: pytest.MonkeyPatch, kind: str, key: str
) -> None:
    """Locks that do not hold, and a disk that forgets, are dangers with sentences of their own."""
    monkeypatch.setattr(machine, "file_system", lambda *_: kind)
    found = machine._file_system(app.paths, Path("/none"))
    assert found.key == f"doctor.file_system.{key}"
    assert (found.level is Level.OK) is (key == "ok")


@pytest.mark.parametrize(("limit", "level"), [(1023, Level.WARN), (1024, Level.OK)])
def test_few_file_descriptors(monkeypatch: pytest.MonkeyPatch, limit: int, level: Level) -> None:
    """What eight threads a worker and their connections need."""
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    assert machine._descriptors().level is level


def test_other_servers_are_reached_only_when_asked(sound: App, now: datetime) -> None:
    """A connection is made and closed; nothing is said on it. One that is not there is a danger, not a failure."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        heard: list[bytes] = []

        def answer() -> None:
            with server.accept()[0] as one:
                one.settimeout(10)
                heard.append(one.recv(100))

        port = server.getsockname()[1]
        thread = threading.Thread(target=answer)
        thread.start()
        assert "mail" not in examined(sound, now, smtp_host="127.0.0.1", smtp_port=port)
        found = examined(sound, now, network=True, smtp_host="127.0.0.1", smtp_port=port)
        thread.join(20)
        assert found["mail"].level is Level.OK
        assert heard == [b""]
    gone = examined(
        sound, now, network=True, smtp_host="127.0.0.1", smtp_port=port, webhook_hosts=f"127.0.0.1:{port}"
    )
    assert gone["mail"].level is gone["webhook"].level is Level.WARN


def test_the_command(app: App, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output carries the listing alone; warnings leave the status 0, a failure makes it 1, and so do wrong settings."""
    from dabiao.cli import main

    home = app.paths.home
    app.store.close()

    def run(*words: str, **environ: str) -> tuple[int, str, str]:
        with monkeypatch.context() as patched:
            for name in [n for n in os.environ if n.startswith("DABIAO_")]:
                patched.delenv(name)
            for name, value in ({"DABIAO_HOME": str(home), "DABIAO_LANG": "en"} | environ).items():
                patched.setenv(name, value)
            patched.setattr("sys.argv", ["dabiao", "doctor", *words])
            with pytest.raises(SystemExit) as ended:
                main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    status, out, err = run("--format", "json")
    rows = {row["check"]: row for row in json.loads(out)}
    assert status == 0
    assert {row["level"] for row in rows.values()} <= {"ok", "warn"}
    assert rows["scheduler"]["level"] == "warn"
    assert "to look at" in err
    assert run(DABIAO_HOST="0.0.0.0")[0] == 1
    status, out, _ = run(DABIAO_PORT="many")
    assert status == 1
    assert "port" in out
