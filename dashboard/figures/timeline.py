"""How many targets fall due in which year, with today's place among them; drawn as SVG, on the page and as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from markupsafe import Markup

from dashboard.theme import FONT, TOKENS, Theme, Tokens

HEIGHT = 132
LARGEST, SMALLEST = 23, 6
"""Radii of the dots, in pixels."""

_LINE, _TOP, _BOTTOM = 65, 28, 90
"""Where the line of years lies, and from where to where today's line goes: pixels from the top."""

_WIDTH, _EDGE, _HEAD, _FOOT = 1200, 30, 80, 60
"""Of the picture: its width, and what stands free beside, over and under the line."""

_YEAR, _LETTER = 34, 7
"""Pixels of a year's figures and of a letter of the words under it, at 12 px."""

_PAGE = Tokens(**{f.name: f"var(--{f.name.replace('_', '-')})" for f in fields(Tokens)})
"""The colours of the page, whichever theme it has; on paper the light ones."""


@dataclass(frozen=True, slots=True)
class Due:
    """One year's deadlines: ``said`` stands under the year, ``detail`` is the name of the link to ``href``."""

    year: int
    count: int
    said: str
    detail: str
    href: str


def timeline(dues: Sequence[Due], today: float, today_label: str, summary: str) -> Markup:
    """Dots on a line of years, each a link, as large as its number of targets; years gone by are quiet.

    It is as wide as its place, where that leaves every year its words: places are in percent of it, sizes in pixels.
    """
    return Markup(
        '<svg class="timeline" role="group" aria-label="{}" width="100%" height="{}" style="min-width:{}px">{}</svg>'
    ).format(summary, HEIGHT, _least(dues, today), _drawn(dues, today, today_label, _PAGE, linked=True))


def picture(
    dues: Sequence[Due], today: float, today_label: str, title: str, source: str, theme: Theme
) -> Markup:
    """The same as a picture of its own, with title and source on a plain ground."""
    tokens, height = TOKENS[theme], _HEAD + HEIGHT + _FOOT
    inner = Markup('<svg x="{}" y="{}" width="{}" height="{}">{}</svg>').format(
        _EDGE, _HEAD, _WIDTH - 2 * _EDGE, HEIGHT, _drawn(dues, today, today_label, tokens, linked=False)
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="{font}">'
        '<rect width="100%" height="100%" fill="{tokens.surface}"/>'
        '<text x="{edge}" y="44" font-size="20" fill="{tokens.ink}">{title}</text>{inner}'
        '<text x="{edge}" y="{low}" font-size="12" fill="{tokens.soft}">{source}</text></svg>'
    ).format(
        width=_WIDTH, height=height, font=FONT, tokens=tokens, edge=_EDGE, title=title, inner=inner,
        low=height - 22, source=source,
    )  # fmt: skip


def _span(dues: Sequence[Due], today: float) -> tuple[float, float]:
    """From where to where the line of years goes."""
    years = [d.year for d in dues]
    return min([*years, today]) - 0.7, max([*years, today]) + 0.7


def _least(dues: Sequence[Due], today: float) -> int:
    """Pixels in which the words of no two years touch."""
    first, last = _span(dues, today)
    widest = max((len(d.said) for d in dues), default=0)
    nearest = min((b.year - a.year for a, b in pairwise(dues)), default=last - first)
    return round((last - first) / nearest * max(_YEAR, _LETTER * widest + _YEAR // 5))


def _drawn(dues: Sequence[Due], today: float, today_label: str, tokens: Tokens, *, linked: bool) -> Markup:
    first, last = _span(dues, today)
    most = max((d.count for d in dues), default=1)

    def place(year: float) -> str:
        return f"{100 * (year - first) / (last - first):.2f}%"

    dots = [
        _dot(d, place(d.year), (d.count / most) ** 0.5, tokens, gone=d.year + 0.5 <= today, linked=linked)
        for d in dues
    ]
    now = Markup(
        '<line x1="{0}" x2="{0}" y1="{1}" y2="{2}" style="stroke:{3};stroke-width:1.5;stroke-dasharray:2 3"/>'
        '<text x="{0}" y="{4}" text-anchor="middle" style="font-size:12px;fill:{3}">{5}</text>'
    ).format(place(today), _TOP, _BOTTOM, tokens.ink, _TOP - 6, today_label)
    line = Markup('<line x1="0" x2="100%" y1="{0}" y2="{0}" style="stroke:{1};stroke-width:2"/>').format(
        _LINE, tokens.line
    )
    return Markup("").join([line, *dots, now])


def _dot(due: Due, at: str, share: float, tokens: Tokens, *, gone: bool, linked: bool) -> Markup:
    """One year's dot and its words; ``share`` is its radius between the smallest and the largest."""
    drawn = Markup(
        '<circle cx="{at}" cy="{line}" r="{radius:.1f}" style="fill:{fill};stroke:{ground};stroke-width:2"/>'
        '<text x="{at}" y="107" text-anchor="middle" style="font-size:12px;font-weight:700;fill:{soft}">{year}</text>'
        '<text x="{at}" y="123" text-anchor="middle" style="font-size:12px;fill:{soft}">{said}</text>'
    ).format(
        at=at, line=_LINE, radius=SMALLEST + (LARGEST - SMALLEST) * share, ground=tokens.surface,
        fill=tokens.other if gone else tokens.accent, soft=tokens.soft, year=due.year, said=due.said,
    )  # fmt: skip
    if not linked:
        return drawn
    return Markup('<a href="{}" data-inside=""><title>{}</title>{}</a>').format(due.href, due.detail, drawn)
