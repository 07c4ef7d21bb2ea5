"""The regions that names are looked up in, and those that an office adds to them in ``$DABIAO_HOME/declared/regions.csv``."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from dabiao import i18n
from dabiao.errors import DeclarationError
from dabiao.plans.catalogue import FILES, Folder, read_catalogue
from dabiao.plans.findings import Files
from dabiao.services.app import App
from dabiao.services.declare.setup import load_declared, read_declared
from dabiao.services.files import explained, write_whole
from dabiao.services.keep import audit

FILE, HEADING = FILES[0], ("id", "zh", "en", "short_zh", "parent", "level", "members", "aliases")
NAME = f"declared/{FILE}"


@dataclass(frozen=True, slots=True)
class Given:
    """A region to add: the columns of ``regions.csv``."""

    id: str
    zh: str
    en: str
    level: str
    parent: str = ""
    short_zh: str = ""
    members: Sequence[str] = field(default_factory=tuple)
    aliases: Sequence[str] = field(default_factory=tuple)

    def row(self) -> dict[str, str]:
        """As the file has it."""
        return {
            "id": self.id,
            "zh": self.zh,
            "en": self.en,
            "short_zh": self.short_zh or self.zh,
            "parent": self.parent,
            "level": self.level,
            "members": " ".join(self.members),
            "aliases": "|".join(self.aliases),
        }


def region_rows(app: App) -> list[dict[str, Any]]:
    """Every region that is loaded; ``own`` says that the office's own file declares it."""
    own = {row["id"] for row in _read(app.paths.declared / FILE)}
    return [
        {
            "id": r.id,
            "zh": r.zh,
            "en": r.en,
            "short_zh": r.short_zh,
            "parent": r.parent,
            "level": r.level,
            "members": list(r.members),
            "aliases": list(r.aliases),
            "own": r.id in own,
        }
        for r in app.catalogue.regions.values()
    ]


def add_region(app: App, given: Given, by: str, now: datetime) -> None:
    """Add a region to the office's own file, and bring the store up to it.

    Raises:
        DeclarationError: the region or the file is wrong; nothing is changed.
        StoreUnwritable: the file cannot be written.
    """
    path = app.paths.declared / FILE
    content = _written([*_read(path), given.row()])
    _check(app, content)
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    load_declared(app, read_declared(app.paths.data, app.paths.attachments, app.paths.declared), now)
    audit.noted(app, now, by, "region.added", f"region:{given.id}", given.row())


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise DeclarationError("declaration_refused", count=1) from error
    return [{name: row.get(name) or "" for name in HEADING} for row in rows]


def _written(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADING, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _check(app: App, content: bytes) -> None:
    """Hold the file, as it will stand, against all other names."""
    files = Files()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        for name in FILES[1:]:
            if (app.paths.declared / name).is_file():
                shutil.copyfile(app.paths.declared / name, own / name)
        (own / FILE).write_bytes(content)
        read_catalogue([Folder(app.paths.data), Folder(own, NAME.removesuffix(FILE))], files)
    lang = app.settings.lang
    wrong = [
        f"{f.file}:{f.line} {i18n.text(f'finding.{f.code}', lang, **f.params)}"
        for f in files.findings
        if f.severity == "error"
    ]
    if wrong:
        raise DeclarationError("region_refused", detail="\n".join(wrong))
