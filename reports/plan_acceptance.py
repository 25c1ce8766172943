"""The acceptance of the benefit plan: rendered, frozen and signed, whole or not at all."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits import realisation
from benefits.actions.benefits import accept_plan
from benefits.models import PlanAcceptance
from innovasjon.access import ProjectRole
from innovasjon.models import FrozenDocument
from reports import benefit_plan
from roadmap.models import Project


class PlanChanged(Exception):
    """The plan is not the one the person read."""


def acting_as(project: Project, person) -> str:
    """Return in which part a person accepts: as the project's owner, else as a manager."""
    part = project.memberships.filter(user=person, role=ProjectRole.OWNER)
    return str(_("project owner")) if part.exists() else str(_("manager"))


def acceptances(project: Project) -> list[dict]:
    """Return who has accepted the plan, as a document tells it; the first first."""
    found = project.plan_acceptances.select_related("by").order_by("at", "pk")
    return [accepted(a.by, a.acting_as, a.at, a.remark) for a in found]


def accepted(by, part: str, at, remark: str) -> dict:
    return {
        "name": by.name,
        "position": by.position,
        "acting_as": part,
        "at": at.isoformat(),
        "remark": remark,
    }


def plan_document(project: Project, *, now) -> dict:
    """Return what the plan's PDF is made from, as it stands now."""
    return {
        "plan": realisation.document(project, timezone.localdate(now)),
        "made_at": now.isoformat(),
        "acceptances": acceptances(project),
    }


def accept_benefit_plan(*, project: Project, seen: str, remark="", by, now) -> PlanAcceptance:
    """Accept the benefit plan as it was read, and freeze it with the signature.

    seen: `realisation.digest` of what the page showed. The document is rendered before anything is
    locked; under the lock the plan is read again.

    Raises PlanChanged when the plan is another by then.
    """
    data = plan_document(project, now=now)
    if realisation.digest(data["plan"]) != seen:
        raise PlanChanged
    part = acting_as(project, by)
    data["acceptances"].append(accepted(by, part, now, remark))
    content = benefit_plan.benefit_plan(data)
    with transaction.atomic():
        row = Project.objects.select_for_update().select_related("municipality").get(pk=project.pk)
        if realisation.digest(realisation.document(row, timezone.localdate(now))) != seen:
            raise PlanChanged
        document = FrozenDocument.freeze(
            content,
            municipality=row.municipality,
            media_type="application/pdf",
            title=_("Benefit realisation plan, %(project)s") % {"project": row.name},
            language=row.language,
            data=data,
            by=by,
            now=now,
        )
        return accept_plan(project=row, acting_as=part, remark=remark, document=document, by=by, now=now)
