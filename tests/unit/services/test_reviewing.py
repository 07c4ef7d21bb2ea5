"""A plan under review: read, decided one by one, and made into a plan file. The register stays as it was."""

from __future__ import annotations

import shutil
import threading
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from dabiao import bootstrap
from dabiao.domain.target import Measure
from dabiao.errors import DabiaoError
from dabiao.plans.load import Declared, load
from dabiao.services.app import App
from dabiao.services.declare import review_files, reviewing
from dabiao.services.declare.reviewing import Review
from dabiao.store import declared as declared_store

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
TEXT = """泉州市2026年大气污染防治工作方案

一、主要目标
到2027年,全市细颗粒物(PM2.5)浓度控制在每立方米18微克以下,空气质量优良天数比率达到98.20%以上。
到2027年,化肥、农药利用率均达43%。

二、重点任务
(一)加强监测。2027年6月底前,全面完成乡镇空气自动监测站建设。(牵头单位:市生态环境局;责任单位:市发改委、市住建局)
"""


@pytest.fixture
def review(app: App) -> Review:
    """A plan as it was read."""
    found = reviewing.find(app, reviewing.create(app, TEXT.encode(), "air.txt", NOW))
    assert found is not None
    return found


def again(app: App, review: Review) -> Review:
    found = reviewing.find(app, review.id)
    assert found is not None
    return found


def index(review: Review, indicator: str) -> int:
    return next(p.index for p in review.proposals if p.proposed["indicator"] == indicator)


def loaded(app: App, review: Review, tmp_path: Path) -> Declared:
    """What the loader makes of the plan file among the declared names."""
    folder = tmp_path / "data"
    (folder / "plans" / "texts").mkdir(parents=True)
    for name in ("regions.csv", "indicators.yaml", "units.csv"):
        shutil.copyfile(app.paths.data / name, folder / name)
    written = review_files.write(app, review)
    shutil.copyfile(written, folder / "plans" / written.name)
    text = written.parent / "texts" / f"{review.plan_id}.txt"
    shutil.copyfile(text, folder / "plans" / "texts" / text.name)
    return load(folder)


def test_what_was_read_is_kept(review: Review) -> None:
    """Head, text and proposals are there with nothing decided; each quote stands where it is said to."""
    assert review.plan_id == "quanzhou-2026"
    assert review.head["title"] == "泉州市2026年大气污染防治工作方案"
    assert review.how["place"] == "泉州市"
    assert review.text == TEXT
    assert len(review.proposals) >= 4
    assert review.undecided == review.proposals
    for p in review.proposals:
        assert TEXT[p.start :].startswith(p.fields["quote"])


def test_accepted_mended_and_dropped(app: App, review: Review, tmp_path: Path) -> None:
    """The plan file has the accepted one as proposed, the mended one as mended, and not the dropped one; it loads."""
    pm25, days = index(review, "pm25"), index(review, "good_day_ratio")
    first, second = index(review, "fertilizer_utilization_rate"), index(review, "pesticide_utilization_rate")
    assert reviewing.decide(app, review.id, pm25, "accepted", {}, NOW) == "accepted"
    assert reviewing.decide(app, review.id, days, "mended", {"note": "核对无误"}, NOW) == "mended"
    assert reviewing.decide(app, review.id, first, "dropped", {"value": "1"}, NOW) == "dropped"
    assert reviewing.decide(app, review.id, second, "accepted", {"deadline": "2027-12"}, NOW) == "mended"
    found = again(app, review)
    assert {p.index for p in found.accepted} == {pm25, days, second}
    assert found.proposals[first].edits == {}
    declared = loaded(app, found, tmp_path)
    assert declared.errors == ()
    targets = {t.indicator: t for t in declared.plans[0].targets}
    assert set(targets) == {"pm25", "good_day_ratio", "pesticide_utilization_rate"}
    assert targets["pm25"].value == Decimal(18)
    assert str(targets["good_day_ratio"].value) == "98.20"
    assert targets["good_day_ratio"].note == "核对无误"
    assert targets["pesticide_utilization_rate"].deadline == "2027-12"
    assert all(t.id.startswith("quanzhou-2026-") for t in targets.values())


def test_a_task_keeps_its_units(app: App, review: Review, tmp_path: Path) -> None:
    """A qualitative target comes through with those who lead and answer; its new indicator stands in a comment."""
    task = next(p for p in review.proposals if p.proposed["measure"] == Measure.QUALITATIVE)
    reviewing.decide(app, review.id, task.index, "accepted", {}, NOW)
    found = again(app, review)
    entry = yaml.safe_load(review_files.plan_yaml(found))["targets"][0]
    assert entry["lead_units"] == ["市生态环境局"]
    assert entry["responsible_units"] == ["市发改委", "市住建局"]
    if "indicator_new" in task.uncertain:
        assert f"#   - id: {entry['indicator']}" in review_files.plan_yaml(found)


def test_nothing_enters_the_register(app: App, review: Review) -> None:
    """Deciding and writing leave plans, targets and their version untouched."""
    before = (len(declared_store.plan_rows(app.store)), app.store.data_version())
    for p in review.proposals:
        reviewing.decide(app, review.id, p.index, "accepted", {}, NOW)
    review_files.write(app, again(app, review))
    assert (len(declared_store.plan_rows(app.store)), app.store.data_version()) == before


def test_a_decision_can_be_taken_back(app: App, review: Review) -> None:
    """Opened again, a proposal is as it was proposed."""
    reviewing.decide(app, review.id, 0, "mended", {"value": "17"}, NOW)
    reviewing.decide(app, review.id, 0, None, {}, NOW)
    assert again(app, review).proposals[0] == review.proposals[0]


def test_mending_needs_a_change(app: App, review: Review) -> None:
    """“Mended” with nothing changed is refused, and so is a proposal that is not there."""
    same = dict(review.proposals[0].proposed)
    with pytest.raises(DabiaoError) as refused:
        reviewing.decide(app, review.id, 0, "mended", same, NOW)
    assert refused.value.code == "review_nothing_mended"
    for where, place in ((review.id, 99), ("nothing", 0)):
        with pytest.raises(DabiaoError) as missing:
            reviewing.decide(app, where, place, "accepted", {}, NOW)
        assert missing.value.code == "review_missing"


def test_two_tabs_lose_nothing(app: App, review: Review) -> None:
    """Two readers who decide different proposals at the same time each find all decisions afterwards."""
    faults: list[BaseException] = []
    begin = threading.Barrier(2)
    indices = [p.index for p in review.proposals] * 5

    def reader(mine: list[int]) -> None:
        own = bootstrap.open_app(app.settings)
        try:
            begin.wait()
            for i in mine:
                reviewing.decide(own, review.id, i, "mended", {"note": f"第{i}条"}, NOW)
        except BaseException as fault:
            faults.append(fault)
        finally:
            own.store.close()

    halves = ([i for i in indices if i % 2], [i for i in indices if not i % 2])
    threads = [threading.Thread(target=reader, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    found = again(app, review)
    assert [p.edits for p in found.proposals] == [{"note": f"第{p.index}条"} for p in found.proposals]


def test_the_head_is_mended_field_by_field(app: App, review: Review) -> None:
    """Two readers who mend different fields of the head keep both; unknown fields are passed over."""
    reviewing.set_head(app, review.id, {"title_en": "Quanzhou air plan 2026", "colour": "red"}, NOW)
    reviewing.set_head(app, review.id, {"issued": "2026-03-01", "issued_note": "文末日期"}, NOW)
    found = again(app, review)
    assert (found.head["title_en"], found.head["issued"]) == ("Quanzhou air plan 2026", "2026-03-01")
    assert "colour" not in found.head
    assert [r.key for r in review_files.check(app, found) if r.index is None] == []


def test_the_check_names_the_proposal_and_the_field(app: App, review: Review) -> None:
    """What the schema and the loader would refuse stands beside the proposal that has it."""
    pm25, days = index(review, "pm25"), index(review, "good_day_ratio")
    reviewing.decide(app, review.id, pm25, "mended", {"value": "about 18", "measure": "nonsense"}, NOW)
    reviewing.decide(app, review.id, days, "mended", {"quote": "不在文中98.20"}, NOW)
    found = again(app, review)
    remarks = review_files.check(app, found)
    mine = {(r.key, r.about) for r in remarks if r.index == pm25}
    assert ("review.fault.not_a_number", "value") in mine
    assert ("review.fault.choice", "measure") in mine
    assert [r.key for r in remarks if r.index == days] == ["finding.quote_not_in_text"]


def test_the_offices_own_names_are_known(app: App, review: Review) -> None:
    """A unit that the plan names and the program does not is no remark once the office has declared it."""
    number = next(p.index for p in review.proposals if "市生态环境局" in p.fields.get("lead_units", ""))
    reviewing.decide(app, review.id, number, "mended", {"lead_units": "市气象和空气质量办公室"}, NOW)
    found = again(app, review)
    assert "市气象和空气质量办公室" in {r.params.get("name") for r in review_files.check(app, found)}
    app.paths.declared.mkdir()
    row = "quanzhou-air-office,350500,泉州市气象和空气质量办公室,Air Quality Office,市气象和空气质量办公室"
    (app.paths.declared / "units.csv").write_text(f"id,region,zh,en,aliases\n{row}\n", "utf-8")
    assert "市气象和空气质量办公室" not in {r.params.get("name") for r in review_files.check(app, found)}


def test_the_same_id_twice_is_said(app: App, review: Review) -> None:
    """Two accepted targets of one id are an error on the second."""
    reviewing.decide(app, review.id, 0, "accepted", {}, NOW)
    reviewing.decide(app, review.id, 1, "mended", {"id": review.proposals[0].proposed["id"]}, NOW)
    remarks = review_files.check(app, again(app, review))
    assert [(r.index, r.key) for r in remarks if r.about == "id"] == [(1, "finding.id_double")]


def test_a_typed_id_is_no_path(app: App, review: Review) -> None:
    """Whatever is typed as the plan's id, the file stays in its folder."""
    reviewing.set_head(app, review.id, {"id": "../../etc/x y"}, NOW)
    reviewing.decide(app, review.id, 0, "accepted", {}, NOW)
    written = review_files.write(app, again(app, review))
    assert written == app.paths.home / "plans-review" / "etc-x-y.yaml"
    assert sorted(p.name for p in written.parent.iterdir()) == ["etc-x-y.yaml", "texts"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        ("今天天气很好。".encode(), "a.txt", "extract_no_target"),
        (b"", "a.txt", "extract_text_empty"),
        (b"\x81\xff\xfe\x00\x81", "a.txt", "extract_encoding_unknown"),
        (b"%PDF-1.4 broken", "a.pdf", "extract_pdf_broken"),
        (b"\xd0\xcf\x11\xe0old", "a.doc", "extract_format_unknown"),
        (b"a" * (reviewing.LARGEST_UPLOAD + 1), "a.txt", "review_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused(app: App, data: bytes, name: str, code: str) -> None:
    """A file that gives no proposal leaves no review behind, and the error says why."""
    with pytest.raises(DabiaoError) as refused:
        reviewing.create(app, data, name, NOW)
    assert refused.value.code == code
    assert reviewing.listing(app) == []


def test_a_plan_without_its_years_can_still_be_reviewed(app: App) -> None:
    """Where the text gives no period, the head is left open and the check asks for it."""
    text = "某地大气方案\n一、目标\n细颗粒物浓度控制在每立方米30微克以下。"
    found = reviewing.find(app, reviewing.create(app, text.encode(), "方案.txt", NOW))
    assert found is not None
    assert found.head["period_start"] == ""
    reviewing.decide(app, found.id, 0, "accepted", {}, NOW)
    found = again(app, found)
    assert any(r.index is None and r.about == "period_start" for r in review_files.check(app, found))
    reviewing.set_head(app, found.id, {"period_start": "2026", "period_end": "2027"}, NOW)
    assert not any(r.about == "period_start" for r in review_files.check(app, again(app, found)))


def test_place_and_years_given_are_taken(app: App) -> None:
    """What the reviewer gives decides where the text is silent."""
    text = "大气方案\n一、目标\n细颗粒物浓度控制在每立方米30微克以下。"
    made = reviewing.create(app, text.encode(), "x.txt", NOW, region="泉州市", period=(2026, 2030))
    found = reviewing.find(app, made)
    assert found is not None
    assert (found.plan_id, found.proposals[0].fields["region"]) == ("quanzhou-2026", "350500")
    assert reviewing.listing(app)[0]["proposals"] == len(found.proposals)
