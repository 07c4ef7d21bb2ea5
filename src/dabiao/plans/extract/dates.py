"""Dates of a text and what each is for: a deadline, a baseline, a start, or merely somebody else's year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Role = Literal["deadline", "baseline", "start", "other"]

_YEAR = r"(20[0-4]\d)"
_BY = r"(?:底|末|年底|年末)?(?:前|之前|以前|止)?"
_HAN_SMALL = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class DateRule:
    """A spelling of a date and how it is read: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    name: str
    pattern: str
    read: Callable[[re.Match[str]], str]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """A date at its place in the text."""

    start: int
    end: int
    value: str
    role: Role
    rule: str
    flags: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        return int(self.value[:4])


def _month(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02d}" if 1 <= int(match[2]) <= 12 else match[1]


def _day(match: re.Match[str]) -> str:
    month, day = int(match[2]), int(match[3])
    return f"{match[1]}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else match[1]


def _quarter(match: re.Match[str]) -> str:
    number = int(match[2]) if match[2].isdigit() else _HAN_SMALL.index(match[2]) + 1
    return f"{match[1]}-{min(number, 4) * 3:02d}"


_PLANS = {"十三五": "2020", "十四五": "2025", "十五五": "2030", "十六五": "2035"}

# fmt: off
RULES: tuple[DateRule, ...] = (
    DateRule("day", rf"{_YEAR}年(\d{{1,2}})月(\d{{1,2}})日{_BY}", _day),
    DateRule("month", rf"{_YEAR}年(\d{{1,2}})月份?{_BY}", _month),
    DateRule("month_lost_year_sign", rf"{_YEAR}(\d{{1,2}})月{_BY}", _month, ("date_damaged",)),
    DateRule("quarter", rf"{_YEAR}年第?([{_HAN_SMALL[:4]}1-4])季度{_BY}", _quarter),
    DateRule("half_year", rf"{_YEAR}年上半年{_BY}", lambda m: f"{m[1]}-06"),
    DateRule("span", rf"{_YEAR}年?-{_YEAR}年(?:间|期间)?", lambda m: m[2]),
    DateRule("year", rf"{_YEAR}年(?:度)?{_BY}", lambda m: m[1]),
    DateRule(
        "five_year_plan",
        r"“?(十[三四五六]五)”?(?:规划)?(?:末期|期末|末|期间|时期|期内|结束时)",
        lambda m: _PLANS[m[1]],
    ),
)
# fmt: on
"""Spellings, tried in this order at each place."""

# fmt: off
ROLES: tuple[tuple[str, Role, str], ...] = (
    # name, role, pattern over "before‸after" with ‸ where the date stood
    ("compared", "baseline", r"(?:比|较|与|相比于?|以|由|在)‸(?:相比|为基[期数准]|的|增|下降|减|提|降|各|分别|高|低|翻|基础上|年均)"),
    ("compared_bare", "baseline", r"(?:比|较)‸"),
    ("start", "start", r"(?:从|自)‸|‸(?:起|开始|以来|后)"),
    ("named_report", "other", r"‸[^,。;达到完成]{0,14}(?:披露|反馈|通报|公布|曝光|印发的|发布的|公示)"),
    ("according_to", "other", r"(?:按照|根据|依据)‸"),
    ("printed_day", "other", r"(?:时间:|日期:|发布日期:|生成日期:|来源:)‸"),
)
# fmt: on

_ANY = re.compile("|".join(f"(?P<r{i}>{rule.pattern})" for i, rule in enumerate(RULES)))
_TITLE = re.compile(r"《[^》\n]*》|〔\d{4}〕")
_OPENER = re.compile(r"(?:到|至|截至|力争到|力争|预计到|展望)?‸(?:,|全|各|我|底|末|,|[\u4e00-\u9fff])")


def dates(text: str, start: int = 0, end: int | None = None) -> list[Dated]:
    """Every date between two offsets, with its role; years inside a document's title are not dates of this plan."""
    stop = len(text) if end is None else end
    titles = [m.span() for m in _TITLE.finditer(text, start, stop)]
    found: list[Dated] = []
    for match in _ANY.finditer(text, start, stop):
        if any(a <= match.start() < b for a, b in titles):
            continue
        if match.start() > start and text[match.start() - 1].isdigit():
            continue
        index = next(i for i in range(len(RULES)) if match[f"r{i}"] is not None)
        rule = RULES[index]
        own = re.compile(rule.pattern).match(text, match.start(), match.end())
        if own is None:
            continue
        context = (
            text[max(start, match.start() - 4) : match.start()] + "‸" + text[match.end() : match.end() + 18]
        )
        role: Role = next((role for _, role, pattern in ROLES if re.search(pattern, context)), "deadline")
        found.append(Dated(match.start(), match.end(), rule.read(own), role, rule.name, rule.flags))
    return found


def widen(text: str, dated: Dated, low: int) -> int:
    """Where the words that belong to a date begin: 到, 至, 力争到."""
    for word in ("力争到", "截至", "到", "至", "于", "在"):
        if text.startswith(word, dated.start - len(word)) and dated.start - len(word) >= low:
            return dated.start - len(word)
    return dated.start


_SPAN = re.compile(rf"{_YEAR}年?-{_YEAR}年")
_HEAD = 400


def plan_period(text: str) -> tuple[int, int] | None:
    """First and last year of a plan: as its title says, else the year that most of its deadlines name.

    “(2022-2025年)” in the title decides; then a title that is one year's work (“2021年…工作要点”); then the most
    frequent deadline year, where a far vision (2035) does not count beside nearer ones.
    """
    head = text[:_HEAD]
    for match in _SPAN.finditer(_TITLE_MARKS.sub("", head)):
        return int(match[1]), int(match[2])
    titled = next(
        (line for line in head.split("\n") if re.search(r"方案|计划|规划|要点|意见|办法", line)), ""
    )
    named = re.search(r"“?(十[三四五六]五)”?", titled)
    if named:
        return int(_PLANS[named[1]]) - 4, int(_PLANS[named[1]])
    found = dates(text)
    years = Counter(d.year for d in found if d.role == "deadline" and d.rule != "span")
    issued = _issued_year(text)
    yearly = re.search(
        rf"{_YEAR}年度?[^\n。,]{{0,40}}(?:工作要点|工作计划|年度计划|攻坚行动|重点工作|任务清单)", head
    )
    if yearly:
        return int(yearly[1]), int(yearly[1])
    if not years:
        five = re.search(r"“?(十[四五六]五)”?", head)
        if five is None:
            return (issued, issued) if issued else None
        return int(_PLANS[five[1]]) - 4, int(_PLANS[five[1]])
    near = min(years)
    close = {y: n for y, n in years.items() if y <= max(near, issued or near) + 8} or dict(years)
    end = max(close, key=lambda y: (close[y], y))
    first = issued if issued is not None and issued <= end else min(*close, end)
    return first, end


_TITLE_MARKS = re.compile(r"《(?![^》\n]*(?:方案|计划|规划|要点)[^》\n]*》的通知)[^》\n]*》")


def _issued_year(text: str) -> int | None:
    """The year in the plan's own document number, or a printed date of its page's head."""
    found = re.search(r"〔(20\d\d)〕\d+号\s*$", text[:_HEAD], re.MULTILINE) or re.search(
        rf"(?:时间|日期)[:：]{_YEAR}", text[: _HEAD * 2]
    )
    return int(found[1]) if found else None
