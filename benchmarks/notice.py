"""How long a province's notice takes: the letter with its charts, the workbook and the JSON.

    python benchmarks/notice.py [TARGETS]      (400 by default)

A store with one series of 12 annual values a target is made in a temporary folder; forecasts are stored before the clock starts, as
the nightly job leaves them. Timed, in one process: finding out what the notice says, the pictures, and the bytes of each form; then the
whole once more as `dabiao notice` does it, without anything remembered.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assess_speed import NOW, TODAY, make

from dabiao.reports.book import book_bytes
from dabiao.reports.letter import letter_bytes
from dabiao.services.judge import forecasting
from dabiao.services.pages import views
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notice_book import book
from dabiao.services.publish.notice_charts import pictures
from dabiao.services.publish.notice_files import TEMPLATE, write_notice
from dabiao.services.publish.notice_letter import letter
from dabiao.services.publish.notices import notice_of


def timed(name: str, work: Callable[[], Any], into: dict[str, float]) -> Any:
    started = time.perf_counter()
    result = work()
    into[name] = round(time.perf_counter() - started, 2)
    return result


def main(count: int) -> dict[str, Any]:
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = make(Path(folder), count)
        forecasting.run_forecasts(app, TODAY, NOW)
        asked = Asked(TODAY, "zh-CN")
        notice = timed("content", lambda: notice_of(app, asked, NOW), seconds)
        drawn = timed("pictures", lambda: pictures(notice.alarming, "zh-CN"), seconds)
        template = (app.paths.data / TEMPLATE).read_bytes()
        docx = timed("docx", lambda: letter_bytes(letter(notice, drawn or {}), template), seconds)
        xlsx = timed("xlsx", lambda: book_bytes(book(notice)), seconds)
        views._verdicts.cache_clear()
        timed("all", lambda: write_notice(app, asked, Path(folder) / "out", NOW), seconds)
        alarming = len(notice.alarming)
    return {
        "targets": count,
        "off_track_or_missed": alarming,
        "pictures": len(drawn or {}),
        "docx_kb": len(docx) // 1024,
        "xlsx_kb": len(xlsx) // 1024,
        "seconds": seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400), indent=1))
