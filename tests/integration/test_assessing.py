"""Many targets judged part by part: the same in every way of doing it, and after an interruption."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dabiao import bootstrap
from dabiao.cli.commands import app as commands
from dabiao.services.app import App
from dabiao.services.judge import assessing, assessing_parts
from dabiao.services.judge.assessing_parts import Runs, judged, parts_of, shares
from dabiao.services.pages import views
from dabiao.store.declared import indicators_as_of
from tests.factories import settings_of
from tests.integration.test_walk import TODAY

THEN = date(2025, 3, 1)
"""A day on which most targets stood otherwise than today."""

Stored = dict[str, tuple[object, ...]]


def last_rows(app: App) -> Stored:
    """The last stored assessment of each target, but for its id."""
    rows = app.store.rows("SELECT * FROM assessments ORDER BY id")
    return {r["target_id"]: tuple(r)[1:] for r in rows}


def decisions(app: App) -> list[tuple[object, ...]]:
    """What was recorded of final statuses."""
    return sorted(tuple(r) for r in app.store.rows("SELECT target_id, version, digest, as_of FROM decisions"))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of at most twenty targets."""
    monkeypatch.setattr(assessing, "parts_of", lambda targets: parts_of(targets, 20))


@given(
    st.lists(st.tuples(st.uuids().map(str), st.sampled_from("abcd")), unique_by=lambda t: t[0]),
    st.integers(1, 7),
    st.integers(1, 4),
)
def test_every_target_is_in_one_part(targets: list[tuple[str, str]], size: int, processes: int) -> None:
    """Once each, at most ``size`` together; a part has one indicator, or several whole ones; the shares are the parts in order."""
    parts = parts_of(targets, size)
    named = dict(targets)
    assert sorted(name for part in parts for name in part) == sorted(named)
    assert all(0 < len(part) <= size for part in parts)
    for part in parts:
        indicators = {named[name] for name in part}
        whole = all(sum(i == indicator for _, i in targets) <= size for indicator in indicators)
        assert len(indicators) == 1 or whole
    if parts:
        given_out = shares(parts, processes)
        assert [part for some in given_out for part in some] == list(parts)
        assert len(given_out) <= processes


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4), st.data())
def test_every_part_is_given_out_once(lengths: list[int], data: st.DataObject) -> None:
    """Whoever asks in whatever order: each process gets its own in order, then the last of another's, till none is left."""
    given_out = [[[f"{process}-{n}"] for n in range(length)] for process, length in enumerate(lengths)]
    runs = Runs(given_out)
    taken: list[tuple[int, str]] = []
    for _ in range(sum(lengths)):
        process = data.draw(st.integers(0, len(lengths) - 1))
        part = runs.next(process)
        assert part is not None
        taken.append((process, part[0]))
    assert all(runs.next(process) is None for process in range(len(lengths)))
    assert sorted(name for _, name in taken) == sorted(part[0] for some in given_out for part in some)
    for process in range(len(lengths)):
        own = [name for who, name in taken if who == process and name.startswith(f"{process}-")]
        assert own == sorted(own)


def test_several_processes_say_what_one_does(
    walked_app: App, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows to the last digit, and the same targets among the decided ones."""
    parts = parts_of(indicators_as_of(walked_app.store, THEN), 20)

    def said(app: App) -> tuple[Stored, dict[str, object]]:
        done = list(judged(app, parts, THEN, now))
        assert sum(part.targets for part in done) == sum(len(part) for part in parts)
        rows = {r["target_id"]: tuple(r.values()) for part in done for r in part.rows}
        return rows, {v.assessment.target_id: v.assessment for part in done for v in part.decided}

    alone = said(walked_app)
    monkeypatch.setattr(assessing_parts, "ALONE", 0)
    settings = walked_app.settings.model_copy(update={"fit_processes": 2})
    several = said(App(settings, walked_app.paths, walked_app.store, walked_app.catalogue))
    assert len(alone[0]) > 20
    assert alone == several


@pytest.mark.usefixtures("small_parts")
def test_an_interrupted_run_is_made_up_for(walked_app: App, now: datetime, tmp_path: Path) -> None:
    """What is judged before an interruption is stored, no final status is; the next run ends where an undisturbed one does."""

    class Stopped(Exception):
        pass

    def stop(done: int, _total: int) -> None:
        if done > 40:
            raise Stopped

    app = walked_app
    shutil.copytree(app.paths.home, tmp_path / "other")
    before, settled = last_rows(app), decisions(app)
    with pytest.raises(Stopped):
        assessing.run_assessments(app, THEN, now, progress=stop)
    between = last_rows(app)
    assert before != between
    assert decisions(app) == settled
    first = sum(before[name] != between[name] for name in before)
    rest = assessing.run_assessments(app, THEN, now)["changed"]
    interrupted = last_rows(app), decisions(app)
    assert assessing.run_assessments(app, THEN, now)["changed"] == 0
    undisturbed = bootstrap.open_app(settings_of(tmp_path / "other"))
    assert assessing.run_assessments(undisturbed, THEN, now)["changed"] == first + rest
    assert interrupted == (last_rows(undisturbed), decisions(undisturbed))
    undisturbed.store.close()


@pytest.mark.parametrize("day", [TODAY, THEN])
def test_a_target_alone_is_judged_as_among_all(walked_app: App, now: datetime, day: date) -> None:
    """What a target's page reads for itself is what the list of all targets says of it."""
    everything = views.verdicts(walked_app, day, now)
    assert {v.declared.target.id for v in everything}
    for v in everything:
        assert views.find(walked_app, v.declared.target.id, day, now) == v
    assert views.find(walked_app, "no-such-target", day, now) is None


def test_assess_may_be_stopped(walked_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends it with 130 and says of how many targets what has changed is stored."""
    monkeypatch.setenv("DABIAO_HOME", str(walked_home))
    monkeypatch.setenv("DABIAO_LANG", "en")

    def stopped(*_: object, progress: Callable[[int, int], None], **__: object) -> dict[str, int]:
        progress(2000, 5000)
        raise KeyboardInterrupt

    monkeypatch.setattr(assessing, "run_assessments", stopped)
    found = CliRunner().invoke(commands, ["assess"])
    assert (found.exit_code, found.stdout) == (130, "")
    assert "of the 2000 targets assessed so far is stored" in found.stderr
