"""The project's story: sources and consent are obligatory, quotes stay inside until cleared."""

import io
import os
import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from innovasjon.models import AuditEvent
from innovasjon.national_id import has_national_id
from roadmap import pictures
from roadmap.contributions import CONTRIBUTIONS
from roadmap.forms.story import GoalForm, KeyNumberForm, QuoteForm
from roadmap.models import Goal, KeyNumber, Picture, PlanLink, Quote, Story
from roadmap.models.story import is_money
from roadmap.story import remove_part, save_part
from tests.conftest import TODAY


def refused(part):
    with pytest.raises(IntegrityError), transaction.atomic():
        part.save()


def a_number(project, **fields):
    told = {"name": "Turer", "value": 1480, "unit": "turer i uka", "source": "fagsystemet", "year": 2026}
    return KeyNumber(project=project, **{**told, **fields})


def test_number_without_source_unit_or_sensible_year_is_refused_by_the_database(project):
    for wrong in ({"source": ""}, {"unit": ""}, {"year": 26}):
        refused(a_number(project, **wrong))
    a_number(project).save()


def test_goal_that_cannot_be_decided_is_refused_by_the_database(project):
    refused(Goal(project=project, text="Bedre"))
    refused(Goal(project=project, text="Færre turer", target=240, unit="turer"))
    Goal(project=project, kind="main", text="Trygge", criterion="Ni av ti sier det").save()
    refused(Goal(project=project, kind="main", text="Ett til", criterion="Ja"))


def test_picture_without_words_or_consent_and_plan_without_goal_are_refused(project, leader):
    told = {"sha256": "0" * 64, "width": 1, "height": 1, "added_by": leader, "project": project}
    refused(Picture(alternative="", consent="Muntlig", **told))
    refused(Picture(alternative="En dispenser", consent="", **told))
    refused(PlanLink(project=project, plan="Kommuneplanen", goal=""))
    refused(Story(project=project, nature="wild"))


def test_goal_form_says_what_is_missing(project):
    form = GoalForm({"kind": "main", "text": "Færre turer", "target": "240"}, instance=Goal(project=project))
    assert not form.is_valid()
    assert "criterion" in form.errors
    told = {"kind": "main", "text": "Færre turer", "unit": "turer", "baseline": "1 412,5"}
    told |= {"baseline_on": "1.2.2026", "target": "240", "target_on": "30.6.2027"}
    form = GoalForm(told, instance=Goal(project=project))
    assert form.is_valid(), form.errors
    assert form.instance.baseline == Decimal("1412.5")


@pytest.mark.parametrize(
    ("unit", "money"),
    [("kr", True), ("mill. kr", True), ("kr/år", True), ("Kroner", True), ("turer", False), ("%", False)],
)
def test_money_is_known_by_its_unit(unit, money):
    assert is_money(unit) is money


def test_number_is_read_as_people_write_it(project):
    told = {"name": "Dekning", "value": "81,5", "unit": "prosent", "source": "SSB", "year": "2026"}
    form = KeyNumberForm(told, instance=KeyNumber(project=project))
    assert form.is_valid(), form.errors
    assert (form.instance.value, form.instance.unit) == (Decimal("81.5"), "%")


def test_national_identity_number_is_refused(project):
    told = {"speaker": "user", "text": "Jeg er 15027510091, og jeg venter"}
    form = QuoteForm(told, instance=Quote(project=project))
    assert has_national_id(told["text"])
    assert "text" in form.errors


def test_checkpoints_are_measured_by_the_story(project, leader):
    facts = {key: CONTRIBUTIONS.fact(project, f"1.1{key}") for key in "abcdefghi"}
    assert {key for key, fact in facts.items() if fact.answers} == {"a"}
    parts = [
        Story(
            project=project,
            who="Brukere",
            how_often="Hver dag",
            how_serious="Farlig",
            disagreement="Om turnus",
            nature="wild",
            nature_reason="Ukjent",
        ),
        a_number(project),
        Quote(project=project, speaker="user", text="Jeg venter"),
        Quote(project=project, speaker="employee", text="Vi rekker det ikke"),
        Goal(project=project, kind="main", text="Trygge", criterion="Ni av ti sier det"),
        PlanLink(project=project, plan="Kommuneplanen", goal="Trygge hjem"),
    ]
    for part in parts:
        save_part(part=part, by=leader)
    facts = {key: CONTRIBUTIONS.fact(project, f"1.1{key}") for key in "abcdefghi"}
    assert {key for key, fact in facts.items() if fact.answers} == set("abcdefhi")
    assert facts["f"].text == "Kommuneplanen"
    project.problem = "Vi må anskaffe en app"
    assert not CONTRIBUTIONS.fact(project, "1.1a").answers


def test_step_shows_what_the_system_measured(project, leader, leader_client):
    save_part(part=a_number(project), by=leader)
    page = leader_client.get(reverse("roadmap:item", args=[project.slug, 1, "1.1", "1.1c"])).content.decode()
    assert "Målt av systemet: 1 tall med kilde og år" in " ".join(page.split())


def test_quote_disagreement_and_consent_are_for_the_core_team(project, leader, leader_client, reader_client):
    save_part(part=Quote(project=project, speaker="user", text="Bare oss imellom"), by=leader)
    save_part(part=Quote(project=project, speaker="user", text="Si det videre", cleared_on=TODAY), by=leader)
    save_part(part=Story(project=project, disagreement="Vi krangler om turnus"), by=leader)
    url = reverse("roadmap:story", args=[project.slug])
    inside, outside = (c.get(url).content.decode() for c in (leader_client, reader_client))
    assert "Bare oss imellom" in inside
    assert "Vi krangler" in inside
    assert "Si det videre" in outside
    assert "Bare oss imellom" not in outside
    assert "Vi krangler" not in outside
    trail = reader_client.get(reverse("roadmap:trail", args=[project.slug])).content.decode()
    assert "La til et sitat" in trail
    assert not [word for word in ("Bare oss", "Si det", "krangler") if word in trail]


def photo(size=(3000, 1500)):
    """A picture with place and camera in it, held sideways."""
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Kameraet til Kari"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", size, "teal").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("kari.jpg", content.getvalue(), "image/jpeg")


def test_picture_is_turned_made_smaller_and_rid_of_what_was_hidden(project, leader_client):
    url = reverse("roadmap:new_story_part", args=[project.slug, "bilder"])
    told = {"file": photo(), "alternative": "En dispenser på et kjøkken", "consent": "Ingen mennesker"}
    assert leader_client.post(url, told).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (960, 1920)
    stored = Image.open(io.BytesIO(pictures.read(picture.sha256)))
    assert not dict(stored.getexif())
    assert b"Kari" not in pictures.read(picture.sha256)


def test_removed_picture_is_gone_from_the_storage_too(
    project, other_project, leader, leader_client, django_capture_on_commit_callbacks
):
    drawn = pictures.draw(photo())
    told = {"sha256": drawn.digest, "width": 1, "height": 1, "alternative": "x", "consent": "x"}
    mine, theirs = (
        Picture.objects.create(project=p, added_by=leader, **told) for p in (project, other_project)
    )
    pictures.store(drawn)
    with django_capture_on_commit_callbacks(execute=True):
        leader_client.post(reverse("roadmap:delete_story_part", args=[project.slug, "bilder", mine.pk]))
    assert pictures.read(drawn.digest)  # another project shows it
    with django_capture_on_commit_callbacks(execute=True):
        remove_part(part=theirs, by=leader)
    with pytest.raises(FileNotFoundError):
        pictures.read(drawn.digest)


def test_fault_in_the_storage_is_logged_and_the_night_removes_the_file(
    project, leader, leader_client, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    drawn = pictures.draw(photo((20, 10)))
    mine = save_part(part=picture_of(project, leader, drawn), by=leader, drawn=drawn)
    with monkeypatch.context() as broken, django_capture_on_commit_callbacks(execute=True):
        broken.setattr(pictures, "forget", denied)
        url = reverse("roadmap:delete_story_part", args=[project.slug, "bilder", mine.pk])
        assert leader_client.post(url).status_code == 302
    assert drawn.digest in caplog.text
    call_command("forget_persons")
    assert pictures.read(drawn.digest)  # may be on its way to a row
    os.utime(default_storage.path(pictures.storage_name(drawn.digest)), (0, 0))
    shown = save_part(part=picture_of(project, leader, drawn), by=leader, drawn=drawn)
    call_command("forget_persons")
    assert pictures.read(drawn.digest)
    Picture.objects.filter(pk=shown.pk).delete()
    call_command("forget_persons")
    with pytest.raises(FileNotFoundError):
        pictures.read(drawn.digest)


def denied(digest):
    raise PermissionError(digest)


def picture_of(project, by, drawn):
    return Picture(
        project=project,
        added_by=by,
        sha256=drawn.digest,
        width=drawn.width,
        height=drawn.height,
        alternative="x",
        consent="x",
    )


def test_picture_put_in_elsewhere_while_it_is_removed_here_keeps_its_file(
    project, other_project, leader, django_capture_on_commit_callbacks
):
    drawn = pictures.draw(photo())
    mine = save_part(part=picture_of(project, leader, drawn), by=leader, drawn=drawn)
    with django_capture_on_commit_callbacks(execute=True):
        remove_part(part=mine, by=leader)
        save_part(part=picture_of(other_project, leader, drawn), by=leader, drawn=drawn)
    assert pictures.read(drawn.digest)


@pytest.mark.django_db(transaction=True)
def test_two_projects_that_put_in_and_take_away_one_picture_never_lose_it(project, other_project, leader):
    drawn, faults = pictures.draw(photo((20, 10))), []

    def work(place):
        try:
            for _round in range(10):
                part = save_part(part=picture_of(place, leader, drawn), by=leader, drawn=drawn)
                assert pictures.read(drawn.digest)
                remove_part(part=part, by=leader)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[place]) for place in (project, other_project)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    with pytest.raises(FileNotFoundError):
        pictures.read(drawn.digest)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Bruk PNG, JPEG eller WebP"),
        (b"GIF89a", "Bruk PNG, JPEG eller WebP"),
        (b"", "tom"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Lagre det som JPEG"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_reason_and_the_words_are_kept(
    project, leader_client, content, reason
):
    url = reverse("roadmap:new_story_part", args=[project.slug, "bilder"])
    told = {
        "file": SimpleUploadedFile("x.svg", content),
        "alternative": "En dispenser",
        "consent": "Muntlig ja",
    }
    answer = leader_client.post(url, told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page
    assert "En dispenser" in page
    assert "Muntlig ja" in page
    assert not Picture.objects.exists()


def test_picture_is_stored_only_with_its_words_and_consent(project, leader_client):
    upload = photo((30, 20))
    digest = pictures.draw(upload).digest
    upload.seek(0)
    url = reverse("roadmap:new_story_part", args=[project.slug, "bilder"])
    page = leader_client.post(url, {"file": upload, "alternative": "", "consent": "Ja"}).content.decode()
    assert "Velg bildet en gang til" in page
    with pytest.raises(FileNotFoundError):
        pictures.read(digest)


def test_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(project, leader_client, monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST_PICTURE", 100)
    url = reverse("roadmap:new_story_part", args=[project.slug, "bilder"])
    answer = leader_client.post(url, {"file": photo((20, 20)), "alternative": "x", "consent": "x"})
    assert "for mange piksler" in answer.content.decode()


def test_part_is_changed_and_removed_and_the_trail_tells(project, leader, leader_client):
    number = save_part(part=a_number(project), by=leader)
    url = reverse("roadmap:edit_story_part", args=[project.slug, "tall", number.pk])
    told = {"name": "Turer", "value": "1 500", "unit": "turer i uka", "source": "fagsystemet", "year": "2026"}
    assert leader_client.post(url, told).status_code == 302
    event = AuditEvent.objects.get(verb="key_number.changed")
    assert event.changes["value"] == ["1480.00", "1500"]
    leader_client.post(reverse("roadmap:delete_story_part", args=[project.slug, "tall", number.pk]))
    assert not KeyNumber.objects.exists()
    assert AuditEvent.objects.filter(verb="key_number.removed").exists()


def test_part_of_another_project_is_not_found(project, other_project, stranger, leader_client):
    number = save_part(part=a_number(other_project), by=stranger)
    for name in ("edit_story_part", "delete_story_part"):
        url = reverse(f"roadmap:{name}", args=[project.slug, "tall", number.pk])
        assert leader_client.get(url).status_code == 404
    assert (
        leader_client.get(reverse("roadmap:new_story_part", args=[project.slug, "annet"])).status_code == 404
    )


def test_story_costs_the_same_whatever_is_in_it(project, leader, leader_client, django_assert_num_queries):
    url = reverse("roadmap:story", args=[project.slug])
    leader_client.get(url)
    for n in range(3):
        save_part(part=a_number(project, name=f"Tall {n}"), by=leader)
        save_part(part=Quote(project=project, speaker="user", text=f"Sitat {n}"), by=leader)
        save_part(
            part=Goal(project=project, text=f"Mål {n}", target=1, unit="kr", target_on=date(2027, 1, 1)),
            by=leader,
        )
    with django_assert_num_queries(9):
        leader_client.get(url)
