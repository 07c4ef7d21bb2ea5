"""``dabiao backtest`` over files."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from dabiao.cli.judged import backtest
from dabiao.errors import DabiaoError

PANEL = "series_id,indicator,direction,upper,period,value\n" + "".join(
    f"city{c},x:pm25,-1,,{2012 + i},{60 - 3 * i + c}\n" for c in range(3) for i in range(9)
)
CASES = (
    "case_id,series_id,origin,comparator,target,deadline,met\n"
    "7,city0,2018,<=,45,2020,1\n8,city1,2018,<=,30,2019,0\n9,city2,2016,>=,10,2018,1\n"
)


def test_each_case_gets_its_probability(tmp_path: Path) -> None:
    """The result has the cases' ids in their order, probabilities within 0–1 and the point inside its interval; .gz is read."""
    with gzip.open(tmp_path / "panel.csv.gz", "wt") as file:
        file.write(PANEL)
    (tmp_path / "cases.csv").write_text(CASES)
    backtest(tmp_path / "panel.csv.gz", tmp_path / "cases.csv", tmp_path / "result.csv")
    rows = list(csv.DictReader((tmp_path / "result.csv").read_text().splitlines()))
    assert [r["case_id"] for r in rows] == ["7", "8", "9"]
    for row in rows:
        assert 0 <= float(row["probability"]) <= 1
        assert float(row["lower95"]) <= float(row["lower80"]) <= float(row["point"]) <= float(row["upper80"])
    assert float(rows[0]["probability"]) > float(rows[1]["probability"])


def test_later_rows_of_the_panel_change_nothing(tmp_path: Path) -> None:
    """Dropping every row after the origin gives the same file to the byte."""
    (tmp_path / "cases.csv").write_text("\n".join(CASES.splitlines()[:3]) + "\n")
    known = [line for line in PANEL.splitlines() if line[:1] == "s" or int(line.split(",")[4]) <= 2018]
    results = []
    for name, text in (("all", PANEL), ("known", "\n".join(known) + "\n")):
        (tmp_path / f"{name}.csv").write_text(text)
        backtest(tmp_path / f"{name}.csv", tmp_path / "cases.csv", tmp_path / f"{name}-result.csv")
        results.append((tmp_path / f"{name}-result.csv").read_bytes())
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("panel", "code"),
    [(None, "file_missing"), ("period,value\n2012,1\n", "columns_missing"), ("", "table_unreadable")],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, panel: str | None, code: str) -> None:
    """A missing, empty or incomplete file is refused by name, and nothing is written."""
    if panel is not None:
        (tmp_path / "panel.csv").write_text(panel)
    (tmp_path / "cases.csv").write_text(CASES)
    with pytest.raises(DabiaoError) as caught:
        backtest(tmp_path / "panel.csv", tmp_path / "cases.csv", tmp_path / "result.csv")
    assert caught.value.code == code
    assert not (tmp_path / "result.csv").exists()
