"""``dabiao jobs`` and ``retention``: what runs by itself, how it went, one run now, a pause, what would be removed."""

from __future__ import annotations

import json
import sys
import threading
from typing import Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app, user
from dabiao.cli.output import Format, emit, note
from dabiao.cli.progress import Line, how_far
from dabiao.cli.starting import become
from dabiao.services import jobs as service
from dabiao.services.app import App
from dabiao.services.keep import audit
from dabiao.services.keep.retention import old_things
from dabiao.services.schedule import JOBS

jobs_app = typer.Typer(invoke_without_command=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=f"{', '.join(JOBS)}.")]


@jobs_app.callback()
def jobs(context: typer.Context) -> None:
    """Run the scheduler until it is stopped, unless a subcommand is given."""
    if context.invoked_subcommand is None:
        open_app()  # a missing or old store is said here, before a process is started
        become("jobs")


@jobs_app.command("list")
def list_jobs(form: FormatOption = Format.TABLE) -> None:
    """Each job with its schedule, next time, pause, progress and last run."""
    app = open_app()
    rows = service.job_rows(app, now())
    if form is Format.TABLE:
        rows = [{**r, "state": _state(r, app.settings.lang)} for r in rows]
    columns = ("name", "cron", "next_run", "state", "last_finished", "last_message")
    emit(rows, form, [(n, n) for n in columns])


def _state(row: dict[str, Any], lang: str) -> str:
    """What a job is at, in words: paused, its progress, or how the last run ended."""
    said = i18n.text(f"jobs.state.{row['last_state']}", lang)
    if row["progress"] is not None:
        told = row["progress"]
        said = f"{said} {how_far(told['done'], told['total'], told['unit'], lang)}"
    if row["paused_at"] is not None:
        said = f"{said} · {i18n.text('cli.jobs.is_paused', lang, by=row['paused_by'])}"
    return said


@jobs_app.command("run")
def run_job(name: NameArgument) -> None:
    """Run one job now, never beside a scheduled one; the run is recorded and printed as JSON."""
    app = open_app()
    row = service.run_now(name, **(_watched(app, name) if sys.stderr.isatty() else {}))
    audit.noted(app, now(), user(), "job.started", f"job:{name}", {"run": row["id"]})
    print(json.dumps(row, ensure_ascii=False, indent=2))
    if row["state"] != "done":
        raise typer.Exit(1)


def _watched(app: App, name: str) -> dict[str, Any]:
    """On a terminal: the run's log, and below it a bar."""
    line, lang, one_at_a_time = Line(), app.settings.lang, threading.Lock()

    def logged(text: str) -> None:
        with one_at_a_time:
            line.clear()
            print(text, end="", file=sys.stderr, flush=True)

    def waiting() -> None:
        found = service.progress_of(app.paths)
        with one_at_a_time:
            if found is not None:
                word = i18n.text(f"jobs.name.{name}", lang)
                line.show(lambda: f"{word} {how_far(found.done, found.total, found.unit, lang)}", found.share)
            else:
                line.clear()

    return {"logged": logged, "waiting": waiting}


@jobs_app.command("history")
def history(
    job: Annotated[str | None, typer.Option(help="One job only.")] = None,
    limit: Annotated[int, typer.Option(min=1)] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """Runs, the newest first."""
    rows = service.history_rows(open_app(), job, limit)
    columns = (
        "job",
        "scheduled_for",
        "trigger",
        "state",
        "reason",
        "attempt",
        "finished_at",
        "seconds",
        "message",
    )
    emit(rows, form, [(n, n) for n in columns])


@jobs_app.command("pause")
def pause(
    name: NameArgument,
    by: Annotated[str | None, typer.Option(help="Who pauses it; the system's user by default.")] = None,
    remark: Annotated[str, typer.Option("--note", help="Why.")] = "",
) -> None:
    """Pause a job until it is resumed; a run in hand goes on, and a run by hand is still possible."""
    app = open_app()
    who = by or user()
    changed = service.pause(app, name, now(), who, remark)
    if changed:
        audit.noted(app, now(), who, "job.paused", f"job:{name}", {"note": remark[:500]})
    note(i18n.text("cli.jobs.paused" if changed else "cli.jobs.paused_already", app.settings.lang, name=name))


@jobs_app.command("resume")
def resume(name: NameArgument) -> None:
    """Let a paused job run again, from its next time on."""
    app = open_app()
    changed = service.resume(app, name)
    if changed:
        audit.noted(app, now(), user(), "job.resumed", f"job:{name}", {})
    note(i18n.text("cli.jobs.resumed" if changed else "cli.jobs.not_paused", app.settings.lang, name=name))


def retention(form: FormatOption = Format.TABLE) -> None:
    """List what the retention job would remove now; remove nothing."""
    rows = [old.to_json() for old in old_things(open_app(), now())]
    emit(rows, form, [(n, n) for n in ("kind", "path", "count", "bytes")])
