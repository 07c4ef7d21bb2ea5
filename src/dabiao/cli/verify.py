"""``dabiao verify``: whether what is kept is still what was put in."""

from __future__ import annotations

from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app
from dabiao.cli.output import Format, emit, note
from dabiao.cli.progress import Count
from dabiao.services.keep import audit, verifying
from dabiao.store.audit import head


def verify(
    start: Annotated[
        str,
        typer.Option("--from", metavar="ROW[:DIGEST]", help="Follow the audit chain from this row on."),
    ] = "1",
    quick: Annotated[
        bool, typer.Option("--quick", help="Read only a part of the raw files, another each day.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check the store, the audit chain, the alerts, the raw files, the backups, the clock and the disk."""
    opened = open_app()
    lang = opened.settings.lang
    anchor = audit.Anchor.parse(start)
    with Count("files", lang) as count:
        found = verifying.verify(opened, now(), everything=not quick, anchor=anchor, progress=count)
    rows = [f.to_json(lang) for f in found.findings]
    if form is Format.TABLE:
        for row in rows:
            print(f"{row['severity']}  {row['message']}")
    else:
        emit(rows, form, [("code", "code"), ("severity", "severity"), ("message", "message")])
    if found.whole:
        checked = "  ".join(f"{name} {count}" for name, count in found.checked.items())
        note(i18n.text("cli.verify.whole", lang, checked=checked))
        row_number, digest = head(opened.store)
        note(i18n.text("cli.verify.head", lang, row=row_number, digest=digest))
    raise typer.Exit(0 if found.whole else 1)
