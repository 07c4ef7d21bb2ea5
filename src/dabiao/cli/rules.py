"""``dabiao rules``: the published on-track rules by themselves, outside any target."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from dabiao import i18n
from dabiao.assess.rules import BY_NAME
from dabiao.assess.rules.cases import NEEDED, CaseWrong, case_of
from dabiao.cli.common import FormatOption
from dabiao.cli.output import Format, emit, language, note
from dabiao.errors import DabiaoError, UnknownName
from dabiao.services.judge.rule_rows import rule_rows

rules_app = typer.Typer(no_args_is_help=True)


@rules_app.command("list")
def list_rules(form: FormatOption = Format.TABLE) -> None:
    """Every rule: its names, where it was published, what it is for, what it can say."""
    rows = rule_rows(language())
    emit(rows, form, [(n, n) for n in ("id", "zh", "en", "source", "applies_to")])


@rules_app.command("apply")
def apply(
    rule: Annotated[str, typer.Argument(help="Rule id, as in: dabiao rules list")],
    cases: Annotated[
        Path,
        typer.Argument(
            help="CSV: case_id, direction, base_period, base, period, current, target, target_period, limit, values."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV to write; standard output by default.")
    ] = None,
) -> None:
    """What a rule says of cases in a file: case_id, ratio, outcome."""
    from dabiao.services.files import write_whole

    if rule not in BY_NAME:
        raise UnknownName("rule_unknown", name=rule, known=", ".join(BY_NAME))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("case_id", "ratio", "outcome"))
    rows = _read(cases)
    for line, row in rows:
        try:
            given = case_of(row)
        except CaseWrong as error:
            mend = i18n.text(f"mend.{error.mend}", language())
            raise DabiaoError(
                "case_wrong", path=str(cases), row=line, column=error.column, text=error.text, mend=mend
            ) from error
        result = BY_NAME[rule].apply(given)
        writer.writerow(
            (row["case_id"], "" if result.figure is None else repr(result.figure), result.outcome)
        )
    if out is None:
        sys.stdout.write(written.getvalue())
        return
    write_whole(out, written.getvalue().encode())
    note(i18n.text("cli.rules.applied", language(), rule=rule, cases=len(rows), path=str(out)))


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        reader = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError as error:
        raise DabiaoError("file_missing", path=str(path)) from error
    except (UnicodeDecodeError, OSError, csv.Error) as error:
        raise DabiaoError("table_unreadable", path=str(path), detail=str(error)) from error
    names = reader.fieldnames or ()
    if missing := [c for c in NEEDED if c not in names]:
        raise DabiaoError("case_columns_missing", path=str(path), columns=", ".join(missing))
    return rows
