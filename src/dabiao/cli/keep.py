"""``dabiao backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n, settings
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.services.keep import backup as service

_COLUMNS = [(n, n) for n in ("made_at", "schema", "observations", "files", "bytes", "path")]


def backup(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the backups; $DABIAO_HOME/backups by default.")
    ] = None,
    list_them: Annotated[bool, typer.Option("--list", help="List the backups there are; make none.")] = False,
    check: Annotated[Path | None, typer.Option(help="Prove one backup; make none.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Copy the store and the files beside it while others work, and prove the copy."""
    chosen = settings.load()
    if check is not None:
        whole = service.verify_backup(check)
        note(i18n.text("cli.backup.whole", chosen.lang, path=str(check), schema=whole.schema))
        return
    app = open_app()
    folder = out or app.paths.backups
    if list_them:
        emit([b.to_json() for b in service.backups(folder)], form, _COLUMNS)
        return
    made = service.back_up(app, now(), folder)
    row = made.to_json()
    note(
        i18n.text(
            "cli.backup.done",
            chosen.lang,
            path=str(made.path),
            rows=row["observations"],
            files=row["files"],
            size=round(row["bytes"] / 1e6, 1),
        )
    )
    gone = service.rotate(folder, chosen.backup_daily, chosen.backup_weekly, chosen.backup_monthly)
    if gone:
        note(i18n.text("cli.backup.rotated", chosen.lang, count=len(gone)))
    emit([row], form, _COLUMNS)


def restore(
    path: Annotated[Path, typer.Argument(help="A folder that dabiao backup made.")],
    home: Annotated[Path, typer.Option(help="The new home; it must have no store.")],
) -> None:
    """Prove a backup and restore it into a new home; an older schema is brought forward."""
    service.restore(path, home.resolve())
    note(i18n.text("cli.restore.done", settings.load().lang, home=str(home.resolve())))
