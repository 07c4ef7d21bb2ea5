"""SDMX 3.0: data as SDMX-CSV 2.0, and the structures that say what its columns mean as SDMX-ML."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from xml.etree import ElementTree as Xml

from dabiao.reports.tables import cell

AGENCY = "DABIAO"
VERSION = "1.0.0"
INFORMATION = "I"
"""The action of every row: it informs; nothing is asked of the receiver's own data."""

MISSING = "NaN"
"""SDMX's word for a measure that there is none of."""

_SDMX = "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/"
_MES, _STR, _COM = (f"{{{_SDMX}{part}}}" for part in ("message", "structure", "common"))
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_URN = "urn:sdmx:org.sdmx.infomodel."
_BREAKS = re.compile(r"\s+")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Names = Mapping[str, str]
"""What something is called, by language code (``en``, ``zh``)."""


class Role(StrEnum):
    """What a column is of a structure."""

    DIMENSION = "dimension"
    TIME = "time"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class Column:
    """A component of a data structure, whose concept has its name.

    Attributes:
        codes: the list of its codes; ``None`` for free text and numbers.
        text: SDMX's type of what is not coded.
    """

    id: str
    role: Role
    names: Names
    codes: str | None = None
    text: str = "String"


@dataclass(frozen=True, slots=True)
class Structure:
    """A data structure, and the dataflow of the same id that is made by it."""

    id: str
    names: Names
    columns: tuple[Column, ...]

    @property
    def reference(self) -> str:
        """The dataflow as SDMX-CSV names it in every row."""
        return f"{AGENCY}:{self.id}({VERSION})"


Codes = Mapping[str, Mapping[str, Names]]
"""Code lists by id: what each code is called."""


def data_csv(structure: Structure, rows: Iterable[Sequence[object]]) -> bytes:
    """Rows of a dataflow as SDMX-CSV 2.0: no byte-order mark, and every break in a text is a space, as readers go by lines.

    Args:
        structure: its columns, in the order of the cells.
        rows: cells; ``None`` is left empty, and :data:`MISSING` in a measure.

    Raises:
        ValueError: a row has another number of cells than the structure has columns.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *(c.id for c in structure.columns)])
    for row in rows:
        if len(row) != len(structure.columns):
            raise ValueError(f"{structure.id}: {len(row)} cells under {len(structure.columns)} columns")
        cells = (
            MISSING if value is None and c.role is Role.MEASURE else _text(value)
            for c, value in zip(structure.columns, row, strict=True)
        )
        writer.writerow(["dataflow", structure.reference, INFORMATION, *cells])
    return out.getvalue().encode(errors="replace")


def _text(value: object) -> str:
    return _BREAKS.sub(" ", value).strip() if isinstance(value, str) else cell(value)


def structure_xml(structures: Sequence[Structure], codes: Codes, concepts: Names, prepared: date) -> bytes:
    """Code lists, concepts, data structures and dataflows as one SDMX-ML 3.0 message.

    Args:
        structures: those that are exchanged; a concept that two of them have is called the same in both.
        codes: every list that their columns name.
        concepts: what the scheme of the concepts is called.
        prepared: the day that the message carries.
    """
    for prefix, namespace in (("mes", _MES), ("str", _STR), ("com", _COM)):
        Xml.register_namespace(prefix, namespace[1:-1])
    root = Xml.Element(f"{_MES}Structure")
    header = Xml.SubElement(root, f"{_MES}Header")
    for name, text in (
        ("ID", "DABIAO_STRUCTURES"),
        ("Test", "false"),
        ("Prepared", f"{prepared.isoformat()}T00:00:00Z"),
    ):
        Xml.SubElement(header, f"{_MES}{name}").text = text
    Xml.SubElement(header, f"{_MES}Sender", {"id": AGENCY})
    parts = Xml.SubElement(root, f"{_MES}Structures")
    _codelists(parts, structures, codes)
    _concepts(parts, structures, concepts)
    _dataflows(parts, structures)
    _structures(parts, structures)
    Xml.indent(root, " ")
    return bytes(Xml.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def _named(parent: Xml.Element, tag: str, key: str, names: Names, **more: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{_STR}{tag}", {"id": key, **more})
    for language, name in names.items():
        Xml.SubElement(found, f"{_COM}Name", {_LANG: language}).text = _NO_XML.sub("\ufffd", name)
    return found


def _maintained(parent: Xml.Element, tag: str, key: str, names: Names) -> Xml.Element:
    return _named(parent, tag, key, names, agencyID=AGENCY, version=VERSION)


def _codelists(parts: Xml.Element, structures: Sequence[Structure], codes: Codes) -> None:
    """The lists, each called as the column is that it was made for."""
    lists = Xml.SubElement(parts, f"{_STR}Codelists")
    columns = {c.codes: c.names for s in structures for c in s.columns}
    for key, members in codes.items():
        found = _maintained(lists, "Codelist", f"CL_{key}", columns[key])
        for code, names in members.items():
            _named(found, "Code", code, names)


def _concepts(parts: Xml.Element, structures: Sequence[Structure], names: Names) -> None:
    scheme = _maintained(Xml.SubElement(parts, f"{_STR}ConceptSchemes"), "ConceptScheme", "CONCEPTS", names)
    for key, called in {c.id: c.names for s in structures for c in s.columns}.items():
        _named(scheme, "Concept", key, called)


def _dataflows(parts: Xml.Element, structures: Sequence[Structure]) -> None:
    flows = Xml.SubElement(parts, f"{_STR}Dataflows")
    for s in structures:
        flow = _maintained(flows, "Dataflow", s.id, s.names)
        Xml.SubElement(
            flow, f"{_STR}Structure"
        ).text = f"{_URN}datastructure.DataStructure={AGENCY}:{s.id}({VERSION})"


def _structures(parts: Xml.Element, structures: Sequence[Structure]) -> None:
    found = Xml.SubElement(parts, f"{_STR}DataStructures")
    for s in structures:
        made = _maintained(found, "DataStructure", s.id, s.names)
        components = Xml.SubElement(made, f"{_STR}DataStructureComponents")
        dimensions = Xml.SubElement(components, f"{_STR}DimensionList", {"id": "DimensionDescriptor"})
        attributes = Xml.SubElement(components, f"{_STR}AttributeList", {"id": "AttributeDescriptor"})
        measures = Xml.SubElement(components, f"{_STR}MeasureList", {"id": "MeasureDescriptor"})
        keys = [c for c in s.columns if c.role is Role.DIMENSION]
        for position, column in enumerate(keys, 1):
            _component(dimensions, "Dimension", column, position=str(position))
        for column in s.columns:
            if column.role is Role.TIME:
                _component(dimensions, "TimeDimension", column)
            elif column.role is Role.MEASURE:
                _component(measures, "Measure", column, usage="optional")
            elif column.role is Role.ATTRIBUTE:
                attribute = _component(attributes, "Attribute", column, usage="optional")
                related = Xml.SubElement(attribute, f"{_STR}AttributeRelationship")
                Xml.SubElement(related, f"{_STR}Observation")


def _component(parent: Xml.Element, tag: str, column: Column, **more: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{_STR}{tag}", {"id": column.id, **more})
    Xml.SubElement(
        found, f"{_STR}ConceptIdentity"
    ).text = f"{_URN}conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{column.id}"
    representation = Xml.SubElement(found, f"{_STR}LocalRepresentation")
    if column.codes is None:
        text = "ObservationalTimePeriod" if column.role is Role.TIME else column.text
        Xml.SubElement(representation, f"{_STR}TextFormat", {"textType": text})
    else:
        Xml.SubElement(
            representation, f"{_STR}Enumeration"
        ).text = f"{_URN}codelist.Codelist={AGENCY}:CL_{column.codes}({VERSION})"
    return found
