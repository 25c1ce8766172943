"""«Min side»: what waits for a person, from every room, in the order of the days; page and mail alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.models import AuditEvent
from innovasjon.templatetags.innovasjon import in_words, short_day
from reports.portfolio.board import NEED
from roadmap.contributions import CONTRIBUTIONS, Task
from roadmap.models import Project
from roadmap.trail import Line, lines

A_WEEK = timedelta(days=7)
MOST = 40  # rows of one group
MOST_PROJECTS = 6
MOST_NEWS = 5
MOST_DONE = 50
MORNING, EVENING = 10, 18


@dataclass(frozen=True)
class Waiting:
    """One task as a row: the day in two short texts, and the task itself."""

    task: Task
    when: str
    beside: str


@dataclass(frozen=True)
class Group:
    """The rows of one heading. `key`: overdue, week or later."""

    key: str
    heading: str
    rows: tuple[Waiting, ...]
    left_out: int = 0


@dataclass(frozen=True)
class News:
    """One thing somebody else did in a project of the person's."""

    line: Line
    project: str


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def groups_of(tasks: Sequence[Task], today: date) -> list[Group]:
    """Return what waits: overdue, this week, the two weeks after. What is later waits in silence."""
    sunday = monday_of(today) + A_WEEK - timedelta(days=1)
    parts = (
        ("overdue", _("Overdue"), [t for t in tasks if t.on < today]),
        ("week", _("This week"), [t for t in tasks if today <= t.on <= sunday]),
        ("later", _("The next two weeks"), [t for t in tasks if sunday < t.on <= sunday + 2 * A_WEEK]),
    )
    return [
        Group(
            key,
            heading,
            tuple(Waiting(task, *when(task.on, today, key)) for task in found[:MOST]),
            max(len(found) - MOST, 0),
        )
        for key, heading, found in parts
        if found
    ]


def when(day: date, today: date, key: str) -> tuple[str, str]:
    """Return the day in two short texts: «20. nov.» and «fredag», «13 dager siden» or «om 8 dager»."""
    if day == today:
        return _("Today"), date_format(day, "l")
    distance = abs((day - today).days)
    if key == "overdue":
        return short_day(day, today), ngettext("%(days)s day ago", "%(days)s days ago", distance) % {
            "days": distance
        }
    if key == "week":
        return short_day(day, today), date_format(day, "l")
    return short_day(day, today), ngettext("in %(days)s day", "in %(days)s days", distance) % {
        "days": distance
    }


def sentence(tasks: Sequence[Task], today: date) -> str:
    """«Fire ting venter på deg denne uka. Én av dem er forfalt.»; when nothing does, what comes next."""
    sunday = monday_of(today) + A_WEEK - timedelta(days=1)
    count = sum(task.on <= sunday for task in tasks)
    late = sum(task.on < today for task in tasks)
    if not count:
        found = _("Nothing waits for you this week.")
        if tasks:
            following = min(tasks, key=lambda task: task.on)
            found += " " + _("The next thing is «%(what)s», %(day)s.") % {
                "what": following.text,
                "day": date_format(following.on, "j. F"),
            }
        return found
    found = ngettext(
        "One thing waits for you this week.", "%(number)s things wait for you this week.", count
    ) % {"number": in_words(count).capitalize()}
    if late:
        found += " " + (
            _("It is overdue.")
            if late == count == 1
            else _("All of them are overdue.")
            if late == count
            else ngettext("One of them is overdue.", "%(number)s of them are overdue.", late)
            % {"number": in_words(late).capitalize()}
        )
    return found


def greeting(now: datetime, name: str) -> str:
    hour = timezone.localtime(now).hour
    if hour < MORNING:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < EVENING:
        return _("Good day, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def tasks_of(user, municipality, today: date) -> list[Task]:
    """What waits for the person in a municipality; nothing once the role there is withdrawn."""
    if not user.is_active or not user.memberships.filter(municipality=municipality).exists():
        return []
    return CONTRIBUTIONS.tasks(user, municipality, today)


def projects_of(user, municipality) -> list[Project]:
    """The active projects the person has a part in, the gravest first."""
    found = (
        Project.objects.of(municipality)
        .visible_to(user)
        .filter(status=Project.Status.ACTIVE, memberships__user=user)
        .order_by("name", "pk")[:200]
    )
    return sorted(found, key=lambda project: NEED[project.condition])


def news_of(user, projects: Sequence[Project]) -> list[News]:
    """The latest that others did in the given projects. One query."""
    events = (
        AuditEvent.objects.filter(project_id__in=[p.pk for p in projects])
        .exclude(actor_id=user.pk)
        .order_by("-id")[:MOST_NEWS]
    )
    return in_lines(events)


def in_lines(events) -> list[News]:
    by_project = groupby(events, key=attrgetter("project_name"))
    return [News(line, name) for name, group in by_project for line in lines(group)]


def done_by(user, projects: Sequence[Project], today: date) -> list[News]:
    """What the person did in the given projects this week, the latest first. One query."""
    start = timezone.make_aware(datetime.combine(monday_of(today), time.min))
    events = AuditEvent.objects.filter(
        project_id__in=[p.pk for p in projects], actor_id=user.pk, at__gte=start
    ).order_by("-id")[:MOST_DONE]
    return in_lines(events)
