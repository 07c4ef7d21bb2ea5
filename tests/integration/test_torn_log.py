"""A power cut leaves of the write-ahead log what had reached the disk: whatever that is, the store is whole and goes on."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from dabiao import bootstrap
from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from dabiao.services.keep.verifying import verify
from dabiao.store import Store
from tests.factories import settings_of

HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"
FILES = 3
_HEADER, _FRAME = 32, 24  # bytes before the first frame; bytes before each page


@dataclass(frozen=True)
class Cut:
    """A home whose log is still apart from its store.

    Attributes:
        home: a copy of it, with the store as it was before the imports.
        log: the log's bytes.
        frame: bytes of one frame.
        ends: frames of the log after each import.
    """

    home: Path
    log: bytes
    frame: int
    ends: list[int]

    def left(self, log: bytes) -> Path:
        """The home after a power cut that left so much of the log; other homes of the same are gone."""
        store = self.home / "dabiao.sqlite"
        for suffix in ("", "-wal", "-shm"):
            Path(f"{store}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.home / "before.sqlite", store)
        Path(f"{store}-wal").write_bytes(log)
        return store


@pytest.fixture
def cut(app: App, tmp_path: Path, now: datetime) -> Cut:
    """Three imports, none of them in the store's own file yet."""
    home, log = app.paths.home, Path(f"{app.paths.store}-wal")
    app.store.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    app.store.rows("PRAGMA wal_autocheckpoint = 0")
    copy = tmp_path / "cut"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("dabiao.sqlite*", ".*"))
    shutil.copyfile(app.paths.store, copy / "before.sqlite")
    sizes = []
    for number in range(FILES):
        import_file(app, written(tmp_path, number), now=now)
        sizes.append(log.stat().st_size)
    data = log.read_bytes()
    shutil.copytree(home / "raw", copy / "raw", dirs_exist_ok=True)
    frame = _FRAME + struct.unpack(">I", data[8:12])[0]
    return Cut(copy, data, frame, [(size - _HEADER) // frame for size in sizes])


def written(folder: Path, number: int) -> Path:
    """A file of twenty values of its own source."""
    path = folder / f"公报{number}.csv"
    rows = (
        f"泉州市,pm25,{2000 + n},{20 + number + n / 10},µg/m3,2026-01-05,公报{number}\n" for n in range(20)
    )
    path.write_text(HEAD + "".join(rows), "utf-8")
    return path


def imports(store: Path) -> int:
    """How many imports a store has, once it is found sound and each of them is whole."""
    with closing(Store.open(store)) as found:
        assert [r[0] for r in found.rows("PRAGMA integrity_check")] == ["ok"]
        assert found.rows("PRAGMA foreign_key_check") == []
        per_source = found.rows("SELECT count(*) FROM observed WHERE source LIKE '公报%' GROUP BY source")
        assert {r[0] for r in per_source} <= {20}
        number = len(per_source)
        assert found.rows("SELECT count(*) FROM imports WHERE file LIKE '公报%'")[0][0] == number
    return number


def test_a_log_that_ends_anywhere(cut: Cut) -> None:
    """Cut between two frames, within one, or with a frame that is only zeros: the imports before it are there, whole, no other."""
    frames = (len(cut.log) - _HEADER) // cut.frame
    assert cut.ends[-1] == frames
    for frame in range(frames):
        whole = sum(end <= frame for end in cut.ends)
        at = _HEADER + frame * cut.frame
        torn = cut.log[: at + cut.frame // 2]
        never_written = cut.log[:at] + bytes(cut.frame) + cut.log[at + cut.frame :]
        for log in (cut.log[:at], torn, never_written):
            assert imports(cut.left(log)) == whole, frame
    assert imports(cut.left(cut.log)) == FILES


def test_after_a_power_cut_each_file_is_in_once(cut: Cut, tmp_path: Path, now: datetime) -> None:
    """Whatever was left, the check finds no harm, and the files that are imported again are in the store once."""
    for end in (0, *cut.ends):
        before = imports(cut.left(cut.log[: _HEADER + end * cut.frame + cut.frame // 2]))
        app = bootstrap.open_app(settings_of(cut.home))
        with closing(app.store):
            assert [f.code for f in verify(app, now).findings if f.severity == "error"] == []
            taken = [import_file(app, written(tmp_path, n), now=now).accepted for n in range(FILES)]
        assert taken == [0] * before + [20] * (FILES - before)
        assert imports(app.paths.store) == FILES


def test_a_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """A connection of the service is in SQLite's mode FULL (2): what it says is stored outlives a power cut."""
    asked = """import sys; from pathlib import Path; from dabiao.store import Store
store = Store.create(Path(sys.argv[1])); print(store.rows("PRAGMA synchronous")[0][0])"""
    command = [
        sys.executable,
        "-c",
        asked,
        str(tmp_path / "dabiao.sqlite"),
    ]  # the tests' own process does not wait
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "2\n"
