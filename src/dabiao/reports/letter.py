"""An official letter as data, and its bytes as DOCX after GB/T 9704-2012, on the styles of a template."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm

from dabiao.reports.packed import repacked

_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_W = nsdecls("w")
_TEXT_WIDTH = 156  # mm between the margins
_THICK, _THIN = 8, 6  # eighths of a point: the lines of the imprint, 0.35 and 0.25 mm
_TWIPS = 1440 / 25.4  # in a millimetre
_LEFT = 28  # mm from the page's edge to the text
_IMPRINT_LINE = 8  # mm: height of a line of the imprint


@dataclass(frozen=True, slots=True)
class Blank:
    """A place that a person fills in; marked so that none is overlooked."""

    text: str


Words = Sequence[str | Blank]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text in one of the template's styles (``NoticeBody``, ``NoticeHeading1`` …).

    Attributes:
        new_page: it begins a page.
        kept: it ends on the page on which the next one begins.
    """

    style: str
    words: Words
    new_page: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose headings stand again on each page; ``widths`` are shares of the text's width."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    centred: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as wide as the text, said in words for those who do not see it."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the text."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记: lines of text at the foot of the last page, each between rules."""

    lines: Sequence[Words]


Block = Paragraph | Grid | Picture | Rule | Imprint


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter; ``created`` stands in its properties, so that the same content gives the same bytes."""

    title: str
    subject: str
    lang: str
    created: datetime
    blocks: Sequence[Block]


def letter_bytes(letter: Letter, template: bytes) -> bytes:
    """The bytes of a ``.docx`` file. The same letter on the same template gives the same bytes."""
    document = Document(io.BytesIO(template))
    properties = document.core_properties
    properties.title, properties.subject = letter.title, letter.subject
    properties.language = letter.lang
    properties.created = properties.modified = letter.created
    for number, block in enumerate(letter.blocks, 1):
        _add(document, number, block)
    if isinstance(letter.blocks[-1], Grid):
        _add(document, 0, Paragraph("NoticeImprint", ()))  # a document may not end with a table
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _add(document: DocumentType, number: int, block: Block) -> None:
    body = document.element.body
    if isinstance(block, Picture):
        made = [_picture(document, number, block)]
    elif isinstance(block, Imprint):
        made = [parse_xml(line) for line in _imprint(block)]
    else:
        made = [parse_xml({Paragraph: _paragraph, Grid: _grid, Rule: _rule}[type(block)](block))]  # type: ignore[operator]
    for element in made:
        body.insert(len(body) - 1, element)  # the last child holds the page


def _picture(document: DocumentType, number: int, picture: Picture) -> BaseOxmlElement:
    """A paragraph with a picture; python-docx would look through the whole document for a free number each time."""
    relation, image = document.part.get_or_add_image(io.BytesIO(picture.png))
    height = int(Mm(_TEXT_WIDTH) * image.px_height / image.px_width)
    inline = CT_Inline.new_pic_inline(number, relation, f"{number}.png", Mm(_TEXT_WIDTH), Length(height))
    inline.docPr.set("descr", _text(picture.alt))
    paragraph = parse_xml(
        f'<w:p {_W}><w:pPr><w:pStyle w:val="NoticePicture"/></w:pPr><w:r><w:drawing/></w:r></w:p>'
    )
    next(paragraph.iter(qn("w:drawing"))).append(inline)
    return paragraph


def _paragraph(p: Paragraph) -> str:
    page = f"{'<w:keepNext/>' if p.kept else ''}{'<w:pageBreakBefore/>' if p.new_page else ''}"
    return f'<w:p {_W}><w:pPr><w:pStyle w:val="{p.style}"/>{page}</w:pPr>{_runs(p.words)}</w:p>'


def _runs(words: Words) -> str:
    made = []
    for word in words:
        marked = isinstance(word, Blank)
        style = '<w:rPr><w:rStyle w:val="NoticePlaceholder"/></w:rPr>' if marked else ""
        text = word.text if isinstance(word, Blank) else word
        lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _text(text).split("\n"))
        made.append(f"<w:r>{style}{'<w:br/>'.join(lines)}</w:r>")
    return "".join(made)


def _grid(grid: Grid) -> str:
    whole = sum(grid.widths)
    widths = [int(_TEXT_WIDTH * _TWIPS * w / whole) for w in grid.widths]
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    head = _row(grid.headings, widths, "NoticeCellHead", range(len(widths)), "<w:tblHeader/>")
    rows = "".join(_row(row, widths, "NoticeCell", grid.centred) for row in grid.rows)
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{_borders()}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/>'
        '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{head}{rows}</w:tbl>"
    )


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>' for side in sides)


def _row(
    cells: Sequence[str], widths: Sequence[int], style: str, centred: Sequence[int] | range, more: str = ""
) -> str:
    made = []
    for i, (text, width) in enumerate(zip(cells, widths, strict=True)):
        align = '<w:jc w:val="center"/>' if i in centred else ""
        made.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>{_runs([text])}</w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{more}</w:trPr>{''.join(made)}</w:tr>"


def _rule(_: Rule) -> str:
    return (
        f'<w:p {_W}><w:pPr><w:pStyle w:val="NoticeNumber"/><w:pBdr><w:bottom w:val="single" w:sz="12" w:space="1"'
        ' w:color="404040"/></w:pBdr><w:spacing w:before="0" w:after="0" w:line="80" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _imprint(imprint: Imprint) -> list[str]:
    """A table that stands at the foot of the text's area of its page, and the paragraph that it hangs on, too low to be seen."""
    width = int(_TEXT_WIDTH * _TWIPS)
    last = len(imprint.lines) - 1
    rows = []
    for i, words in enumerate(imprint.lines):
        sides = (("top", _THICK if i == 0 else _THIN), ("bottom", _THICK if i == last else _THIN))
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="000000"/>' for side, size in sides
        )
        rows.append(
            f'<w:tr><w:trPr><w:trHeight w:val="{int(_IMPRINT_LINE * _TWIPS)}" w:hRule="exact"/></w:trPr>'
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>{lines}</w:tcBorders>'
            f'<w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="NoticeImprint"/></w:pPr>{_runs(words)}</w:p></w:tc></w:tr>'
        )
    # LibreOffice 7 leaves a table as wide as the text where it stands, unless its place is told from the page's edge
    table = (
        f'<w:tbl {_W}><w:tblPr><w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin"'
        f' w:horzAnchor="page" w:tblpX="{int(_LEFT * _TWIPS)}" w:tblpYSpec="bottom"/>'
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{width}"/></w:tblGrid>{"".join(rows)}</w:tbl>'
    )
    low = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    return [table, f'<w:p {_W}><w:pPr><w:pStyle w:val="NoticeImprint"/>{low}</w:pPr></w:p>']


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
