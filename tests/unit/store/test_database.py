"""The one file: made and brought forward safely, refused where it must not be touched, written whole or not at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from dabiao.errors import MigrationNeeded, StoreBusy, StoreMissing, StoreTooNew, StoreUnwritable
from dabiao.store import Store
from dabiao.store.migrations import SCHEMA_VERSION, migrations

REGION = {
    "id": "220000",
    "zh": "吉林省",
    "en": "Jilin Province",
    "short_zh": "吉林省",
    "parent": None,
    "level": "province",
    "members": "[]",
    "aliases": "[]",
}


def add_region(store: Store, **more: object) -> None:
    with store.write() as db:
        db.table("regions").insert({**REGION, **more})


def regions(store: Store) -> int:
    row = store.row("SELECT count(*) FROM regions")
    assert row is not None
    return int(row[0])


def set_version(path: Path, version: int) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


# -- opening -----------------------------------------------------------------------------------------------------


def test_the_schema_version_is_the_number_of_steps(empty_store: Store) -> None:
    """A new step raises SCHEMA_VERSION, or an old store would be taken for a current one."""
    assert len(migrations.applied(empty_store.db)) == SCHEMA_VERSION
    assert empty_store.schema_version() == SCHEMA_VERSION


def test_every_table_of_ours_is_strict(empty_store: Store) -> None:
    """No table takes a text where a number belongs."""
    loose = [
        r["name"]
        for r in empty_store.rows("PRAGMA table_list")
        if r["type"] == "table" and not r["strict"] and not r["name"].startswith(("sqlite_", "_"))
    ]
    assert loose == []


def test_a_store_is_wal_with_foreign_keys(empty_store: Store) -> None:
    """Readers do not wait for the writer, and a row cannot name another that is not there."""
    journal, keys = empty_store.row("PRAGMA journal_mode"), empty_store.row("PRAGMA foreign_keys")
    assert journal is not None
    assert keys is not None
    assert (journal[0], keys[0]) == ("wal", 1)


def test_create_is_safe_to_repeat(tmp_path: Path) -> None:
    """Making a store that is there opens it with everything in it."""
    path = tmp_path / "deep/er/dabiao.sqlite"
    first = Store.create(path)
    add_region(first)
    first.close()
    second = Store.create(path)
    assert regions(second) == 1
    second.close()


def test_create_by_several_processes_at_once(tmp_path: Path) -> None:
    """Processes that make one store at one moment all get it, with each step applied once."""
    path = tmp_path / "dabiao.sqlite"
    program = "import sys; from pathlib import Path; from dabiao.store import Store; Store.create(Path(sys.argv[1]), 20000)"
    started = [
        subprocess.Popen([sys.executable, "-c", program, str(path)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in started:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
    store = Store.open(path)
    assert len(migrations.applied(store.db)) == SCHEMA_VERSION
    store.close()


def test_create_by_several_threads_at_once(tmp_path: Path) -> None:
    """The same race, run more often: switching a new file to WAL must not fail for the one that comes second."""
    failed: list[BaseException] = []

    def create(path: Path, gate: threading.Barrier) -> None:
        gate.wait()
        try:
            Store.create(path, 20000).close()
        except BaseException as error:
            failed.append(error)

    for number in range(30):
        gate = threading.Barrier(4)
        threads = [
            threading.Thread(target=create, args=(tmp_path / f"{number}.sqlite", gate)) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def test_a_missing_store_names_the_command(tmp_path: Path) -> None:
    """Opening what is not there says to run init, and makes nothing."""
    path = tmp_path / "dabiao.sqlite"
    with pytest.raises(StoreMissing, match="dabiao init"):
        Store.open(path)
    assert not path.exists()


def test_an_older_store_is_refused_with_the_command(tmp_path: Path) -> None:
    """A store with an older schema is not read by a program that expects more; the message names the command."""
    path = tmp_path / "dabiao.sqlite"
    Store.create(path).close()
    set_version(path, SCHEMA_VERSION - 1)
    with pytest.raises(MigrationNeeded, match="dabiao init"):
        Store.open(path)
    Store.create(path).close()  # brings it forward: steps that were applied are not applied again
    Store.open(path).close()


@pytest.mark.parametrize("way", [Store.open, Store.create])
def test_a_newer_store_is_refused(tmp_path: Path, way: object) -> None:
    """A store that a newer program wrote is neither read nor changed."""
    path = tmp_path / "dabiao.sqlite"
    Store.create(path).close()
    set_version(path, SCHEMA_VERSION + 1)
    assert callable(way)
    with pytest.raises(StoreTooNew, match=str(SCHEMA_VERSION + 1)):
        way(path)


@pytest.mark.parametrize("way", [Store.open, Store.create])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, way: object) -> None:
    """Another file under the store's name is refused as damaged and keeps its bytes."""
    path = tmp_path / "dabiao.sqlite"
    content = b"region,indicator,period,value\n" * 200
    path.write_bytes(content)
    assert callable(way)
    with pytest.raises(StoreUnwritable) as caught:
        way(path)
    assert caught.value.code == "store_damaged"
    assert path.read_bytes() == content


def test_a_truncated_store_is_said_to_be_damaged(tmp_path: Path) -> None:
    """A file cut off in the middle is not half read: it is said, with where to restore from."""
    path = tmp_path / "dabiao.sqlite"
    Store.create(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    store = Store(path)
    with pytest.raises(StoreUnwritable, match=r"backups/") as caught:
        store.rows("SELECT * FROM job_runs, leases, alerts, reports, observations, issues")
    assert caught.value.code == "store_damaged"
    store.close()


@pytest.mark.parametrize("below", ["dabiao.sqlite", "deeper/dabiao.sqlite"])
def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, below: str) -> None:
    """A home that is a file, or lies below one, is an error that names the place and the setting; no traceback."""
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreUnwritable, match="DABIAO_HOME") as caught:
        Store.create(tmp_path / "home" / below)
    assert caught.value.code == "store_read_only"


def test_a_folder_under_the_stores_name_is_said(tmp_path: Path) -> None:
    """A folder where the file should be cannot be opened, and that is said."""
    (tmp_path / "dabiao.sqlite").mkdir()
    with pytest.raises(StoreUnwritable):
        Store.create(tmp_path / "dabiao.sqlite")
    with pytest.raises(StoreMissing):
        Store.open(tmp_path / "dabiao.sqlite")


def test_a_store_that_may_only_be_read_refuses_to_write(empty_store: Store) -> None:
    """Where the system forbids writing, reading goes on and a write says that it cannot."""
    empty_store.db.execute("PRAGMA query_only = ON")
    assert regions(empty_store) == 0
    with pytest.raises(StoreUnwritable) as caught:
        add_region(empty_store)
    assert caught.value.code == "store_read_only"
    empty_store.db.execute("PRAGMA query_only = OFF")
    add_region(empty_store)


# -- writing -----------------------------------------------------------------------------------------------------


def test_a_write_that_fails_is_undone_whole(empty_store: Store) -> None:
    """An exception in the middle of a unit of work leaves nothing of it, whichever way its rows were written."""
    with pytest.raises(RuntimeError, match="half way"), empty_store.write() as db:  # noqa: PT012
        db.table("regions").insert(REGION)
        db.table("regions").upsert_all([{**REGION, "id": "220200"}], pk="id")
        db.execute("INSERT INTO sources (title) VALUES ('公报')")
        raise RuntimeError("half way")
    assert regions(empty_store) == 0
    assert empty_store.rows("SELECT * FROM sources") == []
    assert not empty_store.db.conn.in_transaction
    add_region(empty_store)
    assert regions(empty_store) == 1


def test_an_interrupt_is_undone_too(empty_store: Store) -> None:
    """Ctrl-C in the middle of a write leaves nothing of it and no open transaction."""
    with pytest.raises(KeyboardInterrupt), empty_store.write() as db:  # noqa: PT012
        db.table("regions").insert(REGION)
        raise KeyboardInterrupt
    assert regions(empty_store) == 0
    assert not empty_store.db.conn.in_transaction


def test_others_see_a_write_only_when_it_is_whole(empty_store: Store) -> None:
    """A reader beside a writer sees the state before, until the writer has committed."""
    other = Store.open(empty_store.path)
    with empty_store.write() as db:
        db.table("regions").insert(REGION)
        assert regions(other) == 0
    assert regions(other) == 1
    other.close()


def test_a_snapshot_is_one_state(empty_store: Store) -> None:
    """All reads inside a snapshot agree, whatever another writes meanwhile."""
    other = Store.open(empty_store.path)
    with empty_store.snapshot():
        assert regions(empty_store) == 0
        add_region(other)
        with empty_store.snapshot():  # inside another it is the same one
            assert regions(empty_store) == 0
    assert regions(empty_store) == 1
    other.close()


def test_a_second_writer_waits_and_then_says_so(empty_store: Store) -> None:
    """A writer waits for the lock as long as the setting says, then gives up with an error that names the setting."""
    impatient = Store.open(empty_store.path, busy_timeout_ms=200)
    with empty_store.write():
        begun = time.monotonic()
        with pytest.raises(StoreBusy, match="busy_timeout_ms"):
            add_region(impatient)
        assert 0.15 < time.monotonic() - begun < 5
    add_region(impatient)
    impatient.close()


def test_a_second_writer_gets_its_turn(empty_store: Store) -> None:
    """A writer that waits long enough gets the lock and loses nothing."""
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with empty_store.write() as db:
            db.table("regions").insert(REGION)
            held.set()
            let_go.wait(10)
        empty_store.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    threading.Timer(0.2, let_go.set).start()
    add_region(empty_store, id="220200")
    thread.join()
    assert regions(empty_store) == 2


def test_reading_before_writing_does_not_lose_the_lock(empty_store: Store) -> None:
    """Two units that each read and then write do not fail for what the other wrote in between: each sees the other's."""

    def count_up() -> None:
        store = Store.open(empty_store.path, busy_timeout_ms=20000)
        for _ in range(20):
            with store.write() as db:
                row = db.execute("SELECT count(*) FROM sources").fetchone()
                db.execute("INSERT INTO sources (title) VALUES (?)", [f"source {row[0]}"])
        store.close()

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {r["title"] for r in empty_store.rows("SELECT title FROM sources")} == {
        f"source {n}" for n in range(60)
    }


def test_a_full_disk_changes_nothing(empty_store: Store) -> None:
    """When the disk is full the write is undone whole, what stood before stands, and the message says so."""
    add_region(empty_store)
    pages = empty_store.row("PRAGMA page_count")
    assert pages is not None
    empty_store.db.execute(f"PRAGMA max_page_count = {pages[0] + 2}")
    with pytest.raises(StoreUnwritable, match="disk may be full") as caught, empty_store.write() as db:  # noqa: PT012
        for number in range(100):
            db.table("regions").insert({**REGION, "id": f"x{number}", "zh": "长" * 2000})
    assert caught.value.code == "store_disk_full"
    assert regions(empty_store) == 1
    empty_store.db.execute("PRAGMA max_page_count = 1000000")
    add_region(empty_store, id="220200")
    check = empty_store.row("PRAGMA integrity_check")
    assert check is not None
    assert check[0] == "ok"


def test_strict_types_refuse_a_wrong_type(empty_store: Store) -> None:
    """A word where a whole number belongs is refused, not stored as a word."""
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"), empty_store.write() as db:
        db.execute("INSERT INTO imports VALUES (1,'f','s','big',NULL,'now',NULL,'{}',0,0,0,0,0,NULL)")


def test_foreign_keys_hold(empty_store: Store) -> None:
    """A series of a region that is not declared cannot be stored."""
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), empty_store.write() as db:
        db.execute("INSERT INTO series (region, indicator, basis) VALUES ('999999', 'pm25', 'official||||')")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("indicators", "('x','指','x',NULL,'level','down',NULL,NULL,0,'annual','[]')"),
        ("reports", "(1,'t',1,'perhaps','2026-01-01','某局','','','now','','text',NULL,NULL)"),
        ("job_runs", "(1,'import','now','by magic','done',NULL,'now',NULL,'{}','','0','',1,0,1,NULL,'')"),
    ],
)
def test_words_of_a_list_are_checked(empty_store: Store, table: str, values: str) -> None:
    """A direction, report state or trigger that does not exist is refused by the store itself."""
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"), empty_store.write() as db:
        db.execute(f"INSERT INTO {table} VALUES {values}")


def test_each_thread_has_its_own_connection(empty_store: Store) -> None:
    """One store may be read by several threads; none uses another's connection."""
    seen: list[int] = []

    def look() -> None:
        seen.append(id(empty_store.db.conn))
        assert regions(empty_store) == 0
        empty_store.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen
    assert seen[0] != id(empty_store.db.conn)
