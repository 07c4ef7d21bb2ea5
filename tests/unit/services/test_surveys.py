"""``dabiao derive`` of surveys: nights of noise, areas of farmland."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from dabiao.errors import DabiaoError
from dabiao.services.derive.deriving import derive_file
from dabiao.standards import rules
from dabiao.standards.outcome import Derived
from dabiao.standards.rules import Certainty
from dabiao.standards.surveys import Nights, night_ratio


def derived(path: Path, text: str) -> list[tuple[str | None, Derived]]:
    path.write_text(text, "utf-8")
    return list(derive_file(path).rows)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "调查.csv"


def test_counts_of_nights_are_added_up(file: Path) -> None:
    """Rows of one place and period are one rate: 76 of 80; each period stands for itself."""
    rows = derived(
        file,
        "城市,时间,功能区,达标点次,监测点次\n泉州市,2024年第一季度,1类,46,50\n泉州市,2024-Q1,2类,30,30\n吉林市,2024,,433,500\n",
    )
    assert [(place, r.period, r.value, r.days) for place, r in rows] == [
        ("泉州市", "2024-Q1", Decimal("95.0"), 80), ("吉林市", "2024", Decimal("86.6"), 500),
    ]  # fmt: skip
    assert {rules.weakest(r.rules) for _, r in rows} == {Certainty.B}


@pytest.mark.parametrize(
    ("level", "value"), [("45", "100.0"), ("45.1", None), ("45.9", None), ("46", "50.0")]
)
def test_a_level_within_a_decibel_is_not_decided(file: Path, level: str, value: str | None) -> None:
    """At the limit a night complies, a whole decibel above it does not; between, the rate is left open with its two ends."""
    text = f"城市,监测日期,功能区类别,夜间等效声级(dB(A))\n泉州市,2024-03-01,1类区,{level}\n泉州市,2024-03-02,4a,55\n泉州市,2024-03-03,2,—\n"
    ((_, row),) = derived(file, text)
    assert (row.period, row.days) == ("2024-03", 2)
    assert row.value == (Decimal(value) if value else None)
    assert [w.params for w in row.why] == ([] if value else [{"count": 1, "low": "50.0", "high": "100.0"}])
    assert rules.weakest(row.rules) is Certainty.C


def test_what_changes_nothing_needs_no_decision() -> None:
    """One open night of ten thousand does not move the rounded rate, which is then given."""
    assert night_ratio("2024", Nights(9000, 10000, 1, by_level=True)).value == Decimal("90.0")
    assert night_ratio("2024", Nights(0, 0)).value is None


def test_from_2025_the_text_was_not_read() -> None:
    """Automatic stations count from then on, by a document that was not read: said, and certain as C alone."""
    before, after = (night_ratio(year, Nights(9, 10)) for year in ("2024", "2025"))
    assert (rules.weakest(before.rules), rules.weakest(after.rules)) == (Certainty.B, Certainty.C)
    assert [w.code for w in after.why] == ["noise_automatic"]


def test_farmland(file: Path) -> None:
    """The parts of all rows of a year to its whole."""
    head = "地区,年份,优先保护面积(亩),安全利用面积(亩),严格管控面积(亩),受污染耕地面积(亩)\n"
    ((place, row),) = derived(file, head + "磐石市,2024,1000,430,70,1600\n磐石市,2024,200,,,240\n")
    assert (place, row.period, row.value) == ("磐石市", "2024", Decimal("92.4"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("城市,时间,达标点次,监测点次\n泉州市,2024,51,50\n", "derive_counts"),
        ("城市,时间,达标点次,监测点次\n泉州市,2024,5.5,50\n", "derive_value"),
        ("城市,时间,达标点次,监测点次\n泉州市,去年,5,50\n", "derive_time"),
        ("城市,监测点次,达标点次\n泉州市,50,5\n", "derive_no_time"),
        ("城市,时间,监测点次\n泉州市,2024,50\n", "derive_nothing"),
        ("城市,时间,功能区,夜间等效声级\n泉州市,2024,4类,50\n", "derive_zone"),
        ("地区,年份,protected,safe,controlled,polluted\n磐石市,2024,1200,430,270,1840\n", "derive_counts"),
        ("地区,年份,protected,safe,controlled,polluted\n磐石市,2024,0,0,0,0\n", "derive_counts"),
    ],
)
def test_a_wrong_row_is_named(file: Path, text: str, code: str) -> None:
    """Nothing is derived of a file with a row that cannot be."""
    with pytest.raises(DabiaoError) as refused:
        derived(file, text)
    assert refused.value.code == code
