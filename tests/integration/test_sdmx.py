"""SDMX as its own readers and schemas take it (docs/exports.md)."""

from __future__ import annotations

import csv
import io
import shutil
import warnings
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao import bootstrap
from dabiao.domain.assessment import Status
from dabiao.domain.period import Period
from dabiao.reports.sdmx import Column, Role, Structure, data_csv, structure_xml
from dabiao.services.app import App
from dabiao.services.pages import views
from dabiao.services.publish.sdmx import export_sdmx, observation_rows, sdmx_files, time_period
from tests.conftest import NOW
from tests.factories import settings_of

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def shared(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The bundled values, assessed; nothing here changes them."""
    home = tmp_path_factory.mktemp("sdmx") / "home"
    shutil.copytree(_walked, home)
    app = bootstrap.open_app(settings_of(home))
    yield app
    app.store.close()


@pytest.fixture(scope="module")
def read(shared: App, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    """The structures, and the data sets by dataflow, as the library sdmx1 reads them."""
    out = tmp_path_factory.mktemp("exported")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the library itself is built with
        import sdmx

        export_sdmx(shared, DAY, NOW, out)
        structures = sdmx.read_sdmx(out / "structures.xml")
        sets = {}
        for name in ("observations", "assessments"):
            flow = structures.structure[name.upper()]
            sets[name] = sdmx.read_sdmx(out / f"{name}.csv", structure=flow).data[0]
    return structures, sets


def test_the_structures_are_valid(shared: App) -> None:
    """The structures hold to the schemas that SDMX publishes for version 3.0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pysdmx.errors import Invalid
        from pysdmx.io.xml.doc_validation import validate_doc

        made = sdmx_files(shared, DAY, NOW)["structures.xml"].decode()
        validate_doc(made)
        with pytest.raises(Invalid):
            validate_doc(made.replace('textType="Double"', 'textType="Numbers"', 1))


def test_a_reader_finds_every_value_again(shared: App, read: tuple[Any, dict[str, Any]]) -> None:
    """Each row is one observation with its own key: nothing is lost, nothing stands twice."""
    rows = observation_rows(shared, DAY)
    keys = {tuple(map(str, row[:9])) for row in rows}
    assert len(keys) == len(rows) > 500
    found = {
        tuple(str(obs.dimension[name].value) for name in _KEY): Decimal(obs.value)
        for obs in read[1]["observations"].obs
    }
    assert found == {tuple(map(str, row[:9])): row[9] for row in rows}


_KEY = ("FREQ", "REF_AREA", "INDICATOR", "AUTHORITY", "DUST", "GAS_STATE", "SCOPE", "STANDARD", "TIME_PERIOD")


def test_every_code_is_in_its_list(read: tuple[Any, dict[str, Any]]) -> None:
    """What a coded column holds is a code of the list that its structure names, and each code is named in both languages."""
    structures, sets = read
    for name, data in sets.items():
        flow = structures.structure[name.upper()]
        coded = {
            c.id: structures.codelist[c.local_representation.enumerated.id]
            for c in (*flow.dimensions, *flow.attributes)
            if c.local_representation is not None and c.local_representation.enumerated is not None
        }
        assert {"REF_AREA", "INDICATOR", "TIER"} <= coded.keys()
        for obs in data.obs:
            told = {
                k: str(v.value) for k, v in (*obs.dimension.values.items(), *obs.attached_attribute.items())
            }
            assert all(told[c] in codes.items for c, codes in coded.items() if told.get(c))
    for codes in structures.codelist.values():
        named = [set(code.name.localizations) for code in codes.items.values()]
        assert all("zh" in languages for languages in named)


def test_an_assessment_is_the_status_of_the_day(shared: App, read: tuple[Any, dict[str, Any]]) -> None:
    """Each target is there once, with its status; the measure is its attainment, NaN where none is given."""
    told = {
        str(o.dimension["TARGET"].value): (str(o.attached_attribute["STATUS"].value), str(o.value))
        for o in read[1]["assessments"].obs
    }
    verdicts = {v.declared.target.id: v.assessment for v in views.verdicts(shared, DAY, NOW)}
    assert {name: status for name, (status, _) in told.items()} == {
        n: str(a.status) for n, a in verdicts.items()
    }
    assert {n for n, (_, value) in told.items() if value == "NaN"} == {
        n for n, a in verdicts.items() if a.attainment is None
    }
    assert {Status.MET, Status.ON_TRACK} <= {a.status for a in verdicts.values()}


def test_the_same_day_gives_the_same_bytes(shared: App) -> None:
    """The same store and day give the same bytes at any moment; an earlier day has no later value."""
    files = sdmx_files(shared, DAY, NOW)
    assert sdmx_files(shared, DAY, NOW + timedelta(days=2)) == files
    assert not files["observations.csv"].startswith(b"\xef\xbb\xbf")
    earlier = observation_rows(shared, date(2022, 12, 31))
    assert earlier
    assert max(str(row[8]) for row in earlier) < "2023"


@pytest.mark.parametrize(
    ("period", "written"),
    [
        ("2024", "2024"),
        ("2024-Q3", "2024-Q3"),
        ("2024-11", "2024-11"),
        ("2024-01/2024-05", "2024-01-01/P5M"),
        ("2024-01/2024-11", "2024-01-01/P11M"),
    ],
)
def test_periods_as_sdmx_writes_them(period: str, written: str) -> None:
    """Years, quarters and months are SDMX's own; the months so far are a time range."""
    assert time_period(Period.parse(period)) == written


def test_a_text_is_one_line_and_a_measure_never_empty() -> None:
    """Readers go by lines, so a break in a text is a space; a measure that there is none of is NaN, an attribute is empty."""
    columns = (
        Column("A", Role.DIMENSION, {"en": "A"}),
        Column("OBS_VALUE", Role.MEASURE, {"en": "B"}),
        Column("C", Role.ATTRIBUTE, {"en": "C"}),
    )
    made = data_csv(
        Structure("FLOW", {"en": "Flow"}, columns),
        [("one\r\n two", None, None), ('"', Decimal("1.50"), "=x")],
    )
    lines = io.StringIO(made.decode(), newline="").read().split("\r\n")
    assert lines[1] == "dataflow,DABIAO:FLOW(1.0.0),I,one two,NaN,"
    assert lines[2] == 'dataflow,DABIAO:FLOW(1.0.0),I,"""",1.50,=x'


def test_a_row_of_another_width_is_a_wrong_program() -> None:
    """A row that does not fit its structure stops the export."""
    with pytest.raises(ValueError, match="FLOW"):
        data_csv(Structure("FLOW", {"en": "Flow"}, ()), [(1,)])


@given(st.text(), st.one_of(st.none(), st.text()))
def test_any_text_can_be_written(name: str, told: str | None) -> None:
    """Whatever stands in a name or a quote, the structures are XML and a row stays one row."""
    columns = (Column("A", Role.DIMENSION, {"en": name}, "A"), Column("B", Role.ATTRIBUTE, {"en": "B"}))
    flow = Structure("FLOW", {"en": name}, columns)
    root = ElementTree.fromstring(
        structure_xml((flow,), {"A": {"a": {"en": name, "zh": name}}}, {"en": name}, DAY)
    )
    assert root.tag.endswith("Structure")
    lines = data_csv(flow, [("a", told)]).decode().splitlines()
    assert len(lines) == 2
    (row,) = csv.reader(lines[1:])
    assert row[4].split() == (told or "").encode(errors="replace").decode().split()
