"""Killed at random moments with every job in hand by turns, the scheduler loses nothing and does nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

KILLS = 24
"""Here; ``make soak`` kills it 200 times."""


def test_nothing_is_lost_and_nothing_done_twice() -> None:
    """Values, files, statuses and alerts are as if nobody had killed it; no import, run, assessment or forecast is there twice."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    done = subprocess.run(
        [sys.executable, "benchmarks/kill.py", "--kills", str(KILLS), "--chains", "2"],
        cwd=Path(__file__).parents[2], env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    for chain in json.loads(done.stdout):
        assert {name: n for name, n in chain["lost"].items() if n} == {}
        assert {name: n for name, n in chain["doubled"].items() if n} == {}
        assert chain["harmed"] == []
        assert chain["met_a_run"] > 0, "no kill met a run: the test says nothing"
