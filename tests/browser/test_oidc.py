"""Signing in by an identity provider, in a browser, at a real one over loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dabiao import bootstrap
from dabiao.domain.access import EVERYTHING, Role
from dabiao.services.access import accounts
from tests.browser.conftest import DAY, ROOT, free_port, stop, wait
from tests.conftest import NOW
from tests.factories import settings_of
from tests.oidc_provider import CLIENT, SECRET, Provider, running


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that knows a viewer, and one without a role."""
    with running() as found:
        for name, groups in (("anna", ["air"]), ("bert", ["others"])):
            found.people[name] = {"sub": f"sub-{name}", "preferred_username": name, "groups": groups}
        yield found


@pytest.fixture
def at(provider: Provider, _initialised: Path, tmp_path: Path) -> Iterator[str]:
    """A dashboard with accounts that signs in by the provider."""
    home = tmp_path / "home"
    shutil.copytree(_initialised, home)
    app = bootstrap.open_app(settings_of(home))
    accounts.add(app, "root", "correct horse battery", {Role.ADMIN}, EVERYTHING, NOW, "test")
    app.store.close()
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    provider.redirects.add(f"{address}/login/oidc/back")
    given = {
        "HOME": str(home),
        "WEB_WORKERS": "2",
        "LANG": "en",
        "LOG_LEVEL": "warning",
        "OIDC_ISSUER": provider.issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        "OIDC_ROLES": "air=viewer",
    }
    clean = {k: v for k, v in os.environ.items() if not k.startswith("DABIAO_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", str(port)],
        cwd=ROOT,
        env={**clean, **{f"DABIAO_{name}": value for name, value in given.items()}},
        stderr=subprocess.PIPE,
    )
    wait(address, process)
    yield address
    assert stop(process) == 0


def test_in_by_the_provider_and_out_again(browser: Browser, at: str, provider: Provider) -> None:
    """From the page that was asked for to the provider and back to that page; without a role a sentence; out on both sides.

    The two worker processes share nothing but the store: either may answer any step.
    """
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(f"{at}/plans?{DAY}")
    expect(page).to_have_url(f"{at}/login?next=/plans%3F{DAY.replace('=', '%3D')}")
    page.get_by_role("link", name="Sign in by the identity provider").click()
    expect(page).to_have_title("Provider")
    page.get_by_label("Who").fill("bert")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("None of your groups")
    page.get_by_role("link", name="Back to sign-in").click()

    page.goto(f"{at}/login?next=/plans%3F{DAY.replace('=', '%3D')}")
    page.get_by_role("link", name="Sign in by the identity provider").click()
    page.get_by_label("Who").fill("anna")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(f"{at}/plans?{DAY}")
    expect(page.locator("#main h1")).to_be_visible()

    page.goto(f"{at}/account")
    expect(page.locator("#main")).to_contain_text("anna")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(f"{at}/login/oidc/left")
    page.get_by_role("link", name="Sign out there too").click()
    expect(page).to_have_title("Left")
    page.goto(f"{at}/account")
    expect(page).to_have_url(f"{at}/login?next=/account")
    assert provider.asked.count("/token") == 2
    context.close()
