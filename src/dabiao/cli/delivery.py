"""``dabiao deliveries``: what was sent to whom, what waits, and what failed."""

from __future__ import annotations

from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.errors import UnknownName
from dabiao.services.app import stamp
from dabiao.services.publish import delivery
from dabiao.store import deliveries as store

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_deliveries(
    limit: Annotated[int, typer.Option(min=1)] = 50, form: FormatOption = Format.TABLE
) -> None:
    """Deliveries of notices, the newest first."""
    columns = ("id", "recipient", "period", "state", "attempts", "next_at", "sent_at", "error")
    emit(delivery.delivery_rows(open_app(), limit), form, [(n, n) for n in columns])


@app.command("send")
def send() -> None:
    """Send what waits and is due (the notices job does this by itself)."""
    opened = open_app()
    note(i18n.text("cli.delivery.sent", opened.settings.lang, **delivery.send_due(opened, now())))


@app.command("retry")
def retry(number: Annotated[int, typer.Argument(metavar="ID", help="Id of a failed delivery.")]) -> None:
    """Let a failed delivery be tried again."""
    opened = open_app()
    if not store.again(opened.store, number, stamp(now())):
        raise UnknownName("delivery_unknown", name=number)
    note(i18n.text("cli.delivery.again", opened.settings.lang, delivery=number))
