"""A long plan comes in pages, and a link to a target opens the one that it stands on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from dabiao.services.app import App
from dabiao.services.pages import view_extras
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.pages import plan

DAY = date(2026, 11, 21)
PLAN = "quanzhou-2022"


@pytest.fixture(autouse=True)
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled plans count as long."""
    monkeypatch.setattr(plan, "WHOLE", 20)
    monkeypatch.setattr(plan, "TARGETS", 10)


@pytest.fixture
def asked(walked_app: App, now: datetime) -> Asked:
    """A request of the bundled data."""
    return Asked(walked_app, urls.Query(), Say("en"), "light", now, DAY, DAY)


def opened(asked: Asked, search: str) -> tuple[list[str], list[str], list[str]]:
    """The targets listed, those marked in the text, and the one outlined there, at an address of the plan."""
    page = plan.layout(replace(asked, query=urls.parse(search)), PLAN)
    parts = list(every(page.children))
    names = [str(getattr(part, "id", "") or "") for part in parts]
    marked = [part for part in parts if "quoted" in str(getattr(part, "className", ""))]
    current = [name for part in marked if "current" in part.className.split() for name in anchors(part)]
    listed = [n.removeprefix("target-") for n in names if n.startswith("target-")]
    return listed, [n.removeprefix("in-") for n in names if n.startswith("in-")], current


def anchors(mark: Any) -> list[str]:
    return [part.id.removeprefix("in-") for part in every(mark) if getattr(part, "id", None)]


def every(part: Any) -> Any:
    """A component and all that stands in it."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from every(one)
    elif part is not None and not isinstance(part, str):
        yield part
        yield from every(getattr(part, "children", None))


def ids(asked: Asked) -> list[str]:
    view = view_extras.plan_view(asked.app, PLAN, DAY, asked.now)
    assert view is not None
    return [v.declared.target.id for v in view.verdicts]


@pytest.mark.parametrize("place", [0, 9, 10, 45, -1])
def test_a_link_to_a_target_opens_its_page(asked: Asked, place: int) -> None:
    """Whichever page a target stands on, its link shows it in the list, marks its quote and outlines that."""
    everything = ids(asked)
    wanted = everything[place]
    link = urls.plan_place(PLAN, wanted, urls.Query())
    search, _, anchor = link.partition("?")[2].partition("#")
    listed, marked, current = opened(asked, f"?{search}")
    first = everything.index(wanted) // 10 * 10
    assert listed == everything[first : first + 10]
    assert anchor == f"in-{wanted}"
    assert wanted in marked
    assert wanted in current


def test_a_page_is_named_by_its_number_too(asked: Asked) -> None:
    """Without a target the number counts, and a target that is not in the plan changes nothing."""
    everything = ids(asked)
    assert opened(asked, "?page=2")[0] == everything[10:20]
    assert opened(asked, "?page=2&target=nothing")[0] == everything[10:20]
    assert opened(asked, "?page=999")[0] == everything[len(everything) // 10 * 10 :]


def test_walking_on_leaves_the_target_behind() -> None:
    """Neither the next page nor a filter takes the named target along: it would hold the reader where it stands."""
    query = urls.parse("?target=a-b")
    assert urls.encode(query.with_own(page=2)) == "?page=2"
    assert urls.encode(query.with_filter("status", ["met"])) == "?status=met"
    assert urls.parse(urls.encode(query)) == query
