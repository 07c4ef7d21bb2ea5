"""Who may do what: rights, the roles that give them, and the part of the targets that a person is limited to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What can be asked for. Every address, action and API operation names the one that it needs."""

    READ = "read"
    IMPORT = "import"
    MEND = "mend"
    REPORT = "report"
    ACKNOWLEDGE = "acknowledge"
    NOTICE = "notice"
    REVIEW = "review"
    OPERATE = "operate"
    MANAGE = "manage"


class Role(StrEnum):
    """What a person is here for. A person can have several."""

    VIEWER = "viewer"
    CLERK = "clerk"
    OFFICER = "officer"
    ADMIN = "admin"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.READ}),
    Role.CLERK: frozenset({Right.READ, Right.IMPORT, Right.MEND, Right.REPORT}),
    Role.OFFICER: frozenset({Right.READ, Right.ACKNOWLEDGE, Right.NOTICE}),
    Role.ADMIN: frozenset(Right),
}
"""The rights of each role."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the targets that a person is limited to; an empty set does not limit, several sets limit together.

    Attributes:
        plans: ids of plans.
        regions: codes of regions, each with all that lies within it.
        units: ids of responsible units, leading or sharing.
    """

    plans: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        return not (self.plans or self.regions or self.units)


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf a request is made.

    Attributes:
        name: the account's name, as it stands in the audit; empty where nobody signed in.
        roles: what the person is here for.
        scope: what of the targets the person sees and changes.
        limited_to: the rights that a token was given, if it is a token that asks; ``None`` for a person.
    """

    name: str
    roles: frozenset[Role]
    scope: Scope = Scope()
    limited_to: frozenset[Right] | None = None

    @property
    def rights(self) -> frozenset[Right]:
        """What the roles give, less what a token leaves out."""
        given: Iterable[Right] = (right for role in self.roles for right in RIGHTS[role])
        return frozenset(given) if self.limited_to is None else frozenset(given) & self.limited_to

    def may(self, right: Right) -> bool:
        """Whether this right is among them."""
        return right in self.rights


NOBODY = Principal("", frozenset())
"""A request without a session or token where there are accounts: nothing is allowed."""

AT_THE_MACHINE = Principal("", frozenset({Role.ADMIN}))
"""A request from this machine where there is no account yet: everything is allowed, and the page says so."""
