"""A manager finds the project that needs her, and a leader what waits this week; both by pressing links."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from roadmap.models import ChecklistItem, Project
from tests.conftest import make_project
from tests.flows.conftest import check, follow


@pytest.fixture
def many(municipality, owner, leader):
    """Eight projects; one of them needs help and is in phase 4."""
    found = [
        make_project(municipality, owner=owner, leader=leader, name=f"Prosjekt {n}", area=f"Område {n % 3}")
        for n in range(7)
    ]
    stuck = make_project(municipality, owner=owner, leader=leader, name="Smart vannett", area="Område 1")
    Project.objects.filter(pk__in=[p.pk for p in found]).update(condition="on_track")
    Project.objects.filter(pk=stuck.pk).update(
        condition="needs_help", condition_reason="Målerne er forsinket."
    )
    return stuck


@pytest.mark.parametrize("javascript", [True, False])
def test_manager_finds_the_project_that_needs_help_in_three_presses(open_page, many, manager, javascript):
    page = open_page(manager, javascript=javascript)
    page.goto(reverse("reports:landing"))
    expect(page).to_have_url(re.compile(r"/prosjekter/$"))
    follow(page, page.get_by_role("link", name="Trenger hjelp"))
    expect(page.locator("tbody tr")).to_have_count(1)
    follow(page, page.get_by_role("link", name="Smart vannett", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Smart vannett")
    expect(page.get_by_text("Målerne er forsinket.")).to_be_visible()


def test_manager_keeps_a_view_and_comes_back_to_it(open_page, many, manager):
    page = open_page(manager)
    page.goto("/prosjekter/")
    page.get_by_label("Område").select_option("Område 1")
    follow(page, page.get_by_role("button", name="Vis", exact=True))
    page.get_by_text("Lagre som min visning").click()
    page.get_by_label("Navn på visningen").fill("Min del")
    follow(page, page.get_by_role("button", name="Lagre", exact=True))
    page.goto("/prosjekter/")
    follow(page, page.get_by_role("link", name="Min del", exact=True))
    expect(page.locator("tbody tr")).to_have_count(3)
    follow(page, page.get_by_role("link", name="Område 1 (fjern filteret)"))
    expect(page.locator("tbody tr")).to_have_count(8)


def test_every_row_of_my_page_leads_to_the_exact_place(open_page, many, leader):
    today = timezone.localdate()
    Project.objects.update(started_on=today)  # no report is late
    for key, days in (("1.1a", -3), ("1.2a", 0), ("1.3a", 9)):
        ChecklistItem.objects.filter(round__project=many, round__phase=1, key=key).update(
            responsible=leader, due_on=today + timedelta(days=days)
        )
    page = open_page(leader)
    page.goto("/")
    rows = page.locator(".tasks > li")
    expect(rows).to_have_count(3)
    places = [rows.nth(n).locator("a.ds-button").get_attribute("href") for n in range(3)]
    for place, text in zip(places, rows.locator(".title-link").all_inner_texts(), strict=True):
        page.goto("/")
        follow(page, page.locator(f'.tasks a.ds-button[href="{place}"]'))
        expect(page.locator(".open-item h3")).to_have_text(text)


def test_my_page_and_portfolio_have_no_faults(open_page, many, manager, leader):
    ChecklistItem.objects.filter(round__project=many, round__phase=1, key="1.1a").update(
        responsible=leader, due_on=timezone.localdate() - timedelta(days=3)
    )
    page = open_page(leader, bypass_csp=True)
    for path in ("/", "/?gjort=vis", "/profil/"):
        page.goto(path)
        check(page, path)
    follow(page, page.get_by_role("button", name="Lag en privat adresse"))
    check(page, "address shown")
    page = open_page(manager, bypass_csp=True)
    for path in (
        "/prosjekter/",
        "/prosjekter/?omrade=Omr%C3%A5de+1&sorter=-port",
        "/prosjekter/?q=finnes-ikke",
    ):
        page.goto(path)
        check(page, path)
