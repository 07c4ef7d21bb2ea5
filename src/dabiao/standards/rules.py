"""Which rules are applied, how certain each is, and where it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Certainty(StrEnum):
    """How a rule is known. What is ``C`` was read nowhere and is never shown with a source."""

    A = "A"
    """The standard's own text or scan was read."""
    B = "B"
    """Read in a secondary source: an agency's page, news, public code."""
    C = "C"
    """General knowledge, or a choice of this program where the text was not read."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. What it says, in words, is the message ``standards.rule.<id>``."""

    id: str
    certainty: Certainty
    source: str | None = None

    def __post_init__(self) -> None:
        if (self.certainty is Certainty.C) != (self.source is None):
            raise ValueError(f"rule {self.id}: a source stands with A and B, and never with C")


@dataclass(frozen=True, slots=True)
class Why:
    """A reason why something is not valid: the message ``standards.why.<code>`` and its fields."""

    code: str
    params: dict[str, int | str] = field(default_factory=dict)


VERSION = "1"
"""Raised when a rule changes what is derived: everything is then derived again."""

A, B, C = Certainty.A, Certainty.B, Certainty.C

RULES = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            Rule("aqi_2012", A, "HJ 633-2012 table 1, 4.2–4.4, 5.1.2, 6.2"),
            Rule("aqi_2026", A, "HJ 633-2026 table 3, 4.2, 4.3.1"),
            Rule("aqi_rounding_2026", A, "HJ 633-2026 4.2.2"),
            Rule("aqi_rounding_2012", C),
            Rule("aqi_cap", C),
            Rule("aqi_zero", C),
            Rule("aqi_missing_2026", A, "HJ 633-2026 5.3.1, 5.3.2"),
            Rule("aqi_missing_2012", C),
            Rule("aqi_o3_1h_optional", C),
            Rule("heavy_day", B, "a city's emergency plan quoting HJ 633-2012: AQI > 200"),
            Rule("limits_2012", B, "published comparisons of GB 3095-2012 with GB 3095-2026"),
            Rule("limits_2026", A, "GB 3095-2026 table 1, 4.4"),
            Rule("validity_2026", A, "GB 3095-2026 table 4"),
            Rule("validity_2012", C),
            Rule("validity_percentile", C),
            Rule("validity_month", C),
            Rule("validity_index", C),
            Rule("city_sites", C),
            Rule("given_day", C),
            Rule("mda8_days", B, "HJ 663-2013 and HJ 663-2026 6.1.2, as quoted in public code"),
            Rule("mda8_windows", C),
            Rule("mda8_exceeds", C),
            Rule("hour_of_day", C),
            Rule("percentile", B, "HJ 663-2013 annex A, as quoted in two public implementations"),
            Rule("annual_statistics", B, "HJ 663-2026 table 1, as quoted in public code"),
            Rule("annual_unrounded", C),
            Rule("published_decimals", B, "bulletins of the Ministry of Ecology and Environment, 2021–2025"),
            Rule("compliance", C),
            Rule("compliance_rounding", C),
            Rule("day_ratio", B, "published ratios, reproduced; the denominators are valid days"),
            Rule("year_on_year", B, "36 published changes, reproduced from the published rounded values"),
            Rule("exceedance", B, "the formula and its two decimals, in public code and a manual"),
            Rule("single_index", B, "HJ 663-2013, as quoted in a public article"),
            Rule("ranking_index", B, "环办[2014]64号, as quoted in provincial notices"),
            Rule("ranking_rounding", B, "two published indices, reproduced"),
            Rule("index_from_published", C),
            Rule("index_limits_2026", C),
            Rule("calendar_2026", C),
            Rule("water_table", A, "GB 3838-2002 table 1, 5.1"),
            Rule("water_equal_limits", C),
            Rule("water_indicators", B, "环办[2011]22号, as quoted by agencies' notices"),
            Rule("section_words", B, "环办[2011]22号, as quoted in an examination paper"),
            Rule("section_words_v", C),
            Rule("water_means", B, "环办[2011]22号, as quoted in an examination paper"),
            Rule("water_year", C),
            Rule("river_shares", B, "环办[2011]22号, as explained by Shenzhen's ecology bureau"),
            Rule("river_exactly_five", C),
            Rule("water_share", B, "the national bulletin of 2017, reproduced from its counts"),
            Rule("water_worse_v_gone", C),
            Rule("main_pollutants", B, "环办[2011]22号, as quoted in an examination paper"),
            Rule("change_strong", B, "环办[2011]22号, as quoted in an examination paper"),
            Rule("change_bands", C),
            Rule("change_of_class", C),
            Rule("trend_method", B, "HJ 663-2013 annex B and 环办[2011]22号, as named in secondary texts"),
            Rule("trend_critical", C),
            Rule("trend_ties", C),
            Rule("noise_limits", B, "GB 3096-2008, as quoted by an agency's page"),
            Rule("noise_decibel", C),
            Rule("noise_automatic", C),
            Rule("noise_ratio", B, "quarterly reports of Hunan, reproduced"),
            Rule("soil_safe_use", B, "受污染耕地安全利用率核算方法(试行), its variables as quoted"),
            Rule("target_days", B, "a city's target, reproduced: 92.5% is at most 27 polluted days"),
        )
    }
)


def weakest(ids: Iterable[str]) -> Certainty:
    """The certainty of what several rules give together: that of the least certain."""
    return max((RULES[i].certainty for i in ids), default=Certainty.C)


def sources(ids: Iterable[str]) -> tuple[str, ...]:
    """Where the rules were read; those of certainty C have none."""
    return tuple(dict.fromkeys(s for i in ids if (s := RULES[i].source) is not None))


def unverified(ids: Iterable[str]) -> tuple[str, ...]:
    """The rules among these that were read nowhere."""
    return tuple(dict.fromkeys(i for i in ids if RULES[i].certainty is Certainty.C))
