"""The words around a number: which comparator they make, and whether the number is a change."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dabiao.domain.target import Comparator
from dabiao.plans.extract.rules import AFTER, LEADS, Role

_WORDS = sorted(
    ((word, lead.role, lead.name) for lead in LEADS for word in lead.words), key=lambda w: -len(w[0])
)
_BASELINE = re.compile(
    r"(?:与|同|较|比|相比于?|在)?(20\d\d)年(?:底|末)?(?:的)?(?:水平|基础上|相比|为基[期数准])?(?:上)?$"
)
_COMPARED = re.compile(r"(?:与|同|较|比|以|在)(20\d\d)年(?:底|末)?")
_DATE_TAIL = re.compile(
    r"(?:力争|预计)?(?:到|至|在|于)?(?:20\d\d)年(?:底|末)?(?:前)?,?$|“?十[四五]五”?(?:末期|期末|末|期间)?,?$"
)
_SOFT = frozenset({"adverb", "each", "respectively", "stretch", "hedge"})


@dataclass(slots=True)
class Before:
    """What stands before a number.

    Attributes:
        phrase: what is left when the words before the number are taken off.
        roles: their roles, the nearest to the number first.
        cut: characters taken off from the right.
    """

    phrase: str
    roles: list[Role] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    cut: int = 0
    baseline: str | None = None

    @property
    def states(self) -> bool:
        """Whether a word says that the number is to be reached, held or kept within."""
        return any(role not in _SOFT for role in self.roles)

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


def read_before(text: str) -> Before:
    """Take the words that lead to a number off its phrase, from the right."""
    found = Before(text)
    while True:
        plain = found.phrase.rstrip(", ")
        baseline = _COMPARED.search(plain) if plain.endswith("年") or _BASELINE.search(plain) else None
        if (
            baseline
            and _BASELINE.search(plain)
            and re.search(r"(?:与|同|较|比|以|在)$", plain[: baseline.start(1)])
        ):
            found.baseline = baseline[1]
            plain = plain[: baseline.start()]
        elif (dated := _DATE_TAIL.search(plain)) and (dated.start() > 0 or found.roles):
            plain = plain[: dated.start()]
        else:
            word = next((w for w in _WORDS if plain.endswith(w[0])), None)
            if word is None:
                break
            if word[1] in ("done", "bare", "up", "down") and any(r not in _SOFT for r in found.roles):
                break
            found.roles.append(word[1])
            found.names.append(word[2])
            plain = plain[: -len(word[0])]
        if plain == found.phrase:
            break
        found.phrase = plain
    found.cut = len(text) - len(found.phrase)
    return found


def read_after(text: str) -> tuple[Role | None, int, str | None]:
    """The comparator word right after a number: role, its length, its rule."""
    for name, pattern, role in AFTER:
        match = re.match(pattern, text)
        if match:
            return role, match.end(), name
    return None, 0, None


def compare(
    before: Before, after: Role | None, *, lower: bool, share: bool, hundred: bool
) -> tuple[Comparator, tuple[str, ...]]:
    """The comparator of a number that is a target (docs/plan-files.md), and what is uncertain of it.

    A word after the number decides before one in front of it; a bare number is reached from the worse side.
    """
    flags: list[str] = []
    if after == "about":
        return Comparator.ABOUT, ("tolerance_assumed",)
    if after == "ge":
        return Comparator.GE, ()
    if after == "le":
        return Comparator.LE, ()
    for role in before.roles:
        match role:
            case "ge":
                return Comparator.GE, ()
            case "le":
                return Comparator.LE, ()
            case "gt":
                return Comparator.GT, ()
            case "lt":
                return Comparator.LT, ()
            case "better":
                return (Comparator.LT if lower else Comparator.GT), ()
            case "about":
                return Comparator.ABOUT, ("tolerance_assumed",)
            case "hedge":
                return Comparator.ABOUT, ("hedged", "tolerance_assumed")
            case "cap":
                return (Comparator.LE, ("comparator_bare",)) if not hundred else (Comparator.GE, ())
            case "hold":
                if share and hundred:
                    return Comparator.GE, ()
                return Comparator.ABOUT, ("tolerance_assumed",)
            case "fall":
                return Comparator.LE, ()
            case "down" | "up":
                return Comparator.GE, ()
            case _:
                continue
    if not before.states:
        flags.append("comparator_bare")
    return (Comparator.LE if lower else Comparator.GE), tuple(flags)
