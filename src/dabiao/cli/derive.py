"""``dabiao derive``: a file of concentrations or section classes to the official indicators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption
from dabiao.cli.output import Format, emit, language, note
from dabiao.errors import UnknownName
from dabiao.services.deriving import HourLabel

if TYPE_CHECKING:
    from dabiao.standards.outcome import Derived


def derive(
    file: Annotated[Path, typer.Argument(help="CSV: daily or hourly concentrations, or water sections.")],
    hours: Annotated[
        HourLabel,
        typer.Option("--hours", help="Whether 08:00 in the file is the hour that ends or begins at 8."),
    ] = HourLabel.END,
    exempt: Annotated[
        list[str] | None,
        typer.Option(
            "--exempt",
            metavar="POLLUTANT",
            help="Never monitored; its absence does not hold the AQI back. Repeatable.",
        ),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """The official indicators of each year from concentrations or section classes, by the standards in force. Stores nothing."""
    from dabiao.services.deriving import derive_file
    from dabiao.standards.limits import POLLUTANTS

    lang = language()
    for name in exempt or ():
        if name not in POLLUTANTS:
            raise UnknownName("filter_unknown", field="--exempt", name=name, near=", ".join(POLLUTANTS))
    result = derive_file(file, hours, exempt or ())
    if result.unused:
        note(i18n.text("standards.note.unused", lang, columns=", ".join(result.unused)))
    if result.kind == "hourly":
        note(i18n.text(f"standards.note.hours_{hours}", lang))
    rows = [_row(place, row, lang) for place, row in result.rows]
    if form is Format.TABLE:
        rows = [r for r in rows if r["indicator"] not in _COUNTS or r["value"] not in ("0", "0.0")]
        for row in rows:
            row["valid"] = i18n.text(f"standards.valid.{str(row['valid']).lower()}", lang)
            row["value"] = row["said"]
            row["why"] = ("；" if lang == "zh-CN" else "; ").join(row["why"])
        note(i18n.text("standards.note.certainty", lang))
    for row in rows:
        del row["said"]
    fields = ("place", "period", "basis", "label", "value", "unit", "count", "valid", "certainty", "why")
    emit(rows, form, [(f, i18n.text(f"standards.column.{f}", lang)) for f in fields])


def _row(place: str | None, row: Derived, lang: str) -> dict[str, Any]:
    from dabiao.standards import rules
    from dabiao.standards.exact import rounded
    from dabiao.standards.statistics import PERCENTILES

    of_percentile = PERCENTILES.get(row.subject or "", 0)
    label = i18n.text(
        f"standards.indicator.{row.indicator}", lang, subject=_subject(row.subject, lang), p=of_percentile
    )
    value: str | bool | None = (
        row.value if isinstance(row.value, str | bool | None) else format(row.value, "f")
    )
    return {
        "place": place,
        "period": row.period,
        "variant": row.variant,
        "standard": row.standard,
        "limits": row.limits,
        "basis": i18n.text(
            f"standards.variant.{row.variant}", lang, standard=row.standard or "", limits=row.limits or ""
        ).strip(),
        "indicator": row.indicator,
        "subject": row.subject,
        "label": label,
        "value": value.removeprefix("grade.").removeprefix("change.") if isinstance(value, str) else value,
        "said": _said(row.value, value, lang),
        "unit": row.unit,
        "unrounded": None if row.unrounded is None else format(rounded(row.unrounded, 6), "f"),
        "count": row.days,
        "valid": row.valid,
        "why": [i18n.text(f"standards.why.{w.code}", lang, **w.params) for w in row.why],
        "certainty": rules.weakest(row.rules).value if row.rules else None,
        "sources": list(rules.sources(row.rules)),
        "unverified": [i18n.text(f"standards.rule.{r}", lang) for r in rules.unverified(row.rules)],
    }


_COUNTS = ("level_days", "primary_days", "class_share")
"""Rows that a table leaves out where they are zero."""
_WORDS = ("grade.", "change.")


def _said(value: object, shown: str | bool | None, lang: str) -> str | None:
    if isinstance(value, bool):
        return i18n.text(f"standards.yes.{str(value).lower()}", lang)
    if isinstance(value, str):
        if value.startswith(_WORDS):
            return i18n.text(f"standards.{value}", lang)
        return i18n.text(f"standards.class.{value}", lang) if i18n.has(f"standards.class.{value}") else value
    return None if shown is None else str(shown)


def _subject(subject: str | None, lang: str) -> str:
    if subject is None:
        return ""
    for kind in ("level", "class", "item"):
        if i18n.has(key := f"standards.{kind}.{subject}"):
            return i18n.text(key, lang)
    return subject.removesuffix("_24h")
