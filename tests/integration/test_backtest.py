"""``dabiao backtest`` over files."""

from __future__ import annotations

import csv
import gzip
from itertools import product
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


HEAD = "series_id,indicator,direction,upper,period,value\n"


def run(folder: Path, panel: bytes, cases: bytes) -> list[dict[str, str]]:
    (folder / "panel.csv").write_bytes(panel)
    (folder / "cases.csv").write_bytes(cases)
    backtest(folder / "panel.csv", folder / "cases.csv", folder / "result.csv")
    return list(csv.DictReader((folder / "result.csv").read_text().splitlines()))


def series(name: str, values: list[object], direction: str = "-1", upper: str = "") -> str:
    return "".join(f"{name},x:y,{direction},{upper},{2005 + i},{v}\n" for i, v in enumerate(values))


@pytest.mark.parametrize(
    "rows",
    [
        "",
        series("a", [50]),
        series("a", [50] * 14),
        series("a", [0] * 14),
        series("a", [100] * 14, "1", "100"),
        series("a", [99, 101, 103, 98], "1", "100"),
        series("a", [-5, 3, 0, -2, 1, -8]),
        series("a", [1e300 * (1 + i / 100) for i in range(14)]),
        series("a", [50, "", "NaN", "n/a", "—", "inf", "51%", 48, 47]),
        series("a", [60 - i for i in range(14)]) * 2,
        series("a", [60 - i for i in range(14)], "lower", "none"),
        series("a", [60 - i for i in range(14)])
        + "a,x:y,-1\na,x:y,-1,,20xx,5\na,x:y,-1,,,5\na,x:y,-1,,0208,5\n",
        "".join(f"s{i},x:y,-1,,2018,{20 + i % 50}\n" for i in range(1000)) + "a,x:y,-1,,2018,30\n",
        "".join(f"a,x:y,-1,,2018,{20 + i % 50}\n" for i in range(1000)),
    ],
    ids=[
        "empty",
        "one value",
        "constant",
        "zeros",
        "all at 100",
        "above its bound",
        "negative",
        "huge",
        "words",
        "twice",
        "directions in words",
        "ragged",
        "a thousand in one year",
        "one period a thousand times",
    ],
)
def test_whatever_the_panel_every_case_has_an_answer(tmp_path: Path, rows: str) -> None:
    """Each case has a probability within 0–1, and either a point inside its intervals or none of these."""
    comparators = ("<=", "<", ">=", ">", "=", "~=", "≤", "?", "")
    days = (("2018", "2020"), ("1990", "1995"), ("2018", "2010"), ("2018", "9999"), ("x", ""))
    asked = list(product(days, comparators, ("50", "0", "x")))
    cases = ["case_id,series_id,origin,comparator,target,deadline,met"]
    cases += [f"{i},a,{o},{c},{t},{d},1" for i, ((o, d), c, t) in enumerate(asked, start=1)]
    found = run(tmp_path, (HEAD + rows).encode(), "\n".join(cases).encode())
    assert [r["case_id"] for r in found] == [str(i) for i in range(1, len(cases))]
    for row in found:
        assert 0 <= float(row["probability"]) <= 1
        given = [row[k] for k in ("lower95", "lower80", "point", "upper80", "upper95")]
        assert given == [""] * 5 or [float(g) for g in given] == sorted(float(g) for g in given)


def test_how_a_file_is_written_changes_nothing(tmp_path: Path) -> None:
    """A BOM, Windows line ends, columns in another order and columns that nobody asked for give the same numbers."""
    expected = run(tmp_path, PANEL.encode(), CASES.encode())
    assert run(tmp_path, b"\xef\xbb\xbf" + PANEL.encode(), b"\xef\xbb\xbf" + CASES.encode()) == expected
    windows = [text.replace("\n", "\r\n").encode() for text in (PANEL, CASES)]
    assert run(tmp_path, *windows) == expected
    turned = [
        "\n".join(",".join([*reversed(line.split(",")), "more"]) for line in text.splitlines()).encode()
        for text in (PANEL, CASES)
    ]
    assert run(tmp_path, *turned) == expected


@pytest.mark.parametrize("name", ["NA", "007", "", "null", "城市"])
def test_an_id_is_text(tmp_path: Path, name: str) -> None:
    """A country called NA and a station called 007 are series like any other."""
    cases = CASES.splitlines()[0] + f"\n1,{name},2018,<=,45,2020,1\n"
    (row,) = run(tmp_path, (HEAD + series(name, [60 - i for i in range(14)])).encode(), cases.encode())
    assert float(row["point"]) > 0


def test_no_cases_no_answers(tmp_path: Path) -> None:
    """Cases without a row give a result with its heading alone."""
    assert run(tmp_path, PANEL.encode(), (CASES.splitlines()[0] + "\n").encode()) == []


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
