"""The vectors of the standards, and what the program says to each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from dabiao.standards import aqi, means, rivers, statistics, surveys, trend, validity, water
from dabiao.standards.aqi import Standard
from dabiao.standards.exact import rounded
from dabiao.standards.limits import GB3095_2012, STAGES, limits_on
from dabiao.standards.water import WaterClass

GROUPS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors/standards.json").read_text("utf-8")
)["groups"]

LEVEL = dict(zip(aqi.Level, ("优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"), strict=True))
GRADE = dict(zip(rivers.Grade, ("优", "良好", "轻度污染", "中度污染", "重度污染"), strict=True))
CHANGE = dict(zip(rivers.Change, ("无明显变化", "有所好转", "有所变差", "明显好转", "明显变差"), strict=True))
CLASS = dict(zip(WaterClass, ("I", "II", "III", "IV", "V", "劣V"), strict=True))


def numbers(values: dict[str, str | None]) -> dict[str, Decimal | None]:
    return {k: None if v is None else Decimal(v) for k, v in values.items()}


def given(values: dict[str, str]) -> dict[str, Decimal]:
    return {k: Decimal(v) for k, v in values.items()}


def breakpoints(c: dict[str, Any]) -> bool:
    return aqi.BREAKPOINTS[Standard(c["standard"])][c["item"]] == tuple(c["points"])


def iaqi(c: dict[str, Any]) -> bool:
    standard, item = Standard(c["standard"]), c["item"]
    value = rounded(Decimal(c["concentration"]), aqi.decimals(item))
    index = aqi.iaqi(standard, item, Decimal(c["concentration"]))
    return (
        str(value) == c["rounded_concentration"]
        and aqi.raw_iaqi(standard, item, value) == Fraction(c["raw"])
        and index == c["iaqi"]
        and LEVEL[aqi.level(index)] == c["level"]
    )


def aqi_day(c: dict[str, Any]) -> bool:
    found = aqi.index(Standard(c["standard"]), numbers(c["in"]))
    if c["aqi"] == "NA":
        return (found.aqi, found.level, found.good, found.heavy) == (None, None, None, None)
    assert found.level is not None
    return (
        found.iaqi == c["iaqi"]
        and found.aqi == c["aqi"]
        and LEVEL[found.level] == c["level"]
        and set(found.primary) == set(c["primary"])
        and (found.good, found.heavy) == (c["good_day"], c["heavy"])
    )


def limits(c: dict[str, Any]) -> bool:
    stage = next(s for s in STAGES if s.id == c["stage"])
    return stage.limit(c["pollutant"], c["mean"], c["class"]) == c["limit"]


def limits_by_date(c: dict[str, Any]) -> bool:
    day = date.fromisoformat(c["date"])
    stage = limits_on(day)
    return (
        stage.id == c["air_limits"].replace(" ", "-")
        and c["aqi"].startswith(aqi.standard_on(day))
        and stage.limit("PM2.5", "year") == c["PM2.5_year"]
        and stage.daily("PM2.5") == c["PM2.5_24h"]
        and stage.daily("PM10") == c["PM10_24h"]
    )


def validity_year(c: dict[str, Any]) -> bool:
    found = validity.year(c["days_per_month"])
    return sum(c["days_per_month"]) == c["total"] and found.valid == c["annual_mean_valid"]


def validity_day(c: dict[str, Any]) -> bool:
    return validity.day(c["valid_hours"]).valid == c["daily_mean_valid"]


def mda8(c: dict[str, Any]) -> bool:
    found = means.mda8(c["hours_01_to_24"])
    assert found.value is not None
    return (
        found.count == c["valid_windows_of_17"]
        and found.value == Fraction(c["mda8"])
        and str(rounded(found.value, 0)) == c["mda8_rounded"]
        and found.validity.valid == c["valid"]
    )


def series(values: Any) -> list[int]:
    if isinstance(values, str):
        first, last = values.removeprefix("integers ").split("..")
        return list(range(int(first), int(last) + 1))
    return list(values)


def percentile(c: dict[str, Any]) -> bool:
    return statistics.percentile(series(c["values"]), c["p"]) == Fraction(c["result"])


def annual_percentiles(c: dict[str, Any]) -> bool:
    return statistics.PERCENTILES[c["pollutant"]] == c["p"]


def gbt8170(c: dict[str, Any]) -> bool:
    value = rounded(Decimal(c["in"]), c["decimals"])
    return (
        value == rounded(Fraction(c["in"]), c["decimals"]) == Decimal(c["out"])
        and format(value, "f") == c["out"]
    )


def ratios(c: dict[str, Any]) -> bool:
    return str(statistics.ratio_percent(c["numerator"], c["denominator"])) == c.get(
        "published", c["computed"]
    )


def target_days(c: dict[str, Any]) -> bool:
    return statistics.polluted_days_allowed(Decimal("92.5"), c["days"]) == c["max_polluted_days"]


def yoy(c: dict[str, Any]) -> bool:
    now = Decimal(c["published_current"])
    before = [Decimal(v) for v in c["previous_values_on_the_published_grid_that_reproduce_it"]]
    return bool(before) and all(
        statistics.change_percent(now, v) == Decimal(c["published_change_pct"]) for v in before
    )


def composite_index(c: dict[str, Any]) -> bool:
    values = given(c["concentrations"])
    parts = statistics.ranking_parts(GB3095_2012, values)
    return {k: str(v) for k, v in parts.items()} == c["singles"] and str(
        statistics.ranking_index(GB3095_2012, values)
    ) == c["published"]


def exceedance(c: dict[str, Any]) -> bool:
    found = statistics.exceedance(Decimal(c["C"]), Decimal(c["limit"]))
    return (None if found is None else str(found)) == c["exceed_multiple"]


def water_table(c: dict[str, Any]) -> bool:
    name, row = c["item"], tuple(Decimal(v) for v in c["I_to_V"])
    if name == "TP_lake":
        return row == water.TP_LAKE
    return row == water.AT_MOST[name.removesuffix("_lake").removesuffix("_per_L")]


def item_class(c: dict[str, Any]) -> bool:
    return CLASS[water.item_class(c["item"], Decimal(c["value"]), lake=c["lake"])] == c["class"]


def section_class(c: dict[str, Any]) -> bool:
    found = water.section(given(c["values"]), lake=c["lake"])
    return (
        {i: CLASS[k] for i, k in found.item_classes.items()} == c["per_item"]
        and CLASS[found.water_class] == c["class"]
        and found.water_class.good == c["I_to_III"]
        and list(found.worse_than_iii) == c["worse_than_III"]
    )


def river_share(c: dict[str, Any]) -> bool:
    shares = rivers.Shares(tuple(c["counts_I_II_III_IV_V_worse"]))
    if "recomputed_pct" in c:
        return [str(shares.percent(n)) for n in shares.counts] == c["recomputed_pct"]
    grade = rivers.shares_grade(shares)
    said = "use mean concentrations (n<5)" if grade is None else GRADE[grade]
    return (
        shares.sections == c["n"]
        and str(shares.percent(shares.good_count)) == c["I_III_pct"]
        and str(shares.percent(shares.worse_count)) == c["worse_V_pct"]
        and shares.worse_gone == c["eliminated_worse_V"]
        and said == c["grade"]
    )


def few_sections(c: dict[str, Any]) -> bool:
    sections = [given(s) for s in c["sections"]]
    mean = water.mean_of(sections)
    return (
        [CLASS[water.section(s).water_class] for s in sections] == c["section_classes"]
        and all(rounded(mean[i], 4) == Decimal(v) for i, v in c["mean"].items())
        and CLASS[rivers.river_of_means(sections).water_class] == c["class_of_means"]
    )


def water_change(c: dict[str, Any]) -> bool:
    points, word = rivers.change(*(Decimal(c[k]) for k in ("G1", "D1", "G2", "D2")))
    return points == Fraction(c["dG_minus_dD"]) and CHANGE[word] == c["verdict"]


def spearman(c: dict[str, Any]) -> bool:
    found = trend.trend(c["y"])
    assert found.coefficient is not None
    said = {
        "not_significant": "not significant",
        "at_the_border": "equal to Wp: standard wording not verified",
    }
    return (
        trend.squared_differences(c["y"]) == Fraction(c["sum_d2"])
        and rounded(found.coefficient, 4) == Decimal(c["rs"])
        and str(found.critical) == c["Wp_0.05"]
        and said.get(found.verdict, "significant") == c["verdict_strict_gt"]
        and found.direction == {"up": 1, "down": -1}[c["direction"]]
        and found.ties == bool(c["ties"])
    )


def spearman_critical(c: dict[str, Any]) -> bool:
    return tuple(str(v) for v in trend.CRITICAL[c["n"]]) == (c["0.05"], c["0.01"])


def noise_night(c: dict[str, Any]) -> bool:
    return surveys.night_complies(c["zone"], Decimal(c["night_leq"])) is c["complies"]


def soil_safe_use(c: dict[str, Any]) -> bool:
    areas = [Decimal(v) for k, v in c.items() if k != "A_pct"]
    return str(surveys.safe_use_percent(*areas)) == c["A_pct"]


CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {
    f.__name__: f
    for f in (
        breakpoints, iaqi, aqi_day, limits, limits_by_date, validity_year, validity_day, mda8, percentile,
        annual_percentiles, gbt8170, ratios, target_days, yoy, composite_index, exceedance, water_table, item_class,
        section_class, river_share, few_sections, water_change, spearman, spearman_critical, noise_night,
        soil_safe_use,
    )
}  # fmt: skip
