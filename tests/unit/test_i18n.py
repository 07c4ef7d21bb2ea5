"""Every text a user sees stands in both languages and can be said; figures are written as a person writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dabiao import errors, i18n
from dabiao.assess.rules import BY_NAME
from dabiao.domain.assessment import Provisional, Reason, Status
from dabiao.domain.observation import Basis, State, Tier
from dabiao.domain.target import Comparator, Kind, Measure
from dabiao.errors import DabiaoError
from dabiao.i18n.format import COMPARATORS, listed, number, percent, spaced, unit, when
from dabiao.plans.load import Declared, load

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u3400-\u9fff]")
HAN_OR_POINT = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
CATALOGUE = i18n.catalogue()


def sources() -> Iterator[tuple[Path, ast.AST]]:
    """Every module of the program."""
    for folder in ("src", "jobs", "dashboard"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def calls(*names: str) -> Iterator[tuple[Path, ast.Call]]:
    """Every call of a function or class of one of these names."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", None))
                if name in names:
                    yield path, node


def constant(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# -- the catalogue -----------------------------------------------------------------------------------------------


OTHER_LANGUAGE = {"dashboard.shell.other_language"}  # a language is named in itself


@pytest.mark.parametrize("key", sorted(CATALOGUE.keys() - OTHER_LANGUAGE))
def test_both_halves_of_a_message_agree(key: str) -> None:
    """Both languages are there, name the same fields, and each is in its own script."""
    zh, en = CATALOGUE[key]["zh"], CATALOGUE[key]["en"]
    assert zh
    assert en
    same = {"month_name": "month"}  # 6 月, June
    assert i18n.placeholders(zh) == {same.get(name, name) for name in i18n.placeholders(en)}
    assert HAN_OR_POINT.search(zh) or not re.search(r"[A-Za-z]{2}", re.sub(r"{[^}]*}", "", zh)), (
        f"no Chinese: {zh}"
    )
    assert not HAN_OR_POINT.search(en), f"Chinese in English: {en}"


def test_a_missing_half_stops_the_loading() -> None:
    """A message that lacks a language fails when it is read, not when it is shown."""
    with pytest.raises(i18n.MessageError, match=r"a\.b lacks a language"):
        i18n._flatten({"a": {"b": {"zh": "有"}}})


def test_an_unknown_message_or_missing_field_is_a_wrong_program() -> None:
    """Asking for what does not exist raises at once and names it: a page never shows a bare key."""
    with pytest.raises(i18n.MessageError, match="no message"):
        i18n.text("status.nothing", "en")
    with pytest.raises(i18n.MessageError, match="no message"):
        i18n.text("status.met", "fr")
    with pytest.raises(i18n.MessageError, match="path"):
        i18n.text("error.store_missing", "en")
    with pytest.raises(i18n.MessageError, match="count"):
        i18n.text("error.declaration_refused", "en")  # its field is a plural form


@pytest.mark.parametrize(("count", "word"), [(0, "errors"), (1, "error"), (2, "errors"), (21, "errors")])
def test_english_plural_forms(count: int, word: str) -> None:
    """English says one error and two errors; Chinese has one form."""
    assert i18n.text("error.declaration_refused", "en", count=count).startswith(f"{count} {word} in")
    assert f"{count} 处错误" in i18n.text("error.declaration_refused", "zh-CN", count=count)


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh", "zh-CN"),
        ("zh_CN.UTF-8", "zh-CN"),
        ("zh-Hant", "zh-CN"),
        ("EN", "en"),
        ("en-GB", "en"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        (None, "zh-CN"),
    ],
)
def test_the_nearest_language(tag: str | None, lang: str) -> None:
    """A browser's or system's tag leads to one of the two languages; anything else to the default."""
    assert i18n.normalise_lang(tag) == lang


# -- every code in the source has its message --------------------------------------------------------------------

WORDS = [
    *(f"status.{s}" for s in Status),
    *(f"reason.{r}" for r in Reason),
    *(f"tier.{t}" for t in Tier),
    *(f"state.{s}" for s in State),
    *(f"outcome.{o}" for o in sorted({o for rule in BY_NAME.values() for o in rule.outcomes})),
    *(f"rule.{rule}.{part}" for rule in BY_NAME for part in ("name", "source", "applies")),
    *(f"provisional.{p}" for p in Provisional),
    *(f"measure.{m}" for m in Measure),
    *(f"kind.{k}" for k in Kind),
    *(f"dust.{d}" for d in Basis.DUSTS),
    *(f"condition.{c}" for c in Basis.CONDITIONS),
    *(f"report_state.{s}" for s in ("done", "under_way", "not_done")),
]


@pytest.mark.parametrize("key", WORDS)
def test_every_fixed_word_has_its_message(key: str) -> None:
    """A status, reason, tier, state, outcome or kind that the program can say has a word in both languages."""
    assert i18n.has(key)


def test_every_error_in_the_source_has_its_message() -> None:
    """An error raised with a code has the sentence of that code, and is given every field that the sentence names."""
    kinds = [n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, DabiaoError)]
    found = 0
    for path, call in calls(*kinds):
        code = constant(call.args[0]) if call.args else None
        if code is None:
            continue
        found += 1
        where = f"{path.relative_to(ROOT)}:{call.lineno}"
        assert i18n.has(f"error.{code}"), f"{where}: {code}"
        given_names = {k.arg for k in call.keywords}
        if None not in given_names:  # **params: only the running program knows
            needed = i18n.placeholders(CATALOGUE[f"error.{code}"]["en"])
            assert needed <= given_names, f"{where}: {code} lacks {needed - given_names}"
    assert found > 20


def test_every_finding_in_the_source_has_its_message() -> None:
    """What the check of plan files can find, it can say."""
    made = [
        call for path, call in calls("Finding", "add") if len(call.args) > 2 and path.parent.name == "plans"
    ]
    codes = {constant(call.args[2]) for call in made}
    tree = ast.parse((ROOT / "src/dabiao/plans/load.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            codes.add(constant(node.value.elts[0]))
    codes.discard(None)
    assert len(codes) > 15
    assert {c for c in codes if not i18n.has(f"finding.{c}")} == set()


def test_every_constant_key_in_the_source_exists() -> None:
    """``i18n.text("…")`` with a literal key asks for a message that there is."""
    keys = {(p.name, constant(c.args[0])) for p, c in calls("text") if c.args}
    asked = {(p, k) for p, k in keys if k is not None and re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", k)}
    assert len(asked) > 5
    assert {(p, k) for p, k in asked if not i18n.has(k)} == set()


def test_an_error_is_said_in_english_for_the_log_and_survives_a_process_border() -> None:
    """``str`` of an error is its English sentence; pickled and back it is the same error."""
    import pickle

    error = errors.StoreMissing("store_missing", path="/x")
    assert str(error) == "There is no store at /x. Run first: dabiao init"
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.code, back.params) == (errors.StoreMissing, "store_missing", {"path": "/x"})


# -- figures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        (0.0, "0%"),
        (1e-12, "<1%"),
        (0.00999, "<1%"),
        (0.01, "1%"),
        (0.655, "66%"),
        (0.7049, "70%"),
        (0.99, "99%"),
        (0.9901, ">99%"),
        (1 - 1e-12, ">99%"),
        (1.0, "100%"),
    ],
)
def test_percent_borders(p: float, shown: str) -> None:
    """A probability is whole percent; what is not certain is never 0 % or 100 %."""
    assert percent(p) == shown


@given(st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True))
def test_the_uncertain_is_never_said_to_be_certain(p: float) -> None:
    """Whatever the probability strictly between 0 and 1, neither 0% nor 100% is said."""
    assert percent(p) not in ("0%", "100%")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2025", "2025 年", "2025"),
        ("2022-06", "2022 年 6 月", "June 2022"),
        ("2022-10-04", "2022 年 10 月 4 日", "4 October 2022"),
        ("2024-Q1", "2024 年第 1 季度", "Q1 2024"),
        ("2024-Q4", "2024 年第 4 季度", "Q4 2024"),
        ("2026-01/2026-10", "2026 年 1–10 月", "January–October 2026"),
        ("2026-01/2026-12", "2026 年", "2026"),
        (None, "无期限", "no deadline"),
    ],
)
def test_when(text: str | None, zh: str, en: str) -> None:
    """A deadline or period is said as each language says it."""
    assert (when(text, "zh-CN"), when(text, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Decimal(27), None, "27"),
        (Decimal("27.0"), None, "27.0"),
        (Decimal("45.22"), None, "45.22"),
        (Decimal("1E+3"), None, "1000"),
        (27.0, None, "27"),
        (1e-07, None, "0.0000001"),
        (26.25, 1, "26.2"),  # half to even
        (26.35, 1, "26.4"),
        (1040, 0, "1040"),
    ],
)
def test_number(value: Decimal | float, decimals: int | None, shown: str) -> None:
    """A number keeps its own decimals, or is rounded by GB/T 8170; never an exponent."""
    assert number(value, decimals) == shown


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("%", "%", "%"),
        ("µg/m3", " µg/m³", " µg/m³"),
        ("km", " km", " km"),
        ("km2", " km²", " km²"),
        ("万亩", "万亩", " ×10⁴ mu"),
        ("个", "个", ""),
        ("个百分点", "个百分点", " pp"),
        (None, "", ""),
    ],
)
def test_unit(name: str | None, zh: str, en: str) -> None:
    """A unit brings its own space: 97.8%, 27 µg/m³, 8万亩."""
    assert (unit(name, "zh-CN"), unit(name, "en")) == (zh, en)


@pytest.fixture(scope="module")
def declared(data: Path) -> Declared:
    return load(data)


def test_every_declared_unit_has_an_english_form(declared: Declared) -> None:
    """No English sentence about a declared indicator or target has a Chinese unit in it."""
    names = {i.unit for i in declared.catalogue.indicators.values()}
    names |= {t.unit for p in declared.plans for t in p.targets}
    assert {n for n in names if HAN.search(unit(n, "en"))} == set()


def test_every_declared_name_has_its_language(declared: Declared) -> None:
    """Regions and indicators have a Chinese name in Chinese and an English one without Chinese."""
    things = [*declared.catalogue.indicators.values(), *declared.catalogue.regions.values()]
    assert {t.id for t in things if not HAN.search(t.zh)} == set()
    assert {t.id for t in things if HAN.search(t.en)} == set()


def test_every_comparator_has_its_sign() -> None:
    """Each comparator is shown by the sign that a person knows."""
    assert set(COMPARATORS) == {str(c) for c in Comparator}


def test_listed() -> None:
    """Items are joined as the language joins them; one or none needs no joint."""
    assert listed(["甲", "乙"], "zh-CN") == "甲、乙"
    assert listed(["a", "b"], "en") == "a, b"
    assert listed(["a"], "en") == "a"
    assert listed([], "en") == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2027年PM2.5平均浓度", "2027 年 PM2.5 平均浓度"),
        ("97.8%以上", "97.8% 以上"),
        ("达到≥30", "达到≥30"),
        ("优良天数", "优良天数"),
        ("PM2.5 is low", "PM2.5 is low"),
        ("已有 2 个空格", "已有 2 个空格"),
        ("", ""),
    ],
)
def test_spaced(text: str, shown: str) -> None:
    """One space stands between Chinese and Latin or digits, and a second is never put there."""
    assert spaced(text) == shown
    assert spaced(shown) == shown
