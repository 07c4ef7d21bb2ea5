"""What the retention job removes, and what it never touches."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dabiao.services.app import App
from dabiao.services.intake.inbox import import_inbox
from dabiao.services.keep import backup
from dabiao.services.keep.retention import old_things, remove_old
from dabiao.store import runs
from jobs.control import Stop, Stopped
from jobs.tasks import Work, retention

HEAD = "region,indicator,period,value,unit,tier,state,source,published\n"
ROW = "泉州市,pm25,2019,24,µg/m3,official,final,泉州市生态环境状况公报,2020-06-05\n"


def later(days: float) -> datetime:
    """A moment after the files of this test were written."""
    return datetime.now(UTC) + timedelta(days=days, minutes=1)


def files(app: App) -> set[str]:
    return {p.relative_to(app.paths.home).as_posix() for p in app.paths.home.rglob("*") if p.is_file()}


def counts(app: App) -> dict[str, int]:
    tables = ("observations", "imports", "issues", "assessments", "alerts", "target_versions")
    return {t: app.store.rows(f"SELECT count(*) FROM {t}")[0][0] for t in tables}


@pytest.fixture
def full(app: App) -> App:
    """A file imported with an issue, one refused, one in processed/ that nobody imported, two exports."""
    (app.paths.inbox / "good.csv").write_text(
        HEAD + ROW + "火星,pm25,2019,24,µg/m3,official,final,公报,2020-06-05\n"
    )
    (app.paths.inbox / "bad.csv").write_text("没有表头")
    import_inbox(app, now=datetime.now(UTC), sleep=lambda _: None)
    (app.paths.processed / "put-here-by-hand.csv").write_text("自留")
    (app.paths.exports / "alerts-2026-01-01.csv").write_text("a")
    (app.paths.exports / "alerts-latest.csv").write_text("a")
    return app


@pytest.mark.parametrize(
    ("days", "gone"),
    [
        (89, set()),
        (91, {"processed/good.csv", "processed/good.csv.issues.csv"}),
        (401, {"processed/good.csv", "processed/good.csv.issues.csv", "exports/alerts-2026-01-01.csv"}),
    ],
)
def test_what_is_old_goes(full: App, days: int, gone: set[str]) -> None:
    """Imported files after 90 days, exports after 400; never a raw file, a refused one, or one that was not imported."""
    before, rows = files(full), counts(full)
    assert {o.path for o in old_things(full, later(days))} == gone
    assert files(full) == before, "a list removes nothing"
    remove_old(full, later(days))
    assert before - files(full) == gone
    assert counts(full) == rows
    assert old_things(full, later(days)) == []


def test_a_file_without_its_raw_copy_stays(full: App) -> None:
    """The file in processed/ is the last copy where raw/ has lost its own, or has another one under its name."""
    (raw,) = (p for p in full.paths.raw.rglob("good.csv"))
    content = raw.read_bytes()
    raw.write_bytes(content.replace(b"24", b"25"))
    assert old_things(full, later(91)) == []
    raw.unlink()
    assert old_things(full, later(91)) == []
    raw.write_bytes(content)
    assert len(old_things(full, later(91))) == 2


def test_the_time_of_a_file_says_nothing(full: App) -> None:
    """A file of years ago that came in today is of today: what counts is since when it lies there."""
    os.utime(full.paths.processed / "good.csv", (0, 0))
    assert old_things(full, later(1)) == []


def test_zero_days_are_for_ever(full: App) -> None:
    """Nothing goes by age where the settings say so."""
    never = {"keep_processed_days": 0, "keep_exports_days": 0, "keep_runs_days": 0}
    kept = App(full.settings.model_copy(update=never), full.paths, full.store, full.catalogue)
    runs.finish_run(
        full.store,
        runs.start_run(full.store, "check", "a", "manual", "2020", "0") or 0,
        "skipped",
        "2020",
        {},
        "",
        "",
    )
    assert old_things(kept, later(9999)) == []


def test_links_are_never_followed(full: App, tmp_path: Path) -> None:
    """What a link in the exports leads to is not ours."""
    outside = tmp_path / "outside.csv"
    outside.write_text("a")
    (full.paths.exports / "link.csv").symlink_to(outside)
    remove_old(full, later(9999))
    assert outside.exists()


def test_old_runs_go_and_the_last_of_each_stay(app: App) -> None:
    """The record of runs is cut at 400 days, but what each job last came to stays, and what waits or runs."""
    now = datetime(2026, 11, 21, tzinfo=UTC)

    def record(job: str, days: int, state: str) -> int:
        at = (now - timedelta(days=days)).strftime("%FT%TZ")
        run_id = runs.start_run(app.store, job, at, "schedule", at, "0")
        assert run_id is not None
        if state != "running":
            again = at if state == "retrying" else None
            runs.finish_run(app.store, run_id, state, at, {}, "", "", retry_at=again)
        return run_id

    gone = [record("import", 500, "done"), record("import", 450, "done")]
    kept = [
        record("assess", 500, "failed"),
        record("backup", 450, "retrying"),
        record("check", 600, "running"),
        record("import", 401, "done"),
        record("import", 399, "skipped"),
    ]
    (old,) = old_things(app, now)
    assert (old.kind, old.count) == ("runs", len(gone))
    assert remove_old(app, now)["runs"] == len(gone)
    assert {r["id"] for r in runs.runs(app.store)} == set(kept)
    assert app.store.rows("SELECT 1 FROM job_attempts WHERE run_id NOT IN (SELECT id FROM job_runs)") == []


def test_backups_are_rotated(app: App) -> None:
    """The rule of rotation is the same by the job as by hand, and the list names what goes."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    made = [backup.back_up(app, start + timedelta(hours=h)).path for h in (0, 1, 2)]
    listed = {o.path for o in old_things(app, start + timedelta(hours=3))}
    assert listed == {p.relative_to(app.paths.home).as_posix() for p in made[:2]}
    assert remove_old(app, start + timedelta(hours=3))["backups"] == 2
    assert [p.exists() for p in made] == [False, False, True]


def test_a_stop_is_heeded_between_two_files(full: App) -> None:
    """The job ends at once when asked; the rest goes the next time."""
    stop = Stop()
    stop.ask("stopped")
    before = files(full)
    work: Any = Work(full, later(9999), stop)
    with pytest.raises(Stopped):
        retention.run(work)
    assert files(full) == before
