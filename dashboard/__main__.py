"""``python -m dashboard [--host ADDRESS] [--port PORT]``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

# Before numpy is imported: many small fits, where a thread a core costs more than it gives.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from dabiao import i18n, settings
from dabiao.errors import DabiaoError
from dashboard.server import serve


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the dashboard. 0 stopped as asked, 1 refused and why, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m dashboard", description="Serve the dashboard on this machine."
    )
    parser.add_argument("--host", help="address to listen on, of this machine only")
    parser.add_argument("--port", type=int, help="port to listen on")
    given = parser.parse_args(argv)
    lang = i18n.normalise_lang(os.environ.get("DABIAO_LANG"))
    try:
        chosen = settings.load()
        lang = chosen.lang
        named = {k: v for k, v in vars(given).items() if v is not None}
        serve(chosen.model_copy(update=named))
    except DabiaoError as error:
        print(i18n.text(f"error.{error.code}", lang, **error.params), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
