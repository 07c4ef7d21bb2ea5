"""Who answers for a clause: 牵头单位 and 责任单位, as printed, wherever the plan puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OFFICE_END = (
    r"(?:局|委|委员会|办|办公室|厅|部|院|中心|公司|政府|分局|法院|检察院|管委会|党工委|妇联|工会|团委|集团|银行|支行|支队"
    r"|大队|总队|海关|镇|街道|单位|站|一镇|服务局|气象局|联社|协会|工商联|监委|基金会|供电公司|电视台)"
)
_OFFICE_HEAD = r"[市省区县州旗]|自治区|国家|国网|中国|发改|各"


@dataclass(frozen=True, slots=True)
class OfficeRule:
    """A way of naming the offices. ``keep_from``: group of the pattern that holds the names."""

    name: str
    pattern: str


_NAMES = r"[^。;\n]{2,400}?"

# fmt: off
RULES: tuple[OfficeRule, ...] = (
    OfficeRule("bracketed_keys", r"\((?P<body>(?:牵头|责任|配合|参与|主办|协办|承办|落实)(?:单位|部门)?[::][^()]*(?:\([^()]*\)[^()]*)*)\)?"),
    OfficeRule("unopened_keys", r"(?P<body>(?:牵头|责任)单位[::][^。\n()]*(?:\([^()]*\)[^。\n()]*)*)\)?"),
    OfficeRule("bracketed_duty", rf"\((?P<body>{_NAMES}(?:按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实)?|负责|牵头|参与|配合|落实))\)"),
    OfficeRule(
        "closing_sentence",
        rf"(?<=[。;\n])(?P<body>[\u4e00-\u9fff]{{2,12}}?{_OFFICE_END}(?:[、,等按牵][^。;\n()]{{0,300}}?)?(?:按(?:照)?(?:各自)?职责分工(?:负责)?|分局负责|局负责|牵头,[^。;\n]{{2,60}}参与))[)。]?\s*(?=\n|$)",
    ),
    OfficeRule(
        "run_on",
        rf"(?P<body>(?:(?:{_OFFICE_HEAD})(?:(?!要求|任务|下达|目标|达到|以上|建设)[\u4e00-\u9fff]){{0,9}}{_OFFICE_END})(?:(?:、|,|(?=市|县|区))[\u4e00-\u9fff]{{2,12}}?(?={_OFFICE_END})"
        rf"{_OFFICE_END}(?:牵头)?){{0,60}}等?按(?:照)?(?:各自)?职责分工(?:负责)?)[)。]?",
    ),
)
# fmt: on
"""Ways of naming, tried in this order over a clause; a stretch taken by one is not read by the next."""

_LEAD_KEY = re.compile(r"(牵头|主办)")
_KEY = re.compile(r"(?P<role>牵头|责任|配合|参与|主办|协办|承办|落实)(?:单位|部门)?[::]")
_DUTY = re.compile(
    r"(?:等(?:单位|部门)?)?(?:按(?:照)?(?:各自)?职责(?:分工)?(?:负责|落实)?|负责落实|共同负责|负责|分工负责|参与|配合|落实)$"
)
_REMARK = re.compile(r"(?:^|[;,、])各[^;]*?(?:落实|下同).*|[,;。]?(?:下同|不再列出|以下均需).*", re.DOTALL)
_MEASURE = re.compile(r"措施[①-⑳]")
_BRACKETS = re.compile(r"\([^()]*\)")
_GLUED = re.compile(
    r"(?<=[局委办厅院部])(?=(?:市|省|区|县)[\u4e00-\u9fff]{2,9}(?:局|委|办|厅|院|部)(?:$|[、,;。]))"
)


@dataclass(frozen=True, slots=True)
class Offices:
    """A stretch of text that names offices, and the names."""

    start: int
    end: int
    lead: tuple[str, ...]
    responsible: tuple[str, ...]
    rule: str


def offices(text: str, start: int, end: int) -> list[Offices]:
    """Every stretch between two offsets that names who answers, in order."""
    found: list[Offices] = []
    for rule in RULES:
        for match in re.compile(rule.pattern).finditer(text, start, end):
            a, b = match.span()
            if any(a < o.end and o.start < b for o in found):
                continue
            lead, responsible = split(match["body"])
            if lead or responsible:
                found.append(Offices(a, b, lead, responsible, rule.name))
    return sorted(found, key=lambda o: o.start)


def split(body: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in “牵头单位:甲;责任单位:乙、丙”, “甲牵头,乙、丙参与” or “甲、乙按职责分工负责”."""
    keys = list(_KEY.finditer(body))
    lead: list[str] = []
    responsible: list[str] = []
    if keys:
        for key, after in zip(keys, [*keys[1:], None], strict=True):
            part = body[key.end() : after.start() if after else len(body)]
            (lead if _LEAD_KEY.match(key["role"]) else responsible).extend(_names(part))
    else:
        head, leads, tail = body.partition("牵头")
        if leads:
            lead.extend(_names(head))
            responsible.extend(_names(tail))
        else:
            responsible.extend(_names(body))
    return tuple(dict.fromkeys(lead)), tuple(n for n in dict.fromkeys(responsible) if n not in lead)


def _names(part: str) -> list[str]:
    plain = _GLUED.sub("、", _MEASURE.sub("", _BRACKETS.sub("", _REMARK.sub("", part))))
    found = []
    for name in re.split(r"[、,;。\n]", plain):
        word = _DUTY.sub("", name.strip("() .")).removesuffix("等").strip("()")
        if 2 <= len(word) <= 24:
            found.append(word)
    return found
