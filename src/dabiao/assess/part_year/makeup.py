"""How a year's figure of an indicator is made of its months: it decides which arithmetic of the part-year holds."""

from __future__ import annotations

from enum import StrEnum

from dabiao.domain.target import Indicator, IndicatorType


class Makeup(StrEnum):
    """What a year's figure is, seen from its months.

    ``mean``: the mean over the days (GB 3095-2026, 3.13: mean of the year's daily means), so months count by their days.
    ``days``: a share of days, so whole days are counted. ``sections``: a share of water sections, each classed by its own
    year (环办〔2011〕22号); the months' shares do not add up to it. ``total``: a running total that starts at nought.
    """

    MEAN = "mean"
    DAYS = "days"
    SECTIONS = "sections"
    TOTAL = "total"


_BY_INDICATOR = {
    "pm25": Makeup.MEAN,
    "pm10": Makeup.MEAN,
    "so2": Makeup.MEAN,
    "no2": Makeup.MEAN,
    "good_day_ratio": Makeup.DAYS,
    "good_day_ratio_third_party": Makeup.DAYS,
    "heavy_pollution_day_ratio": Makeup.DAYS,
    "heavy_pollution_day_ratio_third_party": Makeup.DAYS,
    "surface_water_good_ratio": Makeup.SECTIONS,
    "surface_water_inferior_v_ratio": Makeup.SECTIONS,
    "surface_water_class2_ratio": Makeup.SECTIONS,
    "small_basin_good_ratio": Makeup.SECTIONS,
    "groundwater_class4_ratio": Makeup.SECTIONS,
}


def makeup_of(indicator: Indicator) -> Makeup | None:
    """How the indicator's year is made; ``None`` where nothing says so, and then no arithmetic of months is done.

    A year's 90th or 95th percentile (ozone, CO) is no mean of its months; so nothing is taken for one by default.
    """
    known = _BY_INDICATOR.get(indicator.id)
    if known is None and indicator.type in (IndicatorType.CUMULATIVE, IndicatorType.COUNT):
        return Makeup.TOTAL
    return known
