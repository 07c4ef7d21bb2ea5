"""``dabiao track-record``: what the service has said of what has been decided since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, indicator_id, now, open_app, region_id
from dabiao.cli.output import Format, emit, note
from dabiao.domain.track_record import By, Record
from dabiao.i18n.format import percent

app = typer.Typer(invoke_without_command=True)


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
    from dabiao.services.record.track_record_rows import rows_of

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
            rows += [{"record": str(name), **row} for row in rows_of(kept, by)]
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


def _shown(name: str, value: Any) -> Any:
    if value is None:
        return "—"
    if name in _PERCENT:
        return percent(value)
    if isinstance(value, bool):
        return "✔" if value else "✘"
    return f"{value:.3f}" if isinstance(value, float) else value
