"""A file that a browser hands over is shown as it would be read, then taken; refused rows are mended cell by cell."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dabiao.domain.observation import Tier
from dabiao.errors import DabiaoError
from dabiao.services.app import App
from dabiao.services.intake import quarantine, uploads
from dabiao.services.intake.uploads import Options
from dabiao.services.pages import data_views, held_views

HEAD = "地区,指标,时间,数值,单位,来源,发布日期\n"
ROWS = (
    HEAD
    + "鹰潭市,PM2.5,2025年,二十四,µg/m³,省公报,2026-06-05\n鹰潭市,PM10,2025年,41,µg/m³,省公报,2026-06-05\n"
)


def brought(app: App, now: datetime, text: str = ROWS, name: str = "年报.csv") -> str:
    return uploads.stage(app, name, text.encode(), now)


def taken(app: App, now: datetime, text: str = ROWS) -> int:
    """Import a file; the id of its import."""
    _, import_id = uploads.take(app, brought(app, now, text), Options(), now)
    assert import_id is not None
    return import_id


def test_a_preview_stores_nothing_and_says_what_importing_does(app: App, now: datetime) -> None:
    """The preview counts what the import then brings."""
    token = brought(app, now)
    path = uploads.staged(app, token)
    assert path is not None
    seen = uploads.preview(app, path, Options(), now, "en")
    assert data_views.imports(app, app.today(now), 1).total == 0
    assert seen.before is None
    assert seen.read is not None
    assert (seen.read["taken"], seen.read["refused"]) == (1, 1)
    assert "no number" in seen.read["issues"][0]["message"]
    result, import_id = uploads.take(app, token, Options(), now)
    assert (result.accepted, result.refused) == (seen.result.accepted, seen.result.refused) == (1, 1)
    assert import_id is not None
    assert uploads.staged(app, token) is None
    with pytest.raises(DabiaoError, match="imported or discarded"):
        uploads.take(app, token, Options(), now)
    again = uploads.staged(app, brought(app, now))
    assert again is not None
    repeated = uploads.preview(app, again, Options(), now, "en")
    assert (repeated.before, repeated.result.accepted, repeated.result.unchanged) == (import_id, 0, 1)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\wang\\月报.xlsx", "月报.xlsx"),
        ("\u202egnp.csv", "_gnp.csv"),
        ("..", "file"),
    ],
)
def test_an_upload_stays_in_its_folder(app: App, now: datetime, given: str, kept: str) -> None:
    """Whatever a browser calls a file, it lies under its token by a plain name."""
    path = uploads.staged(app, uploads.stage(app, given, b"x", now))
    assert path is not None
    assert path.name == kept
    assert path.parent.parent == uploads.folder(app)


@pytest.mark.parametrize("token", ["", "..", "../raw", "0" * 15, "0" * 16, "ABCDEF0123456789", "a/b"])
def test_only_a_token_opens_an_upload(app: App, token: str) -> None:
    """A name that no upload was given finds nothing and removes nothing."""
    assert uploads.staged(app, token) is None
    uploads.discard(app, token)
    assert app.paths.raw.is_dir()


def test_what_is_no_upload_is_refused(app: App, now: datetime) -> None:
    """Nothing, too much, a day that is none and a tier that a person cannot declare."""
    for data, code in ((b"", "upload_empty"), (b"x" * (uploads.LARGEST_UPLOAD + 1), "upload_too_large")):
        with pytest.raises(DabiaoError) as refused:
            uploads.stage(app, "a.csv", data, now)
        assert refused.value.code == code
    for given, code in (
        ({"published": "2026-02-30"}, "upload_day_wrong"),
        ({"tier": "derived"}, "upload_tier_wrong"),
    ):
        with pytest.raises(DabiaoError) as refused:
            Options.parse(given)
        assert refused.value.code == code
    assert Options.parse({"source": " 公报 ", "tier": "press"}) == Options("公报", None, Tier.PRESS)


def test_an_upload_waits_for_a_day(app: App, now: datetime) -> None:
    """The next upload removes one that has waited longer."""
    token = brought(app, now)
    made = datetime.fromtimestamp((uploads.folder(app) / token).stat().st_mtime, tz=now.tzinfo)
    brought(app, made + timedelta(hours=23))
    assert uploads.staged(app, token) is not None
    brought(app, made + timedelta(hours=25))
    assert uploads.staged(app, token) is None


def test_a_mended_cell_is_taken_and_bears_its_source(app: App, now: datetime) -> None:
    """The row is closed by the import that brings it, and stands under the source of its file."""
    import_id = taken(app, now)
    view = held_views.held_view(app, import_id, 1, "en")
    assert view is not None
    (sheet,) = view.sheets
    (row,) = sheet.rows
    assert (row.row, row.cells[3], sheet.headings[3]) == (2, "二十四", "数值")
    result, mended = uploads.retry(app, {row.id: [*row.cells[:3], "24", *row.cells[4:]]}, None, now)
    assert (result.accepted, result.refused, mended) == (1, 0, 1)
    after = held_views.held_view(app, import_id, 1, "en")
    assert after is not None
    assert not after.sheets
    assert [r["state"] for r in after.closed] == ["mended"]
    assert not list(uploads.folder(app).glob("*"))
    (series,) = data_views.series(app, app.today(now), "yingtan pm25", 1).rows
    shown = data_views.series_view(app, series.id, app.today(now), 1)
    assert shown is not None
    assert [(r["value"], r["source"], r["row"]) for r in shown.statements.rows] == [("24", "省公报", 2)]


def test_a_row_that_is_wrong_again_stays(app: App, now: datetime) -> None:
    """It keeps its original cells and says the reason of now."""
    import_id = taken(app, now)
    before = held_views.held_view(app, import_id, 1, "en")
    assert before is not None
    row = before.sheets[0].rows[0]
    _, mended = uploads.retry(app, {row.id: [*row.cells[:3], "2400", *row.cells[4:]]}, None, now)
    after = held_views.held_view(app, import_id, 1, "en")
    assert mended == 0
    assert after is not None
    assert after.sheets[0].rows[0].cells == row.cells
    assert "outside what is possible" in after.sheets[0].rows[0].says


def test_a_mended_heading_mends_its_rows(app: App, now: datetime) -> None:
    """Where the heading is what is wrong, the heading is changed and the rows are taken as they are."""
    import_id = taken(app, now, HEAD + "鹰潭市,PM2.5,2025年,24,克,省公报,2026-06-05\n")
    view = held_views.held_view(app, import_id, 1, "en")
    assert view is not None
    (sheet,) = view.sheets
    headings = [*sheet.headings[:3], "数值(µg/m³)", "备注", *sheet.headings[5:]]
    result, mended = uploads.retry(app, {sheet.rows[0].id: sheet.rows[0].cells}, headings, now)
    assert (result.accepted, mended) == (1, 1)


def test_rows_of_two_sheets_are_not_mixed(app: App, now: datetime) -> None:
    """An id that there is not, and rows of two files at once, are refused."""
    ids = []
    for text in (ROWS, ROWS.replace("鹰潭", "泉州")):
        view = held_views.held_view(app, taken(app, now, text), 1, "en")
        assert view is not None
        ids.append(view.sheets[0].rows[0].id)
    for rows in ({ids[0]: ["a"], ids[1]: ["b"]}, {ids[0]: ["a"], 999: ["b"]}):
        with pytest.raises(DabiaoError) as refused:
            uploads.retry(app, rows, None, now)
        assert refused.value.code == "quarantine_unknown"


def test_the_list_of_the_quarantine_counts_by_reason(app: App, now: datetime) -> None:
    """Files with open rows come first; a dismissed row no longer counts."""
    first, second = taken(app, now), taken(app, now, ROWS.replace("鹰潭", "泉州"))
    assert held_views.held_count(app) == 2
    view = held_views.held_view(app, second, 1, "en")
    assert view is not None
    quarantine.dismiss(app, [view.sheets[0].rows[0].id], "重复上报", now)
    found = held_views.held_imports(app, "en")
    assert [(h.row["id"], h.row["open"], len(h.reasons)) for h in found] == [(first, 1, 1), (second, 0, 0)]


def test_a_series_keeps_what_was_revised_and_knows_the_day(app: App, now: datetime) -> None:
    """A revised value stays, replaced; before its day of publication nothing of it is shown."""
    good = (
        HEAD
        + "鹰潭市,PM2.5,2024年,25,µg/m³,省公报,2025-06-05\n鹰潭市,PM2.5,2025年1-3月,30,µg/m³,省公报,2025-06-05\n"
    )
    taken(app, now, good)
    taken(app, now, good.replace(",25,", ",26,").replace("2025-06-05", "2025-07-01"))
    (series,) = data_views.series(app, app.today(now), "", 1).rows
    assert (series.years, series.statements) == ((2024, 2025), 3)
    shown = data_views.series_view(app, series.id, app.today(now), 1)
    assert shown is not None
    rows = [(r["value"], bool(r["standing"])) for r in shown.statements.rows]
    assert rows[-2:] == [("26", True), ("25", False)]
    assert data_views.series(app, date(2025, 6, 4), "", 1).total == 0
    past = data_views.series_view(app, series.id, date(2025, 6, 5), 1)
    assert past is not None
    assert ("25", True) in [(r["value"], bool(r["standing"])) for r in past.statements.rows]


def test_pages_of_a_list_end_where_it_ends(app: App, now: datetime) -> None:
    """A page beyond the last is the last."""
    for i in range(data_views.PAGE + 1):
        taken(app, now, HEAD + f"鹰潭市,PM2.5,{1990 + i}年,25,µg/m³,省公报,2026-06-05\n")
    first, beyond = (data_views.imports(app, app.today(now), page) for page in (1, 99))
    assert (len(first.rows), first.pages, beyond.page, len(beyond.rows)) == (data_views.PAGE, 2, 2, 1)
    assert data_views.imports(app, app.today(now) - timedelta(days=1), 1).total == 0
