"""Targets by version: what was valid on a day can be told for ever."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dabiao.store import Store
from dabiao.store.declared import TargetRow, file_digests, replace_catalogue, targets_as_of

REGION = {
    "id": "220000",
    "zh": "吉林省",
    "en": "Jilin Province",
    "short_zh": "吉林省",
    "parent": None,
    "level": "province",
    "members": "[]",
    "aliases": "[]",
}
PLAN = {
    "id": "demo-2022",
    "title": "示例",
    "title_en": "Demo",
    "short_zh": "示例",
    "short_en": "Demo",
    "issued": "2022-09-15",
    "region": "220000",
    "period_start": 2022,
    "period_end": 2025,
    "text_sha256": "0",
    "text": "",
}


def load(store: Store, today: str, digests: dict[str, str] | None = None, **targets: Any) -> dict[str, int]:
    """Declare these targets (id and value), as if read from the file on that day."""
    return replace_catalogue(
        store,
        regions=[REGION],
        indicators=[],
        units=[],
        plans=[PLAN],
        targets=[
            (key, "demo-2022", position, "2022-09-15", {"value": value})
            for position, (key, value) in enumerate(targets.items())
        ],
        digests=digests if digests is not None else {"demo-2022.yaml": today},
        now=f"{today}T00:00:00Z",
        today=date.fromisoformat(today),
    )


def values(store: Store, day: str) -> dict[str, Any]:
    return {r.target_id: r.content["value"] for r in targets_as_of(store, date.fromisoformat(day))}


def row(store: Store, day: str, key: str) -> TargetRow:
    return next(r for r in targets_as_of(store, date.fromisoformat(day)) if r.target_id == key)


def test_a_first_version_is_known_from_the_plans_issue(empty_store: Store) -> None:
    """A target loaded today was known since its plan was issued, and not a day before."""
    assert load(empty_store, "2026-11-21", a="30")["added"] == 1
    assert values(empty_store, "2022-09-14") == {}
    assert values(empty_store, "2022-09-15") == {"a": "30"}


def test_an_unchanged_target_is_left_alone(empty_store: Store) -> None:
    """Loading the same again makes no new version."""
    load(empty_store, "2026-11-21", a="30", b="90")
    counts = load(empty_store, "2026-11-22", a="30", b="90")
    assert counts == {"added": 0, "changed": 0, "withdrawn": 0, "unchanged": 2}
    assert row(empty_store, "2026-12-01", "a").version == 1


def test_a_changed_target_is_a_new_version_from_today(empty_store: Store) -> None:
    """A correction is known from the day it was loaded; before that day the old version is what was valid."""
    load(empty_store, "2026-11-21", a="30", b="90")
    counts = load(empty_store, "2026-11-23", a="29", b="90")
    assert counts == {"added": 0, "changed": 1, "withdrawn": 0, "unchanged": 1}
    assert values(empty_store, "2026-11-22") == {"a": "30", "b": "90"}
    assert values(empty_store, "2026-11-23") == {"a": "29", "b": "90"}
    found = row(empty_store, "2026-11-23", "a")
    assert (found.version, found.known_on) == (2, "2026-11-23")


def test_a_withdrawn_target_stays_in_the_past(empty_store: Store) -> None:
    """A target that is gone from the file is withdrawn from today, counted once, and still there as of yesterday."""
    load(empty_store, "2026-11-21", a="30", b="90")
    assert load(empty_store, "2026-11-23", b="90")["withdrawn"] == 1
    assert load(empty_store, "2026-11-24", b="90")["withdrawn"] == 0
    assert values(empty_store, "2026-11-22") == {"a": "30", "b": "90"}
    assert values(empty_store, "2026-11-24") == {"b": "90"}


def test_a_target_may_come_back(empty_store: Store) -> None:
    """A withdrawn target that is declared again is valid again from that day, also with its old content."""
    load(empty_store, "2026-11-21", a="30")
    load(empty_store, "2026-11-22", b="1")
    load(empty_store, "2026-11-23", a="30", b="1")
    assert values(empty_store, "2026-11-22") == {"b": "1"}
    assert values(empty_store, "2026-11-23") == {"a": "30", "b": "1"}
    assert row(empty_store, "2026-11-23", "a").version == 3


def test_two_corrections_on_one_day(empty_store: Store) -> None:
    """Of two versions of one day the later one is valid."""
    load(empty_store, "2026-11-21", a="30")
    load(empty_store, "2026-11-22", a="31")
    load(empty_store, "2026-11-22", a="32")
    assert values(empty_store, "2026-11-22") == {"a": "32"}


def test_targets_stand_in_the_order_of_the_text(empty_store: Store) -> None:
    """The list follows the plan's text, not the alphabet."""
    load(empty_store, "2026-11-21", z="1", a="2", m="3")
    assert list(values(empty_store, "2026-11-21")) == ["z", "a", "m"]


def test_an_unchanged_target_moves_with_the_text(empty_store: Store) -> None:
    """A target that is put in before the others stands before them."""
    load(empty_store, "2026-11-21", a="1", b="2")
    load(empty_store, "2026-11-22", new="0", a="1", b="2")
    assert list(values(empty_store, "2026-11-22")) == ["new", "a", "b"]


def test_a_file_that_is_gone_is_forgotten(empty_store: Store) -> None:
    """The store remembers the files of the last load only: a removed plan file is no change for ever after."""
    load(empty_store, "2026-11-21", {"a.yaml": "1", "b.yaml": "2"}, a="30")
    load(empty_store, "2026-11-22", {"a.yaml": "1"}, a="30")
    assert file_digests(empty_store) == {"a.yaml": "1"}


def test_a_load_that_fails_changes_nothing(empty_store: Store) -> None:
    """A plan that cannot be stored takes the whole load back with it."""
    load(empty_store, "2026-11-21", a="30")
    before = empty_store.data_version()
    with pytest.raises(Exception, match="FOREIGN KEY"):
        replace_catalogue(
            empty_store,
            regions=[{**REGION, "zh": "改名"}],
            indicators=[],
            units=[],
            plans=[{**PLAN, "region": "999999"}],
            targets=[("b", "demo-2022", 0, "2022-09-15", {"value": "1"})],
            digests={},
            now="2026-11-22T00:00:00Z",
            today=date(2026, 11, 22),
        )
    assert empty_store.data_version() == before
    assert values(empty_store, "2026-12-01") == {"a": "30"}
    assert empty_store.rows("SELECT zh FROM regions")[0]["zh"] == "吉林省"


def test_a_file_tells_a_targets_history(empty_store: Store) -> None:
    """Entries of one id are its versions, each valid from its own day; loading them again changes nothing."""
    entries = [
        ("p-t", "p", 0, "2022-01-01", {"value": 30}),
        ("p-t", "p", 1, "2022-01-01", {"value": 28, "since": "2024-05-01"}),
    ]

    def load() -> dict[str, int]:
        return replace_catalogue(
            empty_store,
            regions=[{"id": "1", "zh": "一", "en": "One", "short_zh": "一", "parent": None, "level": "county",
                      "members": "[]", "aliases": "[]"}],
            indicators=[],
            units=[],
            plans=[{"id": "p", "title": "方案", "title_en": "Plan", "short_zh": "方案", "short_en": "Plan",
                    "issuer": None, "document_number": None, "issued": "2022-01-01", "issued_note": None,
                    "region": "1", "period_start": 2022, "period_end": 2025, "note": None,
                    "text_sha256": "0", "text": ""}],
            targets=entries,
            digests={},
            now="2026-11-21T00:00:00Z",
            today=date(2026, 11, 21),
        )  # fmt: skip

    assert load() == {"added": 1, "changed": 0, "withdrawn": 0, "unchanged": 0}
    assert load()["unchanged"] == 1
    seen = {
        day: [t.content["value"] for t in targets_as_of(empty_store, day)]
        for day in (date(2021, 12, 31), date(2024, 4, 30), date(2024, 5, 1))
    }
    assert list(seen.values()) == [[], [30], [28]]
