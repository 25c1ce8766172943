"""What the roof adds to the roadmap: it knows how to draw the basis of a gate, and who has been told."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.documents import gate_basis
from reports.models import Audience
from roadmap.contributions import Contribution, Fact


class ReportsContribution(Contribution):
    name = "reports"
    sentences = {
        "presentation.started": gettext_lazy("Began the presentation «%(target)s»"),
        "presentation.changed": gettext_lazy("Changed the presentation «%(target)s»"),
        "presentation.deleted": gettext_lazy("Deleted the presentation «%(target)s»"),
        "slide.changed": gettext_lazy("Changed a slide of «%(target)s»"),
        "slide.added": gettext_lazy("Added a slide to «%(target)s»"),
        "slide.taken_out": gettext_lazy("Took a slide out of «%(target)s»"),
        "slide.moved": gettext_lazy("Moved a slide of «%(target)s»"),
        "slide.updated": gettext_lazy("Updated a slide of «%(target)s» from its source"),
        "slide.kept": gettext_lazy("Kept a slide of «%(target)s» as it is"),
    }
    field_labels = {
        "title": gettext_lazy("Title"),
        "audience": gettext_lazy("Who shall see it?"),
        "meeting_on": gettext_lazy("Meeting"),
    }
    choices = {"audience": dict(Audience.choices)}

    def fact(self, project, key):
        return told_fact(project) if key == "1.1g" else None

    def render_basis(self, data):
        return gate_basis(data)


def told_fact(project) -> Fact:
    """Return for whom presentations are made; the checkpoint asks for leaders and employees."""
    made = set(project.presentations.values_list("audience", flat=True))
    names = [str(label) for value, label in Audience.choices if value in made]
    text = (
        _("Made for: %(audiences)s") % {"audiences": ", ".join(names)}
        if names
        else _("No presentation is made yet")
    )
    return Fact(text, {Audience.LEADERS, Audience.STAFF} <= made)
