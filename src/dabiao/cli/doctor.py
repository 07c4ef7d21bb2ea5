"""``dabiao doctor``: whether a deployment is set up as it should be."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from dabiao import bootstrap, i18n, settings
from dabiao.cli.common import FormatOption, now
from dabiao.cli.output import Format, emit, language, note
from dabiao.errors import DabiaoError
from dabiao.services.operate import doctor as service
from dabiao.services.operate.outcome import Level, Outcome, refused

_MARKS = {Level.OK: "✓", Level.WARN: "!", Level.FAIL: "✗"}


def doctor(
    network: Annotated[
        bool, typer.Option("--network", help="Also reach out to the mail server and web hook hosts.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check this deployment: machine, settings, store, clock, backups, accounts, jobs; each fault with its mend."""
    lang = language()
    found = list(_examined(network))
    rows = [outcome.to_json(lang) for outcome in found]
    if form is Format.TABLE:
        for outcome, row in zip(found, rows, strict=True):
            print(f"{_MARKS[outcome.level]} {row['check']}  {row['message']}")
    else:
        emit(rows, form, [])
    counts = {level: sum(o.level is level for o in found) for level in Level}
    note(i18n.text("cli.doctor.summary", lang, **{str(level): count for level, count in counts.items()}))
    raise typer.Exit(1 if counts[Level.FAIL] else 0)


def _examined(network: bool) -> list[Outcome]:
    try:
        chosen = settings.load()
    except DabiaoError as error:
        return [refused("settings", error)]
    where = bootstrap.paths(chosen)
    return list(service.examine(chosen, where, partial(bootstrap.open_app, chosen), now(), network=network))
