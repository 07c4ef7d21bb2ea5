"""Open SDG's files: what ``sdg-build`` reads a site's data, metadata and translations from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import yaml

from dabiao.reports.tables import cell

LANGUAGES = {"en": "en", "zh-CN": "zh-Hans"}
"""Open SDG's codes of the languages; the first is that of the files outside language folders."""

OBSERVATION_STATUS = "Observation status"
NOT_DISAGGREGATIONS = ("Year", "Units", "Series", "Value", OBSERVATION_STATUS)
"""Columns by which ``sdg-build`` does not tell series apart."""

Translations = Mapping[str, Mapping[str, str]]
"""By language: what stands in a data file, and how it is said."""


class Value(NamedTuple):
    """One row of a data file. A row without region and basis belongs to the headline series, which is the one judged."""

    year: int
    region: str | None
    basis: str | None
    status: str
    units: str | None
    value: Decimal


@dataclass(frozen=True, slots=True)
class Page:
    """One indicator page of a site: here, one declared target.

    Attributes:
        id: ``GOAL-REST``, as the files are named.
        values: of every series shown, the headline's first.
        meta: fields by name, in the first of :data:`LANGUAGES`.
        said: those fields again that differ, by the other languages' codes.
    """

    id: str
    values: tuple[Value, ...]
    meta: Mapping[str, Any]
    said: Mapping[str, Mapping[str, Any]]


def indicator_id(plan: str, target: str) -> str:
    """Open SDG's id of a target: the plan stands for the goal, which ends at the first hyphen.

    ``jilin-2024``, ``jilin-2024-pm25-2025`` → ``jilin2024-pm25-2025``.
    """
    return f"{plan.replace('-', '')}-{target.removeprefix(f'{plan}-')}"


def package(pages: Sequence[Page], translations: Translations) -> dict[str, bytes]:
    """Every file of the site's data by its path, in the order of the pages.

    Args:
        pages: the indicator pages.
        translations: of the words that stand in the data files.
    """
    files = {"config_data.yml": yaml_bytes(_config()), "metadata_schema.yml": yaml_bytes(_schema(pages))}
    for language, words in translations.items():
        files[f"translations/{language}/data.yml"] = yaml_bytes(dict(sorted(words.items())))
    for page in pages:
        if page.values:
            files[f"data/indicator_{page.id}.csv"] = data_bytes(page.values)
        files[f"meta/{page.id}.yml"] = yaml_bytes(page.meta)
        for language, fields in page.said.items():
            files[f"meta/{language}/{page.id}.yml"] = yaml_bytes(fields)
    return files


def data_bytes(values: Iterable[Value]) -> bytes:
    """A data file: ``Year`` first and ``Value`` last, and between them only columns in which something stands.

    It has no byte-order mark and no guard against spreadsheets: ``sdg-build`` takes every character as data.
    """
    rows = [(v.year, v.region, v.basis, v.status, v.units, v.value) for v in values]
    names = ("Year", "Region", "Basis", OBSERVATION_STATUS, "Units", "Value")
    kept = [i for i in range(len(names)) if any(row[i] is not None for row in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([names[i] for i in kept])
    writer.writerows([_text(row[i]) for i in kept] for row in rows)
    return out.getvalue().encode(errors="replace")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else cell(value)


def yaml_bytes(content: Mapping[str, Any]) -> bytes:
    """A YAML file in the order of its mapping; the same content gives the same bytes."""
    text: str = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False, width=120)
    return text.encode(errors="replace")


def _config() -> dict[str, Any]:
    return {
        "languages": list(LANGUAGES.values()),
        "src_dir": "",
        "site_dir": "_site",
        "schema_file": "metadata_schema.yml",
        "inputs": [
            {"class": "InputCsvData", "path_pattern": "data/*-*.csv"},
            {"class": "InputYamlMeta", "path_pattern": "meta/*-*.yml", "git": False},
        ],
        "translations": [{"class": "TranslationInputYaml", "source": "translations"}],
        "indicator_options": {
            "non_disaggregation_columns": list(NOT_DISAGGREGATIONS),
            "series_column": "Series",
            "unit_column": "Units",
        },
    }


def _schema(pages: Sequence[Page]) -> dict[str, Any]:
    """The metadata's fields as the forms of Open SDG declare them; what has parts of its own is declared to no form."""
    kinds: dict[str, str] = {}
    for page in pages:
        for name, value in page.meta.items():
            if not isinstance(value, list | dict):
                kinds.setdefault(name, "checkbox" if isinstance(value, bool) else "text")
    kinds.setdefault("reporting_status", "text")
    fields = [
        {"name": name, "field": {"element": kind, "label": name, "scope": _scope(name)}}
        for name, kind in sorted(kinds.items())
    ]
    return {"prose": {"metadata": {"meta": fields}}}


def _scope(name: str) -> str:
    return "national" if name.startswith(("dabiao_", "national_")) else "data"
