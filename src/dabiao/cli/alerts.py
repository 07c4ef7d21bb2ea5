"""``dabiao alerts``: what someone must see, and what was done about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, now, one_of, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.cli.progress import Count
from dabiao.domain.alert import Kind
from dabiao.services.alerts import alert_rows, alerting, data_alerts
from dabiao.services.app import App
from dabiao.services.publish import exporting

app = typer.Typer(no_args_is_help=True)

AlertArgument = Annotated[int, typer.Argument(help="Id of the alert.")]
_COLUMNS = (
    "id",
    "key",
    "state",
    "level_name",
    "severity",
    "from_status",
    "to_status",
    "raised_at",
    "due",
    "acknowledged_by",
)


@app.command("list")
def list_alerts(
    everything: Annotated[
        bool, typer.Option("--all", help="Snoozed, pending and closed ones too, of both kinds.")
    ] = False,
    state: Annotated[
        str | None,
        typer.Option(help="open, acknowledged, snoozed, pending, cleared, expired or withdrawn."),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="target, data or all; target by default.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Open alerts, the newest first."""
    opened = open_app()
    one_of("state", state, alert_rows.STATES)
    one_of("kind", kind, (*Kind, "all"))
    states = (state,) if state else alert_rows.STATES if everything else alert_rows.SHOWN
    wanted = None if kind == "all" or (kind is None and everything) else Kind(kind or Kind.TARGET)
    today, lang = day(opened, None), opened.settings.lang
    emit(alert_rows.alert_rows(opened, today, lang, states, wanted), form, [(n, n) for n in _COLUMNS])
    if kind is None and not everything:
        data = len(alert_rows.alert_rows(opened, today, lang, kind=Kind.DATA))
        if data:
            note(i18n.text("cli.alerts.data", lang, count=data))


@app.command("show")
def show(alert: AlertArgument, form: FormatOption = Format.TABLE) -> None:
    """One alert and everything that has happened to it."""
    opened = open_app()
    today, lang = day(opened, None), opened.settings.lang
    row = alert_rows.alert_json(alert_rows.find(opened, alert), alerting.policy_of(opened), today, lang)
    events = alert_rows.event_rows(opened, alert)
    if form is not Format.TABLE:
        emit([{**row, "events": events}], form, [])
        return
    print(row["message"])
    emit([row], form, [(n, n) for n in _COLUMNS if n != "key"])
    print()
    said = [
        {
            **e,
            "change": i18n.text(f"alert.change.{e['change']}", lang),
            "what": "  ".join(f"{k}={v}" for k, v in e["changes"].items() if v not in (None, [], {}, "")),
        }
        for e in events
    ]
    emit(said, form, [("id", "id"), ("at", "at"), ("actor", "actor"), ("change", "change"), ("what", "what")])


@app.command("ack")
def acknowledge(
    alert: AlertArgument,
    by: Annotated[str, typer.Option(help="Who acknowledges it.")],
    remark: Annotated[str, typer.Option("--note", help="What will be done.")] = "",
    due: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Day by which it will be dealt with; until then it does not escalate."
        ),
    ] = None,
) -> None:
    """Put a name to an alert; it stays open until its target is well again."""
    opened = open_app()
    alerting.acknowledge(opened, alert, by, remark, _day(opened, due), now())
    note(i18n.text("cli.alerts.acknowledged", opened.settings.lang, alert=alert, by=by))


@app.command("snooze")
def snooze(
    alert: AlertArgument,
    until: Annotated[str, typer.Option(metavar="DATE", help="The day on which it is listed again.")],
    by: Annotated[str, typer.Option(help="Who puts it off.")],
) -> None:
    """Leave an alert out of the list until a day; it comes back earlier if it escalates."""
    opened = open_app()
    alerting.snooze(opened, alert, by, day(opened, until), now())
    note(i18n.text("cli.alerts.snoozed", opened.settings.lang, alert=alert, until=until))


@app.command("reopen")
def reopen(
    alert: AlertArgument,
    by: Annotated[str, typer.Option(help="Who reopens it.")],
) -> None:
    """Take back an acknowledgement, a snooze or a filing: the alert waits for someone again."""
    opened = open_app()
    alerting.reopen(opened, alert, by, now())
    note(i18n.text("cli.alerts.reopened", opened.settings.lang, alert=alert, by=by))


@app.command("run")
def run() -> None:
    """Raise and clear alerts by the statuses last stored (the alerts job does this by itself)."""
    opened, moment = open_app(), now()
    lang = opened.settings.lang
    with Count("steps", lang) as count:
        of_targets = alerting.run_alerts(opened, moment)
        count(1, 2)
        of_data = data_alerts.refresh(opened, moment)
    note(i18n.text("cli.alerts.run", lang, **of_targets))
    note(i18n.text("cli.alerts.run_data", lang, **of_data))


@app.command("export")
def export(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; exports/ in the home by default.")
    ] = None,
    as_of: AsOfOption = None,
    lang: Annotated[str | None, typer.Option(help="zh-CN or en; the setting's by default.")] = None,
) -> None:
    """Write the off-track and missed targets with the units that answer for them, as CSV, JSON and XLSX."""
    opened = open_app()
    one_of("lang", lang, i18n.LANGS)
    written = exporting.export_alerts(
        opened, day(opened, as_of), now(), out or opened.paths.exports, lang or opened.settings.lang
    )
    for path in written:
        print(path)


def _day(opened: App, text: str | None) -> date | None:
    return None if text is None else day(opened, text)
