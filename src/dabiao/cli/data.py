"""``dabiao import`` and ``dabiao observations``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import (
    AsOfOption,
    FormatOption,
    day,
    indicator_id,
    now,
    one_of,
    open_app,
    region_id,
    user,
)
from dabiao.cli.output import Format, emit, note
from dabiao.cli.progress import Bar
from dabiao.domain.observation import PUBLISHED_TIERS, Tier
from dabiao.errors import ImportRefused
from dabiao.ingest.model import Defaults
from dabiao.services.contract import observation_json
from dabiao.services.intake import noting
from dabiao.services.intake.dropping import take_file
from dabiao.services.intake.importing import ImportResult
from dabiao.store.history import flags_by_series
from dabiao.store.observations import known_observations


def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel files.", metavar="FILE…")],
    source: Annotated[
        str | None, typer.Option(help="Source, where the file does not say; its name by default.")
    ] = None,
    published: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Publication date, where the file does not say; today by default."),
    ] = None,
    tier: Annotated[
        Tier | None,
        typer.Option(help="Tier of the source, where the file does not say; official by default."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="YAML", help="Mapping file; else the one of $DABIAO_HOME/mappings that fits."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print how each file would be read, and import nothing.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check, store nothing.")] = False,
    progress: Annotated[
        bool | None,
        typer.Option(
            "--progress/--no-progress", help="Say how far a large file is; on a terminal by default."
        ),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Import observations; every row is accounted for as accepted, revised, unchanged or refused.

    Exit status 1 if any row or file was refused; what is good goes in all the same.
    """
    app = open_app()
    lang = app.settings.lang
    one_of("--tier", tier, PUBLISHED_TIERS)
    when: date | None = day(app, published) if published else None
    if explain:
        from dabiao.cli.understanding import explain_files

        defaults = Defaults(source, when, tier)
        raise typer.Exit(explain_files(app, files, defaults, mapping, form))
    rows, refused = [], False
    for path in files:
        try:
            with Bar(path.name, lang, progress) as bar:
                result = take_file(
                    app,
                    path,
                    now=now(),
                    source=source,
                    published=when,
                    tier=tier,
                    mapping=mapping,
                    dry_run=dry_run,
                    progress=bar,
                )
                if not dry_run:
                    noting.imported(app, result, now(), user())
        except ImportRefused as error:
            refused = True
            if not dry_run:
                noting.refused(app, f"file:{path.name}", path.name, error, now(), user())
            message = i18n.text(f"error.{error.code}", lang, **error.params)
            if form is Format.JSON:  # else it is said with the other issues, below
                note(message)
            rows.append(ImportResult.refused_file(path, error.code, message).to_json(lang))
            continue
        refused = refused or bool(result.refused)
        rows.append(result.to_json(lang))
    if form is Format.JSON:
        print(json.dumps(rows[0] if len(rows) == 1 else rows, ensure_ascii=False, indent=2))
    else:
        columns = [(n, n) for n in ("file", "accepted", "revised", "unchanged", "refused")]
        emit([{k: v for k, v in r.items() if k != "issues"} for r in rows], form, columns)
        for r in rows:
            for i in r["issues"]:
                where = ", ".join(str(x) for x in (i["sheet"], i["row"], i["column"]) if x is not None)
                note(f"{i['file']} [{where}] {i['message']}" if where else f"{i['file']}: {i['message']}")
            if r["more_issues"]:
                note(i18n.text("cli.import_more_issues", lang, file=r["file"], count=r["more_issues"]))
    if refused:
        raise typer.Exit(1)


def list_observations(
    region: Annotated[str | None, typer.Option(help="Region name or code.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The observed values as known on a day, every source of each, with what makes them comparable."""
    app = open_app()
    found = known_observations(
        app.store, day(app, as_of), region_id(app, region), indicator_id(app, indicator)
    )
    found.sort(key=lambda o: (o.region, o.indicator, o.period, o.precedence))
    flagged = flags_by_series(app.store)
    emit(
        [observation_json(app, o, flagged.get((o.region, o.indicator, str(o.basis)), ())) for o in found],
        form,
        [
            ("region", "region"),
            ("indicator_zh", "indicator"),
            ("period", "period"),
            ("printed", "value"),
            ("unit", "unit"),
            ("tier", "tier"),
            ("state", "state"),
            ("basis", "basis"),
            ("known_on", "known on"),
            ("source", "source"),
        ],
    )
