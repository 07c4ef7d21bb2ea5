"""``dabiao assess``, ``status``, ``explain`` and ``backtest``."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import (
    AsOfOption,
    FormatOption,
    day,
    deadline_year,
    indicator_id,
    now,
    one_of,
    open_app,
    region_id,
    unit_ids,
)
from dabiao.cli.fitting import Progress, stoppable
from dabiao.cli.output import Format, emit, language, note
from dabiao.domain.assessment import Status
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError, UnknownName
from dabiao.i18n.format import percent
from dabiao.services.app import App
from dabiao.services.contract import status_json
from dabiao.services.judge import assessing
from dabiao.services.judge.explaining import explanation
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views


def _counts(app: App, key: str, counts: dict[str, int]) -> None:
    note(i18n.text(f"cli.{key}", app.settings.lang, **counts))


def assess() -> None:
    """Judge every target as of today; what has changed is stored."""
    app = open_app()
    moment, progress = now(), Progress(app.settings.lang, "assess")
    with stoppable(progress):
        counts = assessing.run_assessments(app, app.today(moment), moment, progress=progress)
    _counts(app, "assess", counts)


def status(
    plan: Annotated[str | None, typer.Option(help="Plan id.")] = None,
    region: Annotated[str | None, typer.Option(help="Region name or code; its children count too.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="A lead or responsible unit: its id, or its name as printed.")
    ] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Year of the deadline.")] = None,
    measure: Annotated[str | None, typer.Option(help="numeric, qualitative or delegated.")] = None,
    only: Annotated[str | None, typer.Option("--status", help="One status, such as off_track.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Only the number of targets by status.")] = False,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The status of each target as known on a day, the most urgent first."""
    app = open_app()
    moment, on = now(), day(app, as_of)
    everything = views.verdicts(app, on, moment)
    one_of("status", only, (str(s) for s in Status))
    one_of("measure", measure, (str(m) for m in Measure))
    one_of("plan", plan, (v.declared.target.plan for v in everything))
    given = {
        "plan": plan,
        "region": region_id(app, region),
        "indicator": indicator_id(app, indicator),
        "deadline": deadline_year(deadline),
        "status": only,
        "measure": measure,
    }
    filters: dict[str, Sequence[str]] = {name: [value] for name, value in given.items() if value}
    if units := unit_ids(app, unit):
        filters["unit"] = units
    found = sorted((v for v in everything if views.matches(v, filters, app.catalogue)), key=views.urgency)
    if summary:
        _summary(app, found, on, form)
        return
    lang = app.settings.lang
    rows = [status_json(app, v, lang) for v in found]
    if form is Format.TABLE:
        shown = [
            {
                **r,
                "word": _word(r["status"], r["provisional"], lang),
                "why": i18n.text(f"reason.{r['reason']}", lang),
                "p": None if r["attainment"] is None else percent(r["attainment"]),
            }
            for r in rows
        ]
        columns = [
            ("target_id", "target"),
            ("word", "status"),
            ("p", "p"),
            ("latest_period", "latest"),
            ("latest_value", "value"),
            ("why", "reason"),
        ]
        emit(shown, form, columns)
        _summary(app, found, on, form)
    else:
        emit(rows, form, [])


def _word(name: str, provisional: bool, lang: str) -> str:
    word = i18n.text(f"status.{name}", lang)
    return f"{word}·{i18n.text('word.provisional', lang)}" if provisional else word


def _summary(app: App, found: Sequence[Verdict], on: date, form: Format) -> None:
    lang = app.settings.lang
    counts = Counter(v.assessment.status for v in found)
    provisional = Counter(v.assessment.status for v in found if v.assessment.provisional)
    rows = [
        {
            "as_of": on.isoformat(),
            "status": str(s),
            "word": i18n.text(f"status.{s}", lang),
            "targets": counts[s],
            "provisional": provisional[s],
        }
        for s in Status
    ]
    if form is Format.TABLE:
        parts = [
            f"{r['word']} {r['targets']}"
            + (f" ({i18n.text('word.provisional', lang)} {r['provisional']})" if r["provisional"] else "")
            for r in rows
        ]
        note(f"{on.isoformat()}  " + "  ".join(parts))
    else:
        emit(rows, form, [])


def find_target(app: App, target_id: str, on: date) -> Verdict:
    """A target's verdict.

    Raises:
        UnknownName: there is none of that id on that day; near ones are named.
    """
    moment = now()
    found = views.find(app, target_id, on, moment)
    if found is None:
        names = [v.declared.target.id for v in views.verdicts(app, on, moment)]
        near = difflib.get_close_matches(target_id, names, n=3, cutoff=0.3)
        raise UnknownName("target_unknown", name=target_id, as_of=on.isoformat(), near=", ".join(near) or "—")
    return found


def explain(
    target: Annotated[str, typer.Argument(help="Target id, as in: dabiao targets list")],
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Everything behind one status, in sentences."""
    app = open_app()
    lang = app.settings.lang
    v = find_target(app, target, day(app, as_of))
    if form is Format.TABLE:
        for heading, lines in explanation(app, v, lang):
            print(f"{heading}")
            for line in lines:
                print(f"  {line}")
    else:
        sections = {heading: list(lines) for heading, lines in explanation(app, v, lang)}
        emit([{**status_json(app, v, lang), "explanation": sections}], form, [])


def backtest(
    panel: Annotated[
        Path, typer.Argument(help="CSV of series: series_id, indicator, direction, upper, period, value.")
    ],
    cases: Annotated[
        Path, typer.Argument(help="CSV of cases: case_id, series_id, origin, comparator, target, deadline.")
    ],
    out: Annotated[Path, typer.Option(help="CSV to write: case_id, probability, point, lower80, upper80, …")],
) -> None:
    """Attainment probabilities of cases whose outcome is known, each from what its panel held at its origin."""
    import pandas as pd

    from dabiao.forecast.backtest import backtest as run_backtest
    from dabiao.services.files import write_whole

    tables = []
    for path, needed in (
        (panel, ("series_id", "period", "value")),
        (cases, ("case_id", "series_id", "origin", "comparator", "target", "deadline")),
    ):
        try:
            # As text: an id may be "NA" or "007", and one word among the values must not change how the others are read.
            table = pd.read_csv(path, dtype=str, keep_default_na=False)
        except FileNotFoundError as error:
            raise DabiaoError("file_missing", path=str(path)) from error
        except (ValueError, OSError, EOFError) as error:
            raise DabiaoError("table_unreadable", path=str(path), detail=str(error)) from error
        if missing := [c for c in needed if c not in table.columns]:
            raise DabiaoError("columns_missing", path=str(path), columns=", ".join(missing))
        tables.append(table)
    result = run_backtest(tables[0], tables[1])
    write_whole(out, result.to_csv(index=False).encode())
    note(i18n.text("cli.backtest", language(), cases=len(result), path=str(out)))
