"""Text out of .txt, .docx and .pdf, and a clear refusal of what cannot be read."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import DabiaoError
from dabiao.plans.extract import extract
from dabiao.plans.reading import LARGEST_FILE, read_plan_text, text_of

TEXT = "某市方案(2022-2025年)\n到2025年,森林覆盖率达到45.8%。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_in_four_encodings(encoding: str) -> None:
    """A mark decides, else UTF-8, else GB18030: the text is the same."""
    assert text_of(TEXT.encode(encoding), "plan.txt") == TEXT


def refused(data: bytes, name: str) -> str:
    with pytest.raises(DabiaoError) as caught:
        text_of(data, name)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\xff\xfe\xff\xd8", "plan.txt", "extract_encoding_unknown"),
        (b"\xff\xff\xff\xff\xff", "plan.txt", "extract_encoding_unknown"),
        ("甲\0乙".encode(), "plan.txt", "extract_not_text"),
        (b"", "plan.txt", "extract_text_empty"),
        (b" \n\t ", "plan.txt", "extract_text_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "plan.doc", "extract_format_unknown"),
        (b"{\\rtf1}", "plan.rtf", "extract_format_unknown"),
        (b"%PDF-1.7 broken", "plan.pdf", "extract_pdf_broken"),
        (b"no pdf at all", "plan.pdf", "extract_pdf_broken"),
        (b"PK\x03\x04 broken", "plan.docx", "extract_docx_broken"),
        (b"no docx at all", "plan.docx", "extract_docx_broken"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, name: str, code: str) -> None:
    """Each kind of bad file has its own sentence with a mend."""
    assert refused(data, name) == code


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path stands in the sentence."""
    with pytest.raises(DabiaoError, match=r"nowhere\.txt"):
        read_plan_text(tmp_path / "nowhere.txt")


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    """Size is looked at before the bytes."""
    path = tmp_path / "plan.txt"
    with path.open("wb") as file:
        file.truncate(50 * 2**20)
    assert path.stat().st_size > LARGEST_FILE
    with pytest.raises(DabiaoError, match="50 MB"):
        read_plan_text(path)


def test_a_docx_with_a_table(catalogue: Catalogue) -> None:
    """Paragraphs and tables come in the document's order, a row a line."""
    document = docx.Document()
    document.add_paragraph("某市“十四五”规划")
    table = document.add_table(rows=2, cols=4)
    for row, cells in zip(
        table.rows,
        [("指标", "2020年", "2025年", "属性"), ("森林覆盖率(%)", "41.2", "42.5", "约束性")],
        strict=True,
    ):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_paragraph("新建污水管网50公里。")
    packed = io.BytesIO()
    document.save(packed)
    text = text_of(packed.getvalue(), "plan.docx")
    assert text.index("规划") < text.index("森林") < text.index("管网")
    assert next((p.indicator, str(p.value), p.unit) for p in extract(text, catalogue)) == (
        "forest_coverage",
        "42.5",
        "%",
    )


def pdf(stream: bytes | None, password: str | None = None) -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    if stream is not None:
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        content = DecodedStreamObject()
        content.set_data(stream)
        page[NameObject("/Contents")] = writer._add_object(content)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    packed = io.BytesIO()
    writer.write(packed)
    return packed.getvalue()


WORDS = b"BT /F1 12 Tf 20 200 Td (PM2.5 <= 30 by 2025, forest 45 %) Tj ET"


def test_a_pdf_with_a_text_layer() -> None:
    """The text layer is the text."""
    assert "PM2.5 <= 30 by 2025" in text_of(pdf(WORDS), "plan.pdf")


def test_a_scanned_pdf_says_so() -> None:
    """Pages without letters are a scan, and OCR is named."""
    assert refused(pdf(None), "scan.pdf") == "extract_pdf_scanned"


def test_an_encrypted_pdf_says_so() -> None:
    """A password is asked to be removed first."""
    assert refused(pdf(WORDS, "secret"), "locked.pdf") == "extract_pdf_encrypted"
