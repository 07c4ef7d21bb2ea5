"""Readers: what a file's bytes give, and what is refused before it costs anything."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from dabiao.errors import ImportRefused
from dabiao.ingest.readers import reader_for
from dabiao.ingest.readers.interface import HOLE, Book, shown

Xlsx = Callable[..., bytes]


def read(data: bytes | str, name: str) -> Book:
    return reader_for(name).read(data.encode() if isinstance(data, str) else data, name)


def code_of(data: bytes | str, name: str) -> str:
    with pytest.raises(ImportRefused) as refused:
        read(data, name)
    assert str(refused.value)
    return refused.value.code


def repacked(data: bytes, **parts: bytes) -> bytes:
    """A zip with parts added or replaced; ``__`` stands for ``/`` and ``_dot_`` for ``.`` in names."""
    named = {k.replace("__", "/").replace("_dot_", "."): v for k, v in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in named:
                new.writestr(entry.filename, old.read(entry.filename))
        for name, content in named.items():
            new.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(("mark", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.csv"), ("\t", "a.TSV")])
def test_delimiter(mark: str, name: str) -> None:
    """Comma, semicolon and tab are told apart by which makes a table; a comma inside quotes or notes does not mislead."""
    text = f'地区{mark}值{mark}备注\n泉州市{mark}1{mark}"a,b"\n吉林市{mark}2{mark}c\n'
    book = read(text, name)
    assert book.description["delimiter"] == mark
    assert book.sheets[0].rows[1] == ["泉州市", "1", "a,b"]


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    """Blank lines count, and a cell with a line break is one row."""
    rows = read('a,b\n\n"x\ny",2\nz,3\n', "a.csv").sheets[0].rows
    assert [row[0] if row else None for row in rows] == ["a", None, "x\ny", "z"]


def test_broken_text_is_refused() -> None:
    """An open quotation mark, an endless cell and a renamed workbook are refused, each with its own code."""
    assert code_of('a,b\n"x,1\ny,2\n', "a.csv") == "csv_broken"
    assert code_of("a,b\n" + "x" * 200_000 + ",1\n", "a.csv") == "cell_too_long"
    assert code_of(b"PK\x03\x04rest", "a.csv") == "not_text"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.xlsm", "workbook_macros"),
        ("a.xlsb", "workbook_binary"),
        ("a.pdf", "format_unknown"),
        ("a", "format_unknown"),
    ],
)
def test_formats_that_are_not_read(name: str, code: str) -> None:
    """Macro workbooks and unknown suffixes are refused by name, before any byte is read."""
    assert code_of(b"x", name) == code


def test_cells_keep_their_kind_and_place(xlsx: Xlsx) -> None:
    """Rows and columns stand where the spreadsheet shows them, dates are dates, 95.2 % is "95.2%" and not 0.952."""
    data = xlsx([[], [None, "地区", 0.952, date(2024, 3, 1), 2024, "007"]], formats={"C2": "0.0%"})
    row = read(data, "a.xlsx").sheets[0].rows[1]
    assert row[:3] == [None, "地区", "95.2%"]
    assert row[3] == date(2024, 3, 1)
    assert shown(row[4]) == "2024"
    assert row[5] == "007"


def test_a_formula_without_a_stored_result_is_a_hole(xlsx: Xlsx) -> None:
    """It is neither empty nor 0; an empty cell stays empty."""
    rows = read(xlsx([["a", "=1+1", None, "b"], ["=SUM(A1:A9)"]]), "a.xlsx").sheets[0].rows
    assert rows[0] == ["a", HOLE, None, "b"]
    assert rows[1][0] == HOLE


def test_hidden_sheets_are_named_and_not_read(xlsx: Xlsx) -> None:
    """What a person does not see is not imported, and the reading says so."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx([["a", 1]], title="数据")))
    hidden = book.create_sheet("旧数据")
    hidden.append(["b", 2])
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    found = read(buffer.getvalue(), "a.xlsx")
    assert [s.name for s in found.sheets] == ["数据"]
    assert found.description["hidden_sheets"] == ["旧数据"]


def test_workbooks_that_are_refused(xlsx: Xlsx) -> None:
    """Damaged, encrypted, with macros: each with its own code."""
    good = xlsx([["a", 1]])
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert code_of(b"text", "a.xlsx") == "workbook_is_text"
    assert code_of(b"\x01\x02", "a.xlsx") == "workbook_damaged"
    assert code_of(good[: len(good) // 2], "a.xlsx") == "workbook_damaged"
    assert code_of(ole, "a.xls") == "workbook_damaged"
    assert code_of(ole + "EncryptedPackage".encode("utf-16-le"), "a.xlsx") == "workbook_encrypted"
    assert code_of(ole + "_VBA_PROJECT".encode("utf-16-le"), "a.xls") == "workbook_macros"
    assert code_of(repacked(good, xl__vbaProject_dot_bin=b"x"), "a.xlsx") == "workbook_macros"


def test_bombs_are_refused_before_they_unfold(xlsx: Xlsx) -> None:
    """A zip bomb, a sheet with two far corners and an entity bomb are refused without the memory they ask for."""
    good = xlsx([["a", 1]])
    assert code_of(repacked(good, bomb=bytes(64 << 20)), "a.xlsx") == "workbook_too_large"
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    far = (
        head
        + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert code_of(repacked(good, xl__worksheets__sheet1_dot_xml=far), "a.xlsx") == "too_many_cells"
    bomb = (
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
        + head
        + b"</sheetData></worksheet>"
    )
    assert code_of(repacked(good, xl__worksheets__sheet1_dot_xml=bomb), "a.xlsx") == "workbook_damaged"


ODS_HEAD = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    b'<office:body><office:spreadsheet><table:table table:name="T">'
)
ODS_TAIL = b"</table:table></office:spreadsheet></office:body></office:document-content>"


def ods(rows: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", ODS_HEAD + rows + ODS_TAIL)
    return buffer.getvalue()


def test_opendocument() -> None:
    """An .ods table is read; one whose repeated cells would fill a sheet is refused."""
    cell = b'<table:table-cell office:value-type="float" office:value="19.6"%s><text:p>19.6</text:p></table:table-cell>'
    row = b"<table:table-row%s>" + cell + b"</table:table-row>"
    assert read(ods(row % (b"", b"")), "a.ods").sheets[0].rows == [[19.6]]
    bomb = row % (b' table:number-rows-repeated="1048576"', b' table:number-columns-repeated="1024"')
    assert code_of(ods(bomb), "a.ods") == "too_many_cells"


def test_opendocument_percent_truth_values_and_errors() -> None:
    """A percentage is what is printed, a truth value is one, an error and an empty result are holes; merged cells are told."""
    cells = (
        b'<table:table-row><table:table-cell office:value-type="percentage" office:value="0.952"><text:p>95.2%</text:p></table:table-cell>'
        b'<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>'
        b'<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:value-type="error">'
        b'<text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=A1"/>'
        b'<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>'
        b'<table:table-row><table:table-cell table:number-columns-repeated="4"/><table:covered-table-cell/></table:table-row>'
    )
    sheet = read(ods(cells), "a.ods").sheets[0]
    assert sheet.rows[0] == ["95.2%", True, HOLE, HOLE, "a"]
    assert sheet.merged == ((0, 4, 1, 4),)
