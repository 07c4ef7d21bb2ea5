"""A proposal in words: its indicator, its goal, and what a typed name stands for."""

from __future__ import annotations

import re

from dabiao.domain.target import Kind
from dabiao.i18n.format import COMPARATORS, unit
from dabiao.services.declare.reviewing import Proposed, Review
from dashboard import present
from dashboard.asked import Asked


def indicator_name(p: Proposed, review: Review, asked: Asked) -> str:
    """A declared indicator's name, or what the extractor calls a new one."""
    indicator = p.fields.get("indicator", "")
    if indicator in asked.app.catalogue.indicators:
        return present.indicator(asked.app.catalogue, indicator, asked.lang)
    return new_name(indicator, review) or indicator


def new_name(indicator: str, review: Review) -> str | None:
    """The Chinese name of an indicator that nobody has declared yet."""
    found = re.search(r"(?m)^\s*zh: (.*)$", review.how["indicators"].get(indicator, ""))
    return found[1].strip("'\"") if found else None


def goal(p: Proposed, asked: Asked) -> str:
    """``≤ 30 µg/m³``, or how it is decided where there is no number; as typed where it cannot be read."""
    fields, lang = p.fields, asked.lang
    if fields.get("measure") != "numeric":
        known = fields.get("measure") in ("qualitative", "delegated")
        return asked.say.word(f"measure.{fields['measure']}") if known else ""
    said = f"{COMPARATORS.get(fields.get('comparator', ''), '')} {fields.get('value', '')}"
    said += "%" if fields.get("change") == "relative" else unit(fields.get("unit") or None, lang)
    return f"{asked.say.word('kind.change')} {said}" if fields.get("kind") == Kind.CHANGE else said.strip()


def indicator_hint(indicator: str, review: Review, asked: Asked) -> str:
    """What an indicator's id stands for."""
    found = asked.app.catalogue.indicators.get(indicator)
    if found is None:
        name = new_name(indicator, review)
        return asked.say("review.new_indicator", name=name or indicator)
    return asked.say(
        "review.indicator",
        name=present.indicator(asked.app.catalogue, indicator, asked.lang),
        unit=unit(found.unit, asked.lang).strip() or present.DASH,
        direction=asked.say(f"review.direction.{found.direction}"),
    )


def region_hint(region: str, asked: Asked) -> str:
    """What a region's id stands for."""
    if region in asked.app.catalogue.regions:
        return present.region(asked.app.catalogue, region, asked.lang)
    return asked.say("review.new_region")
