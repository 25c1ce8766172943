"""Privacy by field: role × page × export. What is written about a named person changes nothing for others."""

import re

import pytest
from django import forms
from django.urls import reverse
from django.utils import timezone

from innovasjon.forms import NoNationalId
from stakeholders import forms as ours
from stakeholders.models import Conversation, Measure, Stakeholder, Stance
from stakeholders.resources import RegisterSheet
from tests.conftest import client_of
from tests.furnish import furnish
from tests.stakeholders.test_register import NAME, NUMBER, OUTSIDERS, SECRET, add, talk
from tests.test_access import EDIT, MANAGE, MATRIX, NEVER, OPEN, address, text_of

FIELDS = {
    "name": lambda person: Stakeholder.objects.filter(pk=person.pk).update(person_name="Annet Navn"),
    "attitude": lambda person: Stance.objects.filter(stakeholder=person).update(attitude="positive"),
    "source": lambda person: Stance.objects.filter(stakeholder=person).update(source="assumed"),
    "words": lambda person: Conversation.objects.filter(stakeholder=person).update(said="Helt andre ord"),
    "next step": lambda person: Conversation.objects.filter(stakeholder=person).update(next_step="Annet"),
}
READ = [
    name
    for name, (arguments, get, _post) in MATRIX.items()
    if "slug" in arguments and get not in (NEVER, OPEN, EDIT, MANAGE) and not name.endswith("_pdf")
]
EXPORTS = [
    "stakeholders:plan_sheet",
    "stakeholders:calendar_file",
]
MADE = [  # off the request, from data that is fixed when it is asked for
    "reports:basis_pdf",
    "reports:plan_pdf",
    "reports:involvement_plan_pdf",
    "reports:benefit_plan_pdf",
    "reports:today_pdf",
    "reports:preview_pdf",
    "reports:presentation_pdf",
    "reports:presentation_pptx",
]


@pytest.fixture
def person(project, leader):
    """A named person with everything a person can have, beside a group that anybody may read about."""
    add(project, leader, name="Fastlegene", attitude="neutral", source="said")
    person = add(project, leader, name="Avdeling Øst", person_name=NAME, influence=3)
    talk(person, leader, attitude="sceptical", said=SECRET)
    Measure.objects.create(
        stakeholder=person, what="Møte", channel="meeting", phase=1, on=timezone.localdate()
    )
    return person


def told(client, url):
    response = client.get(url)
    if response.status_code != 200:
        return response.status_code
    return re.sub(
        r'value="\w{64}"|name="opened_at".*?>|DTSTAMP:\w+|/(Creation|Mod)Date\S+|D:\d+\S*',
        "",
        text_of(response),
    )


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_page_tells_others_anything_of_a_person(who, request, project, owner, person):
    client = client_of(request.getfixturevalue(who))
    place = furnish(project, owner) | {"stakeholder": person.pk}
    pages = [address(name, place) for name in READ]
    before = {page: told(client, page) for page in pages}
    for change in FIELDS.values():
        change(person)
    assert before == {page: told(client, page) for page in pages}
    for text in before.values():
        assert NAME not in str(text)
        assert SECRET not in str(text)


def test_no_file_carries_anything_of_a_person_even_for_the_core_team(leader_client, project, owner, person):
    place = furnish(project, owner) | {"stakeholder": person.pk}
    sheets = [reverse("stakeholders:sheet", args=[project.slug, form]) for form in ("xlsx", "ods", "csv")]
    files = sheets + [address(name, place) for name in EXPORTS]
    before = {file: told(leader_client, file) for file in files}
    assert {file: text for file, text in before.items() if not isinstance(text, str)} == {}
    assert all("Fastlegene" in before[sheet] for sheet in sheets)
    for change in FIELDS.values():
        change(person)
    assert before == {file: told(leader_client, file) for file in files}
    assert not [file for file, text in before.items() if NAME in text or SECRET in text]


def test_nothing_of_a_person_goes_into_a_document_that_is_made(leader_client, project, owner, person):
    """The same content is the same job: what is written about the person makes no other document."""
    place = furnish(project, owner) | {"stakeholder": person.pk}
    documents = [address(name, place) for name in MADE]
    before = {document: leader_client.get(document)["Location"] for document in documents}
    assert "Fastlegene" in str(made := list(project.document_jobs.values_list("data", flat=True)))
    for change in FIELDS.values():
        change(person)
    assert before == {document: leader_client.get(document)["Location"] for document in documents}
    assert NAME not in str(made)
    assert SECRET not in str(made)


@pytest.mark.parametrize("field", FIELDS)
def test_core_team_sees_each_field(field, leader_client, project, person):
    """There is something to leak."""
    pages = [reverse("stakeholders:stakeholders", args=[project.slug]), person.get_absolute_url()]
    before = [told(leader_client, page) for page in pages]
    FIELDS[field](person)
    assert before != [told(leader_client, page) for page in pages]


@pytest.mark.parametrize(
    "form", [f for f in vars(ours).values() if isinstance(f, type) and f.__module__ == ours.__name__]
)
def test_every_form_with_text_refuses_a_national_identity_number(form):
    texts = [
        name
        for name, field in form.base_fields.items()
        if type(field) is forms.CharField and not isinstance(field.widget, forms.HiddenInput)
    ]
    assert issubclass(form, NoNationalId) or not texts


@pytest.mark.parametrize("column", [column.name for column in RegisterSheet().read_columns])
def test_every_cell_refuses_a_national_identity_number(column):
    assert "fødselsnummer" in RegisterSheet().check({column: NUMBER}).errors[column]
