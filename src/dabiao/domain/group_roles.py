"""Which group of an identity provider gives which role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dabiao.domain.access import Role


def parse(text: str) -> Mapping[str, frozenset[Role]]:
    """The setting ``oidc_roles``: ``GROUP=ROLE`` with semicolons between them; a group may stand more than once.

    The last ``=`` parts them, so that a group can be named as directories do (``cn=air,ou=groups=officer``).

    Raises:
        ValueError: an entry without group or role, or a role that there is not.
    """
    found: dict[str, frozenset[Role]] = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        group, _, role = (word.strip() for word in entry.rpartition("="))
        if not group or role not in set(Role):
            known = ", ".join(Role)
            raise ValueError(f"{entry!r} is not GROUP=ROLE with one of the roles {known}")
        found[group] = found.get(group, frozenset()) | {Role(role)}
    return found


def roles_of(groups: Iterable[str], given_by: Mapping[str, frozenset[Role]]) -> frozenset[Role]:
    """The roles that some groups give together; none where none of them is in the map."""
    return frozenset(role for group in groups for role in given_by.get(group, ()))
