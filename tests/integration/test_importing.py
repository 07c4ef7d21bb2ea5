"""Files into a real store: every row accounted for, nothing twice, nothing lost, whatever dies and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Indicator, IndicatorType, Region
from dabiao.errors import ImportRefused, StoreBusy
from dabiao.plans.load import load
from dabiao.services.app import App, Paths
from dabiao.services.intake.importing import ImportResult, import_file
from dabiao.settings import Settings
from dabiao.store import Store, observations
from dabiao.store.declared import replace_catalogue
from dabiao.store.observations import known_observations

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"


def small_catalogue() -> Catalogue:
    bounds = (Decimal(0), Decimal(1000))
    pm25 = Indicator(
        "pm25", "PM2.5平均浓度", "PM2.5", "µg/m3", IndicatorType.LEVEL, "lower", bounds, 1, "annual"
    )
    regions = [
        Region("350500", "泉州市", "Quanzhou", "泉州", None, "prefecture"),
        Region("220200", "吉林市", "Jilin City", "吉林市", None, "prefecture"),
    ]
    return Catalogue({r.id: r for r in regions}, {"pm25": pm25})


def make_app(home: Path, catalogue: Catalogue) -> App:
    """An app on a fresh store that knows a catalogue."""
    settings = Settings(home=home, busy_timeout_ms=5000)
    store = Store.create(home / "dabiao.sqlite")
    replace_catalogue(
        store,
        units=[],
        regions=[
            {"id": r.id, "zh": r.zh, "en": r.en, "short_zh": r.short_zh, "parent": r.parent, "level": r.level, "members": "[]", "aliases": "[]"}
            for r in catalogue.regions.values()
        ],
        indicators=[
            {"id": i.id, "zh": i.zh, "en": i.en, "unit": i.unit, "type": str(i.type), "direction": i.direction, "low": None, "high": None,
             "decimals": i.decimals, "frequency": i.frequency, "aliases": "[]"}
            for i in catalogue.indicators.values()
        ],
        plans=[], targets=[], digests={}, now="2026-11-21T00:00:00Z", today=date(2026, 11, 21),
    )  # fmt: skip
    return App(settings, Paths(home, DATA), store, catalogue)


@pytest.fixture
def app(tmp_path: Path) -> Iterable[App]:
    made = make_app(tmp_path / "home", small_catalogue())
    yield made
    made.store.close()


Give = Callable[..., ImportResult]


@pytest.fixture
def give(app: App, tmp_path: Path) -> Give:
    """Import rows ``period, value[, published[, source]]`` of 泉州市 PM2.5 as one file."""

    def give_it(*rows: str, name: str = "a.csv", now: datetime = NOW, **options: Any) -> ImportResult:
        lines = []
        for row in rows:
            words = row.split()
            period, value, published, source = words + ["", "公报"][len(words) - 2 :]
            lines.append(f"泉州市,PM2.5平均浓度,{period},{value},µg/m3,{published},{source}\n")
        path = tmp_path / name
        path.write_text(HEAD + "".join(lines), "utf-8")
        return import_file(app, path, now=now, **options)

    return give_it


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.accepted, result.revised, result.unchanged, result.refused


def number(app: App, table: str) -> int:
    row = app.store.row(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


def values(app: App, day: str) -> list[str]:
    return [str(o.value) for o in known_observations(app.store, date.fromisoformat(day))]


# -- one file --------------------------------------------------------------------------------------------------------


def test_the_contract(app: App, give: Give) -> None:
    """The JSON of an import has the contract's fields; messages come in the language asked for."""
    result = give("2024 20 2025-06-05", "去年 20 2025-06-05", "2023 —— 2025-06-05")
    found = result.to_json("en")
    assert {k: found[k] for k in ("file", "accepted", "revised", "unchanged", "refused")} == {
        "file": "a.csv",
        "accepted": 2,
        "revised": 0,
        "unchanged": 0,
        "refused": 1,
    }
    (issue,) = found["issues"]
    assert (issue["file"], issue["sheet"], issue["row"], issue["column"], issue["code"]) == (
        "a.csv",
        None,
        3,
        "时间 [C]",
        "period_unreadable",
    )
    assert issue["message"].startswith("“去年” cannot be read")
    assert result.to_json("zh-CN")["issues"][0]["message"].startswith("“去年”读不成时间")
    assert number(app, "issues") == 1


def test_the_raw_file_is_kept(app: App, give: Give, tmp_path: Path) -> None:
    """The bytes stand under their sha256, named by the import's row."""
    result = give("2024 20")
    row = app.store.row("SELECT raw_path FROM imports")
    assert row is not None
    assert row["raw_path"] == f"raw/{result.sha256[:16]}/a.csv"
    assert (app.paths.home / row["raw_path"]).read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_the_same_file_twice_changes_nothing(app: App, give: Give) -> None:
    """The same bytes again, under any name, are all unchanged and write no row of any table."""
    first = give("2024 20", "2023 21 2024-06-05", "去年 1")
    before = {t: number(app, t) for t in ("observations", "imports", "issues", "series", "sources")}
    again = give("2024 20", "2023 21 2024-06-05", "去年 1", name="b.csv")
    assert counts(first) == (2, 0, 0, 1)
    assert counts(again) == (0, 0, 2, 1)
    assert {t: number(app, t) for t in before} == before


def test_a_renamed_file_is_the_same_file(app: App, tmp_path: Path) -> None:
    """Where the file's name stands for its source, the same bytes under another name are still the first source."""
    for name, wanted in (("a.csv", (1, 0, 0, 0)), ("a (1).csv", (0, 0, 1, 0))):
        path = tmp_path / name
        path.write_text("地区,指标,时间,数值,单位\n泉州市,PM2.5平均浓度,2024,20,µg/m3\n", "utf-8")
        assert counts(import_file(app, path, now=NOW)) == wanted


def test_a_dry_run_writes_nothing(app: App, give: Give) -> None:
    """It says what would become of each row and leaves the store and the folder of raw files as they were."""
    give("2024 20 2025-01-05")
    before = app.store.data_version()
    result = give("2024 21 2025-06-05", "2023 22", "去年 1", name="b.csv", dry_run=True)
    assert counts(result) == (1, 1, 0, 1)
    assert result.dry_run
    assert app.store.data_version() == before
    assert len(list(app.paths.raw.rglob("*.csv"))) == 1


def test_a_revision_supersedes_and_the_old_view_stays(app: App, give: Give) -> None:
    """The June bulletin replaces the January figure of the same source from its day on; before it, the old one is known."""
    assert counts(give("2024 20 2025-01-05")) == (1, 0, 0, 0)
    assert counts(give("2024 20.4 2025-06-05")) == (0, 1, 0, 0)
    assert values(app, "2025-06-04") == ["20"]
    assert values(app, "2025-06-05") == ["20.4"]
    assert counts(give("2024 20.40 2025-06-05", name="c.csv")) == (0, 0, 1, 0)


def test_an_older_statement_that_comes_late_is_kept_beside(app: App, give: Give) -> None:
    """A figure published before the standing one does not replace it: each is known from its own day, the later is used."""
    give("2024 20.4 2025-06-05")
    assert counts(give("2024 20 2025-01-05", name="b.csv")) == (1, 0, 0, 0)
    assert values(app, "2025-03-01") == ["20"]
    assert sorted(values(app, "2025-07-01")) == ["20", "20.4"]
    assert counts(give("2024 20.4 2025-06-05", "2024 20 2025-01-05", name="c.csv")) == (0, 0, 2, 0)
    assert counts(give("2024 21 2025-09-05", name="d.csv")) == (0, 1, 0, 0)
    best = min(known_observations(app.store, date(2025, 10, 1)), key=lambda o: o.precedence)
    assert str(best.value) == "21"


def test_a_file_may_hold_a_figures_history(app: App, give: Give) -> None:
    """Vintages in one file, in any order, are chained by their dates; the file again changes nothing."""
    rows = ("2024 20.4 2025-06-05", "2024 20 2025-01-05", "2024 20 2025-09-05")
    assert counts(give(*rows)) == (1, 2, 0, 0)
    assert [values(app, d) for d in ("2025-01-05", "2025-06-05", "2025-09-05")] == [["20"], ["20.4"], ["20"]]
    assert counts(give(*rows)) == (0, 0, 3, 0)
    assert counts(give(*rows, "2023 22 2025-09-05", name="b.csv")) == (1, 0, 3, 0)


def test_undated_files(app: App, give: Give) -> None:
    """Undated values are known from the import; a changed one replaces; the old file read again does not turn it back."""
    later = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    assert counts(give("2024 20", name="a.csv")) == (1, 0, 0, 0)
    assert counts(give("2024 21", name="b.csv", now=later)) == (0, 1, 0, 0)
    assert values(app, "2026-11-20") == []
    assert values(app, "2026-11-21") == ["20"]
    assert values(app, "2026-11-23") == ["21"]
    assert counts(give("2024 20", name="a.csv", now=later)) == (0, 0, 1, 0)
    assert values(app, "2026-11-23") == ["21"]


def test_a_date_given_later_moves_the_value_to_its_day(app: App, give: Give) -> None:
    """A value that stood undated and comes again with its publication date is known from that day."""
    give("2024 20")
    assert values(app, "2025-07-01") == []
    assert counts(give("2024 20 2025-06-05", name="b.csv")) == (0, 1, 0, 0)
    assert values(app, "2025-07-01") == ["20"]
    assert values(app, "2026-11-21") == ["20"]
    assert counts(give("2024 20", name="c.csv")) == (0, 0, 1, 0)


def test_missing_never_replaces_a_number(app: App, give: Give) -> None:
    """A missing mark over a number is refused; a number over a missing mark revises it."""
    give("2024 20 2025-01-05", "2023 —— 2025-01-05")
    result = give("2024 —— 2025-06-05", "2023 21 2025-06-05", name="b.csv")
    assert counts(result) == (0, 1, 0, 1)
    assert [i.code for i in result.issues] == ["missing_over_number"]
    assert sorted(values(app, "2026-01-01")) == ["20", "21"]


def test_sources_and_states_do_not_replace_each_other(app: App, give: Give) -> None:
    """Another source, or a flash beside a final figure, is another statement."""
    give("2024 20 2025-06-05 公报")
    assert counts(give("2024 21 2025-06-06 晚报", name="b.csv")) == (1, 0, 0, 0)
    assert len(values(app, "2026-01-01")) == 2


def test_a_row_refused_once_goes_in_when_its_region_is_declared(app: App, tmp_path: Path) -> None:
    """The same bytes are read anew: what could not be taken before and can now is taken."""
    path = tmp_path / "a.csv"
    path.write_text(
        HEAD + "泉州市,PM2.5平均浓度,2024,20,µg/m3,,\n吉林市,PM2.5平均浓度,2024,30,µg/m3,,\n", "utf-8"
    )
    less = Catalogue({"350500": app.catalogue.regions["350500"]}, app.catalogue.indicators)
    assert counts(import_file(App(app.settings, app.paths, app.store, less), path, now=NOW)) == (1, 0, 0, 1)
    assert counts(import_file(app, path, now=NOW)) == (1, 0, 1, 0)


def test_a_refused_file_leaves_no_trace(app: App, tmp_path: Path) -> None:
    """A file that cannot be read, or is not there, raises and writes nothing."""
    before = app.store.data_version()
    bad = tmp_path / "a.csv"
    bad.write_bytes(b"\xff\xff\xff")
    for path, code in ((bad, "encoding_unknown"), (tmp_path / "none.csv", "file_unreadable")):
        with pytest.raises(ImportRefused) as refused:
            import_file(app, path, now=NOW)
        assert refused.value.code == code
    assert app.store.data_version() == before
    assert not app.paths.raw.exists()


def test_a_failed_write_leaves_nothing(app: App, give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the transaction breaks half-way, none of its rows stand, and the next import is whole."""

    def broken(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(observations, "append_columns", broken)
    with pytest.raises(RuntimeError):
        give("2024 20")
    monkeypatch.undo()
    assert [number(app, t) for t in ("observations", "imports", "series", "sources")] == [0, 0, 0, 0]
    assert counts(give("2024 20")) == (1, 0, 0, 0)


def test_a_busy_store_is_said_to_be_busy(tmp_path: Path) -> None:
    """While another process holds the write lock past the timeout, the import raises StoreBusy and stores nothing."""
    app = make_app(tmp_path / "home", small_catalogue())
    impatient = App(app.settings, app.paths, Store.open(app.paths.store, busy_timeout_ms=50), app.catalogue)
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "泉州市,PM2.5平均浓度,2024,20,µg/m3,,\n", "utf-8")
    with app.store.write(), pytest.raises(StoreBusy):
        import_file(impatient, path, now=NOW)
    assert counts(import_file(impatient, path, now=NOW)) == (1, 0, 0, 0)
    impatient.store.close()
    app.store.close()


def test_two_importers_at_once(app: App, tmp_path: Path) -> None:
    """Two that import one file at the same moment store each row once: one accepts it, the other finds it unchanged."""
    path = tmp_path / "a.csv"
    path.write_text(HEAD + many(400), "utf-8")
    results: list[ImportResult] = []
    start = threading.Barrier(2)

    def run() -> None:
        start.wait()
        results.append(import_file(app, path, now=NOW))
        app.store.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(counts(r) for r in results) == [(0, 0, 400, 0), (400, 0, 0, 0)]
    assert number(app, "observations") == 400


def many(n: int, first: int = 0) -> str:
    """Rows of ``n`` different months of one series."""
    return "".join(
        f"泉州市,PM2.5平均浓度,{1950 + m // 12}-{m % 12 + 1:02d},{m % 90},µg/m3,,公报\n"
        for m in range(first, first + n)
    )


# -- the bundled observations ----------------------------------------------------------------------------------------


def test_every_bundled_row_goes_in(tmp_path: Path) -> None:
    """All 676 rows are accepted; the third party's years with days missing are warned of; a second run changes nothing."""
    app = make_app(tmp_path / "home", load(DATA).catalogue)
    files = sorted((DATA / "observations").glob("*.csv"))
    results = [import_file(app, path, now=NOW) for path in files]
    warned = {(i.code, i.severity, i.file) for r in results for i in r.issues}
    assert warned == {("not_from_months", "warning", "150100-hohhot.csv")}
    assert tuple(map(sum, zip(*map(counts, results), strict=True))) == (676, 0, 0, 0)
    again = [import_file(app, path, now=NOW) for path in files]
    assert tuple(map(sum, zip(*map(counts, again), strict=True))) == (0, 0, 676, 0)
    app.store.close()


def test_what_the_bundled_rows_say(tmp_path: Path) -> None:
    """Tiers, qualifiers, states and assumed dates of the bundled rows are those that their sources give."""
    app = make_app(tmp_path / "home", load(DATA).catalogue)
    for path in sorted((DATA / "observations").glob("*.csv")):
        import_file(app, path, now=NOW)
    found = known_observations(app.store, date(2026, 11, 21))
    tiers = [str(o.tier) for o in found]
    assert {t: tiers.count(t) for t in set(tiers)} == {"official": 14, "press": 111, "third_party": 551}
    assert {(o.indicator, o.printed) for o in found if o.qualifier} == {
        ("polluted_farmland_safe_use", "98%以上"),
        ("forest_coverage", "45%左右"),
    }
    assert {o.known_rule for o in found} == {"published", "period_end"}
    year = [
        o
        for o in found
        if o.region == "220000" and o.indicator == "good_day_ratio" and str(o.period) == "2023"
    ]
    assert {(str(o.value), o.basis.dust) for o in year} == {
        ("92.4", "unknown"),
        ("90.7", "included"),
        ("93.4", "deducted"),
    }
    early = known_observations(app.store, date(2023, 12, 31), "220000", "pm25")
    assert not any(o.period.year == 2023 and o.period.months == 12 for o in early)
    app.store.close()
