"""A notice as files: the letter (DOCX), the workbook (XLSX) and all that they say (JSON)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dabiao.errors import DabiaoError
from dabiao.reports.book import book_bytes
from dabiao.reports.letter import letter_bytes
from dabiao.services.app import App
from dabiao.services.files import explained, write_whole
from dabiao.services.keep import audit
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notice_book import book
from dabiao.services.publish.notice_charts import pictures
from dabiao.services.publish.notice_letters import letter
from dabiao.services.publish.notices import Notice, notice_of

TEMPLATE = "templates/notice.docx"
_PLAIN = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class Written:
    """A notice and its files; ``drawn`` is false where the machine could make no charts."""

    notice: Notice
    files: tuple[Path, ...]
    drawn: bool


def stem(asked: Asked) -> str:
    """The files' name without ending: ``notice-2026-11-21-2026-10-jilin-2024-en``."""
    parts = ["notice", asked.as_of.isoformat()]
    parts += [asked.period.code] if asked.period else []
    parts += [_PLAIN.sub("_", "+".join(values)) for _, values in sorted(asked.filters.items()) if values]
    return "-".join([*parts, asked.lang])


def notice_bytes(app: App, notice: Notice) -> tuple[dict[str, bytes], bool]:
    """Each form of a notice by its ending, and whether charts could be drawn. The same store and question give the same bytes.

    Raises:
        DabiaoError: ``file_missing``: the template is not there.
    """
    template = app.paths.data / TEMPLATE
    if not template.is_file():
        raise DabiaoError("file_missing", path=str(template))
    drawn = pictures(notice.told, notice.asked.lang)
    made = {"checksum": notice.checksum, "content": notice.content()}
    return {
        "docx": letter_bytes(letter(notice, drawn or {}), template.read_bytes()),
        "xlsx": book_bytes(book(notice)),
        "json": (json.dumps(made, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode(),
    }, drawn is not None


def write_notice(app: App, asked: Asked, out: Path, now: datetime) -> Written:
    """Make a notice and write its files; each appears whole or not at all.

    Raises:
        DabiaoError: see :func:`dabiao.services.publish.notices.notice_of`.
        StoreUnwritable: the folder cannot be written.
    """
    notice = notice_of(app, asked, now)
    made, drawn = notice_bytes(app, notice)
    files = tuple(out / f"{stem(asked)}.{ending}" for ending in made)
    contents = {path.name: made[path.suffix[1:]] for path in files}
    write_files(out, contents)
    audit.exported(app, now, out, contents)
    return Written(notice, files, drawn)


def write_files(out: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files that are made to be taken away by others than the service's own user.

    Raises:
        StoreUnwritable: the folder cannot be written.
    """
    with explained(out):
        out.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            write_whole(out / name, content)
            (out / name).chmod(0o644)
    return [out / name for name in files]
