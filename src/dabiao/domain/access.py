"""Who may do what: rights, the roles that give them, and the part of the targets that a person is limited to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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

    def to_json(self) -> dict[str, list[str]]:
        return {"plans": sorted(self.plans), "regions": sorted(self.regions), "units": sorted(self.units)}

    @classmethod
    def from_json(cls, given: Mapping[str, Sequence[str]]) -> Scope:
        """The scope of what :meth:`to_json` made of one."""
        return cls(*(frozenset(given.get(name, ())) for name in ("plans", "regions", "units")))


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Account:
    """Someone who may sign in.

    Attributes:
        id: its number; 0 before it is stored.
        name: as typed to sign in, and as it stands in the audit.
        external: the subject that an identity provider knows the person by; such an account has no password here.
    """

    id: int
    name: str
    roles: frozenset[Role]
    scope: Scope = EVERYTHING
    enabled: bool = True
    external: str | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf a request is made.

    Attributes:
        name: the account's name, as it stands in the audit; empty where nobody signed in.
        roles: what the person is here for.
        scope: what of the targets the person sees and changes.
        limited_to: the rights that a token was given, if it is a token that asks; ``None`` for a person.
        session: the number of the session, where a browser asks.
    """

    name: str
    roles: frozenset[Role]
    scope: Scope = EVERYTHING
    limited_to: frozenset[Right] | None = None
    session: int | None = None

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
