"""Which numbers of a sentence are targets: what excludes a number, and what it takes for the rest."""

from __future__ import annotations

import re

from dabiao.plans.extract import rules
from dabiao.plans.extract.comparing import Before, read_before
from dabiao.plans.extract.dates import dates
from dabiao.plans.extract.numbers import Quantity, quantities
from dabiao.plans.extract.phrases import Phrase, is_share_of
from dabiao.plans.extract.segments import Piece, Sentence

LINK = re.compile(r"^(?:左右|以上|以下|以内|及以上)?(?:、|和|及|与|以及)$")
"""What stands between numbers that belong together: 45.8%和45.22%."""

_WIDE = frozenset({"existing_state", "slogan", "document_title"})
_BACK, _AHEAD = 40, 24
_NOT_COUNTED = re.compile(
    r"^(?:方面|原则|机制|要求|层面|阶段|步骤|重点任务|专项|统一|坚持|结合|不|到位|更加|意识|自信|维护|确立|必须|百分|多|文明|文件|批次|层级|级|类"
    r"|字|没有|月|好|一|同时)"
)
_MODEST = re.compile(r"[项次人名类批组起件]$")
_UNDER_WAY = re.compile(r"推进|推动|加快|支持|鼓励|加强|谋划")
_SUBSIDY = re.compile(r"补助|补贴|奖补|奖励")
_INDEX = re.compile(r"(?:系数|指数|得分|评分|指标值|比值|分数)(?:\([^()]*\))?$")
_DONE_SHARE = re.compile(r"完成|确定|实现|达到|建成|参与|开展|组织|要|应|须")
_PROJECT = re.compile(r"^(?:的)?(?:[^,;。和、]{0,14}(?:项目|工程|机组|电站|锅炉|处理厂|生产线)|供|提|作|用)")
_SOFT = frozenset({"adverb", "each", "respectively", "stretch", "done", "bare"})


def kept(text: str, sentence: Sentence) -> list[Quantity]:
    """The numbers of a sentence that no exclusion takes away."""
    dated = dates(text, sentence.start, sentence.end)
    found = [
        q
        for q in quantities(text, sentence.start, sentence.end)
        if not any(d.start < q.end and q.start < d.end for d in dated)
    ]
    left: list[Quantity] = []
    for index, q in enumerate(found):
        piece = next((p for p in sentence.pieces if p.start <= q.start < p.end), None)
        if piece is None or excluded(text, q, piece, sentence) is not None:
            continue
        following = next((n for n in found[index + 1 :] if n.end <= piece.end), None)
        if following is None or not _describes(text, q, following, piece):
            left.append(q)
    return left


def chains(text: str, inside: list[Quantity]) -> list[list[Quantity]]:
    """Numbers with nothing but 、 or 和 between them, together."""
    found: list[list[Quantity]] = []
    for q in inside:
        if found and LINK.match(text[found[-1][-1].end : q.start]):
            found[-1].append(q)
        else:
            found.append([q])
    return found


def excluded(text: str, q: Quantity, piece: Piece, sentence: Sentence) -> str | None:
    """The name of the rule by which a number is no target, if there is one."""
    wide = (
        text[max(sentence.start, q.start - _BACK) : q.start]
        + "‸"
        + text[q.end : min(sentence.end, q.end + _AHEAD)]
    )
    local = text[piece.start : q.start] + "‸" + text[q.end : piece.end]
    for rule in rules.EXCLUSIONS:
        if rule.kinds and q.kind not in rule.kinds:
            continue
        if (
            rule.name == "duration"
            and q.unit == "天"
            and re.search(r"天数|天气", text[piece.start : q.start])
        ):
            continue
        if rule.name == "scope_threshold" and _makes(text, q, piece):
            continue
        if rule.name == "existing_state" and _dated_ahead(text, q, piece, sentence):
            continue
        if re.search(rule.pattern, wide if rule.name in _WIDE else local):
            return rule.name
    return None


def _describes(text: str, q: Quantity, following: Quantity, piece: Piece) -> bool:
    """Whether a count only describes the indicator of the next number: 39个小流域考核断面水体比例达93%."""
    if q.kind != "count" or following.kind not in ("share", "level"):
        return False
    between = text[q.end : following.start]
    if LINK.match(between) or not rules.HEADS.search(read_before(between).phrase):
        return False
    return not (
        re.search(r"任务|工作|项目", between) and read_before(text[piece.start : q.start]).has("done")
    )


def _makes(text: str, q: Quantity, piece: Piece) -> bool:
    """Whether the things that follow are to be made (建成30个以上示范区), not limited by a size (65蒸吨以上锅炉)."""
    before = read_before(text[piece.start : q.start])
    return before.has("done") and q.unit != "蒸吨" and not text.startswith("及以", q.end)


def _dated_ahead(text: str, q: Quantity, piece: Piece, sentence: Sentence) -> bool:
    """Whether a date right before the number makes it a target for all that 已 or 现有 may say."""
    return any(
        d.role == "deadline"
        and d.start > piece.start - 12
        and d.end <= q.start
        and text[d.start - 2 : d.start] != "截至"
        for d in dates(text, sentence.start, sentence.end)
    )


def admits(
    text: str,
    q: Quantity,
    before: Before,
    after: rules.Role | None,
    phrase: Phrase,
    noun: str,
    span: tuple[int, Piece, Sentence],
) -> bool:
    """Whether a number that nothing excludes is stated as a target.

    Args:
        before, after: the words that lead to the number, and the comparator after it.
        noun: the things that follow it.
        span: where the value's words end, and the piece and sentence that it stands in.
    """
    value_end, piece, sentence = span
    said, rest = text[piece.start : q.start], text[value_end : piece.end]
    strong = any(role not in _SOFT for role in before.roles)
    match q.kind:
        case "share" | "points":
            if is_share_of(rest) and not phrase.measured:
                return strong or _DONE_SHARE.search(said + rest) is not None
            return (
                before.states
                or phrase.measured
                or after is not None
                or (before.has("stretch") and not phrase.words)
            )
        case "none":
            return _INDEX.search(phrase.words) is not None and (
                strong or after is not None or before.has("bare")
            )
        case "time":
            return strong or after is not None
        case "level":
            if (
                phrase.measured
                or strong
                or (after and before.states)
                or _SUBSIDY.search(text[q.start : q.number])
            ):
                return True
            return rules.COUNT_VERBS.search(said) is not None and _PROJECT.match(rest) is None
        case "count":
            return _counted(text, q, before, strong, noun, said, rest, sentence)


def _counted(
    text: str, q: Quantity, before: Before, strong: bool, noun: str, said: str, rest: str, sentence: Sentence
) -> bool:
    """A number of things is a target where a word says that they are finished."""
    if _NOT_COUNTED.match(text[q.end : q.end + 4]) and not strong:
        return False
    often = any(re.search(pattern, said) for _, pattern, _ in rules.FREQUENCY)
    if q.value <= 1 and not (often and q.unit == "次"):
        return False
    if q.unit == "次" and not (often or strong):
        return False
    if "value_numeral" in q.flags and not (strong or often or before.has("done")):
        return False
    if strong:
        return True
    if rules.COUNT_VERBS.search(said):
        return (
            not _MODEST.search(q.unit or "")
            or not noun
            or before.has("done")
            or rules.DONE_AFTER.search(rest) is not None
        )
    if _UNDER_WAY.search(said):
        return False
    ahead = re.split(r"[;①-⑳]", text[q.end : sentence.end])[0]
    return (
        bool(noun)
        and rules.DONE_AFTER.search(ahead) is not None
        and not re.match(r"(?:重点|主要)?(?:任务|工作|方面)", noun)
    )
