"""Published on-track rules, one module each, behind one interface."""

from dabiao.assess.rules.interface import Rule, RuleInput
from dabiao.assess.rules.linear_schedule import LinearSchedule

RULES: tuple[Rule, ...] = (LinearSchedule(),)

__all__ = ["RULES", "Rule", "RuleInput"]
