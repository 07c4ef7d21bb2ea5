"""Where fuzzing starts from: one small sound file of each shape, and files made to hurt."""

from __future__ import annotations

from tests import workbooks as made

TABLE = "地区,指标,时间,数值,单位\n泉州市,PM2.5平均浓度,2024年3月,19.6,µg/m3\n吉林市,优良天数比例,2024,98%以上,%\n"

TEXTS = (
    TABLE.encode(),
    TABLE.encode("gb18030"),
    TABLE.encode("utf-16"),
    b"\xef\xbb\xbf" + TABLE.replace(",", ";").encode(),
    TABLE.replace(",", "\t").encode(),
    '备注,值\n"一, 二\n三",1\n'.encode(),
    b'a,b\n"x,1\n',
    b"a\rb\r\nc\n",
)
SHAPES = (
    "2024年PM2.5平均浓度（μg/m³）,,,\n城市,1月,2月,1-2月\n泉州市,20,＜0.5,20.1*\n平均,20,—,\n注：初步,,,\n",
    "城市,PM2.5平均浓度,,优良天数比例\n,2024年,2023年,2024年\n,μg/m3,μg/m3,%\n泉州市,20,21,98%以上\n",
    "城市,PM2.5平均浓度(μg/m3),排名,城市,PM2.5平均浓度(μg/m3),排名\n泉州市,20,1,吉林市,31,2\n",
    "指标,泉州市,吉林市\nPM2.5平均浓度(μg/m3),0.5L,未检出\n优良天数比例(%),1.2万,45%左右\n",
    "地区,年,月,小时,指标,数值,单位,口径,发布日期\n其中：泉州市(市区),2024,1-3,,PM2.5平均浓度,0.02,mg/m3,国考,2024.4.1\n",
)
_STRINGS = f'<sst xmlns="{made._MAIN}"><si><t>地区</t></si><si><r><t>数</t></r><r><t>值</t></r></si></sst>'
_STYLES = (
    f'<styleSheet xmlns="{made._MAIN}"><numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
SHEETS = (
    made.sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'),
    made.sheet_xml('<row r="2"><c r="A2" s="1"><v>0.952</v></c><c r="B2" s="2"><v>45352</v></c></row>'),
    made.sheet_xml('<row><c><f>SUM(A1:A9)</f></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row>'),
    made.sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>').replace(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    ),
)
TABLES = (
    '<table:table-row><table:table-cell office:value-type="percentage" office:value="0.952"/></table:table-row>',
    (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3" '
        'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    ),
    (
        '<table:table-row><table:table-cell table:formula="of:=1" table:number-rows-spanned="2"/>'
        "<table:covered-table-cell/></table:table-row>"
    ),
)
STREAMS = (
    made.biff([(0, 0, "地区"), (0, 1, 20.5)]),
    made.biff([(3, 2, 1.0)], before=made.record(0xE0, b"\0\0\x0a\0" + bytes(16))),
    made.biff([], inside=made.record(0x06, bytes(6) + b"\x02\0\0\0\0\0\xff\xff" + bytes(8))),
)


def workbook(sheet: str | bytes) -> bytes:
    """A workbook of that sheet, with strings and styles for it to point to."""
    return made.xlsx(sheet, xl__sharedStrings_dot_xml=_STRINGS, xl__styles_dot_xml=_STYLES)


XLSX = tuple(workbook(sheet) for sheet in SHEETS)
ODS = tuple(made.ods(rows) for rows in TABLES)
XLS = (
    *(made.compound({"Workbook": stream}) for stream in STREAMS),
    made.compound({"EncryptedPackage": b"x"}),
)
