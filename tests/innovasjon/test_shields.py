"""A municipality's shield: drawn anew, small, and shown to its own people alone."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from innovasjon import shields
from innovasjon.models import AuditEvent


def picture(kind="PNG", size=(900, 1200)):
    content = io.BytesIO()
    Image.new("RGB", size, "#00558C").save(content, kind)
    return SimpleUploadedFile(f"vapen.{kind.lower()}", content.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_picture_is_stored_as_a_small_png(kind):
    content = shields.read(shields.store(picture(kind)))
    stored = Image.open(io.BytesIO(content))
    assert (stored.format, stored.size) == ("PNG", (384, 512))


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>"), "ikke et bilde"),
        (SimpleUploadedFile("x.png", b"\x89PNG\r\n\x1a\n nonsense"), "ikke et bilde"),
        (SimpleUploadedFile("x.png", b"x" * 5_000_001), "større enn 5 MB"),
        (picture(size=(9000, 9000)), "for mange piksler"),
    ],
)
def test_anything_else_is_refused_with_why(upload, message):
    with pytest.raises(ValidationError, match=message):
        shields.store(upload)


def test_shield_is_shown_to_its_own_people_alone(municipality, leader_client, stranger_client, client):
    municipality.shield = shields.store(picture())
    municipality.save()
    url = reverse("innovasjon:shield", args=[municipality.number, municipality.shield])
    answer = leader_client.get(url)
    assert answer["Content-Type"] == "image/png"
    assert answer.content == shields.read(municipality.shield)
    assert f'src="{url}"' in leader_client.get("/hjelp/").content.decode()
    assert stranger_client.get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_operator_sets_it_and_the_trail_says_so(municipality, administrator, administrator_client):
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    url = reverse("admin:innovasjon_municipality_change", args=[municipality.pk])
    data = {"number": "0901", "name": "Nytt navn", "colour": "#7A4B94", "organisation_number": "974683520"}
    administrator_client.post(url, data | {"picture": picture()})
    municipality.refresh_from_db()
    assert municipality.shield
    event = AuditEvent.objects.latest("id")
    assert event.verb == "municipality.changed"
    assert event.changes["name"] == ["Prøvevik kommune", "Nytt navn"]
