"""Importer, jobs and web killed at random moments: every check afterwards is clean."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CUTS = 12


def test_no_power_cut_harms_the_store() -> None:
    """A dozen cuts of the benchmark that makes a thousand: nothing is harmed, lost or doubled."""
    done = subprocess.run(
        [sys.executable, "benchmarks/power_cuts.py", "--cuts", str(CUTS), "--chains", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads(done.stdout)
    assert found["cuts"] == CUTS
    assert found["met_at_work"] > 0
    assert found["harmed"] == []
    assert found["values_lost"] == found["values_doubled"] == 0
