"""``dabiao derive``: a file of concentrations or section classes to the official indicators."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dabiao import i18n
from dabiao.cli.common import FormatOption, day, now, open_app, region_id
from dabiao.cli.derivations import emit_derivations
from dabiao.cli.output import Format, emit, language, note
from dabiao.domain.observation import Tier
from dabiao.errors import UnknownName
from dabiao.services.derive.deriving import HourLabel
from dabiao.services.derive.trace import derivation_rows

if TYPE_CHECKING:
    from dabiao.standards.outcome import Derived


class FileTier(StrEnum):
    """The tiers that hours, days and classes of a file can have."""

    OFFICIAL = "official"
    THIRD_PARTY = "third_party"


def derive(
    file: Annotated[
        Path | None,
        typer.Argument(help="Concentrations, water sections, noise or farmland; the store's own without it."),
    ] = None,
    hours: Annotated[
        HourLabel,
        typer.Option("--hours", help="Whether 08:00 in the file is the hour that ends or begins at 8."),
    ] = HourLabel.END,
    exempt: Annotated[
        list[str] | None,
        typer.Option(
            "--exempt",
            metavar="POLLUTANT",
            help="Never monitored; its absence does not hold the AQI back. Repeatable. For printing only.",
        ),
    ] = None,
    store: Annotated[
        bool, typer.Option("--store", help="Import the file's values, and store what is derived of them.")
    ] = False,
    region: Annotated[
        str | None, typer.Option(help="Region of a file without cities; without a file, only this region.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="With --store: source of the file; its name by default.")
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="With --store: publication date; today by default.")
    ] = None,
    tier: Annotated[FileTier, typer.Option(help="With --store: tier of the source.")] = FileTier.OFFICIAL,
    form: FormatOption = Format.TABLE,
) -> None:
    """The official indicators from concentrations or section classes, by the standards in force.

    A file is printed and not stored unless --store is given. Without a file: from what the store has, and into it.
    """
    if file is None:
        _of_store(region, form)
    elif store:
        _store(file, hours, region, source, published, tier, form)
    else:
        _print(file, hours, exempt or (), form)


def _of_store(region: str | None, form: Format) -> None:
    from dabiao.services.derive import derived

    app = open_app()
    counts = derived.derive(app, now(), region_id(app, region)).to_json()
    note(i18n.text("derived.ran", app.settings.lang, **counts))
    emit([counts], form, [(name, name) for name in counts])


def _store(
    file: Path,
    hours: HourLabel,
    region: str | None,
    source: str | None,
    published: str | None,
    tier: FileTier,
    form: Format,
) -> None:
    from dabiao.services.derive import derived
    from dabiao.services.derive.filing import Filing, store_file

    app = open_app()
    lang, moment = app.settings.lang, now()
    when = day(app, published) if published else None
    filing = Filing(region_id(app, region), source, when, Tier(tier), hours)
    stored, regions = store_file(app, file, filing, moment)
    parts = {n: getattr(stored, n) for n in ("accepted", "revised", "unchanged", "refused")}
    note(i18n.text("derived.stored", lang, file=file.name, **parts))
    rows = []
    for place in sorted(regions):
        note(i18n.text("derived.ran", lang, **derived.derive(app, moment, place).to_json()))
        rows += derivation_rows(app, app.today(moment), lang, place)
    emit_derivations(rows, form, lang)
    if stored.refused:
        raise typer.Exit(1)


def _print(file: Path, hours: HourLabel, exempt: Sequence[str], form: Format) -> None:
    from dabiao.services.derive.deriving import derive_file
    from dabiao.standards.limits import POLLUTANTS

    lang = language()
    for name in exempt:
        if name not in POLLUTANTS:
            raise UnknownName("filter_unknown", field="--exempt", name=name, near=", ".join(POLLUTANTS))
    result = derive_file(file, hours, exempt)
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
