"""Hostile files in the inbox: each goes to failed/ with its reason, the file behind it is imported, the process stays small."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dabiao.services.app import App
from dabiao.services.intake.importing import import_file
from tests import workbooks as made
from tests.conftest import NOW

HEAD = "地区,指标,时间,数值,单位,发布日期,来源\n"
ROW = "泉州市,PM2.5平均浓度,2024,20,µg/m3,2025-06-05,公报\n"
MIB = 1 << 20
PADDING = (ROW.encode() * 1_000)[: 64 << 10]  # so that a file is large whatever is wrong with it

RUN = """
import json, resource, sys
from pathlib import Path
from dabiao import bootstrap
from dabiao.services.intake.inbox import import_inbox
from tests.conftest import NOW
from tests.factories import settings_of
app = bootstrap.open_app(settings_of(Path(sys.argv[1])))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = import_inbox(app, now=NOW, sleep=lambda _: None)
own = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
print(json.dumps([[[r.moved_to, r.refusal and r.refusal.code] for r in found.done], str(found.stopped_by), own]))
"""


def sparse(path: Path, size: int) -> None:
    """A file of so many NUL bytes that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)


def after_rows(content: bytes, times: int = 1) -> Callable[[Path], None]:
    """A tidy table that begins well, and then has this in it."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(HEAD.encode() + PADDING[: PADDING.rindex(b"\n") + 1])
            for _ in range(times):
                file.write(content)

    return write


FILES: dict[str, tuple[str, Callable[[Path], None], set[str]]] = {
    "ten GiB of zeros": ("a.csv", lambda path: sparse(path, 10 << 30), {"file_too_large", "text_too_large"}),
    "ten GiB of zeros as a workbook": ("a.xlsx", lambda path: sparse(path, 10 << 30), {"file_too_large"}),
    "200 MiB of zeros": ("a.csv", lambda path: sparse(path, 200 * MIB), {"not_text"}),
    "zeros behind rows": ("a.csv", after_rows(bytes(MIB), 100), {"not_text"}),
    "one line of 100 MiB behind rows": ("a.csv", after_rows(b"1," * (MIB // 2), 100), {"line_too_long"}),
    "an open quotation mark behind rows": ("a.csv", after_rows(b'"' + ROW.encode() * 40_000), {"cell_too_long"}),
    "a sheet of three GiB": (
        "a.xlsx",
        lambda path: void(path.write_bytes(made.forged(made.SHEET, made.zeros(3_000), 100, without_sheet()))),
        {"workbook_damaged"},
    ),
}  # fmt: skip


def without_sheet() -> dict[str, bytes | str]:
    return {name: part for name, part in made.xlsx_parts().items() if name != made.SHEET}


def void(_: object) -> None:
    """For a call whose value nobody wants."""


@pytest.mark.parametrize("what", FILES)
def test_a_hostile_file_costs_itself_alone(what: str, app: App) -> None:
    """It is refused with its own code in a process that may not take more than 2 GiB, and takes a fraction of that."""
    app.store.close()
    name, write, codes = FILES[what]
    write(app.paths.inbox / name)
    (app.paths.inbox / "good.csv").write_text(HEAD + ROW, "utf-8")
    os.utime(app.paths.inbox / name, ns=(0, 0))
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(app.paths.home)],
        capture_output=True, text=True, timeout=300, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2_048 * MIB, 2_048 * MIB)),
        env={k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")} | {"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (first, second), stopped_by, own = json.loads(done.stdout)
    assert stopped_by == "None"
    assert first[0] == f"failed/{name}"
    assert first[1] in codes
    assert second == ["processed/good.csv", None]
    assert own < 700
    reasons = (app.paths.failed / f"{name}.reasons.txt").read_text("utf-8-sig")
    assert "没有收下" in reasons
    assert "No value of this file was taken" in reasons


def test_formulas_stay_text_all_the_way(app: App, tmp_path: Path) -> None:
    """A region that a spreadsheet would run is refused as the text it is; nothing of it is evaluated on the way."""
    path = tmp_path / "a.csv"
    path.write_text(HEAD + ROW.replace("泉州市", '"=HYPERLINK(""http://x"")"'), "utf-8")
    result = import_file(app, path, now=NOW)
    (issue,) = result.issues
    assert issue.code == "region_unknown"
    assert '=HYPERLINK("http://x")' in issue.raw
