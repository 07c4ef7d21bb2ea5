"""``dabiao jobs``, ``serve``, ``up`` and ``settings``: what runs, and how it is set."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated

import typer

from dabiao import i18n, settings
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.services import views
from dabiao.services.jobs import history_rows, job_rows, run_now
from dabiao.settings import PREFIX, Settings

jobs_app = typer.Typer(invoke_without_command=True)


def _become(*command: str) -> None:
    """Replace this process: signals then reach the service itself, and nothing is left behind when it ends."""
    os.execv(sys.executable, [sys.executable, "-m", *command])


@jobs_app.callback()
def jobs(context: typer.Context) -> None:
    """Run the scheduler until it is stopped, unless a subcommand is given."""
    if context.invoked_subcommand is None:
        open_app()  # a missing or old store is said here, before a process is started
        _become("jobs")


@jobs_app.command("list")
def list_jobs(form: FormatOption = Format.TABLE) -> None:
    """Each job with its schedule, next time and last run."""
    app = open_app()
    columns = ("name", "cron", "next_run", "last_state", "last_finished", "last_message")
    emit(job_rows(app, now()), form, [(n, n) for n in columns])


@jobs_app.command("run")
def run_job(name: Annotated[str, typer.Argument(help="import, forecast, assess or alerts.")]) -> None:
    """Run one job now, never beside a scheduled one; the run is recorded and printed as JSON."""
    open_app()
    row = run_now(name)
    print(json.dumps(row, ensure_ascii=False, indent=2))
    if row["state"] != "done":
        raise typer.Exit(1)


@jobs_app.command("history")
def history(
    job: Annotated[str | None, typer.Option(help="One job only.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Runs, the newest first."""
    rows = history_rows(open_app(), job, limit)
    columns = ("job", "scheduled_for", "trigger", "state", "finished_at", "seconds", "message")
    emit(rows, form, [(n, n) for n in columns])


def serve(
    host: Annotated[str | None, typer.Option(help="Address; 127.0.0.1 by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; 8050 by default.")] = None,
) -> None:
    """Serve the dashboard until it is stopped."""
    open_app()
    _become("dashboard", *(("--host", host) if host else ()), *(("--port", str(port)) if port else ()))


def up() -> None:
    """Set everything up, then run the scheduler and the dashboard together; Ctrl-C stops both."""
    from dabiao.cli import prepare
    from dabiao.up import check_port
    from dabiao.up import up as run_both

    chosen = settings.load()
    check_port(chosen.host, chosen.port)  # before the work, not after it
    app = prepare.everything(chosen, now())
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
