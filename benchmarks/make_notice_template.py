"""Writes data/templates/notice.docx: page, styles and page number of a notice after GB/T 9704-2012.

    python benchmarks/make_notice_template.py [FILE]

A4 with margins of 37, 35, 28 and 26 mm (top, bottom, left, right), 22 lines of 28 pt with 28 characters of size 3 (16 pt): body in
仿宋, first headings 黑体, second ones 楷体, title 小标宋 size 2, page number size 4 宋体 between dashes, on odd pages to the right and
on even ones to the left. The faces are named, not embedded; each names what stands in where it is not installed. The file is changed
here, not by hand: a test compares the two.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from dabiao.reports.packed import repacked

OUT = Path(__file__).parents[1] / "data/templates/notice.docx"
LATIN = "Times New Roman"
FONTS = {
    "仿宋_GB2312": ("仿宋", "FangSong"),
    "楷体_GB2312": ("楷体", "KaiTi"),
    "黑体": ("SimHei", "微软雅黑"),
    "方正小标宋简体": ("方正小标宋_GBK", "宋体"),
    "宋体": ("SimSun",),
}
"""Faces of official documents in GB2312 cuts, and what stands in for them elsewhere."""


class Style(NamedTuple):
    """A paragraph style: sizes and lines in points, indents in hundredths of a character."""

    name: str
    font: str
    size: float
    line: float | None = 28
    exact: bool = True
    align: str = "both"
    first: int = 0
    right: int = 0
    before: float = 0
    after: float = 0
    bold: bool = False
    keep: bool = False
    outline: int | None = None
    colour: str = ""


STYLES = (
    Style("NoticeDraft", "仿宋_GB2312", 14, 22, align="left", colour="7F1D1D"),
    Style("NoticeMark", "方正小标宋简体", 26, 40, align="center", before=28),
    Style("NoticeNumber", "仿宋_GB2312", 16, align="center", before=14, after=6),
    Style("NoticeTitle", "方正小标宋简体", 22, 35, align="center", before=28, after=20, keep=True),
    Style("NoticeTo", "仿宋_GB2312", 16, align="left"),
    Style("NoticeBody", "仿宋_GB2312", 16, first=200),
    Style("NoticeHeading1", "黑体", 16, first=200, align="left", keep=True, outline=0),
    Style("NoticeHeading2", "楷体_GB2312", 16, first=200, align="left", keep=True, outline=1),
    Style("NoticeTableName", "黑体", 14, 24, align="center", before=8, after=4, keep=True),
    Style("NoticeCell", "仿宋_GB2312", 10.5, 15, align="left"),
    Style("NoticeCellHead", "黑体", 10.5, 15, align="center"),
    Style("NoticePicture", "仿宋_GB2312", 12, None, exact=False, align="center", before=6, keep=True),
    Style("NoticeCaption", "仿宋_GB2312", 12, 20, align="center", after=8),
    Style("NoticeSign", "仿宋_GB2312", 16, align="right", right=400),
    Style("NoticeAnnex", "黑体", 16, align="left", keep=True),
    Style("NoticeImprint", "仿宋_GB2312", 14, 22, align="left"),
    Style("NoticePage", "宋体", 14, None, exact=False, align="right", right=100),
    Style("NoticePageEven", "宋体", 14, None, exact=False, align="left", first=100),
)


def make() -> bytes:
    """The template's bytes."""
    document = Document()
    _empty(document)
    for style in STYLES:
        _style(document, style)
    _placeholder(document)
    _page(document)
    _fonts(document)
    properties = document.core_properties
    properties.author = properties.last_modified_by = "dabiao"
    properties.title = properties.comments = ""
    properties.created = properties.modified = datetime(2026, 1, 1)  # noqa: DTZ001 - stands in the file as UTC
    out = io.BytesIO()
    document.save(out)
    return repacked(out.getvalue())


def _empty(document: DocumentType) -> None:
    for paragraph in list(document.element.body.iterchildren(qn("w:p"))):
        document.element.body.remove(paragraph)
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        for name in [
            n for n in fonts.attrib if n.endswith("Theme")
        ]:  # a theme's face would win over a named one
            del fonts.attrib[name]
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else marks are set as in traditional Chinese
    fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    for name, face in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", "仿宋_GB2312"), ("cs", LATIN)):
        fonts.set(qn(f"w:{name}"), face)


def _style(document: DocumentType, s: Style) -> None:
    made = document.styles.add_style(s.name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    made.quick_style = True
    size = int(2 * s.size)
    latin = s.font if s.name.startswith("NoticePage") else LATIN
    colour = f'<w:color w:val="{s.colour}"/>' if s.colour else ""
    run = (
        f'<w:rPr {nsdecls("w")}><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{s.font}" w:cs="{latin}"/>'
        f'{"<w:b/>" if s.bold else ""}{colour}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    )
    indent = (
        f'w:firstLineChars="{s.first}" w:firstLine="{int(s.first / 100 * s.size * 20)}"' if s.first else ""
    )
    indent += f' w:rightChars="{s.right}" w:right="{int(s.right / 100 * s.size * 20)}"' if s.right else ""
    line = f'w:line="{int(20 * s.line)}" w:lineRule="{"exact" if s.exact else "auto"}"' if s.line else ""
    paragraph = (
        f'<w:pPr {nsdecls("w")}>{"<w:keepNext/><w:keepLines/>" if s.keep else ""}<w:widowControl w:val="0"/>'
        f'<w:spacing w:before="{int(20 * s.before)}" w:after="{int(20 * s.after)}" {line}/>'
        f'{f"<w:ind {indent}/>" if indent else ""}<w:jc w:val="{s.align}"/>'
        f"{'' if s.outline is None else f'<w:outlineLvl w:val={chr(34)}{s.outline}{chr(34)}/>'}</w:pPr>"
    )
    for old in (made.element.find(qn("w:pPr")), made.element.find(qn("w:rPr"))):
        if old is not None:
            made.element.remove(old)
    made.element.append(parse_xml(paragraph))
    made.element.append(parse_xml(run))


def _placeholder(document: DocumentType) -> None:
    made = document.styles.add_style("NoticePlaceholder", WD_STYLE_TYPE.CHARACTER)
    made.quick_style = True
    made.element.append(
        parse_xml(
            f'<w:rPr {nsdecls("w")}><w:color w:val="7F1D1D"/><w:shd w:val="clear" w:color="auto" w:fill="F3E8E8"/></w:rPr>'
        )
    )


def _page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(35 - 7 - 5)  # the number stands 7 mm below the text
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is not None:
        section._sectPr.remove(grid)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, style in ((section.footer, "NoticePage"), (section.even_page_footer, "NoticePageEven")):
        paragraph = footer.paragraphs[0]
        paragraph.style = document.styles[style]
        paragraph.add_run("— ")
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
            inner = (
                f'<w:fldChar w:fldCharType="{kind}"/>'
                if kind
                else f'<w:instrText xml:space="preserve">{text}</w:instrText>'
            )
            paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}>{inner}</w:r>"))
        paragraph.add_run(" —")
    document.styles["Normal"].font.size = Pt(16)


def _fonts(document: DocumentType) -> None:
    faces = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/><w:charset w:val="86"/></w:font>'
        for name, others in FONTS.items()
    )
    table = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {nsdecls("w")}>{faces}</w:fonts>'
    )
    part = next(p for p in document.part.package.iter_parts() if str(p.partname) == "/word/fontTable.xml")
    part._blob = table.encode()


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_bytes(make())
    print(where)
