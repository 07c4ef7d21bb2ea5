"""Names that every system can hold, and files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao.errors import StoreUnwritable
from dabiao.services.files import explained, keep_raw, move_whole, safe_name, write_whole

NAMES = st.one_of(st.text(min_size=1, max_size=300), st.binary(min_size=1, max_size=255).map(os.fsdecode))


@given(NAMES)
def test_any_name_becomes_one_that_can_be_kept(name: str) -> None:
    """Whatever a name holds: it becomes valid, short, harmless to a terminal and to a path, and stays so."""
    safe = safe_name(name)
    assert safe
    assert len(safe.encode()) <= 180
    assert Path(safe).name == safe
    assert not {c for c in safe if unicodedata.category(c) in ("Cc", "Cs") or c in '\u202e<>:"/\\|?*'}
    assert safe == safe.strip(". ")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    "name", ["2024年3月公报.xlsx", "a b (1).csv", "PM2.5.数据.csv", "-rf.csv", "=1+1.csv"]
)
def test_a_plain_name_is_kept_as_it_is(name: str) -> None:
    """What offices call their files is not touched."""
    assert safe_name(name) == name


def test_a_long_name_keeps_its_suffix() -> None:
    """By its suffix a file is read; a last part that is too long to be one is not taken for one."""
    assert safe_name("表" * 100 + ".xlsx").endswith("表.xlsx")
    assert len(safe_name("a." + "b" * 300)) == 180


def test_a_raw_file_with_a_hostile_name_stays_under_raw(tmp_path: Path) -> None:
    """No name leads out of the folder."""
    for name in ("../../x.csv", "/etc/x.csv", "..", "a/../../../x.csv"):
        kept = tmp_path / keep_raw(tmp_path, "0" * 64, name, b"x")
        assert kept.parent == tmp_path / "raw" / ("0" * 16)
        assert kept.read_bytes() == b"x"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old content stands, and nothing half-written lies beside it."""
    target = tmp_path / "a.csv"
    write_whole(target, b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert target.read_bytes() == b"old"


def test_a_move_to_another_disk_copies_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a rename cannot do it, the file is whole in its new place before it leaves the old one."""
    source, target = tmp_path / "a.csv", tmp_path / "b.csv"
    source.write_bytes(b"x" * 100_000)
    rename = Path.rename

    def elsewhere(self: Path, to: Path) -> Path:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", elsewhere)
    move_whole(source, target)
    monkeypatch.setattr(Path, "rename", rename)
    assert target.read_bytes() == b"x" * 100_000
    assert [p.name for p in tmp_path.iterdir()] == ["b.csv"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EROFS, "store_read_only"),
        (errno.EACCES, "store_read_only"),
        (errno.ENOSPC, "store_disk_full"),
        (errno.EDQUOT, "store_disk_full"),
        (errno.ENAMETOOLONG, "file_not_written"),
    ],
)
def test_what_the_system_refuses_is_said(number: int, code: str) -> None:
    """A full disk is called full, a read-only folder read-only, and nothing else is called either."""
    with pytest.raises(StoreUnwritable) as refused, explained(Path("x")):
        raise OSError(number, "why")
    assert refused.value.code == code
