"""``dabiao decisions``: final statuses as frozen, what has become of them, and a person's word on those reopened."""

from __future__ import annotations

from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, day, now, open_app
from dabiao.cli.judged import find_target
from dabiao.cli.output import Format, emit, note
from dabiao.services.judge import deciding

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_decisions(
    reopened: Annotated[
        bool, typer.Option("--reopened", help="Only those that wait for a person's word.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """The decision that stands on each target, and whether what is known contradicts it."""
    opened = open_app()
    rows = [r for r in deciding.decision_rows(opened) if r["reopened"] or not reopened]
    names = (
        "target_id",
        "version",
        "status",
        "provisional",
        "period",
        "value",
        "decided_on",
        "reopened",
        "value_now",
    )
    emit(rows, form, [(n, n) for n in names])


@app.command("history")
def history(
    target: Annotated[str | None, typer.Argument(help="Target id; every target by default.")] = None,
    after: Annotated[int, typer.Option(help="Only events with a higher id, for programs that read on.")] = 0,
    form: FormatOption = Format.TABLE,
) -> None:
    """What has happened to decisions, the oldest first: decided, settled, reopened, confirmed …"""
    opened = open_app()
    rows = deciding.event_rows(opened, after, target)
    if form is Format.TABLE:
        lang = opened.settings.lang
        rows = [{**r, "event": i18n.text(f"event.{r['event']}", lang)} for r in rows]
    names = (
        "id",
        "target_id",
        "event",
        "why",
        "as_of",
        "from_status",
        "to_status",
        "from_value",
        "to_value",
        "by",
    )
    emit(rows, form, [(n, n) for n in names])


@app.command("confirm")
def confirm(
    target: Annotated[str, typer.Argument(help="Id of a reopened target.")],
    by: Annotated[str, typer.Option(help="Who confirms it.")],
    remark: Annotated[str, typer.Option("--note", help="On what ground.")] = "",
) -> None:
    """Take what is known now for a reopened target's decision; the earlier version is kept."""
    opened, moment = open_app(), now()
    on = day(opened, None)
    find_target(opened, target, on)
    made = deciding.confirm(opened, target, by, remark, on, moment)
    lang = opened.settings.lang
    word = i18n.text("cli.decisions.lifted" if made.status is None else f"status.{made.status}", lang)
    note(i18n.text("cli.decisions.confirmed", lang, target=target, version=made.version, by=by, status=word))
