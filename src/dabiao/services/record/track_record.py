"""The service keeps score of itself: what it said of what has been decided since, beside simpler ways to say it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dabiao import __version__
from dabiao.domain.period import PeriodKind
from dabiao.domain.track_record import Case, Part, Record
from dabiao.forecast import carried, in_year
from dabiao.forecast.scoring import Bin, Share, brier, calibration, share_of, skill
from dabiao.services.access import visible
from dabiao.services.app import App, stamp
from dabiao.services.judge.forecast_day import model_for
from dabiao.services.judge.judging import judge
from dabiao.services.record import replay, replay_questions
from dabiao.store import track_record as store

LARGEST = 5_000
"""Most annual series to which questions are put unasked; more take minutes, and wait for the command."""
FEW = 30
"""Fewer questions than this are said to be few wherever a figure of them is shown."""


# -- working it out --------------------------------------------------------------------------------------------------


def refresh(app: App, as_of: date, now: datetime, *, anyway: bool = False) -> dict[str, int]:
    """Bring the record up to what has been decided. What hangs on nothing new is left as it is.

    Args:
        anyway: work everything out again, also for a store so large that questions wait to be asked for.

    Returns:
        counts ``{"live", "replay", "constructed", "changed"}``: cases of each record that was worked out, and parts that were.
    """
    counts = dict.fromkeys((*Record, "changed"), 0)
    for part, digest in _digests(app, as_of).items():
        before = store.state(app.store).get(part)
        if not anyway and before is not None and before["digest"] == digest:
            continue
        if part is Part.TARGETS:
            decided = [
                v for v in judge(app, as_of, now) if v.assessment.status in replay.DECIDED and v.evidence
            ]
            cases = list(replay.of_targets(app, as_of, now, decided))
        elif anyway or store.annual_series(app.store) <= LARGEST:
            cases = list(replay_questions.of_series(app, as_of, now))
        else:
            continue
        store.replace(app.store, part, cases, digest, as_of=as_of, now=stamp(now), program=__version__)
        counts["changed"] += 1
        for case in cases:
            counts[case.record] += 1
    return {str(name): count for name, count in counts.items()}


def _digests(app: App, as_of: date) -> dict[Part, str]:
    """What each part hangs on, as one word."""
    inputs = dict(store.inputs(app.store))
    annual, settings = model_for(app, PeriodKind.YEAR), app.settings
    shared = [
        __version__,
        annual.name,
        annual.version,
        [settings.minimum_years, settings.stale_years, settings.lights],
        as_of.year,
        [inputs[name] for name in ("observations", "targets", "declared")],
    ]
    decided = [in_year.version(), carried.VERSION, inputs["assessments"], inputs["decisions"]]
    return {Part.TARGETS: _digest([*shared, *decided]), Part.SERIES: _digest(shared)}


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


# -- scoring it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scores:
    """How the cases of one record, or of a part of it, came out.

    Attributes:
        series, forecasts: how many different ones the cases are of; cases that share one are not independent.
        brier: of the attainment; 0 is best, 0.25 is what always saying a half gets.
        skill_climatology, skill_drift: 1 − Brier / the reference's on the same cases.
        covered80, covered95: how often the value lay in the interval, each forecast counted once.
        provisional: outcomes that are.
    """

    cases: int
    met: int
    series: int
    forecasts: int
    brier: float | None
    brier_climatology: float | None
    brier_drift: float | None
    skill_climatology: float | None
    skill_drift: float | None
    covered80: Share
    covered95: Share
    provisional: int

    @property
    def few(self) -> bool:
        """Whether a figure of so few says little."""
        return self.cases < FEW


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How one rule's word came out, a word on the right side taken for 1 and one on the wrong side for 0.

    Attributes:
        right: how often that agreed with what came.
        neither: cases in which its word was on neither side; they are no forecast and are left out.
        brier: its score.
        brier_attainment: the attainment's score on the same cases.
    """

    rule: str
    right: Share
    neither: int
    brier: float
    brier_attainment: float


@dataclass(frozen=True, slots=True)
class LookedBack:
    """A decided target with what was said of it before: the probability by lead."""

    target_id: str
    region: str
    indicator: str
    deadline: str
    met: bool
    provisional: bool
    observed: str
    said: Mapping[int, float]


def cases(app: App, as_of: date, filters: Mapping[str, object] | None = None) -> list[Case]:
    """The cases whose outcome was known on a day.

    Args:
        filters: of :data:`dabiao.store.track_record.FILTERS`, the value that each must have.
    """
    found = store.cases(app.store, as_of, filters)
    if app.scope.everything:
        return found
    seen = visible.SeriesSeen(app)
    return [c for c in found if seen(c.region, c.indicator)]


def by_record(found: Iterable[Case]) -> dict[Record, list[Case]]:
    """The cases of each record, also of one that has none."""
    parts: dict[Record, list[Case]] = {name: [] for name in Record}
    for c in found:
        parts[c.record].append(c)
    return parts


def worked_out_on(app: App) -> str | None:
    """The moment to which the record was last brought up, as stored; ``None`` if it never was."""
    return max((r["made_at"] for r in store.state(app.store).values()), default=None)


def scores(found: Sequence[Case]) -> Scores:
    """The scores of some cases of one record."""
    told = {c.forecast: c for c in found}
    return Scores(
        cases=len(found),
        met=sum(c.met for c in found),
        series=len({(c.region, c.indicator, c.basis) for c in found}),
        forecasts=len(told),
        brier=brier([(c.attainment, c.met) for c in found]),
        brier_climatology=brier([(c.climatology, c.met) for c in found if c.climatology is not None]),
        brier_drift=brier([(c.drift, c.met) for c in found if c.drift is not None]),
        skill_climatology=_skill(found, lambda c: c.climatology),
        skill_drift=_skill(found, lambda c: c.drift),
        covered80=_covered(c.covered(c.lower80, c.upper80) for c in told.values()),
        covered95=_covered(c.covered(c.lower95, c.upper95) for c in told.values()),
        provisional=sum(c.provisional for c in found),
    )


def _skill(found: Iterable[Case], reference: Callable[[Case], float | None]) -> float | None:
    both = [(c.attainment, r, c.met) for c in found if (r := reference(c)) is not None]
    return skill(brier([(p, met) for p, _, met in both]), brier([(r, met) for _, r, met in both]))


def _covered(answers: Iterable[bool | None]) -> Share:
    told = [covered for covered in answers if covered is not None]
    return share_of(sum(told), len(told))


def by(found: Iterable[Case], key: Callable[[Case], str]) -> dict[str, Scores]:
    """The scores of each part of some cases, the largest part first."""
    parts: dict[str, list[Case]] = defaultdict(list)
    for c in found:
        parts[key(c)].append(c)
    return {name: scores(part) for name, part in sorted(parts.items(), key=lambda p: (-len(p[1]), p[0]))}


def curve(found: Iterable[Case]) -> list[Bin]:
    """The calibration curve of some cases."""
    return calibration([(c.attainment, c.met) for c in found])


def rule_scores(found: Sequence[Case]) -> list[RuleScore]:
    """How each rule came out that had a word on either side, the best first."""
    made = []
    for rule in dict.fromkeys(name for c in found for name in c.rules):
        spoke = [(c, word) for c in found if (word := c.rules.get(rule)) is not None]
        if spoke:
            right = sum(word == c.met for c, word in spoke)
            said, probable = (
                brier([(float(word), c.met) for c, word in spoke]),
                brier([(c.attainment, c.met) for c, _ in spoke]),
            )
            assert said is not None
            assert probable is not None
            neither = sum(rule in c.rules and c.rules[rule] is None for c in found)
            made.append(RuleScore(rule, share_of(right, len(spoke)), neither, said, probable))
    return sorted(made, key=lambda r: (r.brier, r.rule))


def looked_back(found: Iterable[Case]) -> list[LookedBack]:
    """What was said of each declared target of one record, the last decided first."""
    by_target: dict[str, list[Case]] = defaultdict(list)
    for c in found:
        if c.target_id is not None:
            by_target[c.target_id].append(c)
    rows = []
    for name, told in by_target.items():
        c = told[-1]
        said = {t.lead: t.attainment for t in told}
        rows.append(
            LookedBack(name, c.region, c.indicator, c.deadline, c.met, c.provisional, c.observed, said)
        )
    return sorted(rows, key=lambda r: (r.deadline, r.target_id), reverse=True)
