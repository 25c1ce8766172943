"""Two people with the same form open: what was typed stays, and nobody's text is written over unseen."""

import pytest
from django import forms
from django.urls import reverse

from innovasjon.meanwhile import MindsOthers
from innovasjon.models import AuditEvent
from roadmap.models import Project, Story
from tests.furnish import furnish

ROOMS = {"roadmap", "stakeholders", "benefits", "reports"}
FORMS = [
    ("roadmap:edit_project", []),
    ("roadmap:activity", ["activity"]),
    ("roadmap:deliverable", ["deliverable"]),
    ("roadmap:share", ["share"]),
    ("roadmap:risk", ["risk"]),
    ("roadmap:entry", ["entry"]),
    ("roadmap:related_project", ["related"]),
    ("roadmap:edit_story_part", ["tall", "number"]),
    ("roadmap:condition", ["condition"]),
    ("stakeholders:edit", ["stakeholder"]),
    ("stakeholders:measure", ["measure"]),
    ("stakeholders:edit_task", ["task"]),
    ("stakeholders:advisory_input", ["input"]),
    ("benefits:edit", ["benefit"]),
    ("benefits:edit_indicator", ["benefit", "indicator"]),
    ("benefits:action", ["benefit", "action"]),
    ("benefits:node", ["node"]),
    ("benefits:edit_supplier", ["agreement"]),
    ("benefits:delivery", ["agreement", "delivery"]),
    ("benefits:supplier_meeting", ["agreement", "status_meeting"]),
    ("reports:edit_presentation", ["presentation"]),
]


def sent_by(form, **typed) -> dict:
    """Return what a browser sends of a form with some fields typed over."""
    fields = {name: form.stored(name) for name in form.minded()}
    data = {name: "on" if value is True else value for name, value in fields.items()}
    return {name: value for name, value in data.items() if value not in (None, False)} | {
        "opened": form.opened,
        **typed,
    }


def opened(client, url):
    return client.get(url).context["form"]


@pytest.fixture
def edit_url(project):
    return reverse("roadmap:edit_project", args=[project.slug])


def test_second_writer_sees_both_texts_who_wrote_and_chooses(
    project, edit_url, owner_client, leader_client, owner
):
    first, second = opened(owner_client, edit_url), opened(leader_client, edit_url)
    assert owner_client.post(edit_url, sent_by(first, problem="Eierens problem")).status_code == 302
    answer = leader_client.post(edit_url, sent_by(second, problem="Lederens problem", area="Helse"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{owner.name} endret «Problemet dere løser» kl." in page
    assert "Eierens problem" in page
    assert ">\nLederens problem</textarea>" in page
    project.refresh_from_db()
    assert (project.problem, project.area) == ("Eierens problem", "")
    again = {**sent_by(second, problem="Lederens problem", area="Helse")}
    again["opened"] = answer.context["form"].opened
    kept = leader_client.post(edit_url, again | {"stands_problem": "stored"})
    project.refresh_from_db()
    assert kept.status_code == 302
    assert (project.problem, project.area) == ("Eierens problem", "Helse")
    third = again | {"opened": answer.context["form"].opened, "stands_problem": "mine"}
    leader_client.post(edit_url, third)
    project.refresh_from_db()
    assert project.problem == "Lederens problem"
    assert AuditEvent.objects.latest("id").changes["problem"] == ["Eierens problem", "Lederens problem"]


def test_two_who_change_different_fields_both_get_through(project, edit_url, owner_client, leader_client):
    first, second = opened(owner_client, edit_url), opened(leader_client, edit_url)
    owner_client.post(edit_url, sent_by(first, area="Helse", next_gate_on="3.12.2099"))
    assert leader_client.post(edit_url, sent_by(second, case_reference="26/118")).status_code == 302
    project.refresh_from_db()
    assert (project.area, project.case_reference) == ("Helse", "26/118")
    assert project.next_gate_at


def test_a_third_change_is_asked_about_anew(project, edit_url, leader_client):
    form = opened(leader_client, edit_url)
    Project.objects.filter(pk=project.pk).update(area="Oppvekst")
    answer = leader_client.post(edit_url, sent_by(form, area="Helse"))
    assert "«Område» ble endret etter at du åpnet siden" in answer.content.decode()
    Project.objects.filter(pk=project.pk).update(area="Kultur")
    data = sent_by(form, area="Helse") | {"opened": answer.context["form"].opened}
    answer = leader_client.post(edit_url, data)
    assert answer.status_code == 422
    assert [c.theirs for c in answer.context["form"].conflicts] == ["Kultur"]


def test_story_begun_by_another_meanwhile_is_not_written_over(project, leader_client):
    url = reverse("roadmap:edit_story", args=[project.slug])
    form = opened(leader_client, url)
    Story.objects.create(project=project, who="Brukere")
    answer = leader_client.post(url, sent_by(form, who="Pårørende", how_often="Hver uke"))
    assert answer.status_code == 422
    assert Story.objects.get(project=project).who == "Brukere"


def test_every_form_leaves_what_another_saved_in_a_field_that_was_not_touched(project, owner, owner_client):
    rows = {"tall": "tall", **furnish(project, owner)}
    missing = {"stakeholders:edit_task": {"performers": owner.pk}}  # what the row lacks
    for name, keys in FORMS:
        url = reverse(name, args=[project.slug, *(rows[key] for key in keys)])
        form = opened(owner_client, url)
        model = form._meta.model
        field = next(
            n
            for n in form._meta.fields
            if n in form.fields
            and model._meta.get_field(n).get_internal_type() in ("CharField", "TextField")
            and not hasattr(form.fields[n], "choices")
        )
        model.objects.filter(pk=form.instance.pk).update(**{field: "Skrevet av en annen"})
        answer = owner_client.post(url, sent_by(form, **missing.get(name, {})))
        assert answer.status_code == 302, (name, answer.context["form"].errors)
        assert getattr(model.objects.get(pk=form.instance.pk), field) == "Skrevet av en annen", name


def test_every_form_of_a_row_minds_others_but_those_that_add_a_row_each_time():
    adds = {"HandoverForm", "CalculationForm"}  # the earlier ones stay
    alone = {"HourRateForm"}  # the rate of one year of the municipality
    as_written = {"SlideForm"}  # saved field by field, each with its digest, as a checkpoint is
    ours = {f for f in of_class(forms.ModelForm) if f.__module__.split(".")[0] in ROOMS}
    careless = {f.__name__ for f in ours if not issubclass(f, MindsOthers)}
    assert careless <= adds | alone | as_written


def of_class(cls):
    for found in cls.__subclasses__():
        yield found
        yield from of_class(found)
