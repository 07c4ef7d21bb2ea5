"""How well ``dabiao plans extract`` finds what the five plans declare.

usage: extract.py [--data DIR] [--format table|json] [--misses]

**Matching.** A proposal stands for a declared numeric target when comparator, value, unit and deadline are equal and the
two quotes overlap by at least one character of the plan's text (a declared quote that stands in the text more than once
counts at each place). A qualitative or delegated one when measure and deadline are equal and the quotes overlap. Each
proposal stands for one target and each target for one proposal; where several could, the one of the same indicator goes
first, then the longer overlap. Recall is matched over declared, precision matched over proposed.

**Two catalogues.** ``left_out``: the held-out plan is read with a catalogue that learned nothing from it: an indicator
that only this plan declares is dropped, and of the others every alias that stands in this plan's text and in no other
plan's. ``full``: the catalogue as shipped. The rules themselves were developed with all five plans in view, so
``left_out`` says what the catalogue is worth, not what the rules will find in another city's plan; for that see
``passages``: invented passages, those of the held-back groups written before the rules had read them (what they
gave at first sight is written beside them in tests/unit/plans/extract/passages.py).

Beside recall and precision, of the matched ones: how many have the very quote, indicator, region, stretch flag, clause
and offices of the declared target.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from dabiao.domain.catalogue import Catalogue  # noqa: E402
from dabiao.domain.target import Measure  # noqa: E402
from dabiao.errors import DabiaoError  # noqa: E402
from dabiao.plans.extract import Proposal, extract  # noqa: E402
from dabiao.plans.extract.normal import normalise  # noqa: E402
from dabiao.plans.load import Declared, load  # noqa: E402
from dabiao.plans.schema import PlanFile, TargetSpec  # noqa: E402

GROUPS: tuple[tuple[str, frozenset[Measure]], ...] = (
    ("numeric", frozenset({Measure.NUMERIC})),
    ("qualitative", frozenset({Measure.QUALITATIVE})),
    ("delegated", frozenset({Measure.DELEGATED})),
)


def without(declared: Declared, held_out: str) -> Catalogue:
    """The catalogue less what only the held-out plan taught it."""
    users: dict[str, set[str]] = {}
    for plan in declared.plans:
        for target in plan.targets:
            users.setdefault(target.indicator, set()).add(plan.plan.id)
    plain = {plan: normalise(text).text for plan, text in declared.texts.items()}

    def only_here(alias: str) -> bool:
        words = normalise(alias).text
        return words in plain[held_out] and not any(
            words in text for plan, text in plain.items() if plan != held_out
        )

    kept = {
        key: replace(indicator, aliases=tuple(a for a in indicator.aliases if not only_here(a)))
        for key, indicator in declared.catalogue.indicators.items()
        if users.get(key) != {held_out}
    }
    return Catalogue(declared.catalogue.regions, kept)


def overlap(text: str, target: TargetSpec, proposal: Proposal) -> int:
    """Characters that a declared and a proposed quote share, at the declared quote's best place."""
    best, at = 0, text.find(target.quote)
    while at >= 0:
        best = max(best, min(at + len(target.quote), proposal.end) - max(at, proposal.start))
        at = text.find(target.quote, at + 1)
    return best


def same(target: TargetSpec, proposal: Proposal) -> bool:
    """Whether everything but the quote is equal, as the matching says."""
    if target.measure is not proposal.measure or target.deadline != proposal.deadline:
        return False
    if target.measure is not Measure.NUMERIC:
        return True
    return (target.comparator, target.value, target.unit) == (
        proposal.comparator,
        proposal.value,
        proposal.unit,
    )


def match(text: str, targets: Sequence[TargetSpec], proposals: Sequence[Proposal]) -> list[tuple[int, int]]:
    """Pairs of declared and proposed, one to one."""
    candidates = sorted(
        (-(t.indicator == p.indicator), -shared, i, j)
        for i, t in enumerate(targets)
        for j, p in enumerate(proposals)
        if same(t, p) and (shared := overlap(text, t, p)) > 0
    )
    left: set[int] = set()
    right: set[int] = set()
    pairs = []
    for _, _, i, j in candidates:
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((i, j))
    return pairs


def measure_plan(
    plan: PlanFile, text: str, catalogue: Catalogue, *, misses: bool
) -> Iterator[dict[str, Any]]:
    """A row of figures for each kind of measure."""
    proposals = extract(text, catalogue, plan=plan.plan.id)
    for name, kinds in GROUPS:
        declared = [t for t in plan.targets if t.measure in kinds]
        proposed = [p for p in proposals if p.measure in kinds]
        pairs = match(text, declared, proposed)
        both = [(declared[i], proposed[j]) for i, j in pairs]
        row: dict[str, Any] = {
            "plan": plan.plan.id,
            "measure": name,
            "declared": len(declared),
            "proposed": len(proposed),
            "matched": len(pairs),
            "recall": round(len(pairs) / len(declared), 3) if declared else None,
            "precision": round(len(pairs) / len(proposed), 3) if proposed else None,
            "same_quote": sum(t.quote == p.quote for t, p in both),
            "same_indicator": sum(t.indicator == p.indicator for t, p in both),
            "same_region": sum(t.region == p.region_id for t, p in both),
            "same_stretch": sum(t.stretch == p.stretch for t, p in both),
            "same_clause": sum(t.clause == p.clause for t, p in both),
            "same_offices": sum(
                (tuple(t.lead_units), tuple(t.responsible_units)) == (p.lead_units, p.responsible_units)
                for t, p in both
            ),
        }
        if misses:
            found, stood = {i for i, _ in pairs}, {j for _, j in pairs}
            row["missed"] = [t.id for i, t in enumerate(declared) if i not in found]
            row["beside"] = [p.quote for j, p in enumerate(proposed) if j not in stood]
        yield row


def total(rows: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """The five plans together."""
    chosen = [r for r in rows if r["measure"] == name]
    summed = {k: sum(r[k] for r in chosen) for k in chosen[0] if isinstance(chosen[0][k], int)}
    return {
        "plan": "all",
        "measure": name,
        **summed,
        "recall": round(summed["matched"] / summed["declared"], 3),
        "precision": round(summed["matched"] / max(1, summed["proposed"]), 3),
    }


def measure_passages(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Invented passages in other cities' styles: the multiset of comparator, value, unit and deadline."""
    from tests.unit.plans.extract import passages

    rows = []
    for group in ("DEVELOPED_ON", "HELD_BACK", "HELD_BACK_LATER", "HELD_BACK_LAST"):
        expected = found = hit = 0
        for passage in getattr(passages, group):
            try:
                got = [p for p in extract(passage.text, catalogue) if p.measure is Measure.NUMERIC]
            except DabiaoError:
                got = []
            wanted = Counter(passage.expected)
            read = Counter((str(p.comparator), str(p.value), p.unit, p.deadline) for p in got)
            expected, found, hit = (
                expected + len(passage.expected),
                found + len(got),
                hit + (wanted & read).total(),
            )
        rows.append(
            {
                "plan": f"passages {group.lower()}",
                "measure": "numeric",
                "declared": expected,
                "proposed": found,
                "matched": hit,
                "recall": round(hit / expected, 3),
                "precision": round(hit / max(1, found), 3),
            }
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    parser.add_argument("--format", choices=["table", "json"], default="table")
    parser.add_argument("--misses", action="store_true", help="list what was missed and what stands beside")
    args = parser.parse_args()
    declared = load(args.data)
    result: dict[str, list[dict[str, Any]]] = {}
    for mode in ("left_out", "full"):
        rows = [
            row
            for plan in declared.plans
            for row in measure_plan(
                plan,
                declared.texts[plan.plan.id],
                without(declared, plan.plan.id) if mode == "left_out" else declared.catalogue,
                misses=args.misses,
            )
        ]
        result[mode] = rows + [total(rows, name) for name, _ in GROUPS]
    result["passages"] = measure_passages(declared.catalogue)
    if args.format == "json":
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return
    columns = [
        "plan", "measure", "declared", "proposed", "matched", "recall", "precision", "same_quote", "same_indicator",
        "same_region", "same_stretch", "same_clause", "same_offices",
    ]  # fmt: skip
    for mode, rows in result.items():
        print(f"\n{mode}")
        table = [columns, *([str(r.get(c, "")) for c in columns] for r in rows)]
        widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
        for line in table:
            print("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip())
        for row in rows:
            for key in ("missed", "beside"):
                for what in row.get(key, []):
                    print(f"  {row['plan']} {row['measure']} {key}: {what}")


if __name__ == "__main__":
    main()
