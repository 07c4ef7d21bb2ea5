"""Fuzz one reader, led by coverage: ``python -m tests.fuzz TARGET [SECONDS]``. Needs the dependency group ``fuzz``.

What breaks a reader is written to ``tests/fuzz/found/TARGET/``; there the normal suite reads it from then on.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dabiao.ingest"]):
    from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"


def main(name: str, seconds: str = "60") -> None:
    os.environ["RUST_BACKTRACE"] = "0"  # the parser panics thousands of times, and where is known
    target, seeds = TARGETS[name]
    found = FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / f"seed-{number}").write_bytes(seed)
        options = [
            f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=16384",
            f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=1",
        ]  # fmt: skip
        atheris.Setup([sys.argv[0], *options, corpus, str(found)], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
