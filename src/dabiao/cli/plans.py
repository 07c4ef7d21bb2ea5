"""``dabiao plans`` and ``dabiao targets``."""

from __future__ import annotations

import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dabiao import bootstrap, i18n, settings
from dabiao.cli.common import (
    AsOfOption,
    FormatOption,
    day,
    deadline_year,
    indicator_id,
    now,
    one_of,
    open_app,
    region_id,
    unit_ids,
    user,
)
from dabiao.cli.judged import find_target
from dabiao.cli.output import Format, emit, language, note
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError
from dabiao.plans.load import load
from dabiao.plans.schema import PlanFile
from dabiao.services.contract import target_json
from dabiao.services.declare.plan_report import plan_markdown
from dabiao.services.declare.setup import read_declared
from dabiao.services.declare.targets import targets_as_of
from dabiao.services.pages.views import parents
from dabiao.store import declared

plans_app = typer.Typer(no_args_is_help=True)
targets_app = typer.Typer(no_args_is_help=True)


@plans_app.command("list")
def list_plans(form: FormatOption = Format.TABLE) -> None:
    """The plans that are loaded, with the number of their targets."""
    app = open_app()
    counts: dict[str, int] = {}
    for d in targets_as_of(app, day(app, None)):
        counts[d.target.plan] = counts.get(d.target.plan, 0) + 1
    rows = [
        {
            "id": p["id"],
            "title": p["title"],
            "title_en": p["title_en"],
            "issuer": p["issuer"],
            "document_number": p["document_number"],
            "issued": p["issued"],
            "region": app.catalogue.regions[p["region"]].zh,
            "adcode": app.catalogue.regions[p["region"]].adcode,
            "period_start": p["period_start"],
            "period_end": p["period_end"],
            "targets": counts.get(p["id"], 0),
        }
        for p in declared.plan_rows(app.store)
    ]
    emit(
        rows,
        form,
        [
            ("id", "id"),
            ("title", "title"),
            ("issued", "issued"),
            ("period_end", "to"),
            ("targets", "targets"),
        ],
    )


@plans_app.command("check")
def check(form: FormatOption = Format.TABLE) -> None:
    """Check every declared file: shape, names, units, direction, and each quote against the plan's text.

    Exit status 1 if there is an error; warnings alone leave it 0.
    """
    where = bootstrap.paths(settings.load())
    found = read_declared(where.data, where.attachments, where.declared)
    lang = language()
    rows = [
        {
            "file": f.file,
            "line": f.line,
            "severity": f.severity,
            "code": f.code,
            "message": i18n.text(f"finding.{f.code}", lang, **f.params),
        }
        for f in found.findings
    ]
    if form is not Format.TABLE or rows:
        emit(
            rows, form, [("file", "file"), ("line", "line"), ("severity", "severity"), ("message", "message")]
        )
    if form is Format.TABLE:
        targets = sum(len(p.targets) for p in found.plans)
        print(
            i18n.text(
                "cli.plans.checked",
                lang,
                plans=len(found.plans),
                targets=targets,
                errors=len(found.errors),
                warnings=len(found.findings) - len(found.errors),
            )
        )
    if found.errors:
        raise typer.Exit(1)


class ExtractFormat(StrEnum):
    """How proposals are printed: as a listing, or as a plan file to review."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    YAML = "yaml"


@plans_app.command("extract")
def extract_targets(
    file: Annotated[
        Path, typer.Argument(metavar="TEXT", help="A plan: .txt, .docx or .pdf with a text layer.")
    ],
    region: Annotated[
        str | None, typer.Option(help="Name or code of the place it binds; else as the text says.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY-YYYY", help="First and last year; else as the text says.")
    ] = None,
    form: Annotated[
        ExtractFormat, typer.Option("--format", help="table, json, csv or yaml.")
    ] = ExtractFormat.TABLE,
) -> None:
    """Propose targets from a plan's text, each with its quote and what is uncertain. Nothing is stored."""
    from dabiao.plans.extract import read, to_json, to_plan_yaml
    from dabiao.plans.reading import read_plan_text

    span: tuple[int, int] | None = None
    if period is not None:
        years = re.fullmatch(r"((?:19|20)\d\d)(?:-((?:19|20)\d\d))?", period)
        if years is None or int(years[2] or years[1]) < int(years[1]):
            raise DabiaoError("extract_period_wrong", text=period)
        span = int(years[1]), int(years[2] or years[1])
    text = read_plan_text(file)
    where = bootstrap.paths(settings.load())
    catalogue = load(where.data, where.declared).catalogue
    plan = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "plan"
    found = read(text, catalogue, region=region, period=span, plan=plan)
    if form is ExtractFormat.YAML:
        print(to_plan_yaml(found, text, plan=plan), end="")
    else:
        emit(
            [to_json(p) for p in found.proposals],
            Format(form.value),
            [
                ("start", "at"),
                ("region", "region"),
                ("indicator_zh", "indicator"),
                ("comparator", ""),
                ("value", "value"),
                ("unit", "unit"),
                ("deadline", "deadline"),
                ("measure", "measure"),
                ("uncertain", "uncertain"),
                ("quote", "quote"),
            ],
        )
    counts = {str(m): sum(p.measure is m for p in found.proposals) for m in Measure}
    note(i18n.text("extract.found", language(), count=len(found.proposals), **counts))


@targets_app.command("list")
def list_targets(
    plan: Annotated[str | None, typer.Option(help="Plan id.")] = None,
    region: Annotated[str | None, typer.Option(help="Region name or code; its children count too.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="A lead or responsible unit: its id, or its name as printed.")
    ] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator name or id.")] = None,
    deadline: Annotated[str | None, typer.Option(help="Year of the deadline.")] = None,
    measure: Annotated[str | None, typer.Option(help="numeric, qualitative or delegated.")] = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The declared targets, in the order of the plans' texts."""
    app = open_app()
    found = targets_as_of(app, day(app, as_of))
    one_of("plan", plan, (d.target.plan for d in found))
    one_of("measure", measure, (str(m) for m in Measure))
    year = deadline_year(deadline)
    place, what, units = region_id(app, region), indicator_id(app, indicator), unit_ids(app, unit)
    kept = [
        d
        for d in found
        if (plan is None or d.target.plan == plan)
        and (place is None or place in (d.target.region, *parents(d.target.region, app.catalogue)))
        and (units is None or any(u.id in units for u in d.units))
        and (what is None or d.target.indicator == what)
        and (year is None or (d.target.deadline or "")[:4] == year)
        and (measure is None or d.target.measure == measure)
    ]
    emit(
        [target_json(app, d) for d in kept],
        form,
        [
            ("id", "id"),
            ("region", "region"),
            ("indicator_zh", "indicator"),
            ("comparator", ""),
            ("value", "value"),
            ("unit", "unit"),
            ("deadline", "deadline"),
            ("measure", "measure"),
        ],
    )


@targets_app.command("attach")
def attach(
    target: Annotated[str, typer.Argument(help="Id of a delegated target.")],
    value: Annotated[str, typer.Option(help="The number, with the digits that the document prints.")],
    comparator: Annotated[str, typer.Option(help="<=, <, >=, >, = or ~=.")],
    document: Annotated[str, typer.Option(help="Title of the document that gives it.")],
    issued: Annotated[
        str, typer.Option(metavar="DATE", help="Its day of issue: the target has the number from then on.")
    ],
    quote: Annotated[str, typer.Option(help="The words that give it, as printed.")],
    unit: Annotated[str | None, typer.Option(help="The indicator's by default.")] = None,
    deadline: Annotated[str | None, typer.Option(help="The target's own by default.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Indicator id; the target's own by default.")] = None,
    tolerance: Annotated[str | None, typer.Option(help="Of ~=.")] = None,
    tolerance_note: Annotated[str | None, typer.Option(help="Why it is that wide.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the document can be read.")] = None,
    by: Annotated[str | None, typer.Option(help="Who attaches it; the system's user by default.")] = None,
) -> None:
    """Give a delegated target the number that another document sets; it is judged by it from that document's day on."""
    from dabiao.services.declare.attaching import Given
    from dabiao.services.declare.attaching import attach as keep

    app = open_app()
    find_target(app, target, day(app, None))
    day(app, issued)
    given = Given(
        target,
        comparator,
        value,
        unit,
        deadline,
        document,
        url,
        issued,
        quote,
        by or user(),
        tolerance,
        tolerance_note,
        indicator,
    )
    keep(app, given, now())
    note(i18n.text("cli.targets.attached", app.settings.lang, target=target, document=document))


@targets_app.command("detach")
def detach(
    target: Annotated[str, typer.Argument(help="Id of a target that a number was attached to.")],
    by: Annotated[str, typer.Option(help="Who withdraws it; the system's user by default.")] = "",
    remark: Annotated[str, typer.Option("--note", help="Why.")] = "",
) -> None:
    """Withdraw an attached number from today on; on earlier days it stays."""
    from dabiao.services.declare.attaching import withdraw

    app, moment = open_app(), now()
    withdraw(app, target, by or user(), remark, app.today(moment), moment)
    note(i18n.text("cli.targets.detached", app.settings.lang, target=target))


@targets_app.command("report")
def report(
    plan: Annotated[str, typer.Argument(help="Plan id.")],
    as_of: AsOfOption = None,
    lang: Annotated[str | None, typer.Option(help="zh-CN or en; the setting's by default.")] = None,
) -> None:
    """One plan as a readable document in Markdown: its targets by clause, with quote, status and units."""
    app = open_app()
    on = day(app, as_of)
    one_of("plan", plan, (d.target.plan for d in targets_as_of(app, on)))
    one_of("lang", lang, i18n.LANGS)
    print(plan_markdown(app, plan, on, now(), lang or app.settings.lang))


@plans_app.command("schema")
def schema() -> None:
    """The JSON Schema of a plan file, for editors (docs/schema/plan.schema.json is its copy)."""
    print(json.dumps(PlanFile.model_json_schema(), ensure_ascii=False, indent=2))
