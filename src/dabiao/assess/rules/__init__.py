"""Published on-track rules, one module each, behind one interface."""

from collections.abc import Mapping
from functools import cache

from dabiao.assess.rules.china_air_2014 import ChinaAir2014
from dabiao.assess.rules.design_value import DesignValue
from dabiao.assess.rules.dns import Dns
from dabiao.assess.rules.eea import Eea
from dabiao.assess.rules.escap import Escap
from dabiao.assess.rules.interface import Due, Rule, RuleInput
from dabiao.assess.rules.issued_milestones import IssuedMilestones
from dabiao.assess.rules.linear_schedule import LinearSchedule
from dabiao.assess.rules.open_sdg import OpenSdg
from dabiao.assess.rules.sdsn import Sdsn
from dabiao.assess.rules.time_progress import TimeProgress
from dabiao.assess.rules.traffic_light import DEFAULT, SETS, TrafficLight, parse
from dabiao.assess.rules.un_chart import UnChart
from dabiao.assess.rules.years_to_target import YearsToTarget

_ALL: tuple[Rule, ...] = (
    LinearSchedule(),
    IssuedMilestones(),
    TrafficLight(DEFAULT, beside=True),
    ChinaAir2014(),
    Dns(),
    Eea(),
    Escap(),
    OpenSdg(),
    Sdsn(),
    UnChart(),
    YearsToTarget(),
    DesignValue(),
    TimeProgress(),
    *(TrafficLight(name) for name in SETS if name != DEFAULT),
)

BY_NAME: Mapping[str, Rule] = {rule.name: rule for rule in _ALL}
"""Every rule that can be asked for."""

RULES: tuple[Rule, ...] = tuple(rule for rule in _ALL if rule.beside)
"""Those that stand beside every status, in the order in which they are shown."""


@cache
def standing(lights: str = DEFAULT) -> tuple[Rule, ...]:
    """The rules beside every status, with the set of lights that the setting ``lights`` asks for."""
    chosen = TrafficLight(*parse(lights), beside=True)
    return tuple(chosen if rule.name == DEFAULT else rule for rule in RULES)


__all__ = ["BY_NAME", "RULES", "Due", "Rule", "RuleInput", "standing"]
