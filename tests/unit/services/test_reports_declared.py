"""Due days of reports, from the plan file to the target."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from dabiao.domain.reports_due import ReportsDue
from dabiao.plans.schema import PlanFile, ReportsSpec
from dabiao.services.declare.targets import content_of, from_content

HEAD = {
    "id": "demo-2022",
    "title": "示例方案",
    "title_en": "A plan",
    "short_zh": "示例",
    "short_en": "Demo",
    "issued": "2022-09-15",
    "region": "220000",
    "period": {"start": 2022, "end": 2025},
    "text_sha256": "0" * 64,
}
TASK = {
    "id": "demo-2022-task",
    "indicator": "task",
    "region": "220000",
    "measure": "qualitative",
    "kind": "milestone",
    "deadline": "2025",
    "clause": "一",
    "quote": "完成任务",
}
NUMBER = TASK | {"measure": "numeric", "comparator": "<=", "value": 30}


def due(head: dict[str, Any], target: dict[str, Any]) -> ReportsDue | None:
    """What the stored target says of its reports."""
    plan = PlanFile.model_validate({"schema": 1, "plan": HEAD | head, "targets": [target]})
    return from_content(plan.targets[0].id, plan.plan.id, content_of(plan.targets[0], plan)).reports


YEARLY = {"reports": {"by": ["03-31"], "note": "每年一季度末前报送"}}
HALVES = {"reports": {"by": ["01-10", "07-10"], "note": "自定"}}
SINCE = {"since": "2024-05-01", "since_note": "吉环发〔2024〕1号"}


@pytest.mark.parametrize(
    ("head", "target", "expected"),
    [
        ({}, TASK, None),
        (YEARLY, TASK, ReportsDue(((3, 31),), date(2022, 9, 15))),
        ({}, TASK | YEARLY, ReportsDue(((3, 31),), date(2022, 9, 15))),
        (YEARLY, TASK | HALVES, ReportsDue(((1, 10), (7, 10)), date(2022, 9, 15))),
        (YEARLY, TASK | SINCE, ReportsDue(((3, 31),), date(2024, 5, 1))),
        (YEARLY, NUMBER, None),
    ],
)
def test_a_targets_own_days_go_before_the_plans(
    head: dict[str, Any], target: dict[str, Any], expected: ReportsDue | None
) -> None:
    """Only targets without a number are reported on, from the day on which the plan or its correction counts."""
    assert due(head, target) == expected


@pytest.mark.parametrize("by", [[], ["02-29"], ["13-01"], ["3-31"], ["07-10", "01-10"], ["01-10", "01-10"]])
def test_days_that_not_every_year_has_or_out_of_order_are_refused(by: list[str]) -> None:
    with pytest.raises(ValidationError):
        ReportsSpec(by=by, note="自定")
