"""A small catalogue and one way to read a file made in a test."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Indicator, IndicatorType, Region
from dabiao.ingest.model import Defaults, Reading
from dabiao.ingest.read import read_bytes

TODAY = date(2026, 11, 21)


def region(key: str, zh: str, en: str, short: str, **more: Any) -> Region:
    return Region(key, zh, en, short, None, "prefecture", **more)


def indicator(
    key: str, zh: str, unit: str | None, high: int | None = 100, aliases: Sequence[str] = ()
) -> Indicator:
    bounds = (Decimal(0), None if high is None else Decimal(high))
    return Indicator(key, zh, key, unit, IndicatorType.LEVEL, "lower", bounds, 1, "annual", tuple(aliases))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    regions = [
        region("350500", "泉州市", "Quanzhou", "泉州"),
        region("220000", "吉林省", "Jilin Province", "吉林省"),
        region("220200", "吉林市", "Jilin City", "吉林市"),
        region("150100", "呼和浩特市", "Hohhot", "呼和浩特", aliases=("呼市",)),
        region("222400", "延边朝鲜族自治州", "Yanbian Korean Autonomous Prefecture", "延边州"),
    ]
    indicators = [
        indicator(
            "pm25",
            "PM2.5平均浓度",
            "µg/m3",
            1000,
            ("PM2.5", "PM2.5浓度", "细颗粒物浓度", "细颗粒物(PM2.5)浓度"),
        ),
        indicator("good_day_ratio", "优良天数比例", "%", aliases=("优良天数比率", "达标率")),
        indicator("surface_water_good_ratio", "地表水优良水体比例(Ⅰ-Ⅲ类)", "%", aliases=("达标率",)),
        indicator("pm25_rank", "PM2.5排名", "名", 30),
        indicator("index", "综合指数", None, None),
    ]
    return Catalogue({r.id: r for r in regions}, {i.id: i for i in indicators})


Read = Callable[..., Reading]


@pytest.fixture
def read(catalogue: Catalogue) -> Read:
    """Read text (as UTF-8) or bytes under a file name."""

    def read_it(content: str | bytes, name: str = "表.csv", today: date = TODAY, **defaults: Any) -> Reading:
        data = content.encode() if isinstance(content, str) else content
        return read_bytes(data, name, catalogue, Defaults(**defaults), today=today)

    return read_it


@pytest.fixture(scope="session")
def xlsx() -> Callable[..., bytes]:
    """Make a workbook of one sheet; ``formats`` gives number formats by cell."""

    def make(
        rows: Sequence[Sequence[Any]], title: str = "Sheet1", formats: dict[str, str] | None = None
    ) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
        for cell, code in (formats or {}).items():
            sheet[cell].number_format = code
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return make
