"""The audit table: appended to, chained, and nothing else."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from dabiao.domain.chain import BEGINNING, canonical, link
from dabiao.store import Store, audit
from dabiao.store.audit import Broken, Entry

NOW = "2026-11-21T02:00:00Z"


def entry(number: int) -> Entry:
    return Entry("张三", "test.done", f"thing:{number}", {"n": number, "文": "字", "x": 0.1})


@pytest.fixture
def store(empty_store: Store) -> Store:
    """A chain of the first row and nine more."""
    with empty_store.write() as db:
        audit.append(db, NOW, [entry(n) for n in range(2, 11)])
    return empty_store


def tamper(store: Store, *statements: str) -> None:
    """Change the table as someone with the file could: without its triggers."""
    with store.write() as db:
        for name in ("audit_no_update", "audit_no_delete", "audit_one_chain"):
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)


def test_the_chain_begins_with_what_was_there(empty_store: Store) -> None:
    """A store's first row says what it held when the chain began."""
    first = next(audit.rows(empty_store))
    assert (first["id"], first["actor"], first["action"], first["previous"]) == (
        1,
        "system",
        "store.chained",
        BEGINNING,
    )
    assert audit.check(empty_store) == (1, None)


def test_rows_chain(store: Store) -> None:
    """Each row carries the digest of the one before, and the whole holds; more follow in another transaction."""
    assert audit.check(store) == (10, None)
    with store.write() as db:
        assert audit.append(db, NOW, [entry(11), entry(12)]) == range(11, 13)
        assert audit.append(db, NOW, []) == range(13, 13)
    found = list(audit.rows(store))
    assert [r["previous"] for r in found[1:]] == [r["hash"] for r in found[:-1]]
    assert audit.check(store) == (12, None)
    assert audit.head(store) == (12, found[-1]["hash"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = '李四' WHERE id = 3",
        "DELETE FROM audit WHERE id = 10",
        "INSERT OR REPLACE INTO audit SELECT id, at, '李四', action, subject, details, previous, hash FROM audit WHERE id = 3",
        "INSERT INTO audit SELECT 12, at, actor, action, subject, details, hash, 'x' FROM audit WHERE id = 10",
        "INSERT INTO audit SELECT 11, at, actor, action, subject, details, hash, 'x' FROM audit WHERE id = 9",
    ],
)
def test_the_table_itself_refuses(store: Store, statement: str) -> None:
    """No row is changed, deleted, replaced, left out, or chained to any but the last."""
    with pytest.raises(sqlite3.IntegrityError, match="audit row"), store.write() as db:
        db.execute(statement)
    assert audit.check(store) == (10, None)


@pytest.mark.parametrize(
    ("statement", "held", "broken"),
    [
        ("UPDATE audit SET actor = '李四' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET at = '2026-01-01T00:00:00Z' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET subject = 'thing:0' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET action = 'x.y' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET details = replace(details, '3', '4') WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET details = details || ' ' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET hash = 'x' WHERE id = 3", 2, Broken(3, "changed")),
        ("UPDATE audit SET previous = 'x' WHERE id = 3", 2, Broken(3, "unlinked")),
        ("DELETE FROM audit WHERE id = 3", 2, Broken(3, "missing")),
        ("DELETE FROM audit WHERE id = 1", 0, Broken(1, "missing")),
        ("DELETE FROM audit", 0, Broken(1, "missing")),
    ],
)
def test_the_first_broken_row_is_found(store: Store, statement: str, held: int, broken: Broken) -> None:
    """Whatever was changed or taken out, the check names the first row at which the chain does not hold."""
    tamper(store, statement)
    assert audit.check(store) == (held, broken)


def test_a_row_forged_with_its_digest_breaks_the_next(store: Store) -> None:
    """Someone who computes the digest of a changed row anew is found at the row after it."""
    row = next(audit.rows(store, 2))
    details = '{"n":99}'
    forged = link(row["previous"], 3, row["at"], row["actor"], row["action"], row["subject"], details)
    tamper(store, f"UPDATE audit SET details = '{details}', hash = '{forged}' WHERE id = 3")
    assert audit.check(store) == (3, Broken(4, "unlinked"))


def test_an_end_that_was_cut_off_is_found_by_a_noted_row(store: Store) -> None:
    """A chain without its end still holds; only the row noted elsewhere tells."""
    number, digest = audit.head(store)
    assert audit.check(store, number, digest) == (1, None)
    tamper(store, "DELETE FROM audit WHERE id > 8")
    assert audit.check(store) == (8, None)
    assert audit.check(store, number, digest) == (0, Broken(10, "missing"))
    assert audit.check(store, 8, digest) == (0, Broken(8, "changed"))


def test_checking_from_a_row_trusts_those_before(store: Store) -> None:
    """From a row on, what was changed before it is not looked at."""
    tamper(store, "UPDATE audit SET actor = '李四' WHERE id = 3")
    assert audit.check(store, 4) == (7, None)
    assert audit.check(store, 3) == (0, Broken(3, "changed"))
    assert audit.check(store, 11) == (0, Broken(11, "missing"))


def test_what_is_rolled_back_leaves_no_row(store: Store) -> None:
    """An entry stands and falls with the transaction that it is about."""

    def both(db: Database) -> None:
        audit.append(db, NOW, [entry(11)])
        audit.append(db, NOW, [Entry("甲", "a.b", "t:1", {"x": float("nan")})])

    with pytest.raises(ValueError, match="JSON"), store.write() as db:
        both(db)
    assert audit.check(store) == (10, None)


def test_many_rows_are_read_in_parts(empty_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts join without a gap or a double, also where the last one is full."""
    monkeypatch.setattr(audit, "_TOGETHER", 4)
    with empty_store.write() as db:
        audit.append(db, NOW, [entry(n) for n in range(2, 9)])
    assert [r["id"] for r in audit.rows(empty_store)] == list(range(1, 9))
    assert [r["id"] for r in audit.rows(empty_store, 4)] == [5, 6, 7, 8]
    assert [r["id"] for r in audit.rows(empty_store, action="test.")] == list(range(2, 9))
    assert [r["id"] for r in audit.rows(empty_store, subject="thing:5")] == [5]


def _write(path: Path, rows: int, ready: Callable[[], object]) -> None:
    store = Store.open(path, 20_000)
    ready()
    for n in range(rows):
        with store.write() as db:
            audit.append(db, NOW, [entry(n)])
    store.close()


def test_two_writers_make_one_chain(store: Store) -> None:
    """Processes that append at the same time take turns; no row is lost and the chain does not fork."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    writers = [context.Process(target=_write, args=(store.path, 60, barrier.wait)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [w.exitcode for w in writers] == [0, 0, 0]
    assert audit.check(store) == (190, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3))
def test_what_is_read_back_has_the_digest_of_what_was_written(details: dict[str, object]) -> None:
    """The canonical text of any JSON is the same after it was read back, whatever the order of its names."""
    import json

    text = canonical(details)
    assert canonical(json.loads(text)) == text
    assert canonical(dict(reversed(details.items()))) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(value: float) -> None:
    """No number that another program reads differently gets into the chain."""
    with pytest.raises(ValueError, match="JSON"):
        canonical({"x": value})


@pytest.mark.parametrize("place", range(6))
def test_every_part_is_in_the_digest(place: int) -> None:
    """Two rows that differ in any part have different digests."""
    row: list[object] = [2, NOW, "张三", "a.b", "t:1", "{}"]
    other = list(row)
    other[place] = {0: 3}.get(place, "z")
    assert link(BEGINNING, *row) != link(BEGINNING, *other)  # type: ignore[arg-type]
    assert link(BEGINNING, *row) != link("1" * 64, *row)  # type: ignore[arg-type]
