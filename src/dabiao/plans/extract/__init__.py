"""Propose targets from a plan's text: rules in tables, every quote with its offset, every doubt with its code.

The way through the modules: :mod:`normal` (one spelling, with the way back) → :mod:`outline` and :mod:`segments` (clauses,
sentences) → :mod:`offices` (who answers), :mod:`dates` and :mod:`timing`, :mod:`places` → :mod:`numbers`,
:mod:`comparing`, :mod:`lists` and :mod:`naming` for :mod:`numeric`; :mod:`states`; :mod:`tables` → :mod:`pipeline` joins
them → :mod:`output` writes JSON and a plan file. The words themselves are tables, most of them in :mod:`rules`.
"""

from dabiao.plans.extract.model import CODES, Proposal
from dabiao.plans.extract.output import to_json, to_plan_yaml
from dabiao.plans.extract.pipeline import Reading, extract, read

__all__ = ["CODES", "Proposal", "Reading", "extract", "read", "to_json", "to_plan_yaml"]
