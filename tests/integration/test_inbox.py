"""The inbox: what is taken, what is left, where it goes, and what the system may do to it meanwhile."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dabiao import i18n
from dabiao.errors import StoreBusy, StoreUnwritable
from dabiao.services.app import App
from dabiao.services.intake import dropping, importing, inbox
from dabiao.services.intake.inbox import InboxRun, import_inbox
from dabiao.store import Store
from jobs.tasks import Incomplete
from jobs.tasks import importing as importing_job
from tests.conftest import NOW

HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"
GOOD = HEAD + "泉州市,PM2.5平均浓度,2024,20,µg/m3,2025-06-05,公报\n"
WRONG = HEAD + "火星,PM2.5平均浓度,2023,20,µg/m3,,\n"


def no_sleep(_: float) -> None:
    """The second look comes at once."""


def run(app: App, sleep: Callable[[float], None] = no_sleep) -> InboxRun:
    return import_inbox(app, now=NOW, sleep=sleep)


def drop(app: App, name: str, text: str = GOOD) -> Path:
    path = app.paths.inbox / name
    path.write_text(text, "utf-8")
    return path


def year(number: int) -> str:
    return HEAD + f"泉州市,PM2.5平均浓度,{number},20,µg/m3,2026-01-05,公报\n"


def listing(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def number(app: App, table: str) -> int:
    row = app.store.row(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


# -- where files go --------------------------------------------------------------------------------------------------


def test_the_inbox_sorts_files(app: App) -> None:
    """Good files go to processed/, files of which nothing could be taken to failed/, each with its issues beside it."""
    drop(app, "good.csv")
    drop(app, "mixed.csv", year(2023) + "=火星,PM2.5平均浓度,2023,20,µg/m3,,\n")
    drop(app, "wrong.csv", WRONG)
    drop(app, "other.pdf", "x")
    found = run(app)
    assert {r.file: r.moved_to for r in found.done} == {
        "good.csv": "processed/good.csv", "mixed.csv": "processed/mixed.csv", "wrong.csv": "failed/wrong.csv", "other.pdf": "failed/other.pdf",
    }  # fmt: skip
    assert (found.waiting, found.left, found.stopped_by) == ((), (), None)
    assert listing(app.paths.inbox) == []
    assert listing(app.paths.processed) == ["good.csv", "mixed.csv", "mixed.csv.issues.csv"]
    assert listing(app.paths.failed) == [
        name + more for name in ("other.pdf", "wrong.csv") for more in ("", ".issues.csv", ".reasons.txt")
    ]
    refusals = {r.file: r.refusal.code for r in found.done if r.refusal is not None}
    assert refusals == {"other.pdf": "format_unknown"}


def test_a_failed_file_has_its_reasons_in_both_languages(app: App) -> None:
    """The text beside it opens in any editor, names row and column, and says in Chinese and English what mends it."""
    drop(app, "wrong.csv", WRONG)
    run(app)
    data = (app.paths.failed / "wrong.csv.reasons.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    zh, en = data.decode("utf-8-sig").split("\r\n\r\n")
    assert zh.splitlines()[0] == en.splitlines()[0] == "wrong.csv"
    assert "第 2 行，“地区" in zh
    assert "“火星”不是已登记的地区" in zh
    assert "dabiao regions add" in zh
    assert "row 2, column “地区" in en
    assert "“火星” is not a declared region" in en
    for text, lang in ((zh, "zh-CN"), (en, "en")):
        assert text.strip().endswith(i18n.text("inbox.again", lang))


def test_a_thousand_reasons_are_not_written_out(app: App) -> None:
    """The text names the first fifty and how many more there are; the table beside it has every one."""
    rows = "".join(f"火星{n},PM2.5平均浓度,2023,20,µg/m3,,\n" for n in range(60))
    drop(app, "wrong.csv", HEAD + rows)
    run(app)
    text = (app.paths.failed / "wrong.csv.reasons.txt").read_text("utf-8-sig")
    assert "火星49" in text
    assert "火星50" not in text
    assert "另有 10 条，全部列在 wrong.csv.issues.csv 中" in text
    table = (app.paths.failed / "wrong.csv.issues.csv").read_text("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table)))) == 61


def test_the_issues_beside_a_file_are_safe_to_open(app: App) -> None:
    """UTF-8 with BOM, and no cell that a spreadsheet would take for a formula."""
    drop(app, "=cmd.csv", WRONG.replace("火星", "=cmd|' /C calc'!A0"))
    run(app)
    data = (app.paths.failed / "=cmd.csv.issues.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["file", "sheet", "row", "column"]
    assert rows[1][0] == "'=cmd.csv"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_names_that_clash_get_a_number(app: App) -> None:
    """A second file of the same name never overwrites the first, nor does one that is named like what stands beside it."""
    for value in (2023, 2024, 2025):
        drop(app, "a.csv", year(value))
        run(app)
    assert listing(app.paths.processed) == ["a-2.csv", "a-3.csv", "a.csv"]
    for name in ("b.pdf.reasons.txt", "b.pdf.issues.csv", "b.pdf"):
        drop(app, name, name)
        run(app)
    kept = {p.name: p.read_text("utf-8") for p in app.paths.failed.iterdir()}
    assert kept["b.pdf.reasons-2.txt"] == "b.pdf.reasons.txt"
    assert kept["b.pdf.issues-2.csv"] == "b.pdf.issues.csv"
    assert kept["b.pdf"] == "b.pdf"
    assert kept["b.pdf.reasons.txt"].startswith("\ufeffb.pdf\n")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("表.csv".encode("gbk"), "表.csv"),
        (b"\xff\xfe.csv", "__.csv"),
        (b"a\nb\x1b[31m.csv", "a_b_[31m.csv"),
        ("\u202evsc.exe.csv".encode(), "_vsc.exe.csv"),
        (b"a\\..\\..\\etc.csv", "a_.._.._etc.csv"),
        (b"C:evil?.csv", "C_evil_.csv"),
        (b"NUL.csv", "_NUL.csv"),
        (b"a" * 251 + b".csv", "a" * 176 + ".csv"),
        ("表".encode() * 83 + b".csv", "表" * 58 + ".csv"),
        (b"-rf.csv", "-rf.csv"),
    ],
)
def test_names_that_hurt(app: App, name: bytes, kept: str) -> None:
    """Whatever bytes a name has, the file is read, and is listed, kept and moved under a name that every system can hold."""
    (app.paths.inbox / os.fsdecode(name)).write_text(GOOD, "utf-8")
    (done,) = run(app).done
    assert (done.file, done.moved_to) == (kept, f"processed/{kept}")
    assert listing(app.paths.processed) == [kept]
    (raw,) = app.paths.raw.glob("*/*")
    assert raw.name == kept
    row = app.store.row("SELECT file FROM imports")
    assert row is not None
    assert row["file"] == kept


# -- what is not taken -----------------------------------------------------------------------------------------------


def test_unfinished_files_are_left(app: App) -> None:
    """Hidden and temporary names are not touched; a file that grows between the two looks waits."""
    names = (
        ".hidden.csv",
        "a.csv.tmp",
        "b.part",
        "c.csv~",
        "~$d.xlsx",
        "e.csv.filepart",
        "f.crdownload",
        "Thumbs.db",
    )
    for name in names:
        drop(app, name)
    growing = drop(app, "growing.csv")
    before = listing(app.paths.inbox)

    def write_more(_: float) -> None:
        growing.write_text(GOOD + "泉州市,PM2.5平均浓度,2023,20,µg/m3,2025-06-05,公报\n", "utf-8")

    assert run(app, write_more) == InboxRun()
    assert listing(app.paths.inbox) == before
    assert [r.file for r in run(app).done] == ["growing.csv"]
    assert number(app, "observations") == 2
    assert listing(app.paths.inbox) == sorted(names)


def test_what_is_no_file_is_left_and_named(app: App) -> None:
    """A folder, a pipe, a socket and a link stay where they are: a pipe would never end, a link may lead anywhere."""
    good = drop(app, "good.csv")
    (app.paths.inbox / "folder.csv").mkdir()
    (app.paths.inbox / "link.csv").symlink_to(good)
    (app.paths.inbox / "nowhere.csv").symlink_to("/nonexistent")
    os.mkfifo(app.paths.inbox / "pipe.csv")
    found = run(app)
    assert [r.file for r in found.done] == ["good.csv"]
    assert found.left == ("folder.csv", "link.csv", "nowhere.csv", "pipe.csv")
    assert listing(app.paths.inbox) == list(found.left)


def test_a_file_that_vanishes_is_no_matter(app: App) -> None:
    """A file that someone takes back between the two looks, or just before it is claimed, stops no other."""
    gone, good = drop(app, "gone.csv"), drop(app, "good.csv", year(2023))
    assert [r.file for r in run(app, lambda _: gone.unlink()).done] == ["good.csv"]
    first, second = drop(app, "1.csv"), drop(app, "2.csv", year(2022))
    os.utime(first, ns=(0, 0))
    (done,) = run(app, lambda _: None).done[1:]
    assert done.file == second.name
    assert not good.exists()


@pytest.fixture
def while_importing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Path], None]], None]:
    """Have something happen after a file was claimed and before it is imported."""

    def arrange(happens: Callable[[Path], None]) -> None:
        def imports(app: App, path: Path, **more: object) -> importing.ImportResult:
            monkeypatch.undo()
            happens(path)
            return dropping.take_file(app, path, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(inbox, "take_file", imports)

    return arrange


def test_a_file_replaced_while_it_is_read(
    app: App, while_importing: Callable[[Callable[[Path], None]], None]
) -> None:
    """What is written to the old name after the claim is another file: both are imported, neither overwrites the other."""
    drop(app, "a.csv", year(2023))
    while_importing(lambda _: void(drop(app, "a.csv", year(2024))))
    assert [r.moved_to for r in run(app).done] == ["processed/a.csv"]
    assert listing(app.paths.inbox) == ["a.csv"]
    assert [r.moved_to for r in run(app).done] == ["processed/a-2.csv"]
    assert number(app, "observations") == 2


def test_a_file_that_is_still_written_to_is_read_again(
    app: App, while_importing: Callable[[Callable[[Path], None]], None]
) -> None:
    """A writer that paused and goes on after the file was taken for finished: it goes back, and the whole of it is read."""
    writer = drop(app, "a.csv", year(2023)).open("a", encoding="utf-8")

    def goes_on(_: Path) -> None:
        writer.write("泉州市,PM2.5平均浓度,2024,20,µg/m3,2026-01-05,公报\n")
        writer.close()

    while_importing(goes_on)
    assert run(app).done == ()
    assert listing(app.paths.inbox) == ["a.csv"]
    assert listing(app.paths.processed) == []
    assert [r.file for r in run(app).done] == ["a.csv"]
    assert number(app, "observations") == 2


def void(_: object) -> None:
    """For a call whose value nobody wants."""


# -- what is no fault of the files -----------------------------------------------------------------------------------


def test_a_busy_store_leaves_the_files(app: App) -> None:
    """While another process holds the write lock past the timeout, files stay, are counted, and are read the next time."""
    for name, value in (("a.csv", 2023), ("b.csv", 2024)):
        drop(app, name, year(value))
    impatient = dataclasses.replace(app, store=Store.open(app.paths.store, busy_timeout_ms=50))
    with app.store.write():
        found = run(impatient)
    impatient.store.close()
    assert found.done == ()
    assert found.waiting == ("a.csv", "b.csv")
    assert isinstance(found.stopped_by, StoreBusy)
    assert listing(app.paths.inbox) == ["a.csv", "b.csv"]
    assert len(run(app).done) == 2


def test_the_job_counts_what_waits(app: App) -> None:
    """A run that the store held up is no success: the job says why, and counts what was done and what waits."""
    drop(app, "a.csv")
    (app.paths.inbox / "folder").mkdir()
    impatient = dataclasses.replace(app, store=Store.open(app.paths.store, busy_timeout_ms=50))
    work: Any = SimpleNamespace(
        app=impatient, now=NOW, stop=SimpleNamespace(sleep=no_sleep), told=lambda *_: None
    )
    with app.store.write(), pytest.raises(Incomplete) as stopped:
        importing_job.run(work)
    impatient.store.close()
    assert isinstance(stopped.value.__cause__, StoreBusy)
    counts = stopped.value.counts
    assert (counts["files"], counts["waiting_files"], counts["no_files"]) == (0, 1, 1)


def test_one_bad_program_stops_no_other_file(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over which the program itself fails stays, is named with the error, and the files behind it are imported."""
    drop(app, "a.csv", year(2023))
    drop(app, "b.csv", year(2024))

    def fails(app: App, path: Path, **more: object) -> importing.ImportResult:
        if path.name == "a.csv":
            raise KeyError("a fault of ours")
        return dropping.take_file(app, path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(inbox, "take_file", fails)
    found = run(app)
    assert [r.file for r in found.done] == ["b.csv"]
    assert found.waiting == ("a.csv",)
    assert isinstance(found.stopped_by, KeyError)
    assert listing(app.paths.inbox) == ["a.csv"]


def test_a_death_between_commit_and_move_neither_loses_nor_doubles(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is still in the inbox; the next run finds its rows unchanged and moves it."""
    drop(app, "a.csv")

    def dies(*_: object) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(inbox, "move_whole", dies)
    with pytest.raises(KeyboardInterrupt):
        run(app)
    monkeypatch.undo()
    assert listing(app.paths.inbox) == ["a.csv"]
    (done,) = run(app).done
    assert done.result is not None
    assert (done.result.accepted, done.result.unchanged) == (0, 1)
    assert listing(app.paths.processed) == ["a.csv"]
    assert (number(app, "observations"), number(app, "imports")) == (1, 1)


AS_NOBODY = """
import codecs, os, sys
from dabiao import i18n
from pathlib import Path
from dabiao import bootstrap
from dabiao.services.intake.inbox import import_inbox
from tests.conftest import NOW
from tests.factories import settings_of
for encoding in ("utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"):
    codecs.lookup(encoding)
i18n.catalogue()  # where Python itself stands in the home of root, nobody can import what is imported late
os.setgroups([]); os.setgid(65534); os.setuid(65534)
app = bootstrap.open_app(settings_of(Path(sys.argv[1])))
found = import_inbox(app, now=NOW, sleep=lambda _: None)
print(*(f"{r.moved_to}:{r.refusal.code if r.refusal else ''}" for r in found.done), found.stopped_by, sep="|")
"""


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become another user; others cannot take away their own right"
)
def test_a_file_that_may_not_be_read(app: App) -> None:
    """It goes to failed/ with what mends it, and the files behind it are imported."""
    drop(app, "a.csv").chmod(0)
    drop(app, "b.csv", year(2023))
    os.utime(app.paths.inbox / "a.csv", ns=(0, 0))
    app.store.close()
    with tempfile.TemporaryDirectory() as folder:  # the tests' own folders let no other user pass
        home = Path(folder) / "home"
        shutil.copytree(app.paths.home, home)
        for path in (Path(folder), home, *home.rglob("*")):
            os.chown(path, 65534, 65534)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(home)], capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == "failed/a.csv:file_unreadable|processed/b.csv:|None", done.stderr
        assert "Permission denied" in (home / "failed" / "a.csv.reasons.txt").read_text("utf-8-sig")


# -- a disk that is full or read-only: real file systems -------------------------------------------------------------


@pytest.fixture
def mounted(tmp_path: Path, app: App) -> Iterator[App]:
    """The app's home on a file system of its own of 4 MiB."""
    app.store.close()
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs root")
    subprocess.run(["cp", "-r", f"{app.paths.home}/.", str(place)], check=True)
    paths = dataclasses.replace(app.paths, home=place)
    opened = dataclasses.replace(app, paths=paths, store=Store.open(paths.store))
    yield opened
    opened.store.close()
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(home: Path, but: int = 0) -> Path:
    """Leave so many bytes of the disk free."""
    path = home / "ballast"
    with path.open("wb", buffering=0) as ballast:
        free = os.statvfs(home).f_bavail * os.statvfs(home).f_frsize
        ballast.write(bytes(max(free - but, 0)))
    return path


@pytest.mark.parametrize("free", [0, 8 << 10, 64 << 10])
def test_a_full_disk_loses_nothing(mounted: App, free: int) -> None:
    """However little room there is, the file stays, all of it is stored or nothing, and with room again it is all there."""
    rows = "".join(
        f"泉州市,PM2.5平均浓度,{y}-{m:02d},20,µg/m3,2026-01-05,公报\n"
        for y in range(1950, 2025)
        for m in range(1, 13)
    )
    drop(mounted, "a.csv", HEAD + rows)
    ballast = fill(mounted.paths.home, free)
    found = run(mounted)
    assert found.done == ()
    assert found.waiting == ("a.csv",)
    assert isinstance(found.stopped_by, StoreUnwritable)
    assert found.stopped_by.code == "store_disk_full"
    assert listing(mounted.paths.inbox) == ["a.csv"]
    assert (mounted.paths.inbox / "a.csv").read_text("utf-8") == HEAD + rows
    stored = number(mounted, "observations")
    assert stored in (0, 900)
    ballast.unlink()
    (done,) = run(mounted).done
    assert done.result is not None
    assert (done.result.accepted, done.result.unchanged) == (900 - stored, stored)
    assert number(mounted, "observations") == 900
    assert listing(mounted.paths.processed) == ["a.csv"]


def test_a_read_only_home(mounted: App) -> None:
    """It is said to be read-only; when it can be written again, the file is imported."""
    drop(mounted, "a.csv")
    mounted.store.close()
    place = str(mounted.paths.home)
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    try:
        with pytest.raises(StoreUnwritable) as refused:
            run(mounted)
    finally:
        subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    assert refused.value.code == "store_read_only"
    assert [r.moved_to for r in run(mounted).done] == ["processed/a.csv"]


def test_an_inbox_on_another_disk(mounted: App, tmp_path: Path) -> None:
    """Where the inbox is mounted from elsewhere, a file is copied whole before it leaves it."""
    other = tmp_path / "share"
    other.mkdir()
    mounted.paths.inbox.rmdir()
    mounted.paths.inbox.symlink_to(other)
    drop(mounted, "a.csv")
    assert [r.moved_to for r in run(mounted).done] == ["processed/a.csv"]
    assert (mounted.paths.processed / "a.csv").read_text("utf-8") == GOOD
    assert list(other.iterdir()) == []
