"""How long a province's notice takes: the letter with its charts, the workbook and the JSON.

    python benchmarks/notice.py [TARGETS]      (400 by default)

A store with one series of 12 annual values a target is made in a temporary folder; forecasts are stored before the clock starts, as
the nightly job leaves them. Timed, in one process: finding out what the notice says, the pictures, and the bytes of each form. The
whole, as `dabiao notice` does it, is timed in a process that remembers nothing; `processor` are the seconds of both cores that it
and its browsers took, which hang less on what else the machine does.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assess_speed import NOW, TODAY, make

from dabiao import bootstrap
from dabiao.reports.book import book_bytes
from dabiao.reports.letter import letter_bytes
from dabiao.services.judge import forecasting
from dabiao.services.publish.notice_asked import Asked
from dabiao.services.publish.notice_book import book
from dabiao.services.publish.notice_charts import pictures
from dabiao.services.publish.notice_files import TEMPLATE, write_notice
from dabiao.services.publish.notice_letters import letter
from dabiao.services.publish.notices import notice_of
from dabiao.settings import Settings

PR_SET_CHILD_SUBREAPER = 36


def timed(name: str, work: Callable[[], Any], into: dict[str, float]) -> Any:
    started = time.perf_counter()
    result = work()
    into[name] = round(time.perf_counter() - started, 2)
    return result


def processor() -> float:
    """Seconds of this process and of all that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def whole(home: Path) -> dict[str, float]:
    """The notice as the command makes it, in a process of its own."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)  # a browser's processes are left to us when it ends
    began, used = time.perf_counter(), processor()
    app = bootstrap.open_app(Settings(home=home))
    write_notice(app, Asked(TODAY, "zh-CN"), home / "out", NOW)
    seconds = round(time.perf_counter() - began, 2)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    return {"all": seconds, "processor": round(processor() - used, 2)}


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
        app.store.close()
        with multiprocessing.get_context("spawn").Pool(1) as fresh:
            seconds |= fresh.apply(whole, (app.paths.home,))
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
