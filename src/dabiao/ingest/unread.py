"""Why no table of a file was read, said as helpfully as can be told without guessing."""

from __future__ import annotations

from collections.abc import Sequence

from dabiao.domain.catalogue import Catalogue
from dabiao.errors import ImportRefused
from dabiao.ingest.headings import Heading, is_period, read_heading
from dabiao.ingest.readers.interface import Cell, Hole, Sheet, blank, shown
from dabiao.ingest.titles import search_periods

_LOOKED = 30
_NONE = "–"


def refusal(sheets: Sequence[Sheet], file: str, catalogue: Catalogue, encoding: str | None) -> ImportRefused:
    """The refusal of a file in which no heading was recognised.

    ``ranks_no_values`` (a table of ranks only), ``heading_missing`` (data without a heading), ``layout_unknown``, or
    ``layout_unknown_gb18030``: nothing that is known stands in a text that only GB18030 could read, so it may be another encoding.
    """
    best: list[Heading] = []
    for sheet in sheets:
        rows = [row for row in sheet.rows[:_LOOKED] if sum(not blank(c) for c in row) > 1]
        for row in rows:
            headings = [h for i, c in enumerate(row) if (h := read_heading(i, c, catalogue)).kind != "blank"]
            kinds = {h.kind for h in headings}
            places = any(h.name in ("region", "adcode") for h in headings if h.kind == "field")
            if places and "rank" in kinds and not kinds & {"indicator", "period"}:
                return ImportRefused("ranks_no_values", file=file, seen=_seen(headings))
            if _score(headings) > _score(best):
                best = headings
        if rows and _is_data(rows[0], catalogue):
            seen = " | ".join(shown(c) for c in rows[0] if not blank(c))[:120]
            return ImportRefused("heading_missing", file=file, seen=seen)
    if not best:
        best = _widest(sheets)
    known = any(h.kind in ("field", "indicator", "region", "rank") for h in best)
    code = "layout_unknown_gb18030" if encoding == "gb18030" and not known else "layout_unknown"
    lacks = _lacks(best, _dated(sheets, file)) if known else _NONE
    return ImportRefused(code, file=file, seen=_seen(best), lacks=lacks)


def _score(headings: Sequence[Heading]) -> tuple[int, int]:
    return sum(h.kind not in ("unknown", "blank") for h in headings), len(headings)


def _seen(headings: Sequence[Heading]) -> str:
    return " | ".join(h.printed for h in headings)[:200] or _NONE


def _widest(sheets: Sequence[Sheet]) -> list[Heading]:
    """The first cells of a file in which no row has more than one."""
    cells = [shown(c) for sheet in sheets for row in sheet.rows[:_LOOKED] for c in row if not blank(c)]
    return [Heading(i, text, "unknown") for i, text in enumerate(cells[:8])]


def _dated(sheets: Sequence[Sheet], file: str) -> bool:
    """Whether some title or name says one period."""
    titles = [shown(c) for s in sheets for row in s.rows[:_LOOKED] if len(row) == 1 for c in row]
    return any(len(search_periods(t)) == 1 for t in (*titles, *(s.name or "" for s in sheets), file))


def _lacks(headings: Sequence[Heading], dated: bool) -> str:
    """What a table needs and neither these headings nor the title say, as field names."""
    kinds, names = {h.kind for h in headings}, {h.name for h in headings if h.kind == "field"}
    lacking = []
    if not names & {"region", "adcode"} and "region" not in kinds:
        lacking.append("region")
    if "indicator" not in names and "indicator" not in kinds:
        lacking.append("indicator")
    if not dated and not names & {"period", "year"} and "period" not in kinds:
        lacking.append("period")
    if "value" not in names and not kinds & {"indicator", "period", "region"}:
        lacking.append("value")
    return ", ".join(lacking) or _NONE


def _is_data(row: Sequence[Cell | Hole], catalogue: Catalogue) -> bool:
    """Whether a first row is data: it holds a number and a declared place or a period, and no word of a heading."""
    full = [c for c in row if not blank(c)]
    headings = [read_heading(0, c, catalogue) for c in full]
    if any(h.kind in ("field", "indicator") for h in headings[:1]) or any(
        h.kind == "field" for h in headings
    ):
        return False
    told = any(h.kind == "region" for h in headings) or is_period(full[0])
    return told and any(_number(c) for c in full)


def _number(cell: Cell | Hole) -> bool:
    try:
        float(shown(cell))
    except ValueError:
        return False
    return True
