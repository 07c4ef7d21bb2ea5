"""``dabiao part-year`` and ``dabiao scenario``: the year in progress, and what would come of it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, one_of, open_app
from dabiao.cli.judged import find_target
from dabiao.cli.output import Format, emit, note
from dabiao.domain.period import Period
from dabiao.errors import DabiaoError
from dabiao.services.judge.part_year import part_year as year_in_progress
from dabiao.services.judge.part_year_said import facts_of, part_year_json, why_text
from dabiao.services.judge.scenario import AS_LAST_YEAR, Supposed, says, scenario_json
from dabiao.services.judge.scenario import scenario as suppose


def part_year(
    target: Annotated[str, typer.Argument(help="Target id, as in: dabiao targets list")],
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The year in progress of a target: where it stands, what the rest must still reach, and how likely that is."""
    app = open_app()
    lang = app.settings.lang
    view = year_in_progress(app, find_target(app, target, day(app, as_of)))
    if form is not Format.TABLE:
        emit([part_year_json(app, view, lang)], form, [])
        return
    if view.panel is None:
        note(why_text(app, view, lang))
        return
    names = {f.name: i18n.text(f"part_year.fact.{f.name}", lang) for f in facts_of(app, view, lang)}
    rows = [{"fact": names[f.name], "says": f.said} for f in facts_of(app, view, lang)]
    emit(rows, form, [("fact", str(view.year)), ("says", view.as_of.isoformat())])


def scenario(
    target: Annotated[str, typer.Argument(help="Target id, as in: dabiao targets list")],
    rest: Annotated[
        str | None, typer.Option(help="as-last-year: the months that are left as in the year before.")
    ] = None,
    better: Annotated[
        str | None,
        typer.Option(metavar="PERCENT", help="As in the year before, but so much better: 5%; -3% is worse."),
    ] = None,
    month: Annotated[
        list[str] | None,
        typer.Option(metavar="MONTH=VALUE", help="A month typed in, such as 2026-11=31; may be repeated."),
    ] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """What the year would come to with the remaining months as supposed. A scenario: nothing of it is stored."""
    app = open_app()
    lang = app.settings.lang
    one_of("rest", rest, (AS_LAST_YEAR,))
    supposed = Supposed(
        months=dict(_typed(text) for text in month or ()),
        rest=rest is not None or better is not None,
        better=_percent(better),
    )
    outcome = suppose(app, find_target(app, target, day(app, as_of)), supposed)
    if form is not Format.TABLE:
        emit([scenario_json(app, outcome, lang)], form, [])
        return
    for line in says(app, outcome, lang):
        print(line)


def _typed(text: str) -> tuple[Period, Decimal]:
    name, _, value = text.partition("=")
    try:
        return Period.parse(name.strip()), Decimal(value.strip())
    except (ValueError, InvalidOperation) as error:
        raise DabiaoError("scenario_month_unreadable", text=text) from error


def _percent(text: str | None) -> Decimal:
    if text is None:
        return Decimal(0)
    try:
        found = Decimal(text.strip().rstrip("%％"))
    except InvalidOperation as error:
        raise DabiaoError("scenario_better_wrong", text=text) from error
    if not found.is_finite() or abs(found) >= 100:
        raise DabiaoError("scenario_better_wrong", text=text)
    return found
