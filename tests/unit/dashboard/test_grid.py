"""A long list goes out in blocks, in the order that the grid asks for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from dabiao.services.app import App
from dabiao.services.pages import view_extras, views
from dashboard import urls
from dashboard.asked import Asked, Say
from dashboard.components import grid

DAY = date(2026, 11, 21)


@pytest.fixture
def asked(walked_app: App, now: datetime) -> Asked:
    """A request of the bundled data."""
    return Asked(walked_app, urls.Query(), Say("en"), "light", now, DAY, DAY)


def block(asked: Asked, start: int, end: int, *order: tuple[str, str]) -> dict[str, Any]:
    """A block of all targets."""
    sorts = [{"colId": column, "sort": way} for column, way in order]
    plans = view_extras.plan_names(asked.app, "en")
    wanted = {"startRow": start, "endRow": end, "sortModel": sorts}
    return grid.block(views.urgent(asked.app, DAY, asked.now, {}), plans, asked, wanted)


def test_blocks_together_are_the_list(asked: Asked) -> None:
    """Every target is in one block, in the order of urgency; each block says how many there are."""
    urgent = views.urgent(asked.app, DAY, asked.now, {})
    found: list[str] = []
    for start in range(0, len(urgent), 40):
        answer = block(asked, start, start + 40)
        assert answer["rowCount"] == len(urgent)
        found += [row["id"] for row in answer["rowData"]]
    assert found == [v.assessment.target_id for v in urgent]


def test_a_block_is_never_the_whole_of_a_long_list(asked: Asked) -> None:
    """Whatever is asked for, no more than a block goes out, and past the end there is nothing."""
    assert len(block(asked, 0, 100_000)["rowData"]) == grid.BLOCK
    assert block(asked, 100_000, 100_025)["rowData"] == []


@pytest.mark.parametrize(
    "column", ["status", "outlook", "latest", "deadline", "region", "goal", "plan", "units"]
)
def test_both_directions_have_what_is_missing_last(asked: Asked, column: str) -> None:
    """Up is down reversed among the rows that have a value; those without one come at the end of both."""
    field = {"status": "status_order", "outlook": "attainment", "latest": "latest_value"}.get(column, column)

    def values(way: str) -> list[Any]:
        total = block(asked, 0, 1)["rowCount"]
        starts = range(0, total, grid.BLOCK)
        rows = [r for s in starts for r in block(asked, s, s + grid.BLOCK, (column, way))["rowData"]]
        return [None if row[field] in (None, "—") else row[field] for row in rows]

    up, down = values("asc"), values("desc")
    held = sum(value is not None for value in up)
    assert all(value is None for value in [*up[held:], *down[held:]])
    assert up[:held] == down[:held][::-1]


def test_the_first_column_chosen_decides_and_the_next_breaks_ties(asked: Asked) -> None:
    """Two columns order as the grid names them."""
    rows = block(asked, 0, grid.BLOCK, ("deadline", "asc"), ("status", "desc"))["rowData"]
    keys = [(row["deadline"], -row["status_order"]) for row in rows]
    assert keys == sorted(keys)


def test_a_column_that_there_is_not_changes_nothing(asked: Asked) -> None:
    """What the grid never sends is passed over."""
    assert block(asked, 0, 10, ("nothing", "asc")) == block(asked, 0, 10)


def test_only_a_long_list_comes_in_blocks(asked: Asked) -> None:
    """A list of up to WHOLE rows is sent with the page, to be sorted and printed whole; one more is not."""
    plans = view_extras.plan_names(asked.app, "en")
    one = views.urgent(asked.app, DAY, asked.now, {})[:1]
    short = grid.grid(one * grid.WHOLE, plans, asked).children
    long = grid.grid(one * (grid.WHOLE + 1), plans, asked).children
    assert len(short.rowData) == grid.WHOLE
    tools, on_paper, blocks = long
    assert blocks.rowModelType == "infinite"
    assert getattr(blocks, "rowData", None) is None
    assert tools.children[0].href == "/print/targets"
    assert str(grid.WHOLE + 1) in on_paper.children
