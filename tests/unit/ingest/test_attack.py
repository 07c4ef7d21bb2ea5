"""Files made to hurt: each is refused, by its own message, within a memory and a time that do not depend on it."""

from __future__ import annotations

import json
import os
import resource
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dabiao.errors import DabiaoError, ImportRefused, ServiceError
from dabiao.ingest.readers import guarded, reader_for
from dabiao.ingest.readers.interface import LIMITS, Book, Limits
from dabiao.ingest.readers.text import FIELD_LIMIT
from tests import workbooks as made

BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;&x;&x;">]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>'
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
VALUE = '<table:table-cell office:value-type="float" office:value="1"{}/>'
ROW = "<table:table-row{}>" + VALUE + "</table:table-row>"
MIB = 1 << 20


def read(data: bytes, name: str, limits: Limits = LIMITS) -> Book:
    return reader_for(name).read(data, name, limits)


def code_of(data: bytes, name: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(DabiaoError) as refused:
        read(data, name, limits)
    assert str(refused.value)
    return refused.value.code


# -- what is refused, and how it is called ---------------------------------------------------------------------------

WORKBOOKS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    # archives
    "a part of 64 MiB of zeros": (lambda: made.xlsx(bomb=bytes(64 * MIB)), "xlsx", "workbook_too_large"),
    "three GiB, declared": (
        lambda: made.forged("xl/a.bin", made.zeros(3_000), 3_000 * MIB, made.xlsx_parts()), "xlsx", "workbook_too_large",
    ),
    "three GiB, declared as 100 bytes": (
        lambda: made.forged("xl/a.bin", made.zeros(3_000), 100, made.xlsx_parts()), "xlsx", "workbook_damaged",
    ),
    "three GiB in the sheet, declared as 100 bytes": (
        lambda: made.forged(made.SHEET, made.zeros(3_000), 100, without_sheet()), "xlsx", "workbook_damaged",
    ),
    "parts that overlap": (lambda: made.overlapping(10), "xlsx", "workbook_damaged"),
    "many thousands of parts": (lambda: made.zipped({f"{n}": b"" for n in range(6_000)}), "xlsx", "workbook_too_large"),
    "a compression that is not read": (
        lambda: made.zipped(made.xlsx_parts(), zipfile.ZIP_BZIP2), "xlsx", "workbook_damaged",
    ),
    "no workbook inside": (lambda: made.zipped({"word/document.xml": "<a/>"}), "xlsx", "workbook_damaged"),
    "a binary workbook inside": (lambda: made.zipped({"xl/workbook.bin": b"x"}), "xlsx", "workbook_binary"),
    # XML
    "entities in the sheet": (lambda: made.xlsx(made.sheet_xml(CELL.replace("x", "y"), BOMB)), "xlsx", "workbook_damaged"),
    "an entity from outside": (lambda: made.xlsx(made.sheet_xml(CELL, OUTSIDE)), "xlsx", "workbook_damaged"),
    "entities in the table of sheets": (lambda: made.xlsx(xl__workbook_dot_xml=BOMB + "<a/>"), "xlsx", "workbook_damaged"),
    "entities in an .ods": (lambda: made.ods("", BOMB), "ods", "workbook_damaged"),
    # extents
    "two far corners": (lambda: made.xlsx(made.sheet_xml(FAR)), "xlsx", "too_many_cells"),
    "two far corners in small letters": (lambda: made.xlsx(made.sheet_xml(FAR.replace("XFD", "xfd"))), "xlsx", "too_many_cells"),
    "a far column": (
        lambda: made.xlsx(made.sheet_xml('<row r="1"><c r="A1"/><c r="ZZZ1"><v>1</v></c></row>')), "xlsx", "too_many_columns",
    ),
    "a far row, its cells without place": (
        lambda: made.xlsx(made.sheet_xml('<row r="9999999"><c><v>1</v></c></row><row><c/><c/><c><v>1</v></c></row>')),
        "xlsx", "too_many_cells",
    ),
    "an .ods row a million times": (
        lambda: made.ods(ROW.format(' table:number-rows-repeated="1048576"', ' table:number-columns-repeated="1024"')),
        "ods", "too_many_cells",
    ),
    "an .ods with two far corners": (
        lambda: made.ods(
            ROW.format("", "")
            + '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
            + '<table:table-row><table:table-cell table:number-columns-repeated="16000"/>' + VALUE.format("") + "</table:table-row>"
        ),
        "ods", "too_many_cells",
    ),
    # Excel 97
    "an .xls with two far corners": (
        lambda: made.xls([(0, 0, 1.0), (65_535, 255, 1.0)]), "xls", "too_many_cells",
    ),
    "a chain of sectors in a ring": (lambda: made.compound({"Workbook": made.biff([])}, links={3: 2}), "xls", "workbook_damaged"),
    "a directory in a ring": (lambda: made.compound({"Workbook": made.biff([])}, links={1: 1}), "xls", "workbook_damaged"),
    "a table of sectors in a ring": (
        lambda: made.compound({"Workbook": made.biff([])}, header={68: 2, 72: 0xFFFFFFF0}), "xls", "workbook_damaged",
    ),
    # what is kept from readers
    "a password (.xlsx)": (lambda: made.compound({"EncryptedPackage": b"x"}), "xlsx", "workbook_encrypted"),
    "a password (.xls)": (lambda: made.xls(before=made.record(0x2F, bytes(54))), "xls", "workbook_encrypted"),
    "a password (.ods)": (lambda: made.ods("", manifest="<manifest:encryption-data/>"), "ods", "workbook_encrypted"),
    "macros (.xlsx)": (lambda: made.xlsx(xl__vbaProject_dot_bin=b"x"), "xlsx", "workbook_macros"),
    "macros of Excel 4 (.xlsx)": (lambda: made.xlsx(xl__macrosheets__sheet1_dot_xml="<a/>"), "xlsx", "workbook_macros"),
    "macros of Excel 4 (.xls)": (lambda: made.xls(sheet_type=1), "xls", "workbook_macros"),
    # another kind than the name says
    "a web page": (lambda: "<html><table><tr><td>地区".encode("gbk"), "xls", "file_is_html"),
    "a web page after a mark": ("\ufeff\n<META charset=utf-8><table>".encode, "xls", "file_is_html"),
    "a web page in UTF-16": (lambda: "<html><table>".encode("utf-16"), "xls", "file_is_html"),
    "a web page as CSV": (lambda: b"<!DOCTYPE html><html><body>", "csv", "file_is_html"),
    "Excel 2003 XML": (
        lambda: b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xls", "workbook_is_xml",
    ),
    "text": (lambda: "地区\t数值\n泉州市\t20\n".encode("gbk"), "xls", "workbook_is_text"),
    "Excel 4": (lambda: struct.pack("<HHHH", 0x409, 6, 0, 0x10) + bytes(40), "xls", "workbook_too_old"),
    "a workbook as CSV": (made.xlsx, "csv", "not_text"),
    "an old workbook as CSV": (made.xls, "csv", "not_text"),
    "a PDF as CSV": (lambda: b"%PDF-1.7\n", "csv", "not_text"),
}  # fmt: skip


def without_sheet() -> dict[str, bytes | str]:
    return {name: part for name, part in made.xlsx_parts().items() if name != made.SHEET}


@pytest.mark.parametrize("what", WORKBOOKS)
def test_what_is_refused(what: str) -> None:
    """Each hostile or mistaken file is refused with the message that names what is wrong with it."""
    make, suffix, code = WORKBOOKS[what]
    assert code_of(make(), f"a.{suffix}") == code


TEXTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "one line of 100 MB": (lambda: b"1," * (50 * MIB), "line_too_long"),
    "one cell of 100 MB": (lambda: b"a,b\n" + b"x" * (100 * MIB), "line_too_long"),
    "a million columns": (lambda: b",".join(b"%d" % n for n in range(1_000_000)) + b"\n", "line_too_long"),
    "too many short columns": (lambda: b"," * 20_000 + b"\n", "too_many_columns"),
    "a quotation mark that never closes": (lambda: b'a,b\n"' + b"x,1\n" * (10 * MIB), "cell_too_long"),
    "a row of quoted cells over millions of lines": (
        lambda: b'a,b\n"' + b'\n","' * (10 * MIB),
        "line_too_long",
    ),
    "200 MB of NUL bytes": (lambda: bytes(200 * MIB), "not_text"),
    "a NUL byte at the end": (lambda: b"a,b\n" * MIB + b"\0", "not_text"),
    "more cells than a file may have": (lambda: b"1,2,3,4,5,6\n" * MIB, "too_many_cells"),
    "text without its mark": (lambda: "地区,值\n".encode("utf-16-le"), "not_text"),
}

CHILD = """
import json, resource, sys
from pathlib import Path
from dabiao.errors import ImportRefused
from dabiao.ingest.readers import reader_for
path = Path(sys.argv[1])
data = path.read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    reader_for(path.name).read(data, path.name)
    code = None
except ImportRefused as error:
    code = error.code
own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
theirs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([code, own / 1024, theirs / 1024]))
"""


def cost(path: Path, most: int = 3_000) -> tuple[str | None, float, float]:
    """Read a file in a process that cannot take more than ``most`` MiB: the code of its refusal, the MiB that reading
    added to that process, and the MiB of the process that it read a workbook in.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-c", CHILD, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (most * MIB, most * MIB)),
        env={k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")},
    )
    assert done.returncode == 0, done.stderr
    code, own, theirs = json.loads(done.stdout)
    return code, own, theirs


@pytest.mark.parametrize("what", TEXTS)
def test_text_is_refused_in_bounded_memory(what: str, tmp_path: Path) -> None:
    """However large the line, row, cell or file: reading takes at most what five million cells take."""
    make, wanted = TEXTS[what]
    path = tmp_path / "a.csv"
    path.write_bytes(make())
    code, own, _ = cost(path)
    assert code == wanted
    assert own < 500


@pytest.mark.parametrize(
    "what",
    [
        "three GiB, declared as 100 bytes",
        "two far corners",
        "an .xls with two far corners",
        "an .ods with two far corners",
    ],
)
def test_workbooks_are_refused_in_bounded_memory(what: str, tmp_path: Path) -> None:
    """Neither the process that asks nor the one that reads takes more than its share."""
    make, suffix, wanted = WORKBOOKS[what]
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(make())
    code, own, theirs = cost(path)
    assert code == wanted
    assert own < 64
    assert theirs < LIMITS.memory_mb


# -- what looks hostile and is not -----------------------------------------------------------------------------------


def test_an_empty_far_dimension_is_no_matter() -> None:
    """That a sheet declares A1:XFD1048576 and ends in a million blank rows costs nothing: what counts is where cells are."""
    sheet = made.sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
    )
    assert read(made.xlsx(sheet), "a.xlsx").sheets[0].rows == [[1]]
    blank = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/>'
    rows = ROW.format("", "") + blank + "</table:table-row>"
    assert read(made.ods(rows), "a.ods").sheets[0].rows[0][0] == 1


def test_an_archive_in_an_archive_is_never_opened() -> None:
    """A bomb nested in a part is bytes like any other: the workbook around it is read."""
    nested = made.zipped({"deeper.zip": made.zipped({"deepest.bin": bytes(8 * MIB)})})
    assert read(made.xlsx(xl__embeddings__a_dot_zip=nested), "a.xlsx").sheets[0].rows == [[1]]


def test_entities_where_only_the_parser_looks_are_not_expanded() -> None:
    """A bomb in the shared strings gives neither its text nor anything of the machine's files."""
    for entity in (BOMB, OUTSIDE):
        shared = f'{entity}<sst xmlns="{made._MAIN}"><si><t>&x;</t></si></sst>'
        sheet = made.sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')
        data = made.xlsx(sheet, xl__sharedStrings_dot_xml=shared)
        try:
            rows = read(data, "a.xlsx").sheets[0].rows
        except ImportRefused:
            continue
        assert "root:" not in str(rows)
        assert len(str(rows)) < 20


def test_cells_without_their_place_follow_each_other() -> None:
    """Some programs leave out the references; a percentage is found all the same."""
    styles = f'<styleSheet xmlns="{made._MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/></cellXfs></styleSheet>'
    sheet = made.sheet_xml('<row><c><v>1</v></c></row><row><c><v>2</v></c><c s="1"><v>0.952</v></c></row>')
    rows = read(made.xlsx(sheet, xl__styles_dot_xml=styles), "a.xlsx").sheets[0].rows
    assert rows[0][0] == 1
    assert rows[1] == [2, "95.2%"]


def test_parts_are_found_whatever_the_letters_of_their_names() -> None:
    """The parser looks parts up without regard to case; a sheet that it finds is not left unchecked."""
    parts = made.xlsx_parts(made.sheet_xml(FAR))
    parts["xl/Worksheets/Sheet1.xml"] = parts.pop(made.SHEET)
    assert code_of(made.zipped(parts), "a.xlsx") == "too_many_cells"


def test_formulas_are_text() -> None:
    """A cell that a spreadsheet would run is its letters, from CSV and from a workbook."""
    dde = "=cmd|' /C calc'!A0"
    assert read(f'a,b\n"{dde}",1\n'.encode(), "a.csv").sheets[0].rows[1][0] == dde
    sheet = made.sheet_xml(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{dde}</t></is></c></row>')
    assert read(made.xlsx(sheet), "a.xlsx").sheets[0].rows == [[dde]]


@pytest.mark.parametrize(
    ("columns", "cells", "code"), [(3, 6, None), (2, 6, "too_many_columns"), (3, 5, "too_many_cells")]
)
def test_limits_at_their_border(columns: int, cells: int, code: str | None) -> None:
    """A file of exactly as many columns and cells as are allowed is read; one more is refused, in text and workbook alike."""
    limits = Limits(columns=columns, cells=cells)
    sheet = made.sheet_xml("".join(f"<row>{'<c><v>1</v></c>' * 3}</row>" for _ in range(2)))
    for data, name in ((b"1,2,3\n4,5,6\n", "a.csv"), (made.xlsx(sheet), "a.xlsx")):
        if code is None:
            assert len(read(data, name, limits).sheets[0].rows) == 2
        else:
            assert code_of(data, name, limits) == code


def test_a_cell_at_its_border() -> None:
    """The longest cell that is read has 131,072 characters."""
    assert read(b"a,b\n" + b"x" * FIELD_LIMIT + b",1\n", "a.csv").sheets[0].rows[1][1] == "1"
    assert code_of(b"a,b\n" + b"x" * (FIELD_LIMIT + 1) + b",1\n", "a.csv") == "cell_too_long"


# -- the process that reads workbooks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("does", "kind", "code"),
    [
        ("while True:\n    pass", ImportRefused, "workbook_over_time"),
        ("import time; time.sleep(60)", ImportRefused, "workbook_over_time"),
        ("bytearray(8 << 30)", ImportRefused, "workbook_over_memory"),
        ("import os; os.kill(os.getpid(), 9)", ImportRefused, "workbook_over_memory"),
        ("import os; os.kill(os.getpid(), 11)", ImportRefused, "workbook_damaged"),
        ("import os; os.kill(os.getpid(), 6)", ImportRefused, "workbook_damaged"),
        ("import os; os.kill(os.getpid(), 15)", ServiceError, "reading_stopped"),
        ("import os; os.kill(os.getpid(), 2)", ServiceError, "reading_stopped"),
        ("raise SystemExit(3)", ImportRefused, "workbook_damaged"),
    ],
)
def test_however_the_reader_ends(
    does: str, kind: type[DabiaoError], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that hangs, eats memory or dies costs its file, not this process; one that was told to end costs nothing."""
    bounded = "from dabiao.ingest.readers.child import _bound, Limits; _bound(Limits(memory_mb=512))\n"
    monkeypatch.setattr(guarded, "_CHILD", f"{bounded}{does}")
    hangs = code == "workbook_over_time"
    with pytest.raises(kind) as refused:
        read(made.xlsx(), "a.xlsx", Limits(seconds=1 if hangs else 60))
    assert refused.value.code == code
    assert "a.xlsx" in str(refused.value)


def test_a_panic_of_the_parser_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the parser raises is no ``Exception``; the child answers for it."""

    class Panic(BaseException):
        pass

    def panics(*_: Any) -> Book:
        raise Panic("index out of bounds")

    from dabiao.ingest.readers import child

    monkeypatch.setattr(child.WorkbookReader, "read", panics)
    answer = child._answer(b"", "a.xls", LIMITS)
    assert isinstance(answer, ImportRefused)
    assert answer.code == "workbook_damaged"
    assert "index out of bounds" in str(answer)


def test_a_reader_that_cannot_start_is_not_the_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system can start no process, the import ends with an error that leaves the file where it is."""
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    with pytest.raises(ServiceError) as refused:
        read(made.xlsx(), "a.xlsx")
    assert refused.value.code == "reading_stopped"
