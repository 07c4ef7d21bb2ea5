"""Killed at random moments with every job in hand by turns, the scheduler loses nothing and does nothing twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dabiao.services.schedule import JOBS

KILLS = 200
"""Here; ``make soak`` kills it 2000 times."""


def test_nothing_is_lost_and_nothing_done_twice() -> None:
    """Values, files, statuses and alerts are as if nobody had killed it; no import, run, assessment or forecast is there twice."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    done = subprocess.run(
        [sys.executable, "benchmarks/kill.py", "--kills", str(KILLS), "--chains", "2"],
        cwd=Path(__file__).parents[2], env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    chains = json.loads(done.stdout)
    for chain in chains:
        assert {name: n for name, n in chain["lost"].items() if n} == {}
        assert {name: n for name, n in chain["doubled"].items() if n} == {}
        assert chain["harmed"] == []
    assert sum(chain["kills"] for chain in chains) == KILLS
    never = [job for job in JOBS if not any(chain["met"][job] for chain in chains)]
    assert not never, "jobs that no kill has met"
