"""The letter after GB/T 9704-2012: page, faces, tables, marked blanks, and the same bytes for the same letter."""

from __future__ import annotations

import importlib.util
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn

from dabiao.reports.letter import Blank, Block, Grid, Imprint, Letter, Paragraph, Picture, Rule, letter_bytes

ROOT = Path(__file__).parents[3]
TEMPLATE = (ROOT / "data/templates/notice.docx").read_bytes()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fedccc59e7"
    "0000000049454e44ae426082"
)


def made(*blocks: Block) -> bytes:
    return letter_bytes(Letter("标题", "范围", "zh-CN", datetime(2026, 11, 21, tzinfo=UTC), blocks), TEMPLATE)


def opened(*blocks: Block) -> DocumentType:
    return Document(io.BytesIO(made(*blocks)))


def test_the_page_is_that_of_the_standard() -> None:
    """A4; 37 mm above, 35 below, 28 left and 26 right."""
    section = opened(Paragraph("NoticeBody", ["文"])).sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side is not None] == [37, 35, 28, 26]
    assert section.page_width is not None
    assert round(section.page_width.mm) == 210


@pytest.mark.parametrize(
    ("style", "face", "half_points"),
    [
        ("NoticeTitle", "方正小标宋简体", "44"),
        ("NoticeBody", "仿宋_GB2312", "32"),
        ("NoticeHeading1", "黑体", "32"),
        ("NoticeHeading2", "楷体_GB2312", "32"),
        ("NoticePage", "宋体", "28"),
    ],
)
def test_each_style_has_its_east_asian_face(style: str, face: str, half_points: str) -> None:
    """The east-Asian face is set as such: title 小标宋 size 2, body 仿宋 size 3, headings 黑体 and 楷体, page number 宋体 size 4."""
    element = opened(Paragraph("NoticeBody", ["文"])).styles[style].element
    assert element.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:eastAsia")) == face
    assert element.find(qn("w:rPr")).find(qn("w:sz")).get(qn("w:val")) == half_points


def test_the_body_has_lines_of_28_points_and_a_first_line_of_two_characters() -> None:
    """22 lines a page, and each paragraph begins two characters in."""
    paragraph = opened(Paragraph("NoticeBody", ["文"])).styles["NoticeBody"].element.find(qn("w:pPr"))
    assert paragraph.find(qn("w:spacing")).get(qn("w:line")) == "560"
    assert paragraph.find(qn("w:spacing")).get(qn("w:lineRule")) == "exact"
    assert paragraph.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_page_numbers_stand_between_dashes_on_either_side() -> None:
    """Odd pages carry — 1 — on the right, even ones on the left."""
    section = opened(Paragraph("NoticeBody", ["文"])).sections[0]
    for footer, side in ((section.footer, "NoticePage"), (section.even_page_footer, "NoticePageEven")):
        assert footer.paragraphs[0].style is not None
        assert footer.paragraphs[0].style.name == side
        assert footer.paragraphs[0].text == "—  —"
        assert "PAGE" in footer.paragraphs[0]._p.xml


def test_a_table_repeats_its_headings_and_keeps_its_rows_whole() -> None:
    """On each page the headings stand again, and no row is torn over two."""
    table = opened(Grid(["甲", "乙"], [["1", "a\nb"]], (1, 3))).tables[0]
    rows = [row._tr.trPr for row in table.rows]
    assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True, False]
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
    assert table.rows[1].cells[1].text == "a\nb"


def test_a_blank_is_marked_and_what_xml_cannot_hold_is_replaced() -> None:
    """A place to fill in has its own style; a control character does not spoil the file."""
    first = opened(Paragraph("NoticeBody", ["甲", Blank("【文号】"), "a<b&\x07"])).paragraphs[0]
    assert first.text == "甲【文号】a<b&\ufffd"
    styles = [run.style.name for run in first.runs if run.style is not None]
    assert styles == ["Default Paragraph Font", "NoticePlaceholder", "Default Paragraph Font"]


def test_a_picture_is_said_in_words() -> None:
    """Who does not see the picture is told what it shows."""
    document = opened(Picture(PNG, "图的说明"), Paragraph("NoticeCaption", ["图 1"]))
    assert 'descr="图的说明"' in document.element.body.xml


def test_a_document_never_ends_with_a_table() -> None:
    """Word refuses a body that ends with a table: a paragraph follows it."""
    last = list(opened(Rule(), Grid(["甲"], [["1"]], (1,))).element.body)[-2:]
    assert [element.tag for element in last] == [qn("w:p"), qn("w:sectPr")]


def test_the_imprint_stands_at_the_foot_of_the_last_page() -> None:
    """A table at the bottom of the text's area, ruled thick, thin, thick; it hangs on a low paragraph after it."""
    table, anchor, _ = opened(Imprint([["抄送"], ["印发"]])).element.body
    place = table.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    assert (place.get(qn("w:horzAnchor")), place.get(qn("w:tblpX"))) == ("page", "1587")
    rules = [[(r.tag, r.get(qn("w:sz"))) for r in borders] for borders in table.iter(qn("w:tcBorders"))]
    assert rules == [
        [(qn("w:top"), "8"), (qn("w:bottom"), "6")],
        [(qn("w:top"), "6"), (qn("w:bottom"), "8")],
    ]
    assert anchor.tag == qn("w:p")


def test_a_kept_paragraph_stays_with_the_next() -> None:
    """So that no page holds the signature alone."""
    first, second = opened(
        Paragraph("NoticeBody", ["文"], kept=True), Paragraph("NoticeSign", ["署名"])
    ).paragraphs
    assert first._p.pPr.find(qn("w:keepNext")) is not None
    assert second._p.pPr.find(qn("w:keepNext")) is None


def test_the_same_letter_gives_the_same_bytes() -> None:
    """No clock stands in the file: neither in the parts nor in the package."""
    blocks = (Paragraph("NoticeBody", ["文"]), Picture(PNG, "图"), Grid(["甲"], [["1"]], (1,)))
    assert made(*blocks) == made(*blocks)
    with zipfile.ZipFile(io.BytesIO(made(*blocks))) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        assert "2026-11-21" in package.read("docProps/core.xml").decode()


def test_the_template_is_what_its_script_makes() -> None:
    """data/templates/notice.docx is changed in benchmarks/make_notice_template.py, not by hand."""
    spec = importlib.util.spec_from_file_location(
        "make_notice_template", ROOT / "benchmarks/make_notice_template.py"
    )
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    parts = [
        {name: package.read(name) for name in package.namelist()}
        for package in (zipfile.ZipFile(io.BytesIO(data)) for data in (script.make(), TEMPLATE))
    ]
    assert parts[0] == parts[1]
