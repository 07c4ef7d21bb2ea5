"""``dabiao derivations``: what is derived in the store, and how one value was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, indicator_id, open_app, region_id
from dabiao.cli.output import Format, emit
from dabiao.services.derive.trace import derivation_rows, says, trace

derivations_app = typer.Typer(no_args_is_help=True)

_COLUMNS = (
    "region", "indicator", "period", "value", "unit", "standard", "count", "outcome", "certainty", "known_on", "observation",
    "why",
)  # fmt: skip


@derivations_app.command("list")
def list_derivations(
    region: Annotated[str | None, typer.Option(help="Region name or code.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """What was derived as known on a day: values with their validity, and periods that are not valid with the reason."""
    app = open_app()
    lang = app.settings.lang
    found = derivation_rows(app, day(app, as_of), lang, region_id(app, region), indicator_id(app, indicator))
    emit_derivations(found, form, lang)


@derivations_app.command("show")
def show_derivation(
    observation: Annotated[int, typer.Argument(help="Number of the observation.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """How one derived value was made: its inputs, rules with their sources, validity, and the day it was known."""
    app = open_app()
    row = trace(app, observation, app.settings.lang)
    if form is Format.JSON:
        print(json.dumps(row, ensure_ascii=False, indent=2))
    elif form is Format.CSV:
        emit([row], form, ())
    else:
        for line in says(app, row, app.settings.lang):
            print(line)


def emit_derivations(rows: Sequence[dict[str, Any]], form: Format, lang: str) -> None:
    """Print derivations: in a table words for codes, in JSON and CSV every field."""
    if form is Format.TABLE:
        rows = [
            {
                **row,
                "indicator": row["indicator_name"],
                "standard": row["limits"] or row["standard"],
                "outcome": i18n.text(f"derived.outcome.{row['outcome']}", lang),
                "why": ("；" if lang == "zh-CN" else "; ").join(row["why"]),
            }
            for row in rows
        ]
    emit(rows, form, [(f, i18n.text(f"derived.column.{f}", lang)) for f in _COLUMNS])
