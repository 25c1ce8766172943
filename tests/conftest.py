"""People whose names say what they may, and projects for them."""

import os
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from innovasjon.access import MunicipalityRole, ProjectRole
from innovasjon.models import Membership, Municipality, User
from reports import jobs
from roadmap import actions
from roadmap.models import ChecklistItem, ProjectMembership, SheetImport

TODAY = date(2026, 11, 19)
WHO = {  # name → full name, role in the municipality, position
    "owner": ("Oda Eier", MunicipalityRole.READER, "Kommunalsjef"),
    "leader": ("Liv Leder", MunicipalityRole.PROJECT_LEADER, ""),
    "member": ("Max Medlem", MunicipalityRole.READER, ""),
    "observer": ("Una Observatør", MunicipalityRole.READER, ""),
    "reader": ("Rita Leser", MunicipalityRole.READER, ""),
    "manager": ("Mona Sjef", MunicipalityRole.MANAGER, "Kommunedirektør"),
    "administrator": ("Adam Administrator", MunicipalityRole.ADMINISTRATOR, ""),
    "stranger": ("Stig Fremmed", MunicipalityRole.MANAGER, ""),
}
PEOPLE = list(WHO)


@pytest.fixture(scope="session")
def django_db_use_migrations(django_db_use_migrations):
    """One worker makes its database by migrating; the others from the models, in a fifth of the time.

    `make lint` proves that migrations and models say the same.
    """
    return django_db_use_migrations and os.environ.get("PYTEST_XDIST_WORKER", "gw0") == "gw0"


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def make_person(municipality, name, role=MunicipalityRole.READER, position=""):
    user = User.objects.create_user(
        f"{name.split()[0].lower()}@{municipality.number}.example",
        "a long password",
        name=name,
        position=position,
    )
    Membership.objects.create(municipality=municipality, user=user, role=role)
    return user


def make_municipality():
    return Municipality.objects.create(number="0901", name="Prøvevik kommune")


def make_other_municipality():
    return Municipality.objects.create(number="0902", name="Annenvik kommune", colour="#7A4B94")


@pytest.fixture
def municipality(db):
    return make_municipality()


@pytest.fixture
def other_municipality(db):
    return make_other_municipality()


def _person_fixture(name):
    @pytest.fixture(name=name)
    def fixture(request):
        home = "other_municipality" if name == "stranger" else "municipality"
        return make_person(request.getfixturevalue(home), *WHO[name])

    return fixture


for _name in PEOPLE:
    globals()[f"_{_name}"] = _person_fixture(_name)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="innovasjon.accounts.AuthenticationBackend")
    return client


def _client_fixture(name):
    @pytest.fixture(name=f"{name}_client")
    def fixture(request):
        return client_of(request.getfixturevalue(name))

    return fixture


for _name in PEOPLE:
    globals()[f"_{_name}_client"] = _client_fixture(_name)


def make_project(municipality, *, owner, leader, member=None, observer=None, name="Trygg hjemme", **fields):
    project = actions.start_project(
        municipality=municipality,
        name=name,
        problem=fields.pop("problem", "Hver femte bruker venter for lenge."),
        owner=owner,
        today=TODAY,
        by=leader,
        **fields,
    )
    for user, role in ((member, ProjectRole.MEMBER), (observer, ProjectRole.OBSERVER)):
        if user:
            ProjectMembership.objects.create(project=project, user=user, role=role)
    return project


def make_restricted_project(municipality, **people):
    return make_project(municipality, name="Hemmelig omstilling", restricted=True, **people)


def make_other_project(other_municipality, stranger):
    return make_project(other_municipality, owner=stranger, leader=stranger, name="Naboens prosjekt")


@pytest.fixture
def project(municipality, owner, leader, member, observer):
    """An open project in phase 1, with one person in each part."""
    return make_project(municipality, owner=owner, leader=leader, member=member, observer=observer)


@pytest.fixture
def restricted_project(municipality, owner, leader, member, observer):
    return make_restricted_project(municipality, owner=owner, leader=leader, member=member, observer=observer)


@pytest.fixture
def other_project(other_municipality, stranger):
    """A project of another municipality."""
    return make_other_project(other_municipality, stranger)


def settle(project, phase=None) -> None:
    """Settle every checkpoint of a phase's latest round, behind the checklist's back."""
    items = ChecklistItem.objects.filter(
        round__project=project, round__phase=phase or project.phase, round__ended_on=None
    )
    leader = project.memberships.get(role=ProjectRole.LEADER).user_id
    items.update(status=ChecklistItem.Status.DONE, settled_by=leader, settled_on=TODAY)


def checked_sheet(project, kind, by) -> SheetImport:
    """A spreadsheet on its way in, looked through and waiting for a yes."""
    return SheetImport.objects.create(
        project=project,
        kind=kind,
        file_name="ark.xlsx",
        heading_row=1,
        headings=["Hva"],
        mapping={"name": 0},
        state="checked",
        by=by,
    )


def document_of(client, url, data=None, *, post=False):
    """Ask for a document that is made off the request, let it be made, and return its answer."""
    waiting = client.post(url, data, follow=True) if post else client.get(url, data, follow=True)
    assert waiting.status_code == 200, waiting.status_code
    page, _query = waiting.redirect_chain[-1][0].split("?")
    jobs.make(int(page.rstrip("/").rpartition("/")[2]), now=timezone.now())
    return client.get(f"{page}fil/")
