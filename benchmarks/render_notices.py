"""Turns notices into pages that a person can look at: DOCX and XLSX to PDF by LibreOffice, each page to PNG by poppler.

    python benchmarks/render_notices.py OUT FILE…      (Debian: apt-get install libreoffice-writer libreoffice-calc poppler-utils)

The faces of official documents (仿宋_GB2312, 方正小标宋简体 …) are not free; where they are not installed, LibreOffice takes others, so
what is looked at is the layout: margins, headings, tables over pages, pictures, page numbers, nothing cut off.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES = 12
"""Pages of each document that are drawn."""


def render(out: Path, files: list[Path]) -> list[Path]:
    """Draw the first pages of each file; gives the pictures."""
    out.mkdir(parents=True, exist_ok=True)
    made = []
    with tempfile.TemporaryDirectory() as profile:
        for path in files:
            folder = out / f"{path.stem}-{path.suffix[1:]}"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            subprocess.run(
                [
                    "soffice",
                    f"-env:UserInstallation=file://{profile}",
                    "--headless",
                    "--convert-to",
                    "pdf",
                    "--outdir",
                    folder,
                    path,
                ],
                check=True,
                stdout=subprocess.DEVNULL,
                timeout=300,
            )
            pdf = folder / f"{path.stem}.pdf"
            subprocess.run(
                ["pdftoppm", "-png", "-r", "60", "-l", str(PAGES), pdf, folder / "page"],
                check=True,
                timeout=300,
            )
            made += sorted(folder.glob("page*.png"))
    return made


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    for tool in ("soffice", "pdftoppm"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is not installed")
    for picture in render(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]):
        print(picture)
