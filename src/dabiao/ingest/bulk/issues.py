"""The issues of a file, however many: on disk beyond the first few, in the order in which they came."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from dabiao.domain.issue import Issue

LISTED = 10_000
"""Issues that are handed on in one piece; the store has all of them."""
_IN_MEMORY = 1 << 24  # bytes


class IssueLog:
    """Issues in batches, all of one row in one batch. ``with`` gives the room back.

    Attributes:
        first: the first :data:`LISTED`.
        count, warned: how many there are, and how many of them are warnings.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it lives as long as the log
        self._batches = 0
        self.first: list[Issue] = []
        self.count = 0
        self.warned = 0

    def __len__(self) -> int:
        return self.count

    def add(self, issues: Sequence[Issue]) -> None:
        """Take in a batch, each issue once."""
        found = {(i.row, i.column, i.code, i.severity, repr(i.params)): i for i in issues}
        batch = list(found.values())
        if not batch:
            return
        pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)
        self._batches += 1
        self.count += len(batch)
        self.warned += sum(i.severity == "warning" for i in batch)
        self.first += batch[: LISTED - len(self.first)]

    def batches(self) -> Iterator[list[Issue]]:
        """Every batch, from the first on. Nothing is added meanwhile."""
        self._file.seek(0)
        for _ in range(self._batches):
            yield pickle.load(self._file)  # noqa: S301 - our own file, without a name
        self._file.seek(0, 2)

    def __enter__(self) -> IssueLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
