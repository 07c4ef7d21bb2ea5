"""``dabiao reports``: what responsible units report on targets without a number."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.cli.common import AsOfOption, FormatOption, day, now, one_of, open_app
from dabiao.cli.judged import find_target
from dabiao.cli.output import Format, emit, note
from dabiao.domain.assessment import Report
from dabiao.errors import UnknownName

app = typer.Typer(no_args_is_help=True)
_STATES = ("done", "under_way", "not_done")
_TARGET = Annotated[str, typer.Argument(help="Id of a qualitative or delegated target.")]
_BY = Annotated[str, typer.Option(help="Who enters it here.")]


@app.command("add")
def add(
    target: _TARGET,
    state: Annotated[str, typer.Option(help="done, under_way or not_done.")],
    unit: Annotated[str, typer.Option(help="The unit that reports.")],
    by: _BY = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Day of the report; today by default.")
    ] = None,
    evidence: Annotated[
        str,
        typer.Option(help="Link, document number, or a file: that is copied into the home with its digest."),
    ] = "",
    remark: Annotated[str, typer.Option("--note")] = "",
) -> None:
    """Record what a responsible unit reports; earlier reports are kept, the last one stands."""
    from dabiao.services.declare import reporting

    opened = open_app()
    moment = now()
    today = opened.today(moment)
    one_of("state", state, _STATES)
    find_target(opened, target, today)
    report = Report(state, day(opened, on), unit, evidence, remark, by)
    version = reporting.add(opened, target, report, today, moment)
    note(i18n.text("cli.reports.added", opened.settings.lang, target=target, version=version))


@app.command("import")
def import_reports(
    files: Annotated[list[Path], typer.Argument(help="CSV or Excel files, a report a row.", metavar="FILE…")],
    by: Annotated[str, typer.Option(help="Who enters them here.")] = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Record the reports of files, row by row. Exit status 1 if a row was refused; what is good goes in all the same."""
    from dabiao.services.declare import reporting
    from dabiao.services.intake.imported import issue_json

    opened = open_app()
    moment, lang = now(), opened.settings.lang
    rows = []
    for path in files:
        done = reporting.import_reports(opened, path, by, opened.today(moment), moment)
        issues = [issue_json(i, lang) for i in done.issues]
        rows.append(
            {
                "file": done.file,
                "accepted": done.accepted,
                "unchanged": done.unchanged,
                "refused": len(issues),
                "issues": issues,
            }
        )
    emit(rows, form, [(n, n) for n in ("file", "accepted", "unchanged", "refused")])
    for row in rows:
        for issue in row["issues"]:  # type: ignore[attr-defined]
            where = ", ".join(str(issue[n]) for n in ("sheet", "row", "column") if issue[n] is not None)
            note(f"{row['file']} [{where}] {issue['message']}")
    if any(row["refused"] for row in rows):
        raise typer.Exit(1)


@app.command("list")
def list_reports(
    target: Annotated[str | None, typer.Option(help="Only of this target.")] = None,
    state: Annotated[str | None, typer.Option(help="Only done, under_way or not_done.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Superseded and withdrawn ones too; else those that stand.")
    ] = False,
    as_of: AsOfOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The reports that stand on a day, the latest first."""
    from dabiao.services.declare import reporting

    opened = open_app()
    one_of("state", state, _STATES)
    found = reporting.report_rows(opened, day(opened, as_of), target)
    kept = [r for r in found if (everything or r["stands"]) and state in (None, r["state"])]
    names = ("target_id", "version", "state", "reported_on", "unit", "evidence", "entered_by", "withdrawn_on")
    emit(kept, form, [(n, n) for n in names])


@app.command("show")
def show(target: _TARGET, as_of: AsOfOption = None, form: FormatOption = Format.TABLE) -> None:
    """Every report on one target, the latest first, with evidence, digest and who entered it."""
    from dabiao.services.declare import reporting

    opened = open_app()
    on = day(opened, as_of)
    find_target(opened, target, on)
    found = reporting.report_rows(opened, on, target)
    if form is not Format.TABLE:
        emit(found, form, [])
        return
    for r in found:
        for name, value in r.items():
            if value is not None:
                print(f"{name:<16} {value}")
        print()


@app.command("withdraw")
def withdraw(
    target: _TARGET,
    by: Annotated[str, typer.Option(help="Who withdraws it.")],
    version: Annotated[int | None, typer.Option(help="Which report; the one that stands by default.")] = None,
    remark: Annotated[str, typer.Option("--note", help="Why.")] = "",
) -> None:
    """Take a report back from today on; it stays readable and stands on earlier days, and the one before it stands again."""
    from dabiao.services.declare import reporting

    opened = open_app()
    moment = now()
    today = opened.today(moment)
    if version is None:
        standing = [r for r in reporting.report_rows(opened, today, target) if r["stands"]]
        if not standing:
            raise UnknownName("report_none", name=target)
        version = standing[0]["version"]
    reporting.withdraw(opened, target, version, by, remark, today, moment)
    note(i18n.text("cli.reports.withdrawn", opened.settings.lang, target=target, version=version))
