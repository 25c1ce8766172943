"""What the team, the plan and the register of related projects answer of the checkpoints."""

import re

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovasjon.access import CORE_TEAM, ProjectRole
from roadmap.contributions import Fact
from roadmap.models import Activity, Project, RelatedProject, TeamShare


def fact(project, key: str) -> Fact | None:
    """Return what is measured for a checkpoint, or None. One query."""
    if key == "1.3e":
        return drivers(list(project.shares.values_list("role", flat=True)))
    if key in TEAM:
        return TEAM[key](core_team(project))
    if key in REGISTER:
        return REGISTER[key](list(project.related_projects.all()))
    if key == "1.5d":
        return own_projects(project)
    if key in ("5.2c", "5.2g"):
        return (tasks_of if key == "5.2c" else summings_up)(list(project.activities.filter(phase=5)))
    return None


# ------------------------------------------------------------------ 1.3, the team


def core_team(project) -> list:
    """Return the parts of the core team, each with `share` and `share_status`; None without one."""
    share = TeamShare.objects.filter(project=project, user=OuterRef("user"))
    return list(
        project.memberships.filter(role__in=CORE_TEAM)
        .select_related("user")
        .annotate(
            share=Subquery(share.values("share")[:1]), share_status=Subquery(share.values("status")[:1])
        )
        .in_order()
    )


def size(people) -> Fact | None:
    if not people:
        return None
    allocated = sum(1 for part in people if part.share_status == TeamShare.Status.ALLOCATED)
    text = ngettext("%(n)s person in the team", "%(n)s people in the team", len(people)) % {"n": len(people)}
    return Fact(_("%(people)s, %(n)s with time allocated") % {"people": text, "n": allocated}, False)


def owner(people) -> Fact:
    found = next((part.user for part in people if part.role == ProjectRole.OWNER), None)
    if found is None:
        return Fact(_("No project owner"), False)
    return Fact(_("Project owner: %(person)s") % {"person": found.position_or_name}, True)


def leader(people) -> Fact:
    found = next((part for part in people if part.role == ProjectRole.LEADER), None)
    if found is None:
        return Fact(_("No project leader"), False)
    person = found.user.short_name
    if found.share is None:
        return Fact(_("%(person)s, no time is agreed") % {"person": person}, False)
    text = _("%(person)s, %(percent)s %% (%(status)s)") % {
        "person": person,
        "percent": round(found.share * 100),
        "status": TeamShare.Status(found.share_status).label.lower(),
    }
    return Fact(text, found.share_status == TeamShare.Status.ALLOCATED)


def drivers(roles: list[str]) -> Fact:
    """Whether two in the team are named as those who push, each with a strength of their own."""
    found = [role for role in roles if DRIVER.search(role)]
    n = len(found)
    text = ngettext(
        "%(n)s person in the team is named as a driving force",
        "%(n)s people in the team are named as driving forces",
        n,
    )
    return Fact(text % {"n": n}, n >= 2 and len({role.casefold() for role in found}) >= 2)


DRIVER = re.compile(r"\bpådriv[ae]r", re.IGNORECASE)  # as the role in the team is written
TEAM = {"1.3a": size, "1.3b": owner, "1.3c": leader, "1.3g": owner}


# ------------------------------------------------------------------ 1.5, the related projects


def searched(rows: list[RelatedProject]) -> Fact:
    n = len(rows)
    text = ngettext("%(n)s related project is registered", "%(n)s related projects are registered", n)
    return Fact(text % {"n": n}, n > 0)


def contacted(rows: list[RelatedProject]) -> Fact:
    n = sum(1 for row in rows if row.contacted_on and row.found)
    return Fact(_("%(n)s of %(total)s contacted, with findings") % {"n": n, "total": len(rows)}, n > 0)


def reused(rows: list[RelatedProject]) -> Fact:
    n = sum(1 for row in rows if row.reuse or row.coordination)
    return Fact(
        _("%(n)s of %(total)s with what can be reused or must be coordinated") % {"n": n, "total": len(rows)},
        bool(rows) and n == len(rows),
    )


REGISTER = {"1.5a": searched, "1.5b": contacted, "1.5c": reused}


def own_projects(project) -> Fact | None:
    """Whether each open running project of the municipality in the same area stands in the register."""
    if not project.area:
        return None
    registered = RelatedProject.objects.filter(project=project, own_project=OuterRef("pk"))
    checked = list(
        Project.objects.of(project.municipality_id)
        .filter(status=Project.Status.ACTIVE, restricted=False, area=project.area)
        .exclude(pk=project.pk)
        .annotate(is_registered=Exists(registered))
        .values_list("is_registered", flat=True)
    )
    if not checked:
        return Fact(_("No other running project in the area"), True)
    return Fact(
        _("%(n)s of %(total)s running projects in the area are in the register")
        % {"n": sum(checked), "total": len(checked)},
        all(checked),
    )


# ------------------------------------------------------------------ 5.2, the plan of the transition


def tasks_of(activities: list[Activity]) -> Fact:
    whole = sum(1 for a in activities if a.responsible_id and a.ends_on)
    return Fact(
        _("%(n)s of %(total)s activities in phase 5 have somebody responsible and a date")
        % {"n": whole, "total": len(activities)},
        bool(activities) and whole == len(activities),
    )


def summings_up(activities: list[Activity]) -> Fact:
    milestones = sum(1 for a in activities if a.is_milestone and a.ends_on)
    lessons = sum(1 for a in activities if a.kind == Activity.Kind.LESSONS and a.ends_on)
    return Fact(
        _("Milestones with a date: %(milestones)s, summings up of experience with a date: %(lessons)s")
        % {"milestones": milestones, "lessons": lessons},
        milestones > 0 and lessons >= 2,
    )
