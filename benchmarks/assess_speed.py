"""How long it takes to judge many targets with all rules, given their forecasts, and whether it grows linearly.

    python benchmarks/assess_speed.py [--processes 2] [TARGETS …]      (1000 10000 100000 by default)

A store with one series of 12 annual values a target is made in a temporary folder; forecasts are fitted and stored before the
clock starts. Timed: the assessment job on a store that has none (all are stored), again the same (nothing has changed), and,
in one process, the verdict with all rules and its row alone (of at most 10,000 targets).
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from dabiao import bootstrap
from dabiao.assess.evidence import NOTHING
from dabiao.assess.rules import RULES
from dabiao.assess.verdict import Judged, assess
from dabiao.domain.steps import step_of
from dabiao.services.app import App, stamp
from dabiao.services.intake.importing import import_file
from dabiao.services.judge import assessing, assessment_rows, forecasting, judging
from dabiao.services.judge.judging import Verdict
from dabiao.settings import load
from dabiao.store import declared

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
YEARS = range(2014, 2026)
INDICATORS = ("pm25", "o3_8h_p90", "no2", "good_day_ratio")
SOURCE = "benchmark"
SAMPLE = 10_000


def make(home: Path, count: int, processes: int = 1) -> App:
    """A store of ``count`` targets on ``count`` series."""
    settings = load({"DABIAO_HOME": str(home), "DABIAO_FIT_PROCESSES": str(processes)}, home)
    app, _ = bootstrap.initialise(settings, NOW)
    known = [i for i in INDICATORS if i in app.catalogue.indicators]
    places = [f"{900000 + i}" for i in range(-(-count // len(known)))]
    with app.store.write() as db:
        db.execute("DELETE FROM target_versions")
        db.table("regions").insert_all(
            [
                {
                    "id": p,
                    "zh": f"第{p}区",
                    "en": f"District {p}",
                    "short_zh": p,
                    "parent": None,
                    "level": "county",
                    "members": "[]",
                    "aliases": "[]",
                }
                for p in places
            ]
        )
        db.table("target_versions").insert_all([_target(p, i) for p in places for i in known][:count])
    app = App(settings, app.paths, app.store, declared.catalogue(app.store))
    path = home / "values.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("region,indicator,period,value,unit,source,published\n")
        for n, (p, i) in enumerate([(p, i) for p in places for i in known][:count]):
            unit = app.catalogue.indicators[i].unit
            for year in YEARS:
                value = 60 + (n * 7 + year * 13) % 17 - (year - 2014) * (1 + n % 3) / 2
                file.write(f"{p},{i},{year},{value:.1f},{unit},{SOURCE},{year + 1}-06-05\n")
    done = import_file(app, path, now=NOW)
    assert done.refused == 0, done.issues[:3]
    return app


def _target(place: str, indicator: str) -> dict[str, object]:
    higher = indicator == "good_day_ratio"
    content = {
        "region": place,
        "indicator": indicator,
        "measure": "numeric",
        "kind": "level",
        "comparator": ">=" if higher else "<=",
        "value": 60 if higher else 50,
        "unit": "%" if higher else "µg/m3",
        "deadline": "2028",
        "quote": "…",
        "clause": "一",
        "baseline": {"period": "2020"},
    }
    name = f"b-{place}-{indicator.replace('_', '-')}"
    return {
        "target_id": name,
        "version": 1,
        "plan": "jilin-2024",
        "position": 0,
        "known_on": "2025-01-01",
        "recorded_at": "2025-01-01T00:00:00Z",
        "withdrawn": 0,
        "content": json.dumps(content, ensure_ascii=False),
        "sha256": name,
    }


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of processor in all processes: on a machine that others use the second is the one to compare."""
    clock, own = time.perf_counter(), worked()
    work()
    return time.perf_counter() - clock, worked() - own


def worked() -> float:
    """Seconds of processor so far, of this process and of those it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def measure(count: int, processes: int) -> dict[str, tuple[float, float]]:
    """Seconds of each step for ``count`` targets."""
    with tempfile.TemporaryDirectory() as folder:
        app = make(Path(folder), count, processes)
        forecasting.run_forecasts(app, TODAY, NOW)
        found = {
            "assess": timed(lambda: assessing.run_assessments(app, TODAY, NOW)),
            "again": timed(lambda: assessing.run_assessments(app, TODAY, NOW)),
        }
        names = [name for name, _ in declared.indicators_as_of(app.store, TODAY)][:SAMPLE]
        verdicts = judging.judge(app, TODAY, NOW, names=names)
        found["rules"] = timed(lambda: again(app, verdicts))
        given = sum(v.assessment.attainment is not None for v in verdicts)
        assert given == len(names), f"{given} of {len(names)} have an attainment"
        assert all(len(v.assessment.rules) == len(RULES) for v in verdicts)
        app.store.close()
    return found


def again(app: App, verdicts: Sequence[Verdict]) -> None:
    """Every status and its row once more, evidence and forecast being there: the verdict and the rules alone."""
    for v in verdicts:
        a, t = v.assessment, v.declared.target
        assert a.forecast is not None and a.attainment is not None and t.deadline is not None
        step = step_of(a.forecast.steps, t.deadline)
        assert step is not None
        indicator = app.catalogue.indicators[t.indicator]
        brought = Judged(a.forecast, step, a.attainment)
        made = assess(t, 1, indicator, v.evidence or NOTHING, brought, None, RULES, TODAY, app.thresholds)
        assessment_rows.assessment_row(replace(v, assessment=made), stamp(NOW))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    print(
        " targets   assess s (processor)    again s (processor)   processor µs a target: assess  rules   GiB"
    )
    for count in given.targets:
        t = measure(count, given.processes)
        whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        memory = max(resource.getrusage(who).ru_maxrss for who in whose) / 2**20
        steps = "   ".join(f"{t[n][0]:9.2f} ({t[n][1]:9.2f})" for n in ("assess", "again"))
        each, rules = 1e6 * t["assess"][1] / count, 1e6 * t["rules"][1] / min(count, SAMPLE)
        print(f"{count:8d}  {steps}   {each:29.0f}  {rules:5.0f}  {memory:.2f}", flush=True)


if __name__ == "__main__":
    main()
