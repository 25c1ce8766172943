"""Keeping a project's story: what is written is in the trail, and what is there answers checkpoints."""

import logging
import re

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from innovasjon.audit import differences, record
from roadmap import pictures
from roadmap.contributions import CONTRIBUTIONS, Contribution, Fact
from roadmap.models import Goal, KeyNumber, Picture, PlanLink, Project, Quote, Story

log = logging.getLogger(__name__)

NOT_TOLD = {"id", "project", "created_at", "updated_at", "added_by", "sha256", "width", "height"}
# The trail is read by everybody who may see the project: never what anybody said, nor who agreed.
NOT_TOLD |= {"consent", "disagreement"}
# Words that tell of a solution where a problem is asked for. Source: ux, «Nytt prosjekt».
SOLUTIONS = re.compile(
    r"\b(app|appen|apper|system\w*|plattform\w*|programvare\w*|anskaff\w*|innkjøp\w*)\b", re.IGNORECASE
)
VERBS = {
    Story: "story",
    Goal: "goal",
    Quote: "quote",
    KeyNumber: "key_number",
    Picture: "picture",
    PlanLink: "plan_link",
}


def story_of(project) -> Story:
    """Return the project's story; a new one, not stored, when nobody has begun."""
    return Story.objects.filter(project=project).first() or Story(project=project)


def told(part) -> dict:
    """Return what the trail may say of a part. A quote's own words stay with those who may read it."""
    hidden = NOT_TOLD | ({"text", "description"} if isinstance(part, Quote) else set())
    return {f.name: getattr(part, f.name) for f in part._meta.fields if f.name not in hidden}


@transaction.atomic
def save_part(*, part, by, now=None, drawn: pictures.Drawn | None = None):
    """Save one part of a project's story, new or changed. `drawn`: a new picture's file."""
    project = Project.objects.select_for_update().get(pk=part.project_id)
    adding = part.pk is None
    before = {} if adding else told(type(part).objects.get(pk=part.pk))
    part.updated_at = now or timezone.now()
    if drawn:
        pictures.hold(drawn.digest)
        pictures.store(drawn)
    part.save()
    verb = f"{VERBS[type(part)]}.{'added' if adding else 'changed'}"
    record(
        verb,
        Named(part),
        project=project,
        by=by,
        now=now,
        changes={} if adding else differences(before, told(part)),
    )
    return part


@transaction.atomic
def remove_part(*, part, by):
    """Take one part out of a project's story; of a picture, every copy that is not frozen goes too."""
    record(f"{VERBS[type(part)]}.removed", Named(part), project=part.project, by=by)
    part.delete()
    if isinstance(part, Picture):
        transaction.on_commit(lambda: forget_copies(part))


def forget_copies(picture: Picture) -> None:
    """Remove what was made with a picture, and its file unless another row shows it by now."""
    CONTRIBUTIONS.forget_picture(picture)
    forget_file(picture.sha256, picture.project_id)


@transaction.atomic
def forget_file(digest: str, project_pk: int | None = None) -> bool:
    """Remove a picture's file when no row shows it; return whether it is removed.

    One that cannot be removed is left to the night. project_pk: who showed it last, for the log.
    """
    pictures.hold(digest)
    if Picture.objects.filter(sha256=digest).exists():
        return False
    try:
        pictures.forget(digest)
    except OSError:
        log.exception("picture %s of project %s not removed", digest, project_pk)
        return False
    return True


def forget_unshown(now) -> int:
    """Remove the files of pictures that no project shows any more; return how many they were."""
    found = pictures.stored(now)
    shown = set(Picture.objects.values_list("sha256", flat=True))
    return sum(forget_file(digest) for digest in found if digest not in shown)


class Named:
    """A part as the trail names it: a quote by who said it, never by what was said."""

    def __init__(self, part):
        self.part, self.pk, self._meta = part, part.pk, part._meta

    def __str__(self):
        return self.part.get_speaker_display() if isinstance(self.part, Quote) else str(self.part)


def quotes_fact(project) -> Fact:
    speakers = list(project.quotes.values_list("speaker", flat=True))
    employees = speakers.count(Quote.Speaker.EMPLOYEE)
    others = len(speakers) - employees
    return Fact(
        _("Quotes: %(users)s from users and relatives, %(employees)s from employees")
        % {"users": others, "employees": employees},
        bool(others and employees),
    )


def answers_fact(project) -> Fact:
    story = story_of(project)
    written = sum(1 for text in (story.who, story.how_often, story.how_serious) if text)
    return Fact(
        _("%(n)s of 3 are written: whom, how often, how serious") % {"n": written},
        written == 3,
    )


def goals_fact(project) -> Fact:
    kinds = list(project.goals.values_list("kind", flat=True))
    main = Goal.Kind.MAIN in kinds
    n = len(kinds)
    text = ngettext("%(n)s goal that can be decided", "%(n)s goals that can be decided", n) % {"n": n}
    return Fact(text if main else _("%(goals)s, but no main goal") % {"goals": text}, main)


def nature_fact(project) -> Fact:
    nature = story_of(project).nature
    return Fact(Story.Nature(nature).label if nature else _("Nobody has written it down yet"), bool(nature))


def problem_fact(project) -> Fact:
    found = SOLUTIONS.search(project.problem)
    if found:
        return Fact(_("The text says «%(word)s». Is that a solution?") % {"word": found[0]}, False)
    return Fact(_("The text names no app, system or purchase"), True)


def numbers_fact(project) -> Fact:
    found = project.key_numbers.count()
    text = ngettext("%(n)s number with source and year", "%(n)s numbers with source and year", found)
    return Fact(text % {"n": found}, found > 0)


def plans_fact(project) -> Fact:
    plans = list(project.plan_links.order_by("pk").values_list("plan", flat=True))
    return Fact(", ".join(dict.fromkeys(plans)) or _("No plan is named yet"), bool(plans))


def disagreement_fact(project) -> Fact:
    written = bool(story_of(project).disagreement)
    return Fact(
        _("Disagreement is written down") if written else _("Nobody has written it down yet"), written
    )


FACTS = {
    "1.1a": problem_fact,
    "1.1b": answers_fact,
    "1.1c": numbers_fact,
    "1.1d": quotes_fact,
    "1.1e": goals_fact,
    "1.1f": plans_fact,
    "1.1h": disagreement_fact,
    "1.1i": nature_fact,
}


class StoryContribution(Contribution):
    """What the story itself adds to the checkpoints of step 1.1, and its sentences of the trail."""

    name = "story"
    sentences = {
        "story.added": gettext_lazy("Began the project's story"),
        "story.changed": gettext_lazy("Changed the project's story"),
        "goal.added": gettext_lazy("Added the goal «%(target)s»"),
        "goal.changed": gettext_lazy("Changed the goal «%(target)s»"),
        "goal.removed": gettext_lazy("Removed the goal «%(target)s»"),
        "quote.added": gettext_lazy("Added a quote: %(target)s"),
        "quote.changed": gettext_lazy("Changed a quote: %(target)s"),
        "quote.removed": gettext_lazy("Removed a quote: %(target)s"),
        "key_number.added": gettext_lazy("Added the number «%(target)s»"),
        "key_number.changed": gettext_lazy("Changed the number «%(target)s»"),
        "key_number.removed": gettext_lazy("Removed the number «%(target)s»"),
        "picture.added": gettext_lazy("Added a picture: %(target)s"),
        "picture.changed": gettext_lazy("Changed a picture: %(target)s"),
        "picture.removed": gettext_lazy("Removed a picture: %(target)s"),
        "plan_link.added": gettext_lazy("Linked the project to «%(target)s»"),
        "plan_link.changed": gettext_lazy("Changed the link to «%(target)s»"),
        "plan_link.removed": gettext_lazy("Removed the link to «%(target)s»"),
    }
    field_labels = {
        "who": gettext_lazy("Whom does the problem hit?"),
        "how_often": gettext_lazy("How often?"),
        "how_serious": gettext_lazy("How serious is it?"),
        "nature": gettext_lazy("What kind of problem is it?"),
        "nature_reason": gettext_lazy("Why do you think so?"),
        "kind": gettext_lazy("What kind of goal is it?"),
        "text": gettext_lazy("Goal"),
        "criterion": gettext_lazy("How do you see that it is reached?"),
        "unit": gettext_lazy("Unit"),
        "baseline": gettext_lazy("Before"),
        "baseline_on": gettext_lazy("Before, measured"),
        "latest": gettext_lazy("Now"),
        "latest_on": gettext_lazy("Now, measured"),
        "target": gettext_lazy("Goal"),
        "target_on": gettext_lazy("Shall be reached"),
        "speaker": gettext_lazy("Who said it?"),
        "cleared_on": gettext_lazy("Cleared for sharing"),
        "name": gettext_lazy("What the number counts"),
        "value": gettext_lazy("Value"),
        "sentence": gettext_lazy("Sentence"),
        "source": gettext_lazy("Source"),
        "year": gettext_lazy("Year"),
        "alternative": gettext_lazy("What the picture shows"),
        "plan": gettext_lazy("Plan"),
        "goal": gettext_lazy("Goal in the plan"),
        "url": gettext_lazy("Address"),
    }
    choices = {
        "nature": dict(Story.Nature.choices),
        "kind": dict(Goal.Kind.choices),
        "speaker": dict(Quote.Speaker.choices),
    }

    def fact(self, project, key):
        return FACTS[key](project) if key in FACTS else None

    def forget_outlived(self, now):
        return forget_unshown(now)
