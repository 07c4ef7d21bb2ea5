"""A file in blocks has the rows that the csv module reads, wherever it is cut; and no row eats the memory."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.errors import ImportRefused
from dabiao.ingest.bulk import lines
from dabiao.ingest.bulk.lines import blocks, survey

CELLS = st.text(st.sampled_from('ab1,"\n\r \t中，¨'), max_size=6)


def rows_of(path: Path, rung: str, size: int) -> list[list[str]]:
    found: list[list[str]] = []
    for block in blocks(path, rung, ",", size):
        held = block.data.decode("utf-8" if rung == "utf-8-sig" else rung).split("\n")[:-1]
        assert len(held) == block.rows
        assert block.first == len(found) + 1
        for number, line in enumerate((h.removesuffix("\r") for h in held), block.first):
            found.append(block.quoted.get(number, line.split(",") if line else []))
    return found


def as_read(rows: list[list[str]]) -> list[list[str]]:
    """A row of one empty cell and an empty row look alike, and hold nothing either way."""
    return [[] if row == [""] else row for row in rows]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.lists(CELLS, max_size=4), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from([1, 7, 64, 1 << 20]),
    st.booleans(),
)
def test_blocks_are_what_the_csv_module_reads(
    tmp_path: Path, rows: list[list[str]], end: str, rung: str, size: int, ended: bool
) -> None:
    """Quotes, line ends within cells, a missing last line end and any encoding of the ladder make no difference."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    text = out.getvalue() if ended else out.getvalue().removesuffix(end)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(rung))
    wanted = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert as_read(rows_of(path, rung, size)) == as_read(wanted)


def test_a_survey_settles_the_encoding(tmp_path: Path) -> None:
    """BOM, strict UTF-8, strict GB18030; what is none of them, or holds NUL, is no case for blocks."""
    path = tmp_path / "a.csv"
    found = {}
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        path.write_bytes("地区,数值\n泉州市,1\n".encode(encoding))
        seen = survey(path)
        found[encoding] = seen and seen.rung
    assert found == {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "utf-16": None}
    path.write_bytes(b"\xff\xff,1\n")
    assert survey(path) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a,b\n" + "x" * 5000, "line_too_long"),
        ('a,b\n"' + "x\n" * 5000, "line_too_long"),
        ('a,b\n"x"y,1\n', "csv_broken"),
        ('a,b\n"x', "csv_broken"),
    ],
)
def test_what_is_no_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, code: str
) -> None:
    """A line without end, a quoted cell without end and a broken quotation refuse the file, and are not read on."""
    monkeypatch.setattr(lines, "LONGEST_ROW", 1000)
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(ImportRefused) as refused:
        list(blocks(path, "utf-8", ",", 256))
    assert refused.value.code == code
