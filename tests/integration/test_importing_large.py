"""Large files into a real store: the same as row by row, all or nothing, and nothing that grows without bound."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Region
from dabiao.errors import ImportRefused
from dabiao.ingest.bulk import issues
from dabiao.ingest.bulk.lines import survey
from dabiao.services.app import App
from dabiao.services.intake import importing_large
from dabiao.services.intake.importing import ImportResult, import_file
from tests.integration.test_importing import NOW, make_app, small_catalogue

HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"
FILE = st.lists(
    st.tuples(
        st.sampled_from(["泉州市", "吉林市", "泉州市", "吉林市", "某市"]),
        st.sampled_from(["2024-03-05", "2024-03-06", "2024-03-07", "2024", "2024-02"]),
        st.sampled_from(["35.2", "35.20", "36", "20.5", "98%以上", "——", "35 µg/m3", "9999", "123456789012.3456789"]),
        st.sampled_from(["", "2025-01-10", "2025-02-10", "2025-01-10"]),
        st.sampled_from(["公报", "公报", "年鉴", ""]),
    ),
    min_size=1,
    max_size=14,
)  # fmt: skip


@pytest.fixture
def app(tmp_path: Path) -> Iterable[App]:
    made = make_app(tmp_path / "home", small_catalogue())
    yield made
    made.store.close()


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every CSV goes the large way here."""
    monkeypatch.setattr(importing_large, "LARGE", 1)


def days(count: int, first: int = 0, value: str = "35.2") -> str:
    start = date(2000, 1, 1) + timedelta(days=first)
    return "".join(
        f"泉州市,pm25,{(start + timedelta(days=n)).isoformat()},{value},µg/m3,2025-01-10,公报\n"
        for n in range(count)
    )


def give(app: App, path: Path, text: str, now: datetime = NOW, **options: Any) -> ImportResult:
    path.write_text(HEAD + text, "utf-8")
    return import_file(app, path, now=now, **options)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return result.accepted, result.revised, result.unchanged, result.refused


def number(app: App, table: str) -> int:
    row = app.store.row(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


def state(app: App) -> dict[str, list[str]]:
    """All that imports have left in a store, but for the numbers of rows."""
    told = """
        SELECT o.region, o.indicator, o.basis, o.period, o.value, o.printed, o.qualifier, o.unit, o.tier, o.state, o.source,
               o.published, o.known_on, o.known_rule, o.recorded_at, o.import_id, o.row, o.note,
               b.value AS before, b.printed AS before_printed, b.known_on AS before_known_on, b.import_id AS before_import
        FROM observed o LEFT JOIN observed b ON b.id = o.supersedes
    """
    queries = {
        "observed": told,
        "issues": "SELECT import_id, sheet, row, column, code, params, severity, raw FROM issues",
        "quarantine": "SELECT import_id, sheet, row, raw, reasons, state FROM quarantine",
        "imports": "SELECT id, file, sha256, accepted, revised, unchanged, refused, warned FROM imports",
        "flags": "SELECT code, params FROM series_flags",
    }
    return {name: sorted(str(tuple(r)) for r in app.store.rows(sql)) for name, sql in queries.items()}


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(FILE, min_size=1, max_size=3))
def test_the_store_is_the_same_as_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[tuple[str, ...]]]
) -> None:
    """After any files, each revising the ones before, both ways leave the same statements, issues, quarantine and counts."""
    found = []
    for way, border in (("large", 1), ("small", 1 << 40)):
        importing_large.LARGE = border
        folder = tmp_path_factory.mktemp(way)
        app = make_app(folder / "home", small_catalogue())
        results = []
        for at, rows in enumerate(files):
            text = "".join(
                f"{region},pm25,{when},{value},µg/m3,{told},{by}\n" for region, when, value, told, by in rows
            )
            result = give(app, folder / f"{at % 2}.csv", text, NOW + timedelta(days=at))
            results.append((counts(result), sorted(map(repr, result.issues))))
        found.append((results, state(app)))
        app.store.close()
    assert found[0] == found[1]


def test_the_same_bytes_are_not_read_again(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second import of a file that was read in full answers from the store, refused rows and reading included."""
    text = days(20) + "某市,pm25,2024,1,µg/m3,2025-01-10,公报\n"
    first = give(app, tmp_path / "a.csv", text)
    before = state(app)
    monkeypatch.setattr(importing_large, "read_large", None)
    again = give(app, tmp_path / "a.csv", text, NOW + timedelta(days=3))
    assert (counts(first), counts(again)) == ((20, 0, 0, 1), (0, 0, 20, 1))
    assert (again.issues, again.reading) == (first.issues, first.reading)
    assert state(app) == before


def test_the_same_bytes_are_read_again_where_they_may_say_more(app: App, tmp_path: Path) -> None:
    """A name that the catalogue has learnt, another day for undated rows, a period that had not begun: all are read anew."""
    text = "某市,pm25,2024,1,µg/m3,2025-01-10,公报\n泉州市,pm25,2026-12-01,1,µg/m3,,公报\n"
    assert counts(give(app, tmp_path / "a.csv", text)) == (0, 0, 0, 2)
    later = NOW + timedelta(days=30)
    assert counts(give(app, tmp_path / "a.csv", text, later)) == (1, 0, 0, 1)
    regions = {**app.catalogue.regions, "1": Region("1", "某市", "Some City", "某", None, "prefecture")}
    with app.store.write() as db:
        db.execute(
            "INSERT INTO regions VALUES ('1', '某市', 'Some City', '某', NULL, 'prefecture', '[]', '[]')"
        )
    knows = App(app.settings, app.paths, app.store, Catalogue(regions, app.catalogue.indicators))
    assert counts(give(knows, tmp_path / "a.csv", text, later)) == (1, 0, 1, 0)


def test_every_refused_row_is_kept_and_few_are_listed(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file that is wrong throughout each row stands in quarantine; what is handed on in one piece stays small."""
    monkeypatch.setattr(issues, "LISTED", 10)
    monkeypatch.setattr(issues, "_IN_MEMORY", 100)
    result = give(app, tmp_path / "a.csv", days(300, value="不明"))
    assert counts(result) == (0, 0, 0, 300)
    assert (len(result.issues), result.more_issues) == (10, 290)
    assert (number(app, "issues"), number(app, "quarantine")) == (300, 300)
    assert result.to_json("en")["more_issues"] == 290


def test_a_dry_run_leaves_nothing(app: App, tmp_path: Path) -> None:
    """Counts are those of an import; the store and the raw files are as before."""
    before = state(app)
    assert counts(give(app, tmp_path / "a.csv", days(50), dry_run=True)) == (50, 0, 0, 0)
    assert state(app) == before
    assert not app.paths.raw.exists()


def test_a_file_beyond_the_limit_is_refused_unread(app: App, tmp_path: Path) -> None:
    """The limit is of the file's size; nothing is read, and nothing kept."""
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate((app.settings.max_text_mb << 20) + 1)
    with pytest.raises(ImportRefused) as refused:
        import_file(app, path, now=NOW)
    assert refused.value.code == "text_too_large"
    assert not app.paths.raw.exists()


def test_a_file_that_changes_meanwhile_is_refused(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept and read are the bytes of the digest, or nothing is."""
    path = tmp_path / "a.csv"

    def then_changed(*given: Any) -> Any:
        seen = survey(*given)
        path.write_text(HEAD + days(50, value="36.0"), "utf-8")
        return seen

    monkeypatch.setattr(importing_large, "survey", then_changed)
    with pytest.raises(ImportRefused) as refused:
        give(app, path, days(50))
    assert refused.value.code == "file_changed"
    assert number(app, "observations") == 0
    assert [p for p in app.paths.raw.rglob("*") if p.is_file()] == []


def test_the_log_is_given_back(app: App, tmp_path: Path) -> None:
    """After a large import the write-ahead log is empty, the table whole, and references are held again."""
    give(app, tmp_path / "a.csv", days(3000))
    assert (app.paths.home / "dabiao.sqlite-wal").stat().st_size == 0
    check = app.store.row("PRAGMA integrity_check")
    assert check is not None
    assert check[0] == "ok"
    assert app.store.rows("PRAGMA foreign_key_check") == []
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"), app.store.write() as db:
        db.execute("UPDATE observations SET provenance_id = 99")


def test_progress_is_told_step_by_step(app: App, tmp_path: Path) -> None:
    """Each step is told from its begin to its end, one after the other."""
    told: list[tuple[str, float]] = []
    text = days(500) + "泉州市,pm25,2024,——,µg/m3,2025-01-10,公报\n"
    give(app, tmp_path / "a.csv", text, progress=lambda step, share: told.append((step, share)))
    assert list(dict.fromkeys(step for step, _ in told)) == [
        "survey",
        "read",
        "rows",
        "check",
        "compare",
        "store",
    ]
    assert all(0 <= share <= 1 for _, share in told)


CHILD = """
    import sys
    from pathlib import Path
    sys.path.insert(0, str(Path(sys.argv[1]).parents[2]))
    import tests.integration.test_importing_large as tests
    from tests.integration.test_importing import DATA, App, Paths, Settings, Store
    home = Path(sys.argv[2])
    tests.importing_large.LARGE = 1
    app = App(Settings(home=home), Paths(home, DATA), Store.open(home / "dabiao.sqlite"), tests.small_catalogue())
    print("ready", flush=True)
    tests.import_file(app, home.parent / "a.csv", now=tests.NOW)
    print("done", flush=True)
"""


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """SIGKILL while a large file goes in leaves all of it or nothing; the next import makes it whole."""
    text = HEAD + "".join(
        days(9000, value=v).replace("公报", f"公报{v}") for v in ("35.2", "36", "37.5", "38")
    )
    (tmp_path / "a.csv").write_text(text, "utf-8")
    chance = random.Random(20261121)
    whole, killed = 0.0, 0
    for attempt in range(4):
        home = tmp_path / f"home{attempt}"
        made = make_app(home, small_catalogue())
        made.store.close()
        child = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(CHILD), __file__, str(home)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        began = time.monotonic()
        if attempt == 0:  # left alone, to learn how long it takes
            assert child.stdout.readline() == "done\n"
            whole = time.monotonic() - began
        else:
            time.sleep(chance.uniform(whole / 4, whole))
            child.send_signal(signal.SIGKILL)
        child.communicate()
        killed += child.returncode == -signal.SIGKILL
        app = make_app(home, small_catalogue())
        assert (number(app, "observations"), number(app, "imports")) in ((0, 0), (36000, 1))
        result = import_file(app, tmp_path / "a.csv", now=NOW)
        assert result.accepted + result.unchanged == 36000
        assert (number(app, "observations"), number(app, "imports")) == (36000, 1)
        app.store.close()
    assert killed >= 1


def test_a_row_says_what_it_said(app: App, tmp_path: Path) -> None:
    """A value's digits and print come back exactly, of plain numbers and of all that is read row by row."""
    said = {
        "35.20": ("35.20", "35.20"),
        "0.5": ("0.5", "0.5"),
        "1,000": ("1000", "1,000"),
        "98%以上": None,
        "20以上": ("20", "20以上"),
        "断流未监测": (None, "断流未监测"),
        "35 µg/m3": ("35", "35 µg/m3"),
        "1.23456789012345678": ("1.23456789012345678", "1.23456789012345678"),
        "-0": ("-0", "-0"),
    }
    text = "".join(f'泉州市,pm25,2024-03-{n:02d},"{v}",µg/m3,,公报\n' for n, v in enumerate(said, 1))
    assert counts(give(app, tmp_path / "a.csv", text)) == (8, 0, 0, 1)
    found = [tuple(r) for r in app.store.rows("SELECT value, printed FROM observed ORDER BY row")]
    assert found == [v for v in said.values() if v]
