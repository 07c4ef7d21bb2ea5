"""How a command becomes one of the services."""

from __future__ import annotations

import os
import sys


def become(*command: str) -> None:
    """Replace this process: signals then reach the service itself, and nothing is left behind when it ends."""
    os.execv(sys.executable, [sys.executable, "-m", *command])
