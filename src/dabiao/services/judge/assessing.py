"""Every target judged as of a day, and what has changed stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from dabiao.services.app import App
from dabiao.services.judge import deciding
from dabiao.services.judge.assessing_parts import judged, parts_of
from dabiao.services.judge.assessment_rows import changed_rows
from dabiao.services.judge.judging import Verdict, under
from dabiao.store import assessments as store
from dabiao.store.declared import indicators_as_of

Progress = Callable[[int, int], None]
"""Told after each part how many of how many targets are judged."""


def run_assessments(
    app: App,
    as_of: date,
    now: datetime,
    *,
    progress: Progress | None = None,
    between: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Judge every target and store each whose assessment differs from the last one stored; record what is decided.

    What is judged is stored part by part: after an interruption the next run stores what is missing. Final statuses are
    recorded when every target is judged.

    Args:
        between: called after each part; it may raise to stop.

    Returns:
        counts ``{"targets", "changed", "unchanged"}``.
    """
    parts = parts_of(indicators_as_of(app.store, as_of))
    names = {name for part in parts for name in part}
    done = changed = 0
    decided: list[Verdict] = []
    for part in judged(app, parts, as_of, now):
        between()
        changed += store.record_assessments(app.store, part.rows)
        decided += part.decided
        done += part.targets
        if progress is not None:
            progress(done, len(names))
    deciding.record(app, decided, as_of, now, names)
    standing = deciding.standing(app, as_of)
    frozen = [under(v, standing.get(v.assessment.target_id)) for v in decided]
    changed += store.record_assessments(app.store, changed_rows(app, frozen, now))
    return {"targets": len(names), "changed": changed, "unchanged": len(names) - changed}
