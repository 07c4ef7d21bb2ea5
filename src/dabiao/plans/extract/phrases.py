"""The words that belong to a number: the indicator before it, the things after it, and how far its quote reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dabiao.domain.catalogue import Catalogue
from dabiao.plans.extract import rules
from dabiao.plans.extract.dates import dates, widen
from dabiao.plans.extract.places import Place, split_place

_FRONT = re.compile(
    r"^(?:[、,和及与]|其中|使得?|确保|同时|并且?|预计|推动|促进|到|实现(?=.{4,}率)|区域内|要|其它?|在(?=[^,]{0,6}(?:城|区域|范围)内)|也"
    r"|再(?!开发|生|造)|另外|各项指标:?|主要指标:?|重点指标|力争|争取|实现|起(?=.{3}))+"
)
_GLUED_TASK = re.compile(r"(?:工作|目标任务|任务|改造|整治)(?=(?:全[省市区县]|城镇|城市|农村)[^,]{2,}率$)")
_SHARE_OF = re.compile(r"^(?:的|比例的|比例)")
_NOUN = re.compile(r"[\u4e00-\u9fff“A-Z]")
_NO_NOUN = re.compile(r"(?:并|且|以上|力争|确保|左右|和|及|、)")
_THINGS_END = re.compile(r"(?:、|和|及|以及)(?=[^,]*\d)|[,;。(]")
_AIMED = ("力争", "争取", "力求", "努力")
_TRIMMED = "、, ;:("
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a number measures.

    Attributes:
        words: the indicator's words, without date, place and connecting words; empty if there are none.
        start: where its quote may begin: at the words, or at 全市 before them.
    """

    words: str
    start: int
    place: Place
    flags: tuple[str, ...] = ()

    @property
    def measured(self) -> bool:
        """Whether it ends in what can be measured (率, 面积, 浓度 …)."""
        return len(self.words) >= 2 and rules.HEADS.search(self.words) is not None

    @property
    def only_verbs(self) -> bool:
        """Whether it says only what is done (全省力争新建和改善提升), so that the thing must follow the number."""
        return not self.measured and len(rules.COUNT_VERBS.sub("", rules.FILLERS.sub("", self.words))) <= 1


def phrase_of(text: str, low: int, words: str, catalogue: Catalogue, own: Place) -> Phrase:
    """The phrase in the words between an offset and a number (less the words that lead to the number)."""
    flags: tuple[str, ...] = ()
    from_value = rules.FROM_VALUE.search(words)
    phrase = words[: from_value.start()] if from_value else words
    cut = 0
    for dated in dates(text, low, low + len(words)):
        if dated.role != "baseline" and dated.end - low <= len(phrase):
            cut = max(cut, dated.end - low)
    for state in rules.STATE_WORDS.finditer(phrase):
        rest = phrase[state.end() :]
        if len(rest) >= _SHORTEST and rules.HEADS.search(rest) and state.end() > cut:
            cut, flags = state.end(), ("phrase_damaged",)
    for task in _GLUED_TASK.finditer(phrase):
        cut = max(cut, task.end())
    place, quoted = own, -1
    while True:
        rest = phrase[cut:]
        front = _FRONT.match(rest)
        length = front.end() if front and front.end() < len(rest) else 0
        found, taken = split_place(rest[length:], catalogue, own)
        cut += length
        if taken:
            place = found
            # 全市 stays in the quote; a place that is the target's region does not
            quoted = cut if found is own and not rest[length:].startswith("中") else -1
            cut += taken
            continue
        quoted = -1 if length else quoted
        if not length:
            break
    kept = phrase[cut:].strip(_TRIMMED)
    at = cut + len(phrase[cut:]) - len(phrase[cut:].lstrip(_TRIMMED))
    return Phrase(kept, low + (quoted if quoted >= 0 else at), place, flags)


def things_after(text: str, value_end: int, piece_end: int) -> tuple[str, int]:
    """The things that a number counts, where they follow it (40家左右绿色供应链), and where they end."""
    rest = text[value_end:piece_end]
    lead = _SHARE_OF.match(rest)
    start = value_end + (lead.end() if lead else 0)
    rest = text[start:piece_end]
    stop = _THINGS_END.search(rest)
    noun = rest[: stop.start()] if stop else rest
    if not _NOUN.match(noun) or _NO_NOUN.match(noun):
        return "", value_end
    return noun, start + len(noun)


def is_share_of(rest: str) -> bool:
    """Whether a share stands before what it is a share of: 60%以上|的已建大中型水利工程|."""
    return _SHARE_OF.match(rest) is not None


def quote_start(text: str, sentence_start: int, low: int, start: int, *, inherited: bool) -> int:
    """Where a quote begins: at 力争, and at a date that stands right before it."""
    for word in _AIMED:
        if text.startswith(word, start - len(word)) and start - len(word) >= low:
            start -= len(word)
    if inherited:
        return start
    for dated in reversed(dates(text, sentence_start, start)):
        gap = text[dated.end : start]
        if dated.role in ("deadline", "start") and re.fullmatch(r",?(?:全[省市区县])?", gap):
            return widen(text, dated, sentence_start)
    return start


def close_brackets(text: str, start: int, end: int) -> int:
    """The end of a quote, with the bracket that its last word opened."""
    quote = text[start:end]
    return end + 1 if quote.count("(") > quote.count(")") and text.startswith(")", end) else end
