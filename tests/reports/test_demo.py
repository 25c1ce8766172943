"""The demo's story is told once, as the mockups tell it, and its log-ins work."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from innovasjon.audit import first_broken_event
from innovasjon.models import AuditEvent, FrozenDocument, Municipality, User
from roadmap.models import ChecklistItem, GateDecision, Project


def test_demo_is_refused_outside_the_demo(db):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo")


@pytest.fixture
def demo(db, settings):
    settings.DEMO = True
    call_command("demo")
    return Municipality.objects.get(number="9901")


def test_demo_tells_the_story_once(demo, settings):
    """One load, many questions: rendering thirty-odd documents takes its time."""
    main = Project.objects.get(slug="medisin-til-rett-tid-hjemme")
    assert (main.phase, main.condition, main.decisions.count()) == (4, "watch", 3)
    current = ChecklistItem.objects.filter(round__project=main, round__phase=4)
    assert (current.settled().count(), current.count()) == (15, 22)
    assert Project.objects.of(demo).filter(status="active").count() == 14
    assert Project.objects.exclude(municipality=demo).count() == 1
    assert Project.objects.filter(status="closed").exclude(learning="").exists()
    assert GateDecision.objects.filter(outcome="step_back").exists()

    for document in FrozenDocument.objects.all():
        assert document.content().startswith(b"%PDF-")
    for municipality in Municipality.objects.all():
        assert first_broken_event(municipality.pk) is None
    moments = list(
        AuditEvent.objects.filter(municipality_id=demo.pk).order_by("sequence").values_list("at", flat=True)
    )
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()

    listed = {}
    for name in ("ingrid", "gro", "kari", "ola", "turid", "lise"):
        client = Client()
        client.post(reverse("account_login"), {"login": f"{name}@lindvik.example", "password": "innovasjon"})
        page = client.get(reverse("reports:portfolio")).content.decode()
        listed[name] = ("Medisin til rett tid hjemme" in page, "Heltid på sykehjemmet" in page)
    assert listed == {
        "ingrid": (True, True),
        "gro": (True, True),
        "kari": (True, True),
        "ola": (True, True),
        "turid": (True, False),
        "lise": (True, False),
    }
    settings.DEMO = False
    client = Client()
    client.post(reverse("account_login"), {"login": "ingrid@lindvik.example", "password": "innovasjon"})
    assert client.get(reverse("reports:portfolio")).status_code == 302
    settings.DEMO = True
    assert not User.objects.get(email="sykepleier@lindvik.example").has_usable_password()

    counts = (Project.objects.count(), AuditEvent.objects.count(), User.objects.count())
    call_command("demo")
    assert (Project.objects.count(), AuditEvent.objects.count(), User.objects.count()) == counts
