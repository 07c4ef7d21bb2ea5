"""A task for a pool of processes that takes longer than anyone waits."""

from __future__ import annotations

import time
from typing import Any


class Slow:
    """Takes a minute."""

    def run(self) -> list[Any]:
        time.sleep(60)
        return []
