"""A real browser against a real server: Chromium from the system, with and without JavaScript."""

import os
import shutil
from pathlib import Path

import pytest

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the test's own thread

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def pytest_collection_modifyitems(items):
    for item in items:
        if "flows" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def open_page(browser, live_server, transactional_db):
    """Return a function that opens a logged-in page; fails on any script error or refused resource."""
    contexts, faults = [], []

    def opener(user=None, *, size="wide", javascript=True, bypass_csp=False, faults_expected=False):
        context = browser.new_context(
            base_url=live_server.url,
            viewport=SIZES[size],
            java_script_enabled=javascript,
            bypass_csp=bypass_csp,
            locale="nb-NO",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        if faults_expected:  # a cut connection or a lost session is told in the console too
            if user:
                log_in(page, user)
            return page
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        if user:
            log_in(page, user)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert not faults


def log_in(page, user):
    page.goto("/logg-inn/")
    page.get_by_label("E-post").fill(user.email)
    page.get_by_label("Passord").fill("a long password")
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(lambda url: "/logg-inn/" not in url)


def axe(page) -> list[str]:
    """Return axe's findings on the page as it stands: rule and the elements it hit."""
    page.evaluate(AXE)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        STANDARD,
    )
    return [f"{v['id']}: {', '.join(str(n['target']) for n in v['nodes'][:5])}" for v in found["violations"]]


def sideways(page) -> int:
    """Return how many pixels the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
