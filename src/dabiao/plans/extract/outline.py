"""The clauses of a text: headings in any style, the chain that leads to each, and the stretch that each covers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dabiao.plans.extract.normal import Normal

_HAN = "一二三四五六七八九十百零"


@dataclass(frozen=True, slots=True)
class MarkerRule:
    """A style of heading. ``inline``: it also counts inside a paragraph, after a full stop (lost line breaks)."""

    name: str
    pattern: str
    inline: bool


# fmt: off
MARKERS: tuple[MarkerRule, ...] = (
    MarkerRule("chapter", rf"第[{_HAN}\d]{{1,4}}[章部编]分?", True),
    MarkerRule("section", rf"第[{_HAN}\d]{{1,4}}节", True),
    MarkerRule("article", rf"第[{_HAN}\d]{{1,4}}条", True),
    MarkerRule("han_comma", rf"[{_HAN}]{{1,3}}、", True),
    MarkerRule("han_brackets", rf"\([{_HAN}]{{1,4}}\)", True),
    MarkerRule("han_half_bracket", rf"[{_HAN}]{{0,3}}\)(?=[\u4e00-\u9fff])|\([{_HAN}]{{1,3}}(?=[\u4e00-\u9fff])", False),
    MarkerRule("decimal", r"\d{1,2}\.\d{1,2}(?:\.\d{1,2})?(?=[\u4e00-\u9fff])", False),
    MarkerRule("digit", r"\d{1,2}(?:\.(?!\d)|、|(?=[\u4e00-\u9fff“])(?!\d*[年月日个家座条处项]))", True),
    MarkerRule("digit_brackets", r"\(\d{1,2}\)", True),
    MarkerRule("digit_half_bracket", r"\d{1,2}\)", False),
    MarkerRule("circled", r"[①-⑳]", False),
    MarkerRule("lost_number", r"[、)](?=[\u4e00-\u9fff])", False),
    MarkerRule("annex", r"附(?:件|表|录)\d*[::]?", False),
)
# fmt: on
"""Styles, tried in this order. A style seen before closes everything opened since; a new one goes a level deeper."""

_FAMILY = {"han_half_bracket": "han_brackets", "digit_half_bracket": "digit_brackets"}
"""A style that lost a bracket is the style that it was."""

_STARTS = re.compile("|".join(f"(?P<{r.name}>{r.pattern})" for r in MARKERS))
_INLINE = re.compile(
    "(?<=[。)])(?:"
    + "|".join(f"(?P<{r.name}>{r.pattern})" for r in MARKERS if r.inline and r.name != "digit")
    + r"|(?P<digit>\d{1,2}[.、](?=[\u4e00-\u9fff])))"
)
_TITLE_END = re.compile(r"[。\n]|(?<=[^\d])[::](?=.)")
_TITLE_LONGEST = 48
_ITEM = re.compile(r"(?:达到|完成|控制在|不低于|稳定在|保持在).{2,}$")
_ALONE = 16
"""A heading alone on its line has no full stop; longer words that have one are a sentence."""

_RUN_IN = re.compile(
    r"(?:持续|加强|强化|完善|推进|深入|加快|全面|切实|大力|提升|建立|健全|构建|严密|确保|有效|积极)[^。,;\n]{3,26}。(?=[^\n])"
)
_GOALS = re.compile(r"目标|指标")
_PAST = re.compile(
    r"现状|成效|形势|回顾|基础与|发展基础|存在问题|主要问题|工作基础|机遇|挑战|背景|完成情况|进展"
)
_FORWARD = re.compile(r"目标|任务|措施")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text under one heading, up to the next heading.

    Attributes:
        label: the chain of headings as printed, shortest that finds the place: ``一、(三)主要目标``.
        title: the heading's own words; empty for a list item without one.
        start, end: offsets in the normal text, the title included (a title may state a target itself).
        goals: a heading above says that goals are listed here.
        past: a heading above says that this describes what was.
        chain: the titles from the top to this clause.
        depth: how deep it is nested.
    """

    label: str
    title: str
    start: int
    end: int
    goals: bool
    past: bool
    chain: tuple[str, ...]
    depth: int


@dataclass(slots=True)
class _Node:
    style: str
    mark: str
    title: str


def outline(normal: Normal, tables: list[tuple[int, int]] | None = None) -> list[Clause]:
    """The clauses in the order of the text. Text before the first heading is a clause of its own (前言).

    Args:
        tables: stretches in which a number at the start of a line is a row's, not a heading's.
    """
    text = normal.text
    found: list[Clause] = []
    stack: list[_Node] = []
    open_at, label, title = 0, "前言", ""
    run_in = False

    def close(end: int) -> None:
        chain = tuple(n.title for n in stack)
        if end > open_at:
            past = any(_PAST.search(t) and not _FORWARD.search(t) for t in chain)
            goals = any(_GOALS.search(t) for t in chain)
            found.append(Clause(label, title, open_at, end, goals, past, chain, len(stack)))

    for start, style, mark in _marks(text):
        if any(a <= start < b for a, b in tables or []):
            continue
        after = start + len(mark)
        words = _title(text, after)
        if style == "run_in" and not run_in:
            continue
        close(start)
        styles = [n.style for n in stack]
        family = _FAMILY.get(style, style)
        if style == "lost_number":
            family = "han_comma" if mark == "、" else "han_brackets" if "han_brackets" in styles else style
        if family in styles:
            del stack[styles.index(family) :]
        elif style == "run_in" and stack:
            # a heading that lost its number stands beside the last one that has its own
            family = stack.pop().style
        stack.append(_Node(family, mark, words))
        run_in = run_in or (bool(words) and text[after + len(words) : after + len(words) + 1] == "。")
        open_at, title = after, words
        label = _label(stack)
    close(len(text))
    return found


def _marks(text: str) -> list[tuple[int, str, str]]:
    """Where headings begin: offset, style and the marker itself."""
    found: dict[int, tuple[str, str]] = {}
    start = 0
    for line in text.split("\n"):
        match = _STARTS.match(line)
        if match and match.lastgroup and len(line) > len(match[0]):
            found[start] = (match.lastgroup, match[0])
        elif _RUN_IN.match(line):
            found[start] = ("run_in", "")
        for inline in _INLINE.finditer(line):
            if inline.lastgroup and len(line) > inline.end():
                found.setdefault(start + inline.start(), (inline.lastgroup, inline[0]))
        start += len(line) + 1
    return [(at, *found[at]) for at in sorted(found)]


def _title(text: str, after: int) -> str:
    """The words of a heading: to the first full stop or line end; none where a whole sentence follows the marker."""
    match = _TITLE_END.search(text, after, after + _TITLE_LONGEST)
    if match is None and len(text) - after > _TITLE_LONGEST:
        return ""
    end, mark = (match.start(), match[0]) if match else (len(text), "\n")
    words = text[after:end]
    if mark == "。" and text[end + 1 : end + 2] in ("", "\n") and len(words) > _ALONE:
        return ""
    if mark == "\n" and _ITEM.search(words):
        return ""
    if re.search(r"\d+(?:\.\d+)?(?:%|μg|微克)|[;；]$", words) or words.count(",") > 2:
        return ""
    return words


def _label(stack: list[_Node]) -> str:
    """Markers of the levels above and the last heading that has words: ``二、(三)2、(3)深入推进…``."""
    titled = [i for i, n in enumerate(stack) if n.title]
    if not titled:
        return "".join(n.mark for n in stack) or "前言"
    last = titled[-1]
    return "".join(n.mark for n in stack[:last]) + stack[last].mark + stack[last].title
