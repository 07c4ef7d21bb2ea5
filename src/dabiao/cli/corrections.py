"""``dabiao corrections``: reviewed corrections of single values, and how each stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, now, open_app, user
from dabiao.cli.output import Format, emit, note
from dabiao.domain.issue import Issue

if TYPE_CHECKING:
    from dabiao.services.intake.corrections import Stand

corrections_app = typer.Typer(no_args_is_help=True)
_COLUMNS = [
    (n, n) for n in ("id", "state", "region", "indicator", "period", "expect", "found", "value", "date")
]


@corrections_app.command("list")
def list_corrections(form: FormatOption = Format.TABLE) -> None:
    """Every declared correction: what it corrects, who reviewed it, and whether it is applied."""
    from dabiao.services.intake import corrections

    app = open_app()
    found, issues = corrections.stands(app, app.today(now()))
    _show(found, issues, form, app.settings.lang)


@corrections_app.command("check")
def check_corrections(form: FormatOption = Format.TABLE) -> None:
    """Check the correction files and hold each guard against the store. Changes nothing; exit status 1 if one fails."""
    from dabiao.services.intake import corrections

    app = open_app()
    found, issues = corrections.stands(app, app.today(now()))
    _show([s for s in found if s.state in corrections.FAILED], issues, form, app.settings.lang)
    corrections.require_sound(found, issues)


@corrections_app.command("apply")
def apply_corrections(form: FormatOption = Format.TABLE) -> None:
    """Apply every correction whose guard holds; what is applied already stays. Exit status 1 if a guard or a file fails."""
    from dabiao.services.intake import corrections
    from dabiao.services.intake.corrections import CorrectionState
    from dabiao.services.keep import audit

    app = open_app()
    moment = now()
    before, issues = corrections.stands(app, app.today(moment))
    pending = {s.declared.correction.id for s in before if s.state is CorrectionState.PENDING}
    found = corrections.apply(app, moment)
    _show(found, issues, form, app.settings.lang)
    done = (s.declared.correction.id for s in found if s.state is CorrectionState.APPLIED)
    applied = [name for name in done if name in pending]
    note(i18n.text("cli.corrections.applied", app.settings.lang, applied=len(applied)))
    if applied:
        audit.noted(
            app, moment, user(), "corrections.applied", f"correction:{applied[0]}", {"corrections": applied}
        )
    corrections.require_sound(found, issues)


def _show(found: Sequence[Stand], issues: Sequence[Issue], form: Format, lang: str) -> None:
    from dabiao.services.intake.importing import issue_json

    rows = [s.to_json(lang) for s in found]
    emit(rows, form, _COLUMNS)
    if form is Format.TABLE:
        for row in rows:
            if row["state"] not in ("applied", "pending"):
                note(f"{row['file']} {row['id']}: {row['message']}")
    for issue in issues:
        note(f"{issue.file}: {issue_json(issue, lang)['message']}")
