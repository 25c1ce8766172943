"""«Hentet fra»: where a slide's content is kept, and when it was changed last."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from innovasjon.templatetags.innovasjon import day, in_sentence
from reports.models import Role, Slide
from reports.presentations.sources import Sources


@dataclass(frozen=True)
class Origin:
    label: str
    url: str
    detail: str


def origins(slide: Slide, sources: Sources) -> list[Origin]:
    """Return where a slide gets what it shows; nothing for slides that are written by hand."""
    project = sources.project
    story = reverse("roadmap:story", args=[project.slug])
    register = reverse("stakeholders:stakeholders", args=[project.slug])
    phases = reverse("roadmap:project", args=[project.slug])
    found = []
    if slide.role == Role.PROBLEM:
        number = sources.number_for(slide.number_id)
        if number:
            found.append(
                Origin(
                    _("Number: %(name)s") % {"name": in_sentence(number.name)},
                    f"{story}#numbers",
                    f"{number.source}, {number.year}",
                )
            )
        else:
            found.append(Origin(_("The problem"), f"{story}#problem", _("The story has no number yet")))
    elif slide.role == Role.VOICES:
        found.append(Origin(_("Quotes"), f"{story}#quotes", changed(sources.quotes)))
    elif slide.role in (Role.GOALS, Role.PILOT):
        found.append(Origin(_("Goals"), f"{story}#goals", changed(sources.goals)))
    elif slide.role == Role.AFFECTED:
        reviewed = sources.register.reviewed_on
        detail = _("Reviewed %(day)s") % {"day": day(reviewed)} if reviewed else _("Not reviewed yet")
        found.append(Origin(_("The stakeholder register, groups alone"), register, detail))
    elif slide.role == Role.SERVICE:
        found.append(Origin(_("Whom, how often and how serious"), f"{story}#answers", ""))
    elif slide.role == Role.PLAN:
        found.append(Origin(_("The project's phases"), phases, ""))
    elif slide.role == Role.ECONOMY:
        found.append(Origin(_("Numbers in kroner"), f"{story}#numbers", changed(sources.numbers)))
    return found


def changed(rows) -> str:
    last = max((row.updated_at for row in rows), default=None)
    return _("Unchanged since %(day)s") % {"day": day(last)} if last else _("Nothing there yet")
