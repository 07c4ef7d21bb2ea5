"""``dabiao notice``: the document that passes what is off track to those who answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, day, now, one_of, open_app, region_id, unit_ids
from dabiao.cli.output import note


def notice(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; exports/ in the home by default.")
    ] = None,
    plan: Annotated[str | None, typer.Option(help="Plan id.")] = None,
    region: Annotated[str | None, typer.Option(help="Region name or code; its children count too.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="A lead or responsible unit: its id, or its name as printed.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="A single target, whatever its status: its id.")] = None,
    period: Annotated[
        str | None, typer.Option(help="What is reported on: 2026-W47, 2026-10, 2026-Q3 or 2026.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="zh-CN or en; the setting's by default.")] = None,
    as_of: AsOfOption = None,
) -> None:
    """Write a notice (通报) of a plan, a region, a unit or a single target as DOCX and XLSX, with all that it says as JSON."""
    from dabiao.cli.judged import find_target
    from dabiao.services.pages.view_extras import plans
    from dabiao.services.publish.notice_asked import Asked, NoticePeriod
    from dabiao.services.publish.notice_files import write_notice

    app = open_app()
    one_of("lang", lang, i18n.LANGS)
    one_of("plan", plan, plans(app))
    found = region_id(app, region)
    filters: dict[str, Sequence[str]] = {
        name: values
        for name, values in (
            ("plan", plan and [plan]),
            ("region", found and [found]),
            ("unit", unit_ids(app, unit)),
            ("target", target and [target]),
        )
        if values
    }
    on = day(app, as_of)
    if target is not None:
        find_target(app, target, on)
    chosen = lang or app.settings.lang
    covered = None if period is None else NoticePeriod.parse(period)
    asked = Asked(on, chosen, filters, covered)
    written = write_notice(app, asked, out or app.paths.exports, now())
    counts = {"total": len(written.notice.entries), "alarming": len(written.notice.alarming)}
    note(i18n.text("cli.notice.made", app.settings.lang, **counts))
    if not written.drawn:
        note(i18n.text("cli.notice.no_pictures", app.settings.lang))
    for path in written.files:
        print(path)
