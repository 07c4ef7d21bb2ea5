"""A server over the bundled data for the measurements of the API: prepared, started, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

PATIENCE = 120.0


@contextlib.contextmanager
def running(home: Path | None = None, workers: int = 2) -> Iterator[int]:
    """The port of a server over a home folder, over one of the bundled data by default."""
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder, "home")
            prepare(home)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        given = {
            "HOME": str(home),
            "WEB_WORKERS": str(workers),
            "API_RATE_PER_MINUTE": "0",
            "LOG_LEVEL": "error",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard", "--port", str(port)],
            cwd=Path(__file__).parents[1],
            env={**kept, "OPENBLAS_NUM_THREADS": "1", **{f"DABIAO_{k}": v for k, v in given.items()}},
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(server, port)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(60)


def prepare(home: Path) -> None:
    """A store of the bundled data, forecast, assessed and alerted today."""
    from dabiao import bootstrap
    from dabiao.services.alerts import alerting
    from dabiao.services.declare.setup import bundled_files
    from dabiao.services.intake.importing import import_file
    from dabiao.services.judge import assessing, forecasting
    from dabiao.settings import load

    now = datetime.now(UTC)
    app, _ = bootstrap.initialise(load({"DABIAO_HOME": str(home)}, home.parent), now)
    for path in bundled_files(app.paths.data):
        import_file(app, path, now=now)
    forecasting.run_forecasts(app, app.today(now), now)
    assessing.run_assessments(app, app.today(now), now)
    alerting.run_alerts(app, now)
    app.store.close()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/rules", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit(f"no server; exit status {server.poll()}")
