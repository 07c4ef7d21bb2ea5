"""``dabiao series``: what is known of whole series rather than of single values."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, indicator_id, open_app, region_id
from dabiao.cli.output import Format, emit
from dabiao.store.history import flags

series_app = typer.Typer(no_args_is_help=True)


@series_app.callback()
def _series() -> None:
    """Keeps ``flags`` a subcommand."""


@series_app.command("flags")
def list_flags(
    region: Annotated[str | None, typer.Option(help="Region name or code.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """What the checks noted of whole series, such as days heaping just under AQI 100. Information; no value is refused for it."""
    app = open_app()
    rows = []
    for r in flags(app.store, region_id(app, region), indicator_id(app, indicator)):
        params = json.loads(r["params"])
        rows.append(
            {
                "region": app.catalogue.regions[r["region"]].zh,
                "region_id": r["region"],
                "indicator": r["indicator"],
                "basis": r["basis"],
                "flag": r["code"],
                "message": i18n.text(f"flag.{r['code']}", app.settings.lang, **params),
                "params": params,
                "raised_at": r["raised_at"],
            }
        )
    emit(rows, form, [(n, n) for n in ("region", "indicator", "basis", "flag", "message", "raised_at")])
