"""Runs where sdg-build is installed: builds the site of a folder whole and writes the progress of its pages as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import sdg
import sdg.open_sdg
import yaml
from sdg.ProgressMeasure import IndicatorProgress


def main(site: Path, target: Path) -> None:
    """Check and build in both languages, then ask each page for its progress as the build does."""
    os.chdir(site)
    for step in (sdg.open_sdg_check, sdg.open_sdg_build):
        if not step(config="config_data.yml"):
            sys.exit(f"{step.__name__} found faults")
    options = sdg.open_sdg.open_sdg_indicator_options_from_dict(
        {**sdg.open_sdg.open_sdg_indicator_options_defaults(), **yaml.safe_load(Path("config_data.yml").read_text("utf-8"))["indicator_options"]}
    )  # fmt: skip
    found = {}
    for path in sorted(Path("meta").glob("*.yml")):
        meta, data = yaml.safe_load(path.read_bytes()), Path("data") / f"indicator_{path.stem}.csv"
        if meta["auto_progress_calculation"]:
            page = SimpleNamespace(inid=path.stem, data=pd.read_csv(data), meta=meta, options=options)
            found[path.stem] = IndicatorProgress(page).get_indicator_status()
    target.write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
