"""``dabiao serve``, ``up`` and ``settings``: what runs, and how it is set."""

from __future__ import annotations

from typing import Annotated

import typer

from dabiao import i18n, settings
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.cli.starting import become
from dabiao.services.pages import views
from dabiao.settings import PREFIX, Settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 8050 by default.")] = None,
) -> None:
    """Serve the dashboard until it is stopped."""
    open_app()
    become("dashboard", *(("--host", host) if host else ()), *(("--port", str(port)) if port else ()))


def up() -> None:
    """Set everything up, then run the scheduler and the dashboard together; Ctrl-C stops both."""
    from dabiao.cli import prepare
    from dabiao.services.access.doors import check_host
    from dabiao.up import check_port
    from dabiao.up import up as run_both

    chosen = settings.load()
    check_port(chosen.host, chosen.port)  # before the work, not after it
    app = prepare.everything(chosen, now())
    check_host(app, chosen.host)
    lang = chosen.lang

    def ready(address: str) -> None:
        found = views.overview(app, app.today(now()), now())
        parts = [
            f"{i18n.text(f'status.{status}', lang)} {count}"
            for status, count in found.counts.items()
            if count
        ]
        note(i18n.text("cli.up.ready", lang, address=address, total=found.total, counts="  ".join(parts)))

    raise typer.Exit(run_both(app.settings, ready=ready))


def list_settings(form: FormatOption = Format.TABLE) -> None:
    """Every setting with its value, default and meaning."""
    chosen = settings.load()
    rows = [
        {
            "name": name,
            "variable": f"{PREFIX}{name.upper()}",
            "value": str(getattr(chosen, name)),
            "default": str(field.default),
            "help": field.description,
        }
        for name, field in Settings.model_fields.items()
    ]
    emit(rows, form, [("variable", "variable"), ("value", "value"), ("help", "meaning")])
