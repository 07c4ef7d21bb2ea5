"""``dabiao import --explain``: how files would be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.cli.common import now
from dabiao.cli.output import Format, emit, note, table
from dabiao.errors import ImportRefused
from dabiao.ingest.model import Defaults
from dabiao.services.app import App
from dabiao.services.intake.mappings import mapping_of
from dabiao.services.intake.understanding import understand

_RECORD = ("row", "column", "region", "indicator", "period", "printed", "value", "unit", "basis")
_COLUMN = ("file", "sheet", "column", "heading", "role", "kind", "name", "unit", "by")


def explain_files(
    app: App, files: Sequence[Path], defaults: Defaults, mapping: Path | None, form: Format
) -> int:
    """Print how each file would be read; gives the exit status, 1 if one cannot be read at all."""
    lang, found, status = app.settings.lang, [], 0
    for path in files:
        try:
            settled = mapping_of(app, path.name, defaults.source, mapping)
            found.append(understand(app, path, replace(defaults, mapping=settled), now=now()))
        except ImportRefused as error:
            status = 1
            note(i18n.text(f"error.{error.code}", lang, **error.params))
    if form is Format.JSON:
        print(json.dumps(found[0] if len(files) == 1 and found else found, ensure_ascii=False, indent=2))
    elif form is Format.CSV:
        emit(
            [_flat(f, s, c) for f in found for s in f["sheets"] for c in s["columns"]],
            form,
            [(n, n) for n in _COLUMN],
        )
    else:
        for one in found:
            _print(one, lang)
    return status


def _flat(one: Mapping[str, Any], sheet: Mapping[str, Any], column: Mapping[str, Any]) -> dict[str, Any]:
    row = {**column, "file": one["file"], "sheet": sheet["sheet"]}
    return {name: row[name] for name in _COLUMN}


def _print(one: Mapping[str, Any], lang: str) -> None:
    def word(name: str) -> str:
        return i18n.text(f"understanding.{name}", lang)

    print(f"{word('file')}: {one['file']}")
    if one["encoding"]:
        print(f"{word('encoding')}: {one['encoding']}")
    if one["mapping"]:
        print(f"{word('mapping')}: {one['mapping']['name']}")
    for sheet in one["sheets"]:
        print()
        if sheet["sheet"]:
            print(f"{word('sheet')}: {sheet['sheet']}")
        shape = sheet["layout"]
        print(f"{word('layout')}: {word(f'shape.{shape}')} ({shape})")
        first = sheet["heading_row"] - max(sheet["heading_rows"] - 1, 0)
        print(f"{word('heading_rows')}: {first}–{sheet['heading_row']}")
        print(f"{word('rows')}: {sheet['heading_row'] + 1}–{sheet['last_row'] or ''}")
        for name in ("title", "constants"):
            if said := _said(sheet[name]):
                print(f"{word(name)}: {said}")
        table(
            [
                [c["column"], c["heading"], _role(c, lang), c["unit"] or "", word(f"by.{c['by']}")]
                for c in sheet["columns"]
            ],
            ["", "", word("columns"), "", ""],
        )
    print(f"\n{word('assumed')}: {_said(one['assumed'])}")
    print(
        i18n.text(
            "understanding.counts", lang, **{n: one[n] for n in ("taken", "refused", "repeated", "ignored")}
        )
    )
    if one["records"]:
        print(f"\n{word('records')}")
        table([["" if r[n] is None else str(r[n]) for n in _RECORD] for r in one["records"]], list(_RECORD))
    if one["issues"]:
        print(f"\n{word('issues')}")
        for issue in one["issues"]:
            where = ", ".join(str(issue[n]) for n in ("sheet", "row", "column") if issue[n] is not None)
            print(f"[{where}] {issue['message']}")


def _role(column: Mapping[str, Any], lang: str) -> str:
    name = ", ".join(f"{k}={v}" for k, v in column["says"].items()) or column["name"]
    if column["role"] == "ignored":
        kind = column["kind"] if i18n.has(f"understanding.kind.{column['kind']}") else "other"
        name = i18n.text(f"understanding.kind.{kind}", lang)
    return i18n.text(f"understanding.role.{column['role']}", lang, name=name)


def _said(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{k}={v}" for k, v in _leaves(given) if v not in (None, "", 0))


def _leaves(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in given.items():
        if isinstance(value, dict):
            yield from _leaves(value)
        else:
            yield key, value
