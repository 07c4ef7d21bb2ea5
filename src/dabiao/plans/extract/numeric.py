"""Numeric targets of a sentence: of which indicator, where, by when, with which comparator."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from dabiao.domain.catalogue import Catalogue
from dabiao.domain.target import Comparator, IndicatorType, Kind, Measure
from dabiao.plans.extract import rules
from dabiao.plans.extract.admitting import LINK, admits, chains, kept
from dabiao.plans.extract.comparing import Before, compare, read_after, read_before
from dabiao.plans.extract.dates import dates
from dabiao.plans.extract.found import Found
from dabiao.plans.extract.lists import items
from dabiao.plans.extract.naming import Named, Namer
from dabiao.plans.extract.numbers import Quantity
from dabiao.plans.extract.outline import Clause
from dabiao.plans.extract.phrases import Phrase, close_brackets, phrase_of, quote_start, things_after
from dabiao.plans.extract.places import Place, split_place
from dabiao.plans.extract.segments import Piece, Sentence
from dabiao.plans.extract.timing import Bound, Timing

Period = tuple[int, int] | None

_JOINED = re.compile(r"(?:、|和|及|与|以及)?")
_FIVE_YEARS = 5
_TAIL = 12


@dataclass(slots=True)
class _Context:
    """What a sentence has said so far."""

    phrase: Phrase | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class _Stated:
    """What the numbers of one chain share."""

    clause: Clause
    sentence: Sentence
    piece: Piece
    before: Before
    place: Place
    bound: Bound
    stretch: bool


class NumericReader:
    """Reads the numeric targets of one text."""

    def __init__(
        self, text: str, catalogue: Catalogue, namer: Namer, own: Place, timing: Timing, period: Period
    ) -> None:
        self._text = text
        self._catalogue = catalogue
        self._namer = namer
        self._own = own
        self._timing = timing
        self._period = period

    def read(self, clause: Clause, sentence: Sentence) -> Iterator[Found]:
        """The targets of one sentence, in order."""
        numbers = kept(self._text, sentence)
        context = _Context()
        for piece in sentence.pieces:
            inside = [q for q in numbers if piece.start <= q.start and q.end <= piece.end]
            low = piece.start
            for chain in chains(self._text, inside):
                found = list(self._chain(clause, sentence, piece, chain, low, context))
                yield from found
                if found:
                    low = found[-1].end
                elif chain[-1].kind != "count":
                    low = chain[-1].end
            if not inside and rules.HEADS.search(self._text[piece.start : piece.end]):
                context.phrase = None  # another indicator came between

    def _chain(
        self,
        clause: Clause,
        sentence: Sentence,
        piece: Piece,
        chain: list[Quantity],
        low: int,
        context: _Context,
    ) -> Iterator[Found]:
        """The targets of numbers that belong together."""
        text, first, last = self._text, chain[0], chain[-1]
        before = read_before(text[low : first.start])
        after, after_length, after_rule = read_after(text[last.end : piece.end])
        value_end = last.end + after_length
        phrase = phrase_of(text, low, before.phrase, self._catalogue, self._own)
        noun, noun_end = things_after(text, value_end, piece.end)
        if before.roles and set(before.roles) <= {"done", "adverb"} and not phrase.measured and not noun:
            # 新增国土绿化15万亩: the verb before the number is part of what is measured
            phrase = phrase_of(text, low, text[low : first.start], self._catalogue, self._own)
        if not admits(text, first, before, after, phrase, noun, (value_end, piece, sentence)):
            return
        names = [f"unit:{first.rule}", *(f"lead:{n}" for n in before.names)]
        names += [f"after:{after_rule}"] if after_rule else []
        end = self._end(first, before, phrase, noun, noun_end, value_end, piece)
        if end == noun_end and noun:
            names.append("noun_after")
            joins = phrase.words and first.kind != "count" and not phrase.only_verbs
            phrase = replace(phrase, words=phrase.words + noun if joins else noun)
        inherited = not phrase.words or (
            phrase.only_verbs and first.kind != "count" and context.phrase is not None
        )
        flags = phrase.flags
        if inherited:
            if context.phrase is None:
                return
            place = phrase.place if phrase.place is not self._own else context.phrase.place
            phrase = replace(context.phrase, place=place, start=first.start - before.cut)
            flags = (*context.phrase.flags, "indicator_inherited")
        else:
            context.phrase = phrase
        bound = self._timing.bound(clause, sentence, piece, first.start)
        done = self._done_after(first, before, piece, sentence, end)
        if done is not None:
            later = self._timing.later_in(sentence, last.end)
            if later is not None and later.start < done:
                bound = Bound(later.value, later.flags, f"date:{later.rule}", later)
            end, flags = done, (*flags, "count_of_subject")
        if bound.value and self._period and int(bound.value[:4]) < self._period[0] and bound.at is not None:
            return  # what was, not what is to be
        # A quote holds its number, whatever was cut from the words around it.
        start = min(first.start, quote_start(text, sentence.start, low, phrase.start, inherited=inherited))
        if first.kind == "count" and low > piece.start and _JOINED.fullmatch(before.phrase):
            start = min(start, context.start)  # 创建40家…和250家…: the verb stands before the first
        context.start = start
        said = text[low : first.start] + (text[first.end : end] if done else "")
        stated = _Stated(
            clause, sentence, piece, before, phrase.place, bound, bool(rules.STRETCH.search(said))
        )
        end = close_brackets(text, start, end)
        for one in self._each(stated, chain, phrase, after):
            yield replace(one, start=start, end=end, flags=(*one.flags, *flags), rules=(*names, *one.rules))

    def _end(
        self,
        q: Quantity,
        before: Before,
        phrase: Phrase,
        noun: str,
        noun_end: int,
        value_end: int,
        piece: Piece,
    ) -> int:
        """Where a quote ends: after the value's words, a bracket right behind them, or the things that it counts."""
        rest = self._text[value_end : piece.end]
        counted = q.kind == "count" and not re.search(r"(?:面积|数量|数)$", phrase.words)
        if noun and (counted or not phrase.measured):
            return noun_end
        if rest.startswith("(") and ")" in rest:
            return value_end + rest.index(")") + 1
        if before.has("done") and 0 < len(rest) <= _TAIL and not re.search(r"\d|并", rest) and not noun:
            return piece.end
        if before.has("done") and noun and len(rest) <= _TAIL and not re.search(r"\d|并", rest):
            return piece.end
        return value_end

    def _done_after(
        self, q: Quantity, before: Before, piece: Piece, sentence: Sentence, end: int
    ) -> int | None:
        """Where the finishing word stands that follows a counted subject: 披露的2个问题,…基本整改到位."""
        if q.kind != "count" or before.states or rules.COUNT_VERBS.search(self._text[piece.start : q.start]):
            return None
        done = rules.DONE_AFTER.search(self._text, end, sentence.end)
        return done.end() if done else None

    def _each(
        self, stated: _Stated, chain: list[Quantity], phrase: Phrase, after: rules.Role | None
    ) -> Iterator[Found]:
        """One target for each number and indicator: paired where as many are named, else every one with every one."""
        text, before = self._text, stated.before
        parts = items(phrase.words, each=before.has("each", "respectively"), wanted=len(chain))
        paired = len(chain) > 1 and len(parts) == len(chain)
        respectively = before.has("respectively") and len(parts) == 1 and len(chain) > 1
        bounds = self._dates_of(stated.sentence, chain) if respectively else []
        places = self._places_of(stated.place, len(chain)) if respectively else []
        for index, q in enumerate(chain if paired or len(parts) == 1 else chain[:1]):
            own = replace(
                stated,
                bound=bounds[index] if bounds else stated.bound,
                place=places[index] if places else stated.place,
            )
            # a comparator after the last number of a chain speaks for all of them
            role = read_after(text[q.end : stated.piece.end])[0] or (
                after if before.has("respectively") else None
            )
            role = after if q is chain[-1] else role
            for part in [parts[index]] if paired else parts:
                one = self._one(own, q, part, role)
                if one is not None:
                    more = ("list_split",) if len(parts) > 1 else ()
                    yield replace(
                        one, flags=(*one.flags, *more, *q.flags, *own.place.flags, *own.bound.flags)
                    )

    def _one(self, stated: _Stated, q: Quantity, part: str, after: rules.Role | None) -> Found | None:
        before = stated.before
        unit, flags = self._unit(q, stated.sentence)
        named = self._namer.name(part, unit, numeric=True, loose=q.kind == "count")
        change = self._change(q, part, before)
        if change and named.known is None:
            named = self._namer.name(rules.CHANGE_PHRASE.sub("", part), None, numeric=False)
        making = named.known is None and (q.kind == "count" or before.has("done"))
        lower = named.lower_is_better() and not change and not making
        value = q.low if q.low is not None and not lower else q.value
        if value <= 0 and not lower:
            return None
        hundred = q.kind == "share" and q.value == 100
        comparator, more = compare(before, after, lower=lower, share=q.kind == "share", hundred=hundred)
        if making and before.has("done"):
            more = tuple(code for code in more if code != "comparator_bare")
        near = self._text[max(stated.sentence.start, q.start - 20) : q.start]
        if rules.INVERTED.search(near) and comparator in (Comparator.GT, Comparator.GE):
            comparator = Comparator.LE
        baseline, base_value = before.baseline or self._baseline(stated.sentence, q), None
        from_value = rules.FROM_VALUE.search(before.phrase)
        if change and baseline is None:
            baseline, more = self._customary_base(), (*more, "baseline_assumed")
        elif not change and from_value and from_value[1]:
            baseline, base_value = from_value[1], Decimal(from_value[2])
        elif not change:
            baseline = None
        return Found(
            q.start, q.end, stated.clause, named, stated.place, stated.bound, Measure.NUMERIC,
            Kind.CHANGE if change else self._kind(q, named, before), comparator, value, unit, stated.stretch,
            baseline, base_value, change, (*flags, *more, *named.flags), (stated.bound.rule,),
        )  # fmt: skip

    # -- parts -----------------------------------------------------------------------------------------------

    @staticmethod
    def _change(q: Quantity, part: str, before: Before) -> Literal["relative", "absolute"] | None:
        """Whether a number is a change (减少10%, 提升0.5个百分点, 下降比例18%), and of which sort."""
        if q.kind == "points":
            return "absolute"
        if q.kind != "share" or "年均" in part:
            return None
        return "relative" if before.has("up", "down") or rules.CHANGE_PHRASE.search(part) else None

    @staticmethod
    def _kind(q: Quantity, named: Named, before: Before) -> Kind:
        if named.known is not None:
            counted = named.known.type in (IndicatorType.COUNT, IndicatorType.CUMULATIVE)
        else:
            counted = q.kind == "count" or (q.kind == "level" and before.has("done"))
        return Kind.COUNT if counted else Kind.LEVEL

    def _unit(self, q: Quantity, sentence: Sentence) -> tuple[str | None, tuple[str, ...]]:
        """The unit; 每年…2次 is 次/年."""
        if q.unit == "次":
            said = self._text[max(sentence.start, q.start - 40) : q.start]
            for _, pattern, per in rules.FREQUENCY:
                if re.search(pattern, said):
                    return f"次{per}", ("unit_converted",)
        return q.unit, ()

    def _dates_of(self, sentence: Sentence, chain: list[Quantity]) -> list[Bound]:
        """As many dates as values, each to its own: 到2023年、2025年,…分别达到80%和90%."""
        due = [d for d in dates(self._text, sentence.start, chain[0].start) if d.role == "deadline"][
            -len(chain) :
        ]
        joined = all(LINK.match(self._text[a.end : b.start]) for a, b in itertools.pairwise(due))
        if len(due) != len(chain) or not joined:
            return []
        return [Bound(d.value, d.flags, f"date:{d.rule}", d) for d in due]

    def _places_of(self, place: Place, wanted: int) -> list[Place]:
        """As many places as values: 甲区、乙区分别下降20%、15%."""
        if place is self._own or place.name is None:
            return []
        names = [n for n in re.split(r"、|和|及", place.name) if n]
        if len(names) != wanted:
            return []
        return [found for found, _ in (split_place(name, self._catalogue, self._own) for name in names)]

    def _baseline(self, sentence: Sentence, q: Quantity) -> str | None:
        found = [d for d in dates(self._text, sentence.start, q.start) if d.role == "baseline"]
        return found[0].value[:4] if found else None

    def _customary_base(self) -> str | None:
        """The last year of the five-year plan before, else the year before the plan."""
        if self._period is None:
            return None
        first, last = self._period
        return str(last - _FIVE_YEARS) if last % _FIVE_YEARS == 0 else str(first - 1)
