"""``dabiao export``: what others' systems read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dabiao.cli.common import AsOfOption, day, now, open_app

app = typer.Typer(no_args_is_help=True)
_OUT = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder; it is made.")]


@app.command("sdg")
def sdg(out: _OUT, as_of: AsOfOption = None) -> None:
    """Write the targets as the data of an Open SDG site (CSV, YAML, translations), as sdg-build reads it."""
    from dabiao.services.publish.sdg import export_sdg

    opened, moment = open_app(), now()
    _say(export_sdg(opened, day(opened, as_of), moment, out))


@app.command("sdmx")
def sdmx(out: _OUT, as_of: AsOfOption = None) -> None:
    """Write observed values and assessments as SDMX-CSV 2.0, with their structures as SDMX-ML 3.0."""
    from dabiao.services.publish.sdmx import export_sdmx

    opened, moment = open_app(), now()
    _say(export_sdmx(opened, day(opened, as_of), moment, out))


def _say(written: list[Path]) -> None:
    for path in written:
        print(path)
