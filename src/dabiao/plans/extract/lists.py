"""One phrase over several indicators: A率、B率分别达到…和…; 化肥、农药利用率均达43%; 化肥农药利用率."""

from __future__ import annotations

import re

from dabiao.plans.extract.rules import COORDINATE, HEADS

_JOIN = re.compile(r"(?:、|以及|和|与|及(?!以))(?![^()]*\))")
_COORDINATES = sorted(COORDINATE, key=len, reverse=True)
_WHOLE = re.compile(r"率[^、]*率(?:\([^()]*\))?$")
_JOINED_PAIR = re.compile("|".join(f"{a}{b}" for a in ("化肥", "农药") for b in ("农药", "化肥") if a != b))


def items(phrase: str, *, each: bool, wanted: int = 1) -> list[str]:
    """The indicators that a phrase names, each in full; the phrase alone where it names one.

    Args:
        each: 均, 各 or 分别 says that there are several.
        wanted: how many values follow.
    """
    parts = [p for p in _JOIN.split(phrase) if p]
    if len(parts) == 1:
        pair = _JOINED_PAIR.search(phrase)
        if pair:
            rest = phrase[pair.end() :]
            first = "化肥" if pair[0].startswith("化肥") else "农药"
            second = pair[0].removeprefix(first)
            return [phrase[: pair.start()] + first + rest, phrase[: pair.start()] + second + rest]
        return [phrase]
    if all(p.startswith("单位") for p in parts):
        return parts  # 单位GDP能耗以及单位GDP用水量下降率
    last = parts[-1]
    headed = [bool(HEADS.search(p)) for p in parts]
    lead = next((c for c in _COORDINATES if last.startswith(c)), None)
    prefix = ""
    if lead is None:
        inner = next((c for c in _COORDINATES if c in last), None)
        lead = inner if inner is not None and not each else None
    known = lead is not None and all(any(p.endswith(c) or c in p for c in _COORDINATES) for p in parts[:-1])
    if known and lead is not None:
        tail = last[last.index(lead) + len(lead) :]
        if tail == "":
            return [phrase]
        first = parts[0]
        own = next((c for c in _COORDINATES if first.endswith(c)), first)
        prefix = first[: len(first) - len(own)]
        whole = [own, *parts[1:-1], lead]
        return [prefix + p + tail if not HEADS.search(p) or p in COORDINATE else p for p in whole]
    if all(headed):
        # 回采率、选矿回收率和综合利用率达标率 is one rate of three rates
        return [phrase] if _WHOLE.search(last) and last.count("率") > 1 else parts
    if wanted == len(parts) or (each and headed[-1] and not any(headed[:-1]) and _short(parts)):
        cut = len(parts[0]) if len(last) > len(parts[0]) + 1 else 0
        tail = last[cut:] if cut else ""
        return [p if h else p + tail for p, h in zip(parts[:-1], headed[:-1], strict=True)] + [last]
    return [phrase]


def _short(parts: list[str]) -> bool:
    """Whether the parts before the last are bare nouns, not places."""
    return all(2 <= len(p) <= 8 and not re.search(r"[市县区省级]$", p) for p in parts[:-1])
