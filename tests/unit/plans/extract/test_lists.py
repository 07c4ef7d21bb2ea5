"""One phrase over several indicators is split; a phrase with a list inside its name is not."""

from __future__ import annotations

import pytest

from dabiao.plans.extract.lists import items


@pytest.mark.parametrize(
    ("phrase", "each", "wanted", "expected"),
    [
        ("森林覆盖率、湿地保护率", True, 2, ["森林覆盖率", "湿地保护率"]),
        ("化肥、农药利用率", True, 1, ["化肥利用率", "农药利用率"]),
        ("化肥农药利用率", False, 1, ["化肥利用率", "农药利用率"]),
        ("氨氮、化学需氧量排放量", False, 1, ["氨氮排放量", "化学需氧量排放量"]),
        ("PM2.5、PM10平均浓度", True, 2, ["PM2.5平均浓度", "PM10平均浓度"]),
        ("二氧化硫、氮氧化物重点工程减排量", True, 2, ["二氧化硫重点工程减排量", "氮氧化物重点工程减排量"]),
        ("城区、农村污水处理率", True, 2, ["城区污水处理率", "农村污水处理率"]),
        ("单位GDP能耗以及单位GDP用水量下降率", False, 1, ["单位GDP能耗", "单位GDP用水量下降率"]),
    ],
)
def test_a_list_is_split(phrase: str, each: bool, wanted: int, expected: list[str]) -> None:
    """Each indicator of the list gets its name in full."""
    assert items(phrase, each=each, wanted=wanted) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "地表水国、省控断面Ⅰ-Ⅲ类水体比例",
        "矿山开采回采率、选矿回收率和综合利用率达标率",
        "县级及以上城市集中式饮用水水源达标率",
        "森林覆盖率",
    ],
)
def test_a_name_with_a_list_inside_stays_whole(phrase: str) -> None:
    """A scope or a compound rate is one indicator."""
    assert items(phrase, each=False) == [phrase]
