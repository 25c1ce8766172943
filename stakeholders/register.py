"""Reading a project's register: the same queries for one stakeholder and for three hundred."""

from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from innovasjon.access import Permission, ProjectRole
from roadmap.models import Project, ProjectMembership
from stakeholders.gaps import Register, Row, gaps
from stakeholders.models import FACE_TO_FACE, Attitude, Conversation, Measure, Review, Stakeholder, Stance


def register_for(project, user, today: date) -> Register:
    """Return the register as the person may see it, with the history of attitudes. Two queries."""
    stances = Stance.objects.visible_to(user)
    history: dict[int, list[Stance]] = {}
    for stance in stances.filter(stakeholder__project=project, kind=Stance.Kind.NOW).newest_last():
        history.setdefault(stance.stakeholder_id, []).append(stance)
    return read(
        project.stakeholders.all(),
        stances,
        today,
        project=project,
        history=history,
        sees_persons=Permission.CONFIDE in project.can,
    )


def register_for_documents(project, today: date) -> Register:
    """Return the register of groups alone, without named persons. One query for a project object."""
    if getattr(project, "_register", (None,))[0] != today:
        groups = project.stakeholders.filter(person_name="")
        project._register = (today, read(groups, Stance.objects.of_groups(), today, project=project))
    return project._register[1]


def registers_led_by(user, municipality, today: date) -> list[Register]:
    """Return the registers of the open projects a person leads in a municipality. One query for all."""
    led = ProjectMembership.objects.filter(user=user, role=ProjectRole.LEADER)
    stakeholders = Stakeholder.objects.filter(
        project__in=led.values("project"),
        project__municipality=municipality,
        project__status=Project.Status.ACTIVE,
    ).select_related("project")
    found: dict[Project, list[Stakeholder]] = {}
    for stakeholder in with_latest(stakeholders, Stance.objects.visible_to(user), today):
        found.setdefault(stakeholder.project, []).append(stakeholder)
    return [register_of(rows, today, project=project) for project, rows in found.items()]


def with_latest(stakeholders, stances, today: date):
    """Annotate what each was last said to think, what is planned with it, and the project's reviews."""
    own = {"stakeholder": OuterRef("pk")}
    now = stances.filter(**own, kind=Stance.Kind.NOW).order_by("-on", "-pk")
    hoped = stances.filter(**own, kind=Stance.Kind.WANTED).order_by("-on", "-pk")
    planned = Measure.objects.pending().filter(**own, on__gte=today).order_by("on", "pk")
    talks = Conversation.objects.filter(**own).order_by("-on")
    reviews = Review.objects.filter(project=OuterRef("project")).order_by("-on", "-pk")
    return stakeholders.annotate(
        now_attitude=Subquery(now.values("attitude")[:1]),
        now_source=Subquery(now.values("source")[:1]),
        now_on=Subquery(now.values("on")[:1]),
        hoped_attitude=Subquery(hoped.values("attitude")[:1]),
        planned_on=Subquery(planned.values("on")[:1]),
        planned_what=Subquery(planned.values("what")[:1]),
        planned_by=Subquery(planned.values("responsible")[:1]),
        talked_on=Subquery(talks.values("on")[:1]),
        met=Exists(talks.filter(channel__in=FACE_TO_FACE)),
        meeting_planned=Exists(planned.filter(channel__in=FACE_TO_FACE)),
        reviewed_on=Subquery(reviews.values("on")[:1]),
        next_review_on=Subquery(reviews.values("next_on")[:1]),
    ).order_by("-influence", "-interest", "name", "pk")


def read(stakeholders, stances, today: date, *, project, history=None, sees_persons=True) -> Register:
    found = list(with_latest(stakeholders, stances, today))
    for stakeholder in found:
        stakeholder.project = project
    return register_of(found, today, project=project, history=history, sees_persons=sees_persons)


def register_of(found, today: date, *, project, history=None, sees_persons=True) -> Register:
    rows = tuple(
        Row(
            stakeholder=s,
            attitude=s.now_attitude or Attitude.UNKNOWN,
            source=s.now_source or "",
            attitude_on=s.now_on,
            next_on=s.planned_on,
            next_what=s.planned_what or "",
            next_has_responsible=s.planned_by is not None,
            last_contact_on=s.talked_on,
            met=s.met,
            meeting_planned=s.meeting_planned,
            history=tuple((history or {}).get(s.pk, ())),
            wanted=s.hoped_attitude or "",
            is_hidden=s.is_person and not sees_persons,
        )
        for s in found
    )
    reviewed_on = found[0].reviewed_on if found else None
    next_review_on = found[0].next_review_on if found else None
    return Register(rows, reviewed_on, next_review_on, gaps(rows, reviewed_on, today), project)
