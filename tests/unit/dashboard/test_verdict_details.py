"""A group's members, a decision to be confirmed and the cautions, as a target's page shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from dabiao.domain.assessment import Caution, Group, Part, Reason, Reopened, Status, Warned
from dabiao.i18n import Lang
from dabiao.services.app import App
from dabiao.services.judge.judging import Verdict
from dabiao.services.pages import views
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components import verdict_details

DAY = date(2026, 11, 21)


def asked_in(app: App, lang: Lang) -> Asked:
    return Asked(app, urls.Query(), Say(lang), "light", datetime(2026, 11, 21, 2, tzinfo=UTC), DAY, DAY)


def words(part: Any) -> str:
    """All that a component says."""
    if part is None or isinstance(part, (int, float)):
        return ""
    if isinstance(part, str):
        return part
    if isinstance(part, (list, tuple)):
        return " ".join(words(p) for p in part)
    return words(getattr(part, "children", None))


@pytest.fixture
def group(app: App, now: datetime) -> Verdict:
    """A target on three members of which the second is the worst."""
    v = views.find(app, "yingtan-2021-pm25-guixi-yujiang-longhushan", DAY, now)
    assert v is not None
    parts = (
        Part("360681", Status.MET, Reason.VALUE_MEETS, Decimal(28), "2021", True, None),
        Part("360603", Status.MISSED, Reason.VALUE_MISSES, Decimal("31.5"), "2021", True, None),
        Part("yingtan-longhushan", Status.ON_TRACK, Reason.ATTAINMENT_HIGH, Decimal(25), "2020", False, 0.81),
    )
    return replace(v, assessment=replace(v.assessment, group=Group(parts, "360603")))


def test_the_worst_member_comes_first_and_is_marked(app: App, group: Verdict) -> None:
    """The member that the target is judged by heads the table and bears the word; the others keep their order."""
    (table,) = verdict_details.members(group, asked_in(app, "en"))
    _, _, body = table.children.children
    said = [words(row) for row in body.children]
    assert [("worst" in row) for row in said] == [True, False, False]
    assert said[0].startswith("Yujiang District")
    assert "31.5 µg/m³" in said[0]
    assert "81%" in said[2]


def test_a_target_without_a_group_has_no_members(app: App, group: Verdict) -> None:
    """A single region's target has no such table."""
    alone = replace(group, assessment=replace(group.assessment, group=None))
    assert verdict_details.members(alone, asked_in(app, "en")) == []


@pytest.mark.parametrize(("lang", "badge"), [("zh-CN", "结论待确认"), ("en", "To be confirmed")])
def test_a_reopened_decision_shows_how_to_confirm_it(
    app: App, group: Verdict, lang: Lang, badge: str
) -> None:
    """The badge, why, since when, what it would be, and the command with the target's id."""
    found = Reopened("value_revised", date(2026, 3, 1), Status.MET, "29.4")
    v = replace(group, assessment=replace(group.assessment, reopened=found))
    said = words(verdict_details.reopened(v, asked_in(app, lang)))
    assert badge in said
    assert "2026-03-01" in said
    assert f"dabiao decisions confirm {v.declared.target.id}" in said
    assert verdict_details.reopened(group, asked_in(app, lang)) is None


def test_cautions_are_listed_in_their_order(app: App, group: Verdict) -> None:
    """Each caution is a sentence with its figures; without any there is no list."""
    given = (Warned(Caution.SHORT_WINDOW, {"count": 5}), Warned(Caution.THIRD_PARTY))
    v = replace(group, assessment=replace(group.assessment, warnings=given))
    (listed,) = verdict_details.cautions(v, asked_in(app, "en"))
    assert words(listed.children[0]).startswith("Only 5")
    assert len(listed.children) == 2
    assert (
        verdict_details.cautions(
            replace(v, assessment=replace(v.assessment, warnings=())), asked_in(app, "en")
        )
        == []
    )
