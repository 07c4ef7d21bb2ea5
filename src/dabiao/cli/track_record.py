"""``dabiao track-record``: what the service has said of what has been decided since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, indicator_id, now, open_app, region_id
from dabiao.cli.output import Format, emit, note
from dabiao.domain.track_record import Case, Record
from dabiao.i18n.format import percent

if TYPE_CHECKING:
    from dabiao.services.record.track_record import Scores

app = typer.Typer(invoke_without_command=True)


class By(StrEnum):
    """What the figures are parted by."""

    RECORD = "record"
    INDICATOR = "indicator"
    REGION = "region"
    LEAD = "lead"
    RULE = "rule"
    CALIBRATION = "calibration"
    TARGET = "target"
    CASE = "case"


@app.callback()
def track_record(
    ctx: typer.Context,
    record: Annotated[
        Record | None,
        typer.Option(help="Only live (stored on the day), replay (worked out afterwards) or constructed."),
    ] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    region: Annotated[str | None, typer.Option(help="Region name or code of the series.")] = None,
    lead: Annotated[
        int | None, typer.Option(min=0, max=3, help="Years before the deadline's; 0 is half a year before.")
    ] = None,
    by: Annotated[
        By,
        typer.Option(
            help="Part the figures: record, indicator, region, lead, rule, calibration, target, case."
        ),
    ] = By.RECORD,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """How the service's probabilities came out: Brier score, skill, calibration, coverage, beside each rule."""
    if ctx.invoked_subcommand is not None:
        return
    from dabiao.services.record import track_record as records

    opened = open_app()
    filters = {
        "indicator": indicator_id(opened, indicator),
        "region": region_id(opened, region),
        "lead": lead,
    }
    found = records.by_record(records.cases(opened, day(opened, as_of), filters))
    rows: list[dict[str, Any]] = []
    for name, kept in found.items():
        if record in (None, name):
            rows += [{"record": str(name), **row} for row in _rows(kept, by)]
    lang = opened.settings.lang
    if form is Format.TABLE:
        rows = [{**r, "record": i18n.text(f"track_record.record.{r['record']}", lang)} for r in rows]
        rows = [{k: _shown(k, v) for k, v in r.items()} for r in rows]
    emit(rows, form, [(n, n) for n in _COLUMNS[by]])
    if records.worked_out_on(opened) is None:
        note(i18n.text("track_record.never", lang))
    elif form is Format.TABLE:
        note(i18n.text("track_record.legend", lang, few=records.FEW))


@app.command("replay")
def replay() -> None:
    """Work the record out again from the values as they were known on earlier days (init and the assess job do so by themselves)."""
    from dabiao.services.record import track_record as records

    opened = open_app()
    moment = now()
    counts = records.refresh(opened, opened.today(moment), moment, anyway=True)
    note(i18n.text("track_record.done", opened.settings.lang, **counts))


_SCORES = ("cases", "met", "series", "brier", "skill_climatology", "skill_drift", "covered80", "covered95")
_COLUMNS: Mapping[By, Sequence[str]] = {
    By.RECORD: ("record", *_SCORES),
    By.INDICATOR: ("record", "indicator", *_SCORES),
    By.REGION: ("record", "region", *_SCORES),
    By.LEAD: ("record", "lead", *_SCORES),
    By.RULE: ("record", "rule", "cases", "right", "lower", "upper", "neither", "brier", "brier_attainment"),
    By.CALIBRATION: ("record", "low", "high", "cases", "said", "came", "lower", "upper"),
    By.TARGET: ("record", "target_id", "deadline", "said_3", "said_2", "said_1", "said_0", "met", "observed"),
    By.CASE: (
        "record",
        "asked",
        "region",
        "indicator",
        "comparator",
        "value",
        "deadline",
        "origin",
        "attainment",
        "met",
        "observed",
    ),
}
_PERCENT = {"covered80", "covered95", "right", "said", "came", "attainment", "low", "high"}
_PERCENT |= {"lower", "upper", "said_0", "said_1", "said_2", "said_3"}
_BY_NAME: Mapping[By, Callable[[Case], str]] = {
    By.INDICATOR: lambda c: c.indicator,
    By.REGION: lambda c: c.region,
    By.LEAD: lambda c: str(c.lead),
}


def _rows(found: Sequence[Case], by: By) -> list[dict[str, Any]]:
    from dabiao.services.record import track_record as records

    if by is By.RECORD:
        return [scores_json(records.scores(found))]
    if by in _BY_NAME:
        parts = records.by(found, _BY_NAME[by])
        return [{str(by): part, **scores_json(s)} for part, s in parts.items()]
    if by is By.RULE:
        return [
            {
                "rule": r.rule,
                "cases": r.right.of,
                "right": r.right.share,
                "lower": r.right.lower,
                "upper": r.right.upper,
                "neither": r.neither,
                "brier": r.brier,
                "brier_attainment": r.brier_attainment,
            }
            for r in records.rule_scores(found)
        ]
    if by is By.CALIBRATION:
        return [
            {
                "low": b.low,
                "high": b.high,
                "cases": b.came.of,
                "said": b.said,
                "came": b.came.share,
                "lower": b.came.lower,
                "upper": b.came.upper,
            }
            for b in records.curve(found)
        ]
    if by is By.TARGET:
        return [
            {
                "target_id": r.target_id,
                "region": r.region,
                "indicator": r.indicator,
                "deadline": r.deadline,
                **{f"said_{lead}": r.said.get(lead) for lead in (3, 2, 1, 0)},
                "met": r.met,
                "provisional": r.provisional,
                "observed": r.observed,
            }
            for r in records.looked_back(found)
        ]
    return [case_json(c) for c in found]


def scores_json(s: Scores) -> dict[str, Any]:
    """The scores of some cases as plain numbers."""
    return {
        "cases": s.cases,
        "met": s.met,
        "series": s.series,
        "forecasts": s.forecasts,
        "brier": s.brier,
        "brier_climatology": s.brier_climatology,
        "brier_drift": s.brier_drift,
        "skill_climatology": s.skill_climatology,
        "skill_drift": s.skill_drift,
        "covered80": s.covered80.share,
        "covered95": s.covered95.share,
        "provisional": s.provisional,
        "few": s.few,
    }


def case_json(c: Case) -> dict[str, Any]:
    """One case as plain values."""
    names = ("target_id", "region", "indicator", "basis", "comparator", "value", "deadline", "lead")
    more = ("attainment", "climatology", "drift", "point", "lower80", "upper80", "lower95", "upper95")
    rest = ("met", "observed", "provisional", "model", "model_version", "vintage")
    return {
        "asked": str(c.asked),
        **{name: getattr(c, name) for name in (*names, *more, *rest)},
        "origin": c.origin.isoformat(),
        "known_on": c.known_on.isoformat(),
        "rules": dict(c.rules),
    }


def _shown(name: str, value: Any) -> Any:
    if value is None:
        return "—"
    if name in _PERCENT:
        return percent(value)
    if isinstance(value, bool):
        return "✔" if value else "✘"
    return f"{value:.3f}" if isinstance(value, float) else value
