"""Lists cost the same for one row and for three. How often a page asks at all: tests/test_access."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roadmap import actions, answers
from roadmap.models import ChecklistItem, ProjectMembership
from tests.conftest import make_person

MOST = 12  # questions a page may ask the database


def cost(client, url):
    client.get(url, follow=True)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_people_cost_the_same(project, municipality, leader_client):
    url = reverse("roadmap:people", args=[project.slug])
    before = cost(leader_client, url)
    for name in ("Nora Ny", "Nils Ny", "Nina Ny"):
        ProjectMembership.objects.create(project=project, user=make_person(municipality, name), role="member")
    assert cost(leader_client, url) == before


def test_trail_costs_the_same(project, leader, leader_client):
    url = reverse("roadmap:trail", args=[project.slug])
    before = cost(leader_client, url)
    for area in ("A", "B", "C"):
        actions.edit_project(project=project, values={"area": area}, by=leader)
    assert cost(leader_client, url) == before


def test_links_of_a_checkpoint_cost_the_same(project, leader, leader_client):
    item = ChecklistItem.objects.select_related("round__project", "step").get(
        round__project=project, key="1.1a"
    )
    actions.add_evidence(item=item, title="1", url="https://example.no/1", by=leader)
    before = cost(leader_client, item.get_absolute_url())
    for number in "23":
        actions.add_evidence(item=item, title=number, url=f"https://example.no/{number}", by=leader)
    assert cost(leader_client, item.get_absolute_url()) == before


# How many times a page may ask at most, whatever it holds; transaction marks are not questions.
MARKS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def questions(captured) -> int:
    return sum(not query["sql"].startswith(MARKS) for query in captured)


def test_checklist_page_asks_at_most_eight_times_whatever_it_holds(project, leader, leader_client):
    item = ChecklistItem.objects.select_related("round__project", "step").get(
        round__project=project, round__phase=1, key="1.1a"
    )
    costs = []
    for number in (0, 100, 900):
        ChecklistItem.objects.bulk_create(
            ChecklistItem(
                round=item.round,
                step=item.step,
                key=f"1.1+{number + n}",
                text="Eget punkt",
                origin="own",
                position=99,
                responsible=leader,
            )
            for n in range(number)
        )
        costs.append(cost(leader_client, item.get_absolute_url()))
    assert len(set(costs)) == 1
    assert costs[0] <= 8


def test_save_asks_at_most_eight_times(project, leader, leader_client):
    item = ChecklistItem.objects.get(round__project=project, round__phase=1, key="1.1a")
    item.responsible = leader
    item.save()
    url = reverse("roadmap:save_item", args=[project.slug, item.pk])
    for status in ("done", "open"):
        bases = {f"base_{name}": digest for name, digest in answers.digests(item).items()}
        data = {"status": status, "note": "", "responsible": str(leader.pk), "due_on": "", **bases}
        with CaptureQueriesContext(connection) as captured:
            response = leader_client.post(url, data, headers={"HX-Request": "true"})
        item.refresh_from_db()
        assert item.status == status
        assert response.status_code == 200
    assert questions(captured) <= 8
