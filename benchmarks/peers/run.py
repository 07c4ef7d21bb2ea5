"""Run :mod:`fit` in its own environment from a benchmark of the program's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def peers(source: str, target: Path) -> None:
    """Call fit.py; the environment of the peers is made where it is not there yet (``benchmarks/peers/.venv``)."""
    uv = Path(sys.executable).with_name("uv")
    known = {k: v for k, v in os.environ.items() if k not in ("UV_PROJECT_ENVIRONMENT", "VIRTUAL_ENV")}
    command = [
        str(uv) if uv.is_file() else "uv",
        "run",
        "--quiet",
        "--frozen",
        "--system-certs",
        "--project",
        str(HERE),
    ]
    subprocess.run(
        [*command, "python", str(HERE / "fit.py"), source, str(target)],
        check=True,
        env={**known, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"},
    )
