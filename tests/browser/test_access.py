"""Signing in and out by hand: both languages, a phone, without scripts; what waits, what is not offered, what ends elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dabiao import bootstrap
from dabiao.domain.access import EVERYTHING, Role
from dabiao.services.access import accounts, sessions
from dabiao.services.app import App
from tests.browser.conftest import PATIENCE, free_port, start, stop, wait
from tests.factories import settings_of

PASSWORD = "correct horse battery"

Person = Callable[..., Page]


@pytest.fixture(scope="module")
def home(_walked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("access") / "home"
    shutil.copytree(_walked, target)
    return target


@pytest.fixture(scope="module")
def store(home: Path) -> Iterator[App]:
    app = bootstrap.open_app(settings_of(home))
    for name, role in (
        ("li.wei", Role.VIEWER),
        ("wang.fang", Role.OFFICER),
        ("zhao", Role.VIEWER),
        ("chen", Role.VIEWER),
    ):
        accounts.add(app, name, PASSWORD, [role], EVERYTHING, datetime.now(UTC), "root")
    yield app
    app.store.close()


@pytest.fixture(scope="module")
def guarded(home: Path, store: App) -> Iterator[str]:
    """Where a dashboard with accounts answers."""
    port = free_port()
    process = start(home, port)
    found = f"http://127.0.0.1:{port}"
    wait(found, process)
    yield found
    assert stop(process) == 0


@pytest.fixture
def person(browser: Browser, guarded: str) -> Iterator[Person]:
    """Someone with a browser of their own; nothing may be asked of anyone else."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []

    def come(locale: str = "zh-CN", **more: object) -> Page:
        contexts.append(browser.new_context(locale=locale, base_url=guarded, **more))  # type: ignore[arg-type]
        contexts[-1].set_default_timeout(PATIENCE)
        page = contexts[-1].new_page()
        page.on("request", lambda r: None if r.url.startswith(guarded) else foreign.append(r.url))
        return page

    yield come
    for context in contexts:
        context.close()
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []


WORDS = {
    "zh-CN": {"name": "用户名", "password": "密码", "in": "登录", "out": "退出", "wrong": "用户名或密码不正确。"},
    "en": {"name": "Name", "password": "Password", "in": "Sign in", "out": "Sign out", "wrong": "The name or the password is not right."},
}  # fmt: skip


def faults(page: Page) -> list[str]:
    """What axe finds, of any weight."""
    return [
        f"{v['id']}: {n['html'][:160]}" for v in Axe().run(page).response["violations"] for n in v["nodes"]
    ]


def fill(page: Page, name: str, password: str, locale: str = "zh-CN") -> None:
    words = WORDS[locale]
    page.get_by_label(words["name"], exact=True).fill(name)
    page.get_by_label(words["password"], exact=True).fill(password)
    page.get_by_role("button", name=words["in"]).click()


@pytest.mark.parametrize(("locale", "theme"), [("zh-CN", "dark"), ("en", "light")])
def test_in_and_out_again(person: Person, locale: str, theme: str) -> None:
    """A wrong password is said and the name stays; the right one leads to the page asked for; out, nothing is there."""
    words = WORDS[locale]
    page = person(locale, color_scheme=theme)
    page.goto("/plans")
    expect(page.locator("html")).to_have_attribute("lang", locale)
    assert faults(page) == []
    fill(page, "li.wei", "wrong wrong wrong", locale)
    expect(page.get_by_role("alert")).to_have_text(words["wrong"])
    expect(page.get_by_label(words["name"], exact=True)).to_have_value("li.wei")
    assert faults(page) == []
    fill(page, "li.wei", PASSWORD, locale)
    page.wait_for_url("**/plans")
    expect(page.locator("#my-account")).to_have_text("li.wei")
    page.locator("#my-account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("li.wei")
    assert faults(page) == []
    page.get_by_role("button", name=words["out"]).click()
    page.wait_for_url("**/login")
    page.goto("/target/nothing")
    expect(page.get_by_label(words["password"], exact=True)).to_be_visible()


def test_on_a_phone_without_scripts(person: Person) -> None:
    """The page fits, and a form is all it takes; the system's dark theme is kept to."""
    page = person(java_script_enabled=False, viewport={"width": 390, "height": 760}, color_scheme="dark")
    page.goto("/")
    box = page.get_by_role("button", name="登录").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["height"] >= 40
    fill(page, "li.wei", PASSWORD)
    page.goto("/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("li.wei")


@pytest.mark.parametrize(
    ("locale", "said"), [("zh-CN", "登录失败次数过多"), ("en", "Too many failed sign-ins")]
)
def test_guessing_makes_wait(person: Person, locale: str, said: str) -> None:
    """After five failures the page says for how long, whether there is such a name or not."""
    page = person(locale)
    page.goto("/login")
    for _ in range(5):
        fill(page, f"nobody.{locale.lower()}", "wrong wrong wrong", locale)
        expect(page.get_by_role("alert")).to_have_text(WORDS[locale]["wrong"])
    fill(page, f"nobody.{locale.lower()}", "wrong wrong wrong", locale)
    expect(page.get_by_role("alert")).to_contain_text(said)


def test_what_a_role_may_not_do_is_not_offered(person: Person) -> None:
    """An officer acknowledges an alert without being asked for a name; a viewer sees the alert and no form."""
    officer, viewer = person(), person()
    for page, name in ((officer, "wang.fang"), (viewer, "zhao")):
        page.goto("/alerts")
        fill(page, name, PASSWORD)
        page.wait_for_url("**/alerts")
    officer.locator("#alerts tbody tr").first.get_by_role("link").click()
    officer.wait_for_url("**/alerts/*")
    form = officer.locator("form[id^=acknowledge]")
    expect(form).to_be_visible()
    expect(form.get_by_label("姓名")).to_have_count(0)
    form.get_by_role("button").click()
    expect(officer.locator("#desk")).to_contain_text("wang.fang")
    viewer.goto(officer.url)
    expect(viewer.locator("#desk")).to_contain_text("wang.fang")
    expect(viewer.locator("form.act")).to_have_count(0)
    viewer.goto("/jobs")
    expect(viewer.locator("#desk h1")).to_be_visible()
    expect(viewer.locator("form.act")).to_have_count(0)
    viewer.goto("/review")
    expect(viewer.locator("#main")).to_contain_text("您的账号没有此项权限")


def test_a_session_ended_elsewhere(person: Person, store: App) -> None:
    """The next click leads to the page for signing in, and from there back."""
    page = person()
    page.goto("/about")
    fill(page, "chen", PASSWORD)
    expect(page.locator("#my-account")).to_have_text("chen")
    # A page still loading would be led away by its own requests, before anyone clicks.
    expect(page.locator("#main h1")).to_be_visible()
    expect(page.locator('a[href^="/plans"]').first).to_be_visible()
    page.wait_for_load_state("networkidle")
    now = datetime.now(UTC)
    accounts.set_password(store, "chen", "another long one", now, "root")
    page.locator('a[href^="/plans"]').first.click()
    page.wait_for_url("**/login?next=*")
    fill(page, "chen", "another long one")
    page.wait_for_url("**/plans*")
    expect(page.locator("#my-account")).to_have_text("chen")


def test_a_session_is_ended_on_the_account_page(person: Person, store: App) -> None:
    """The other one is listed with its button; pressed, it is over."""
    account = accounts.known(store, "li.wei")
    other = sessions.open_session(store, account, datetime.now(UTC), "password", agent="elsewhere")
    page = person()
    page.goto("/account")
    fill(page, "li.wei", PASSWORD)
    page.locator("tr", has=page.locator('[title="elsewhere"]')).get_by_role("button").click()
    expect(page.locator('[title="elsewhere"]')).to_have_count(0)
    assert sessions.find(store, other, datetime.now(UTC)) is None
