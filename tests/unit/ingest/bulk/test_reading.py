"""The large way reads what the small way reads, to the digit; whatever the file holds and wherever its blocks are cut."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.observation import Tier
from dabiao.domain.target import Indicator, IndicatorType, Region
from dabiao.ingest.bulk.issues import IssueLog
from dabiao.ingest.bulk.lines import survey
from dabiao.ingest.bulk.reading import read_large
from dabiao.ingest.bulk.values import Values, values_of
from dabiao.ingest.model import Defaults
from dabiao.ingest.read import read_bytes

TODAY = date(2026, 11, 21)
HEADING = ["地区", "指标", "时间", "数值", "单位", "发布日期", "来源", "状态", "备注", "口径"]
REGIONS = ["泉州市", "350500", "吉林市", " 吉林市 ", "吉林市市区", "泉州市(市区)", "泉州市(全市)", "平均", "某市", "", "\u200b", "其中：吉林市"]  # fmt: skip
INDICATORS = ["PM2.5平均浓度", "pm25", "优良天数比例", "某指标"]
PERIODS = ["2024-03-05", "2024-03-01", "2024年3月", "2024", "2024Q1", "1-7月", "2024-03-05 08:00", "2031-01-01", "2024-02-30", "去年", ""]  # fmt: skip
VALUES = [
    "35", "35.0", "35.00", "0", "-0", "-3.5", "007", ".5", "1e2", "1,234", "３５", " 35 ", "98%以上", "45%左右", "35 µg/m3",
    "0.035 mg/m3", "—", "断流未监测", "35*", "12,5", "61.%", "9999999", "123456789012.345678", "", "0.123456789012345", "35.0③", "35\u200b", "0.5L",
]  # fmt: skip
UNITS = ["µg/m3", "ug/m³", "%", "mg/m3", ""]
DAYS = ["", "2025-01-10", "2024-03-06", "2025/1/10", "2030-01-01", "某日"]


def catalogue() -> Catalogue:
    bounds = (Decimal(0), Decimal(1000))
    return Catalogue(
        {
            "350500": Region("350500", "泉州市", "Quanzhou", "泉州", None, "prefecture"),
            "220200": Region("220200", "吉林市", "Jilin City", "吉林市", None, "prefecture"),
        },
        {
            "pm25": Indicator("pm25", "PM2.5平均浓度", "PM2.5", "µg/m3", IndicatorType.LEVEL, "lower", bounds, 1, "annual"),
            "pm10": Indicator("pm10", "PM10平均浓度", "PM10", "µg/m3", IndicatorType.LEVEL, "lower", bounds, 1, "annual"),
            "good_day_ratio": Indicator(
                "good_day_ratio", "优良天数比例", "Good days", "%", IndicatorType.SHARE, "higher", (Decimal(0), Decimal(100)), 1, "annual",
            ),
        },
    )  # fmt: skip


CATALOGUE = catalogue()


def often(*usual: str, rarely: list[str]) -> st.SearchStrategy[str]:
    """Mostly one of the usual words, so that rows agree and repeat; now and then any other."""
    return st.sampled_from([*usual * 4, *rarely])


ROWS = st.lists(
    st.one_of(
        st.tuples(
            often("泉州市", "吉林市", rarely=REGIONS),
            often("PM2.5平均浓度", "PM10平均浓度", rarely=INDICATORS),
            often("2024-03-05", "2024-03-06", "2024-03-07", rarely=PERIODS),
            often("35.2", "36", "20.5", rarely=VALUES),
            often("µg/m3", rarely=UNITS),
            often("2025-01-10", rarely=DAYS),
            often("公报", rarely=["年鉴", ""]),
            often("", rarely=["最终", "快报", "坏"]),
            often("", rarely=["备注,有逗号", '引"号', "两\n行", "注"]),
            often("", rarely=["市区", "国考断面"]),
        ).map(list),
        st.sampled_from(
            [[], ["注：数据来源于监测站"], ["泉州市", "pm25"], ["泉州市", "pm25", "2024-03-08", "1", "", "", "", "", "", "", "多"]]
        ),
    ),
    max_size=25,
)  # fmt: skip


def file_of(rows: list[list[str]], heading: list[str], end: str, quote: int) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=quote)  # type: ignore[arg-type]
    writer.writerows([heading, *rows])
    return out.getvalue()


def facts(values: Values) -> list[tuple[Any, ...]]:
    """Every value in full, in the file's order."""
    found = [
        (
            int(values.row[at]),
            values.keys[values.series[at]],
            int(values.period[at]),
            *values.said(at),
            values.manners[values.manner[at]],
        )
        for at in range(len(values))
    ]
    return sorted(found, key=lambda f: f[0])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    ROWS,
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from([64, 300, 1 << 20]),
    st.sampled_from([Defaults(), Defaults("某局", date(2025, 2, 1), Tier.PRESS)]),
)
def test_the_large_way_is_the_small_way(
    tmp_path: Path,
    rows: list[list[str]],
    end: str,
    quote: int,
    encoding: str,
    block_size: int,
    defaults: Defaults,
) -> None:
    """Values, prints, provenance, issues and counts are the same, however the file is encoded, quoted and cut."""
    path = tmp_path / "a.csv"
    path.write_bytes(file_of(rows, HEADING, end, quote).encode(encoding))
    small = read_bytes(path.read_bytes(), path.name, CATALOGUE, defaults, today=TODAY)
    seen = survey(path)
    assert seen is not None
    with IssueLog() as log:
        large = read_large(
            path, path.name, seen, CATALOGUE, defaults, log, today=TODAY, block_size=block_size
        )
        issues = [i for batch in log.batches() for i in batch]
    if large is None:  # every row goes beyond the heading: the small way refuses them together
        assert not small.rows
        assert {i.code for i in small.issues} <= {"columns_shifted", "row_too_long", "average_row"}
        return
    assert facts(large.values) == facts(values_of(small.rows))
    assert (large.refused, large.repeated) == (small.refused, small.repeated)
    assert sorted(map(repr, issues)) == sorted(map(repr, small.issues))
    assert large.description == small.description


def test_a_bar_is_no_cut_in_gb18030(tmp_path: Path) -> None:
    """The byte of a bar is the second half of some characters there: such a file is read the small way."""
    path = tmp_path / "a.csv"
    path.write_bytes("地区|指标|时间|数值|单位|备注\n泉州市|pm25|2024|35|µg/m3|瑋\n".encode("gb18030"))
    seen = survey(path)
    assert seen is not None
    with IssueLog() as log:
        assert read_large(path, path.name, seen, CATALOGUE, Defaults(), log, today=TODAY) is None
