"""How heavy a page is for the one who waits for it: bytes and requests, cold and warm."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from tests.reports.test_portfolio import fill

KB = 1024
SCRIPTS = re.compile(r'<script[^>]* src="([^"]+)"')
STYLES = re.compile(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"')


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


def resource(client, address: str) -> bytes:
    """Return a file a page asks for: ours from the disk, or what the program answers."""
    if address.startswith("/static/"):
        return Path(finders.find(address.removeprefix("/static/"))).read_bytes()
    return client.get(address).content


@pytest.fixture(params=["my page", "portfolio", "project", "phase", "checklist", "gate"])
def page(request, project, leader_client, municipality):
    if request.param == "portfolio":
        fill(municipality, 400)
    item = project.rounds.get(phase=1).items.get(key="1.1a")
    url = {
        "my page": reverse("reports:my_page"),
        "portfolio": reverse("reports:portfolio"),
        "project": reverse("roadmap:project", args=[project.slug]),
        "phase": reverse("roadmap:phase", args=[project.slug, 1]),
        "gate": reverse("roadmap:gate", args=[project.slug, 1]),
        "checklist": reverse("roadmap:item", args=[project.slug, 1, "1.1", item.key]),
    }[request.param]
    return leader_client.get(url).content


def test_page_is_light(page, leader_client):
    html = page.decode()
    addresses = [*SCRIPTS.findall(html), *STYLES.findall(html)]
    sizes = {address: compressed(resource(leader_client, address)) for address in addresses}
    scripts = sum(sizes[address] for address in SCRIPTS.findall(html))
    assert all(address.startswith("/") for address in addresses), "a third party"
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html.split("<body")[0])
    assert compressed(page) <= 15 * KB  # warm: everything else is in the browser already
    assert compressed(page) + sum(sizes.values()) <= 120 * KB  # cold, without the fonts
    assert len(addresses) + 1 <= 12
    assert scripts <= 50 * KB
