"""Which date binds a target: its own, its sentence's, its paragraph's or heading's, else the plan's last year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dabiao.plans.extract.dates import Dated, dates
from dabiao.plans.extract.outline import Clause
from dabiao.plans.extract.segments import Piece, Sentence

_KEEPS = re.compile(r"保持|持续|常态|始终")
_BY = re.compile(r"(?:到|至)$")
_WITHIN = re.compile(r"(?:利用|用|力争用)([1-5一二三四五])年(?:左右)?(?:的)?时间")
_YEAR_END = re.compile(r"(?<!\d{4}年)(?<!\d)(?:今年|本年度?|当年|年)(?:底|末)前?|(?:今年|年内)")
_REACH = 4000
"""Characters over which a date at the head of a paragraph still binds."""

_BULLET = re.compile(r"-{1,2}|[·•●◆■]")
_ITEMS = re.compile(r"[;①-⑳]")
_CIRCLED = re.compile(r"[①-⑳]")
_MONTH_END = re.compile(r"(?<![年\d])(\d{1,2})月(?:底|末|中旬)?前")


@dataclass(frozen=True, slots=True)
class Bound:
    """A deadline and why it is that one."""

    value: str | None
    flags: tuple[str, ...]
    rule: str
    at: Dated | None = None


class Timing:
    """The dates of one text, asked for place by place."""

    def __init__(self, text: str, clauses: list[Clause], period: tuple[int, int] | None) -> None:
        self._text = text
        self._period = period
        self._inherited: dict[int, Dated] = {}
        open_by_depth: dict[int, Dated] = {}
        for clause in clauses:
            open_by_depth = {d: v for d, v in open_by_depth.items() if d < clause.depth}
            titled = [
                d for d in dates(text, clause.start, clause.start + len(clause.title)) if d.role == "deadline"
            ]
            above = open_by_depth[max(open_by_depth)] if open_by_depth else None
            own = titled[-1] if titled else None
            if own is None and text[clause.start : clause.end].rstrip().endswith((":", ":")):
                listed = [d for d in dates(text, clause.start, clause.end) if d.role == "deadline"]
                own = listed[-1] if listed else None
            if own is not None or above is not None:
                self._inherited[clause.start] = own or above  # type: ignore[assignment]
            if own is not None:
                open_by_depth[clause.depth] = own

    def bound(self, clause: Clause, sentence: Sentence, piece: Piece, at: int) -> Bound:
        """The deadline of what stands at an offset."""
        text = self._text
        found = list(dates(text, sentence.start, sentence.end))
        due = [d for d in found if d.role == "deadline"]
        before = [d for d in due if d.start <= at and not self._of_another(d, sentence, at)]
        if before:
            last = before[-1]
            kept = _KEEPS.search(text[piece.start : piece.end]) and last.start < piece.start
            if not (
                kept
                and len({d.value for d in due}) > 1
                and not _BY.search(text[max(0, last.start - 1) : last.start])
            ):
                return Bound(last.value, last.flags, f"date:{last.rule}", last)
            return self._plan_end("date:kept_level")
        later = [d for d in due if at < d.start < piece.end]
        if later:
            return Bound(later[0].value, later[0].flags, f"date:{later[0].rule}", later[0])
        spoken = self._spoken(_ITEMS.split(text[sentence.start : at])[-1] + text[at : piece.end])
        if spoken is not None:
            return spoken
        started = [d for d in found if d.role == "start" and piece.start <= d.start <= at]
        if started and "每年" not in text[started[-1].end : at]:
            return Bound(started[-1].value, ("deadline_start_year",), "date:start_year")
        return self._from_above(clause, sentence)

    def later_in(self, sentence: Sentence, at: int) -> Dated | None:
        """The first deadline after an offset in the sentence: 披露的2个问题,力争2021年底前基本整改到位."""
        return next(
            (
                d
                for d in dates(self._text, sentence.start, sentence.end)
                if d.role == "deadline" and d.start > at
            ),
            None,
        )

    def _of_another(self, dated: Dated, sentence: Sentence, at: int) -> bool:
        """Whether a date belongs to another item of the list: a day, a month or 其中2023年 before ;, any date inside an earlier ①."""
        text = self._text
        narrow = "-" in dated.value or text.endswith("其中", sentence.start, dated.start)
        if narrow and ";" in text[dated.end : at]:
            return True
        return bool(
            _CIRCLED.search(text, sentence.start, dated.start) and _CIRCLED.search(text, dated.end, at)
        )

    def _spoken(self, words: str) -> Bound | None:
        if self._period is None:
            return None
        first, last = self._period
        within = _WITHIN.search(words)
        if within:
            years = int(within[1]) if within[1].isdigit() else "一二三四五".index(within[1]) + 1
            return Bound(str(first + years - 1), ("deadline_inherited",), "date:within_years")
        month = _MONTH_END.search(words)
        if month and first == last and 1 <= int(month[1]) <= 12:
            return Bound(f"{last}-{int(month[1]):02d}", ("deadline_inherited",), "date:month_of_plan_year")
        return None

    def _from_above(self, clause: Clause, sentence: Sentence) -> Bound:
        opened: Dated | None = None
        bulleted = _BULLET.match(self._text, sentence.paragraph) is not None
        low = clause.start if bulleted else max(sentence.paragraph, clause.start)
        for dated in dates(self._text, max(low, sentence.start - _REACH), sentence.start):
            lead = self._text[max(0, dated.start - 8) : dated.start]
            tail = self._text[dated.end : dated.end + 1]
            opens = re.search(r"(?:^|[。;\n])(?:[^。;\n,]{0,3})?$", lead) and tail in ",全主我"
            if dated.role == "deadline" and opens and (clause.goals or _BY.search(lead) or tail == ","):
                opened = dated
        if opened is not None:
            return Bound(opened.value, ("deadline_inherited",), "date:paragraph", opened)
        above = self._inherited.get(clause.start)
        if above is not None:
            return Bound(above.value, ("deadline_inherited",), "date:heading", above)
        return self._plan_end("date:plan_end")

    def _plan_end(self, rule: str) -> Bound:
        if self._period is None:
            return Bound(None, ("deadline_missing",), "date:none")
        return Bound(str(self._period[1]), ("deadline_plan_end",), rule)
