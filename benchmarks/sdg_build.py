"""Build an export with sdg-build itself, and hold its progress against what stands beside it in the export.

    python benchmarks/sdg_build.py [--home HOME] [--sdg-build PLACE]

sdg-build is published as a repository and needs an older pandas, so it runs in an environment of its own that uv makes
(``benchmarks/sdg/build.py``). PLACE is what uv installs it from: the repository at the commit that the rule ``open_sdg`` was restated
from by default, or a folder with a copy of it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import yaml

from dabiao import bootstrap, settings
from dabiao.services.publish.sdg import export_sdg

HERE = Path(__file__).parent
PLACE = "sdg @ git+https://github.com/open-sdg/sdg-build@139fede74ba534d2ed8b9eee4cd878b41f54cb67"


def build(place: str, site: Path) -> dict[str, str]:
    """Progress by page, as sdg-build has it after a whole build of the site."""
    uv = Path(sys.executable).with_name("uv")
    known = {k: v for k, v in os.environ.items() if k not in ("UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV")}
    command = [
        str(uv) if uv.is_file() else "uv",
        "run",
        "--quiet",
        "--system-certs",
        "--no-project",
        "--python",
        "3.11",
    ]
    found = site.parent / "progress.json"
    script = [str(HERE / "sdg/build.py"), str(site), str(found)]
    subprocess.run([*command, "--with", place, "python", *script], check=True, env=known)
    progress: dict[str, str] = json.loads(found.read_text("utf-8"))
    return progress


def main() -> int:
    """Export, build, compare; the exit status is that of the comparison."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--home", type=Path, help="home folder of the service; the settings' by default")
    asked.add_argument("--sdg-build", default=PLACE, help="what uv installs sdg-build from")
    given = asked.parse_args()
    chosen = settings.load()
    app = bootstrap.open_app(
        chosen.model_copy(update={"home": given.home.resolve()}) if given.home else chosen
    )
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        written = export_sdg(app, app.today(now), now, site)
        said = {}
        for path in sorted((site / "meta").glob("*.yml")):
            meta = yaml.safe_load(path.read_bytes())
            if meta["auto_progress_calculation"]:
                said[path.stem] = meta["dabiao_open_sdg"]
        progress = build(given.sdg_build, site)
        differing = {
            name: (word, progress.get(name)) for name, word in said.items() if progress.get(name) != word
        }
    print(
        json.dumps({"files": len(written), "progress": len(said), "differing": differing}, ensure_ascii=False)
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
