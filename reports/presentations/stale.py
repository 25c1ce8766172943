"""Whether a slide still shows what its source says, and what has changed, in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from innovasjon.templatetags.innovasjon import figure
from reports.models import Role, Slide
from reports.presentations.sources import Sources, digest


@dataclass(frozen=True)
class Stale:
    """A slide whose source has changed since it was fetched, and nobody has chosen to keep it so."""

    slide: Slide
    label: str
    text: str
    now: dict


def stale_slides(slides: list[Slide], sources: Sources) -> dict[int, Stale]:
    """Return slide id → what has changed, of the slides that are in the presentation."""
    found = {}
    for slide in slides:
        if slide.is_out or sources.rules.leaves_out(slide.role):
            continue
        now = sources.read(slide.role, slide.number_id)
        if now != slide.shown and slide.kept_digest != digest(now):
            label, text = difference(slide.role, slide.shown, now)
            found[slide.pk] = Stale(slide, label, text, now)
    return found


def difference(role: str, shown: dict, now: dict) -> tuple[str, str]:
    """Return a label and a sentence: «Tallet er endret», «Siste måling er 348, lysbildet viser 339.»"""
    if role in (Role.GOALS, Role.PILOT):
        for old, new in pairs(role, shown, now):
            if old["latest"] != new["latest"] and new["latest"] is not None:
                shows = figured(old["latest"]) if old["latest"] is not None else _("none")
                return (
                    _("The number is changed"),
                    _("The last measurement is %(now)s, the slide shows %(shows)s.")
                    % {"now": figured(new["latest"]), "shows": shows},
                )
    if role == Role.PROBLEM and shown.get("number") and now.get("number"):
        old, new = shown["number"], now["number"]
        if old["value"] != new["value"]:
            return (
                _("The number is changed"),
                _("The number is %(now)s, the slide shows %(shows)s.")
                % {"now": figured(new["value"]), "shows": figured(old["value"])},
            )
    return _("The source is changed"), _("The source says something else than the slide.")


def pairs(role: str, shown: dict, now: dict):
    """Yield (old, new) of the points that stand in both."""
    if role == Role.PILOT:
        if shown.get("point") and now.get("point"):
            yield shown["point"], now["point"]
        return
    old = {point["name"]: point for point in shown.get("points", [])}
    for point in now.get("points", []):
        if point["name"] in old:
            yield old[point["name"]], point


def figured(text: str) -> str:
    return figure(Decimal(text))
