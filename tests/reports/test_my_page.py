"""«Min side»: what waits, grouped by the days, each row with one act that leads to the exact place."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovasjon.access import ProjectRole
from innovasjon.models import Token
from reports.my_page import greeting, groups_of, sentence
from roadmap import actions
from roadmap.contributions import CONTRIBUTIONS, Contribution, Task
from roadmap.models import ChecklistItem
from tests.conftest import client_of, make_project

THURSDAY = date(2026, 11, 19)
PAGE = "reports:my_page"


def task(on, text="Skriv", **more):
    told = {"url": "/prosjekter/x/", "why": "Fordi.", "action": "Åpne", **more}
    return Task(on=on, text=text, **told)


class Checkpoints(Contribution):
    """A room whose tasks are the dated checkpoints a person answers for."""

    name = "checkpoints for a test"

    def tasks(self, user, municipality, today):
        items = ChecklistItem.objects.open().filter(
            responsible=user, due_on__isnull=False, round__project__municipality=municipality
        )
        return [
            Task(
                on=item.due_on,
                text=item.text,
                url=item.get_absolute_url(),
                why=f"Sjekkpunkt i steg {item.step}",
                action="Åpne sjekkpunktet",
                project_name=item.round.project.name,
                as_owner=item.round.project.memberships.filter(user=user, role=ProjectRole.OWNER).exists(),
            )
            for item in items.select_related("round__project", "step")
        ]


@pytest.fixture
def checkpoints(monkeypatch):
    monkeypatch.setattr(CONTRIBUTIONS, "contributions", [Checkpoints()])


def due(project, key, person, days):
    item = ChecklistItem.objects.get(round__project=project, round__phase=1, key=key)
    item.responsible, item.due_on = person, timezone.localdate() + timedelta(days=days)
    item.save()
    return item


def test_days_are_grouped_as_people_speak_of_them():
    days = {
        "13 days late": date(2026, 11, 6),
        "today": THURSDAY,
        "friday": date(2026, 11, 20),
        "sunday": date(2026, 11, 22),
        "monday": date(2026, 11, 23),
        "in two weeks": date(2026, 12, 6),
        "later": date(2026, 12, 7),
    }
    found = groups_of([task(day, text) for text, day in days.items()], THURSDAY)
    assert [(g.key, [row.task.text for row in g.rows]) for g in found] == [
        ("overdue", ["13 days late"]),
        ("week", ["today", "friday", "sunday"]),
        ("later", ["monday", "in two weeks"]),
    ]
    told = {row.task.text: (row.when, row.beside) for group in found for row in group.rows}
    assert told["13 days late"] == ("6. nov.", "13 dager siden")
    assert told["today"] == ("I dag", "torsdag")
    assert told["friday"] == ("20. nov.", "fredag")
    assert told["monday"] == ("23. nov.", "om 4 dager")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], "Ingenting venter på deg denne uka."),
        ([14], "Ingenting venter på deg denne uka. Det neste er «Skriv», 3. desember."),
        ([0], "Én ting venter på deg denne uka."),
        ([-1], "Én ting venter på deg denne uka. Den er forfalt."),
        ([-13, 0, 1, 1, 8], "Fire ting venter på deg denne uka. Én av dem er forfalt."),
        ([-13, -2], "To ting venter på deg denne uka. Alle er forfalt."),
        ([-13, -2, 1], "Tre ting venter på deg denne uka. To av dem er forfalt."),
    ],
)
def test_sentence_counts_what_waits(days, expected):
    assert sentence([task(THURSDAY + timedelta(days=n)) for n in days], THURSDAY) == expected


def test_greeting_follows_the_clock():
    for hour, word in ((7, "God morgen"), (12, "God dag"), (21, "God kveld")):
        now = timezone.localtime().replace(hour=hour)
        assert greeting(now, "Ingrid") == f"{word}, Ingrid"


def test_row_leads_to_the_exact_place_and_is_gone_when_done(checkpoints, project, leader, leader_client):
    item = due(project, "1.1a", leader, -2)
    page = leader_client.get(reverse(PAGE)).content.decode()
    assert "Én ting venter på deg denne uka. Den er forfalt." in page
    assert page.count(f'href="{item.get_absolute_url()}"') == 2  # the text and the button
    assert "Åpne sjekkpunktet" in page
    ChecklistItem.objects.filter(pk=item.pk).update(status="done")
    assert item.get_absolute_url() not in leader_client.get(reverse(PAGE)).content.decode()


def test_owners_row_stands_first_on_the_same_day(checkpoints, project, municipality, owner, leader):
    team = make_project(municipality, owner=leader, leader=leader, member=owner, name="Andres")
    later, sooner = due(team, "1.1a", owner, 0), due(project, "1.1b", owner, 0)
    rows = client_of(owner).get(reverse(PAGE)).context["groups"][0].rows
    assert [row.task.url for row in rows] == [sooner.get_absolute_url(), later.get_absolute_url()]


def test_own_projects_and_news_of_others(project, other_project, leader, leader_client, owner, reader_client):
    actions.edit_project(project=project, values={"area": "Helse"}, by=owner)
    actions.edit_project(project=project, values={"area": "Oppvekst"}, by=leader)
    page = leader_client.get(reverse(PAGE))
    assert [row["project"] for row in page.context["projects"]] == [project]
    assert {news.line.who for news in page.context["news"]} == {owner.name}
    done = leader_client.get(reverse(PAGE), {"gjort": "vis"})
    assert {news.line.who for news in done.context["done"]} == {leader.name}
    stranger_to_it = reader_client.get(reverse(PAGE))
    assert not stranger_to_it.context["projects"]
    assert not stranger_to_it.context["news"]


@pytest.mark.parametrize(
    ("person", "place"), [("manager", "reports:portfolio"), ("leader", PAGE), ("owner", PAGE)]
)
def test_each_role_lands_where_its_work_is(person, place, request, project):
    client = request.getfixturevalue(f"{person}_client")
    assert client.get(reverse("reports:landing"))["Location"] == reverse(place)


def test_first_page_is_chosen_in_the_profile(project, other_project, leader, leader_client, municipality):
    address, landing = reverse("reports:profile"), reverse("reports:landing")
    assert "Ikke valgt, da blir det Min side" in leader_client.get(address).content.decode()
    chosen = f"project-{project.pk}"
    for landing_as, place in (
        ("projects", reverse("reports:portfolio")),
        (chosen, project.get_absolute_url()),
        ("", reverse(PAGE)),
    ):
        leader_client.post(address, {"name": " Liv  Leder ", "landing": landing_as})
        assert leader_client.get(landing)["Location"] == place
    refused = leader_client.post(address, {"name": "", "landing": f"project-{other_project.pk}"})
    assert refused.status_code == 422
    assert "Skriv navnet ditt." in refused.content.decode()
    leader.refresh_from_db()
    assert (leader.name, leader.landing) == ("Liv Leder", "")
    leader_client.post(address, {"name": "Liv Leder", "landing": chosen})
    type(project).objects.filter(pk=project.pk).update(status="closed", closed_on=project.started_on)
    assert f'<option value="{chosen}" selected>' in leader_client.get(address).content.decode()
    project.memberships.filter(user=leader).delete()
    type(project).objects.update(restricted=True)
    assert leader_client.get(landing)["Location"] == reverse(PAGE)  # it may not be seen


def test_database_refuses_a_first_page_that_is_nowhere(leader):
    for fields in ({"landing": "project"}, {"landing": "nowhere"}, {"landing_project_id": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(leader).objects.filter(pk=leader.pk).update(**fields)


def test_person_without_a_role_is_told_whom_to_ask(leader, leader_client):
    leader.memberships.all().delete()
    assert leader_client.get(reverse(PAGE)).status_code == 403


# ------------------------------------------------------------------ the calendar


def calendar_address(client) -> str:
    page = client.post(reverse("reports:profile"), {"make": "1"})
    return page.context["address"].removeprefix("https://innovasjon.example")


def test_calendar_follows_the_list_through_a_private_address(checkpoints, project, leader, leader_client):
    item = due(project, "1.1a", leader, 8)
    calendar = Client().get(calendar_address(leader_client)).content.decode()
    assert calendar.count("BEGIN:VEVENT") == 1
    assert item.get_absolute_url() in calendar.replace("\r\n ", "")


def test_calendar_is_dead_when_closed_or_without_access(checkpoints, project, leader, leader_client):
    due(project, "1.1a", leader, 8)
    address = calendar_address(leader_client)
    leader_client.post(reverse("reports:profile"), {"close": "1"})
    assert Client().get(address).status_code == 404
    address = calendar_address(leader_client)
    assert Client().get(address).status_code == 200
    leader.memberships.all().delete()
    assert Client().get(address).status_code == 404


def test_calendar_address_opens_nothing_else(project, leader_client):
    secret = calendar_address(leader_client).rpartition("/")[2].removesuffix(".ics")
    assert Token.objects.get().purpose == Token.Purpose.TASKS
    assert Client().get(reverse("reports:stop_weekly_mail", args=[secret])).status_code == 404
    assert Client().get(reverse("stakeholders:subscribed_calendar", args=[secret])).status_code == 404
