"""The standards against the vectors."""

from __future__ import annotations

import pytest

from tests.unit.standards.vectors import CHECKS, GROUPS


def test_every_group_has_its_check() -> None:
    """No group of vectors is left unread, and no check stands without vectors."""
    assert {g["id"] for g in GROUPS} == set(CHECKS)


@pytest.mark.parametrize("group", GROUPS, ids=[g["id"] for g in GROUPS])
def test_all_cases_of_a_group_pass_exactly(group: dict) -> None:  # type: ignore[type-arg]
    """Each published or computed case of a rule is reproduced to the last digit."""
    failed = [c for c in group["cases"] if not CHECKS[group["id"]](c)]
    assert failed == []
