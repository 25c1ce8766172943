"""Whatever colour a municipality chooses, its people can read the pages."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from innovasjon.theme import contrast, palette, parse, theme_css

colours = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def ratio(found, one, other):
    return contrast(parse(found[one]), parse(found[other]))


@given(colours)
def test_text_can_be_read_on_everything_it_stands_on(colour):
    found = palette(colour)
    for ground in ("background-default", "background-tinted", "surface-default", "surface-tinted"):
        assert ratio(found, "text-default", ground) >= 7
        assert ratio(found, "text-subtle", ground) >= 4.5
    for ground in ("surface-hover", "surface-active"):
        assert ratio(found, "text-default", ground) >= 4.5


@given(colours)
def test_white_text_can_be_read_on_buttons(colour):
    found = palette(colour)
    for ground in ("base-default", "base-hover", "base-active"):
        assert ratio(found, "base-contrast-default", ground) >= 4.5
    assert ratio(found, "base-contrast-subtle", "base-default") >= 4.5


@given(colours)
def test_controls_can_be_seen(colour):
    found = palette(colour)
    for line in ("border-default", "border-strong", "base-default"):
        for ground in ("background-default", "background-tinted", "surface-default"):
            assert ratio(found, line, ground) >= 3


@given(colours)
def test_pointer_and_press_are_seen(colour):
    found = palette(colour)
    assert len({found["base-default"], found["base-hover"], found["base-active"]}) == 3


def test_colour_that_is_dark_enough_is_used_as_it_is():
    found = palette("#00558C")
    assert found["base-default"] == "#00558c"
    assert found["text-subtle"] == "#136295"
    assert found["surface-tinted"] == "#e0eaf1"


@pytest.mark.parametrize("wrong", ["00558C", "#00558", "#00558G", "#00558C;}", "red", ""])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(ValueError, match="not a colour"):
        theme_css(wrong)


def test_stylesheet_is_served_to_anybody_and_may_be_cached(client, db):
    answer = client.get(reverse("innovasjon:theme", args=["7a4b94"]))
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "public" in answer["Cache-Control"]
    assert "--ds-color-primary-base-default:#7a4b94" in answer.content.decode()


def test_address_with_no_colour_is_not_found(client, db):
    assert client.get("/tema/blue.css").status_code == 404
