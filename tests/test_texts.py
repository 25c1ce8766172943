"""Every text has its bokmål, and no page shows the English behind it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "innovasjon" / "locale" / "nb" / "LC_MESSAGES" / "django.po"


def test_catalogue_is_whole():
    catalogue = polib.pofile(str(CATALOGUE))
    assert not catalogue.untranslated_entries()
    assert not catalogue.fuzzy_entries()
    assert not catalogue.obsolete_entries()


def test_translations_use_the_same_variables():
    for entry in polib.pofile(str(CATALOGUE)):
        expected = set(re.findall(r"%\(\w+\)s", entry.msgid + entry.msgid_plural))
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert set(re.findall(r"%\(\w+\)s", text)) <= expected, entry.msgid


def test_catalogue_has_every_text_of_the_program(tmp_path):
    """Collect the texts anew, as `make messages` does, and compare."""
    for part in ("innovasjon", "roadmap", "stakeholders", "benefits", "reports", "templates"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "nb", "--no-obsolete", "--no-location"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "DEBUG": "1", "DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": ""},
        check=True,
        capture_output=True,
    )
    found = polib.pofile(str(tmp_path / CATALOGUE.relative_to(ROOT)))
    missing = [entry.msgid for entry in found.untranslated_entries() + found.fuzzy_entries()]
    assert not missing
    known = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(CATALOGUE))}
    assert known == {(entry.msgctxt, entry.msgid) for entry in found}


WORDS_WE_AVOID = ["effektuere", "KPI", "deadline", "dashboard", "oppfølgingspunkt", "Er du sikker?"]


@pytest.mark.parametrize("word", WORDS_WE_AVOID)
def test_words_we_avoid_are_avoided(word):
    text = CATALOGUE.read_text() + "".join(
        p.read_text() for p in (ROOT / "roadmap" / "content").rglob("*.toml")
    )
    assert word.lower() not in text.lower()


def test_no_page_shows_english(project, leader_client, reader_client):
    pages = [
        reverse("reports:portfolio"),
        reverse("roadmap:new_project"),
        project.get_absolute_url(),
        reverse("roadmap:step", args=[project.slug, 1, "1.1"]),
        reverse("roadmap:gate", args=[project.slug, 1]),
        reverse("roadmap:people", args=[project.slug]),
        reverse("innovasjon:help"),
        reverse("innovasjon:privacy"),
        "/finnes-ikke/",
    ]
    english = re.compile(r">[^<]*\b(the|and|with|your|save|project owner|checkpoint)\b[^<]*<", re.IGNORECASE)
    for client in (leader_client, reader_client):
        for page in pages:
            body = client.get(page).content.decode().split("<body")[1]
            assert not english.findall(re.sub(r"<script.*?</script>", "", body, flags=re.DOTALL)), page
