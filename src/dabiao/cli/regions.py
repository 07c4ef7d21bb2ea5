"""``dabiao regions``: the places that files and plans may name."""

from __future__ import annotations

from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app, user
from dabiao.cli.output import Format, emit, note

regions_app = typer.Typer(no_args_is_help=True)


@regions_app.command("list")
def list_regions(form: FormatOption = Format.TABLE) -> None:
    """Every region, and which of them the office's own file declares."""
    from dabiao.services.declare.regions import region_rows

    fields = ("id", "zh", "en", "parent", "level", "members", "aliases", "own")
    emit(region_rows(open_app()), form, [(name, name) for name in fields])


@regions_app.command("add")
def add(
    code: Annotated[str, typer.Argument(help="GB/T 2260 code; of a group, a name of letters and hyphens.")],
    name: Annotated[str, typer.Argument(help="Full Chinese name, as documents print it.")],
    en: Annotated[str, typer.Option(help="English name.")],
    level: Annotated[str, typer.Option(help="province, prefecture, county or group.")],
    parent: Annotated[str, typer.Option(help="Code of the place that it lies in.")] = "",
    short: Annotated[str, typer.Option(help="Short Chinese name for tables; the full one by default.")] = "",
    alias: Annotated[list[str] | None, typer.Option(help="Another name of it. Repeatable.")] = None,
    member: Annotated[
        list[str] | None, typer.Option(help="Of a group: code of a member. Repeatable.")
    ] = None,
) -> None:
    """Add a region to $DABIAO_HOME/declared/regions.csv, once it is checked against all names, and load it."""
    from dabiao.services.declare.regions import NAME, Given, add_region

    app = open_app()
    given = Given(code, name, en, level, parent, short, tuple(member or ()), tuple(alias or ()))
    add_region(app, given, user(), now())
    note(i18n.text("cli.regions.added", app.settings.lang, name=name, id=code, file=NAME))
