"""The roadmap's text is whole, and a fault in it is found with file and line."""

import shutil

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.urls import reverse

from roadmap import content
from roadmap.contributions import CONTRIBUTIONS

PER_PHASE = [37, 22, 21, 22, 30, 16]


def checkpoints(phase):
    return [c for step in phase.steps for c in step.checkpoints]


def test_content_has_all_phases_steps_and_checkpoints():
    roadmap = content.load()
    assert [phase.name for phase in roadmap.phases] == [
        "Forankring",
        "Innsikt",
        "Tjenesteutvikling",
        "Pilotering",
        "Overgang til drift",
        "Ny praksis",
    ]
    assert [len(checkpoints(phase)) for phase in roadmap.phases] == PER_PHASE
    assert sum(PER_PHASE) == 148


def test_every_checkpoint_says_what_is_good_enough_and_gives_a_tip():
    for phase in content.load().phases:
        for checkpoint in checkpoints(phase):
            assert checkpoint.text.endswith("?"), checkpoint.key
            assert checkpoint.good_enough.startswith("Godt nok når "), checkpoint.key
            assert len(checkpoint.tip) > 20, checkpoint.key


def test_no_text_is_used_twice():
    found = [c for phase in content.load().phases for c in checkpoints(phase)]
    for name in ("text", "good_enough", "tip"):
        assert len({getattr(c, name) for c in found}) == len(found), name


def test_what_comes_from_a_source_names_it():
    for phase in content.load().phases:
        for checkpoint in checkpoints(phase):
            assert checkpoint.sources or checkpoint.origin == "proposal", checkpoint.key


def test_checkpoint_from_the_roadmap_names_a_source_of_the_roadmap():
    known = content.sources()
    for phase in content.load().phases:
        for checkpoint in checkpoints(phase):
            if checkpoint.origin == "roadmap":
                kinds = {known[code].kind for code in checkpoint.sources}
                assert "roadmap" in kinds or checkpoint.sources == ("S4", "S2"), checkpoint.key


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(content.CONTENT, tmp_path / "content")
    return tmp_path / "content"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "message"),
    [
        ('key = "4.2d"\n', "key = 4.2d\n", "4.2d", ""),
        ('key = "4.2d"\n', 'key = "4.2c"\n', None, "4.2c: the key stands twice"),
        ('key = "4.2d"\n', 'key = "4.2x"\n', 'key = "4.2x"', "4.2d was expected here"),
        (
            'key = "4.2d"\n',
            'key = "4.2d"\ncolour = "red"\n',
            'key = "4.2d"',
            "colour is no field of a checkpoint",
        ),
        (
            'tip = "Skriv ned endringen samme dag.',
            'tips = "Skriv ned endringen samme dag.',
            'key = "4.2d"',
            "tip is missing",
        ),
        ("[gate]\n", '[gate]\nwhy = ""\n', None, "why is no field of a gate"),
        ('name = "Gjennomføre"', 'name = ""', 'key = "4.2"', "name is empty"),
        ("number = 4", 'number = "4"', None, "number must be int"),
    ],
)
def test_fault_is_found_with_file_and_line(copy, old, new, line_of, message):
    path = copy / "nb" / "4-pilotering.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    fault = next(found for found in content.problems(copy) if message in found.message)
    assert fault.path == "nb/4-pilotering.toml"
    if line_of:
        lines = path.read_text().splitlines()
        assert fault.line == next(n for n, line in enumerate(lines, 1) if line_of in line)


def test_unknown_source_and_origin_are_found(copy):
    path = copy / "nb" / "1-forankring.toml"
    text = path.read_text().replace('sources = ["S0", "K6"]', 'sources = ["S0", "K66"]')
    path.write_text(text.replace('origin = "proposal"', 'origin = "guess"', 1))
    messages = [fault.message for fault in content.problems(copy)]
    assert "1.4i: K66 is not in sources.toml" in messages
    assert any("origin is one of" in message for message in messages)


def test_missing_phase_is_found(copy):
    (copy / "nb" / "6-ny-praksis.toml").unlink()
    assert [str(fault) for fault in content.problems(copy)] == ["nb:1: phase 6 is missing"]


def test_other_language_must_have_the_same_keys(copy):
    (copy / "nn").mkdir()
    text = (copy / "nb" / "6-ny-praksis.toml").read_text()
    (copy / "nn" / "6-ny-praksis.toml").write_text(text.rpartition("\n[[steps.checkpoints]]")[0])
    general = copy / "roadmap.toml"
    general.write_text(general.read_text().replace('["nb"]', '["nb", "nn"]'))
    assert [str(fault) for fault in content.problems(copy)] == ["nn:1: phase 6 has other keys than nb: 6.3f"]


def test_check_command_stops_with_file_and_line(copy, monkeypatch):
    (copy / "nb" / "4-pilotering.toml").write_text("number = \n")
    monkeypatch.setattr(content.problems, "__defaults__", (copy,))
    with pytest.raises(SystemCheckError, match=r"roadmap/content/nb/4-pilotering.toml:1"):
        call_command("check")


def test_command_is_content_with_the_content():
    call_command("check")


def test_tools_that_are_in_the_program_are_tools_of_the_roadmap_and_linked(project):
    named = {tool for phase in content.load().phases for tool in phase.tools}
    ours = {tool for room in CONTRIBUTIONS.contributions for tool in room.tools}
    assert ours <= named
    told = dict(CONTRIBUTIONS.tools(project, sorted(named)))
    assert told["Forankringsverktøy"] == reverse("stakeholders:stakeholders", args=[project.slug])
    assert {name for name, url in told.items() if url} == ours
