"""Classes of sections in the store to their shares."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from dabiao.domain.observation import State
from dabiao.services.app import App
from dabiao.services.derive.derived import derive
from dabiao.store import derivations
from tests.unit.services.derive_cases import CITY, derived, tell, value

NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)
GOOD, WORSE = "surface_water_good_ratio", "surface_water_inferior_v_ratio"


def classes(app: App, period: str, known_on: str, given: str, **more: str) -> None:
    """One class a digit, of the sections 甲, 乙 …"""
    for section, digit in zip("甲乙丙丁戊己", given, strict=False):
        tell(app, "water_section_class", {period: digit}, known_on, scope=f"国控断面:{section}", **more)


def test_shares_of_sections(app: App) -> None:
    """Five sections, three of them Ⅰ to Ⅲ and one worse than Ⅴ: 60 % and 20 %, on the basis of their set."""
    classes(app, "2025", "2026-03-01", "12346")
    derive(app, NOW)
    found = derived(app, "2026-11-21")
    assert (found[GOOD, "2025", ""].value, found[WORSE, "2025", ""].value) == (
        Decimal("60.0"),
        Decimal("20.0"),
    )
    assert found[GOOD, "2025", ""].basis.scope == "国控"
    (row,) = derivations.known(app.store, date(2026, 11, 21), CITY, GOOD)
    assert (row["outcome"], row["count"], row["standard"]) == ("no_rule", 5, "GB3838-2002")


def test_a_revised_class_revises_the_share_from_its_day(app: App) -> None:
    """A section reclassified in June changes its own period from June on, and no other; a second run does nothing."""
    classes(app, "2024", "2025-03-01", "3344")
    classes(app, "2025", "2026-03-01", "3344")
    derive(app, NOW)
    tell(app, "water_section_class", {"2025": "3"}, "2026-06-01", scope="国控断面:丙")
    counts = derive(app, NOW)
    assert (counts.derived, counts.revised) == (0, 2)
    assert value(app, GOOD, "2025", "2026-05-31") == 50
    assert value(app, GOOD, "2025", "2026-06-01") == 75
    assert value(app, GOOD, "2024", "2026-06-01") == 50
    assert derive(app, NOW).places == 0


def test_a_section_that_comes_late_counts_from_then_on(app: App) -> None:
    """A share is of the sections known by then: a third one, published later, changes it on that day."""
    classes(app, "2025-06", "2025-07-05", "25")
    tell(app, "water_section_class", {"2025-06": "1"}, "2025-07-20", scope="国控断面:丙", state="flash")
    derive(app, NOW)
    assert value(app, GOOD, "2025-06", "2025-07-19") == 50
    assert value(app, GOOD, "2025-06", "2025-07-20") == Decimal("66.7")
    assert derived(app, "2025-07-20")[GOOD, "2025-06", ""].state is State.FLASH


def test_what_is_no_class_or_no_section_is_left_out(app: App) -> None:
    """A class of 7 or 2.5, and a class of a place that names no section, enter no share."""
    classes(app, "2025", "2026-03-01", "24")
    tell(app, "water_section_class", {"2025": "7"}, "2026-03-01", scope="国控断面:丙")
    tell(app, "water_section_class", {"2025": "2.5"}, "2026-03-01", scope="国控断面:丁")
    tell(app, "water_section_class", {"2025": "6"}, "2026-03-01")
    derive(app, NOW)
    assert value(app, GOOD, "2025", "2026-11-21") == 50
