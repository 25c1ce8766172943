"""A real browser against a real server: Chromium from the system, with and without JavaScript."""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from tests.conftest import client_of

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the test's own thread

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What axe finds on the page (rule and the elements it hit) and how far it scrolls sideways, once it has been
# laid out in its new width; nothing, where axe is not on the page yet.
EXAMINE = """async ([width, tags]) => {
    if (!window.axe) return null;
    for (let n = 0; n < 100 && innerWidth !== width; n++) await new Promise(go => setTimeout(go, 10));
    const rules = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
    const found = await axe.run(document, rules);
    const page = document.documentElement;
    const hit = nodes => nodes.slice(0, 5).map(n => n.target.join(" ")).join(", ");
    return {
        faults: found.violations.map(v => `${v.id}: ${hit(v.nodes)}`),
        sideways: innerWidth === width ? page.scrollWidth - page.clientWidth : `still ${innerWidth}`,
    };
}"""
SIZES = {"wide": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Mark the flows, and ask them first: the last tests of a run must be short, or one worker waits."""
    for item in items:
        if "flows" in item.path.parts:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: "flows" not in item.path.parts)


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
        if user:
            context.add_cookies([session_of(user, live_server.url)])
        page = context.new_page()
        page.set_default_timeout(10_000)
        if faults_expected:  # a cut connection or a lost session is told in the console too
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
        return page

    yield opener
    for context in contexts:
        context.close()
    assert not faults


def log_in(page, user, *, there=False):
    """Log in at the log-in page, where the page may be already."""
    if not there:
        page.goto("/logg-inn/")
    page.get_by_label("E-post").fill(user.email)
    page.get_by_label("Passord").fill("a long password")
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(lambda url: "/logg-inn/" not in url)


def session_of(user, url) -> dict:
    """Return the cookie of somebody who has logged in: the form costs a second, and has flows of its own."""
    cookie = client_of(user).cookies[settings.SESSION_COOKIE_NAME]
    return {"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": url}


def follow(page, target):
    """Press what leads to another page, and wait until it is there: a check must not see the page before."""
    with page.expect_navigation():
        target.click()


def check(page, where):
    """axe finds nothing on the page as it stands, and it does not scroll sideways: wide and on a phone.

    The page is loaded once and drawn twice. It is left in the size it was seen in last, so that every
    other page is loaded on the phone.
    """
    for size in sorted(SIZES.values(), key=lambda size: size != page.viewport_size):
        if size != page.viewport_size:
            page.set_viewport_size(size)
        found = page.evaluate(EXAMINE, [size["width"], STANDARD])
        if found is None:
            page.evaluate(AXE)
            found = page.evaluate(EXAMINE, [size["width"], STANDARD])
        assert found == {"faults": [], "sideways": 0}, f"{where}, {size['width']} pixels wide"


def sideways(page) -> int:
    """Return how many pixels the page scrolls sideways, on a page without JavaScript too."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
