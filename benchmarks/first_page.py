"""How long `make run` takes to the first page: on a fresh clone with an empty home, and on the second start.

    python benchmarks/first_page.py [REPOSITORY]

Clones the repository into a temporary folder, runs `make run` there with an empty HOME, waits until the overview answers with
200, stops it with SIGINT as Ctrl-C does, and does so once more. Prints seconds and exit statuses. Needs the network for the
first start: everything is installed anew.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 600.0


def main(repository: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        clone, home = Path(folder, "clone"), Path(folder, "home")
        home.mkdir()
        subprocess.run(["git", "clone", "-q", repository, str(clone)], check=True)
        for name in ("fresh clone", "second start"):
            seconds, status = start(clone, home)
            # make itself ends by the signal that it was sent: -2
            print(f"{name}: first page after {seconds:.1f} s, stopped with exit status {status}")
    return 0


def start(clone: Path, home: Path) -> tuple[float, int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "SSL_CERT_FILE", "PIP_CERT")}
    begun = time.monotonic()
    running = subprocess.Popen(
        ["make", "run"],
        cwd=clone,
        env={**kept, "HOME": str(home), "DABIAO_PORT": str(port)},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if running.poll() is not None or time.monotonic() - begun > PATIENCE:
                sys.exit(f"make run gave no page; exit status {running.poll()}")
            time.sleep(0.05)
        seconds = time.monotonic() - begun
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
    return seconds, running.wait(30)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else str(Path(__file__).parents[1])))
