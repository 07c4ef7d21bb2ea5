"""How long one target's page data takes from a large store: everything that its page shows, read and judged alone.

    python benchmarks/target_page.py [--targets 100000] [--pages 200] [--home FOLDER]

The store of ``assess_speed.py``, with its forecasts and assessments. Each page is another target's, in an order that has
nothing to do with the store's. Timed apart: the first page of an indicator, which reads what the forecasts of its series hang
on, and every other. With ``--home`` the store is kept, and used again if it is there.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import numpy as np
from assess_speed import NOW, TODAY, make

from dabiao import bootstrap
from dabiao.services.app import App
from dabiao.services.judge import assessing, forecasting
from dabiao.services.pages import views
from dabiao.settings import load
from dabiao.store.declared import indicators_as_of


def prepared(home: Path, count: int) -> App:
    """A store with forecasts and assessments."""
    if (home / "dabiao.sqlite").is_file():
        return bootstrap.open_app(load({"DABIAO_HOME": str(home)}, home))
    app = make(home, count)
    forecasting.run_forecasts(app, TODAY, NOW)
    assessing.run_assessments(app, TODAY, NOW)
    return app


def milliseconds(app: App, target_id: str) -> tuple[float, float]:
    """Of one page's data: on the clock, and of this process alone."""
    clock, own = time.perf_counter(), time.process_time()
    view = views.target_view(app, target_id, TODAY, NOW)
    took = 1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - own)
    assert view is not None
    assert view.verdict.assessment.attainment is not None
    return took


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--targets", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        app = prepared(home, given.targets)
        targets = indicators_as_of(app.store, TODAY)
        asked = random.Random(1).sample(targets, given.pages)
        seen: set[str] = set()
        first, other = [], []
        for name, indicator in asked:
            (other if indicator in seen else first).append(milliseconds(app, name))
            seen.add(indicator)
        print(f"{len(targets)} targets, {len(seen)} indicators")
        for what, took in (("first page of an indicator", first), ("every other page", other)):
            clock, own = np.array(took).T
            middle, most = np.percentile(clock, [50, 95])
            print(
                f"{what}: {len(took)} pages, median {middle:.1f} ms, 95 % within {most:.1f} ms"
                f" ({np.median(own):.1f} ms of processor)"
            )
        app.store.close()


if __name__ == "__main__":
    main()
