"""The published on-track rules as the listings show them."""

from __future__ import annotations

from typing import Any

from dabiao import i18n
from dabiao.assess.rules import BY_NAME
from dabiao.domain.target import IndicatorType


def rule_rows(lang: str) -> list[dict[str, Any]]:
    """One row a rule: its names, where it was published, what it is for, what it can say."""
    return [
        {
            "id": name,
            "zh": i18n.text(f"rule.{name}.name", "zh-CN"),
            "en": i18n.text(f"rule.{name}.name", "en"),
            "source": i18n.text(f"rule.{name}.source", lang),
            "applies_to": i18n.text(f"rule.{name}.applies", lang),
            "types": [str(t) for t in IndicatorType if t in rule.types],
            "outcomes": list(rule.outcomes),
            "beside": rule.beside,
        }
        for name, rule in BY_NAME.items()
    ]
