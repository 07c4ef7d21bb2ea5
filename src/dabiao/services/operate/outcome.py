"""What one look at a deployment found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dabiao import i18n
from dabiao.errors import DabiaoError


class Level(StrEnum):
    """How bad it is: as it should be, a danger, or something that stops or harms the service."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One look.

    Attributes:
        check: what was looked at.
        key: of the sentence, which names the mend where there is something to mend.
    """

    check: str
    level: Level
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self, lang: str) -> dict[str, Any]:
        """As ``dabiao doctor --format json`` prints it."""
        message = i18n.text(self.key, lang, **self.params)
        return {"check": self.check, "level": str(self.level), "message": message}


def ok(check: str, **params: Any) -> Outcome:
    """It is as it should be: ``doctor.<check>.ok``."""
    return Outcome(check, Level.OK, f"doctor.{check}.ok", params)


def warn(check: str, **params: Any) -> Outcome:
    """A danger: ``doctor.<check>.wrong``."""
    return Outcome(check, Level.WARN, f"doctor.{check}.wrong", params)


def fail(check: str, **params: Any) -> Outcome:
    """It stops or harms the service: ``doctor.<check>.wrong``."""
    return Outcome(check, Level.FAIL, f"doctor.{check}.wrong", params)


def refused(check: str, error: DabiaoError) -> Outcome:
    """An error says it already."""
    return Outcome(check, Level.FAIL, f"error.{error.code}", error.params)
