"""Every colour, shape and size of the dashboard, from one table: pages, charts, the grid and the print style read it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal
from urllib.parse import quote

from dabiao.domain.assessment import Status

Theme = Literal["light", "dark"]
Emphasis = Literal["filled", "outlined", "plain"]

FONT = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', "
    "'Source Han Sans SC', 'WenQuanYi Micro Hei', Roboto, 'Helvetica Neue', Arial, sans-serif"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme. ``target`` is the line to reach: not red, which is kept for what needs action."""

    page: str
    surface: str
    raised: str
    line: str
    control: str
    ink: str
    soft: str
    accent: str
    target: str
    schedule: str
    other: str
    on_fill: str


TOKENS: Mapping[Theme, Tokens] = {
    "light": Tokens(
        page="#F4F6F8",
        surface="#FFFFFF",
        raised="#F4F7FA",
        line="#DDE2E7",
        control="#7C8892",
        ink="#1B2329",
        soft="#505A5F",
        accent="#12436D",
        target="#801650",
        schedule="#6B5B00",
        other="#6E7B85",
        on_fill="#FFFFFF",
    ),
    "dark": Tokens(
        page="#111315",
        surface="#1A1B1E",
        raised="#232529",
        line="#34383D",
        control="#7F8A94",
        ink="#E9ECEF",
        soft="#A7B0B8",
        accent="#8AB8FF",
        target="#F09AC8",
        schedule="#D6C24A",
        other="#98A3AD",
        on_fill="#16181A",
    ),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How one status is drawn: never by colour alone.

    Attributes:
        glyph: the shape as a character, for titles and plain text.
        path: the shape as an SVG path in a 16 × 16 box, so that it looks the same with every font.
        emphasis: ``filled`` is kept for what needs action.
    """

    glyph: str
    path: str
    light: str
    dark: str
    emphasis: Emphasis = "plain"

    def colour(self, theme: Theme) -> str:
        return self.dark if theme == "dark" else self.light


_GREY = ("#505A5F", "#A7B0B8")

MARKS: Mapping[Status, Mark] = {
    Status.MISSED: Mark(
        "✘",
        "M3.3 1.3 8 6l4.7-4.7 2 2L10 8l4.7 4.7-2 2L8 10l-4.7 4.7-2-2L6 8 1.3 3.3z",
        "#B10E1E",
        "#FF8A80",
        "filled",
    ),
    Status.OFF_TRACK: Mark("◆", "M8 .6 15.4 8 8 15.4.6 8z", "#B10E1E", "#FF8A65", "filled"),
    Status.AT_RISK: Mark("▲", "M8 1.2l7.6 13.4H.4z", "#985600", "#F2B84B", "outlined"),
    Status.ON_TRACK: Mark("●", "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "#00703C", "#4CC38A"),
    Status.MET: Mark("✔", "M14.9 3.9 6.3 14 .9 8.9l1.9-2 3.3 3 6.7-7.8z", "#12436D", "#8AB8FF"),
    Status.AWAITING: Mark(
        "◷",
        "M8 .8a7.2 7.2 0 1 0 0 14.4A7.2 7.2 0 0 0 8 .8zm0 1.7a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z"
        "M7.2 4.2h1.7v3.6l2.6 1.5-.8 1.5-3.5-2.1z",
        *_GREY,
    ),
    Status.UNREPORTED: Mark(
        "□",
        "M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5z"
        "M3.2 3.2v9.6h9.6V3.2z",
        *_GREY,
    ),
    Status.REPORTED: Mark(
        "■",
        "M3 1.5h10A1.5 1.5 0 0 1 14.5 3v10a1.5 1.5 0 0 1-1.5 1.5H3A1.5 1.5 0 0 1 1.5 13V3A1.5 1.5 0 0 1 3 1.5z",
        *_GREY,
    ),
    Status.NO_DATA: Mark(
        "○",
        "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.6a5.4 5.4 0 1 1 0 10.8A5.4 5.4 0 0 1 8 2.6z",
        *_GREY,
    ),
}


def mix(colour: str, into: str, share: float) -> str:
    """``colour`` with ``share`` of it in ``into``: an opaque tint, so that its contrast can be computed."""
    pairs = zip(_channels(colour), _channels(into), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def rgba(colour: str, alpha: float) -> str:
    """``colour`` as plotly takes a transparent fill."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{alpha})"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""

    def luminance(colour: str) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (channel / 255 for channel in _channels(colour))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def hatch(status: Status, theme: Theme) -> tuple[str, str]:
    """The two stripes behind a provisional mark's word."""
    mark, tokens = MARKS[status], TOKENS[theme]
    colour = mark.colour(theme)
    if mark.emphasis == "filled":
        return colour, mix(colour, tokens.surface, 0.84)
    return tokens.surface, mix(colour, tokens.surface, 0.13)


def ink_on(status: Status, theme: Theme) -> str:
    """The colour of a badge's word."""
    mark = MARKS[status]
    return TOKENS[theme].on_fill if mark.emphasis == "filled" else mark.colour(theme)


def mantine(theme: Theme) -> dict[str, Any]:
    """The theme that the component library takes."""
    tokens = TOKENS[theme]
    shades = [mix(tokens.accent, tokens.surface, 0.08 + 0.1 * step) for step in range(9)] + [tokens.accent]
    return {
        "fontFamily": FONT,
        "headings": {"fontFamily": FONT},
        "primaryColor": "accent",
        "primaryShade": {"light": 9, "dark": 9},
        "colors": {"accent": shades},
        "defaultRadius": "md",
        "focusRing": "auto",
        "respectReducedMotion": True,
    }


def css() -> str:
    """The table as custom properties and mark classes; the style sheet in ``assets`` uses nothing else for colour."""
    blocks = [f":root{{--font:{FONT}}}"]
    for theme in TOKENS:
        block = f"{{{_variables(theme)}color-scheme:{theme}}}"
        # paper is white: the dark theme is for screens only
        dark = f'@media screen{{:root[data-mantine-color-scheme="dark"]{block}}}'
        blocks.append(f":root{block}" if theme == "light" else dark)
    for status, mark in MARKS.items():
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill-rule="evenodd" d="{mark.path}"/></svg>'
        blocks.append(
            f".is-{status}{{--mark:var(--s-{status});--stripe-a:var(--s-{status}-a);--stripe-b:var(--s-{status}-b);"
            f"--on-mark:var(--s-{status}-ink);--shape:url('data:image/svg+xml,{quote(svg)}')}}"
        )
    return "\n".join(blocks)


def as_the_system() -> str:
    """For a page whose reader has chosen no theme yet: the dark one where the system is dark."""
    return f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables('dark')}color-scheme:dark}}}}"


def _variables(theme: Theme) -> str:
    tokens = TOKENS[theme]
    found = {f.name.replace("_", "-"): getattr(tokens, f.name) for f in fields(Tokens)}
    for status, mark in MARKS.items():
        first, second = hatch(status, theme)
        found |= {
            f"s-{status}": mark.colour(theme),
            f"s-{status}-a": first,
            f"s-{status}-b": second,
            f"s-{status}-ink": ink_on(status, theme),
        }
    return "".join(f"--{name}:{value};" for name, value in found.items())
