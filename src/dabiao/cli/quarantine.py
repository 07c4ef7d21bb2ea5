"""``dabiao quarantine``: the rows that imports refused, to be mended or dismissed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, one_of, open_app, user
from dabiao.cli.output import Format, emit, note
from dabiao.store.quarantine import STATES

quarantine_app = typer.Typer(no_args_is_help=True)

FileOption = Annotated[str | None, typer.Option("--file", help="Only rows of files with this in their name.")]
CodeOption = Annotated[str | None, typer.Option("--code", help="Only rows refused for this reason.")]


@quarantine_app.command("list")
def list_rows(
    file: FileOption = None,
    code: CodeOption = None,
    state: Annotated[
        str | None, typer.Option("--state", help="Only rows that are open, mended or dismissed.")
    ] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only open rows.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Every refused row with its file, cells, reasons and what became of it."""
    from dabiao.services.intake.quarantine import quarantine_json
    from dabiao.store.quarantine import OPEN, listed

    app = open_app()
    wanted = OPEN if open_only else one_of("--state", state, STATES)
    rows = [quarantine_json(r, app.settings.lang) for r in listed(app.store, file, code, wanted)]
    names = ("id", "file", "sheet", "row", "state", "columns", "message")
    emit(rows, form, [(n, n) for n in names])


@quarantine_app.command("export")
def export_rows(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="A .csv or .xlsx file to write.")],
    file: FileOption = None,
    code: CodeOption = None,
) -> None:
    """Write the open rows to a file with their cells and reasons, to be mended there and imported again."""
    from dabiao.services.intake.quarantine_files import export

    app = open_app()
    count = export(app, out, app.settings.lang, file=file, code=code)
    note(i18n.text("cli.quarantine.exported", app.settings.lang, rows=count, path=str(out)))


@quarantine_app.command("dismiss")
def dismiss_rows(
    ids: Annotated[list[int], typer.Argument(help="Ids of refused rows.", metavar="ID…")],
    why: Annotated[str, typer.Option("--note", help="Why they will not be mended.")],
) -> None:
    """Close rows that will not be mended, with the reason; they stay on record."""
    from dabiao.services.intake.quarantine import dismiss
    from dabiao.services.keep import audit

    app = open_app()
    count = dismiss(app, ids, why, now())
    if count:
        audit.noted(
            app, now(), user(), "data.dismissed", f"quarantine:{min(ids)}", {"rows": ids, "note": why[:500]}
        )
    note(i18n.text("cli.quarantine.dismissed", app.settings.lang, rows=count))
