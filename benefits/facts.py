"""What the benefits answer of the roadmap's checkpoints. Keys as in domain.md, chapter 2."""

from django.utils import timezone
from django.utils.translation import gettext as _

from benefits import warnings
from benefits.models import BenefitPlan, BenefitType, Delivery, PlanAcceptance, SupplierMeeting, TakenOut
from benefits.models.benefits import Horizon
from benefits.models.indicators import FEW
from benefits.sums import ProjectBenefits
from innovasjon.templatetags.innovasjon import short_day
from roadmap.contributions import Fact


def share(found, fits, text=None) -> Fact:
    """How many of the benefits fit; yes when all do."""
    rows = found.benefits
    n = sum(1 for row in rows if fits(row))
    told = {"n": n, "total": len(rows)}
    return Fact((text or _("%(n)s of %(total)s benefits")) % told, n == len(rows))


def horizons(found) -> Fact:
    known = {row.benefit.horizon for row in found.benefits}
    labels = [str(Horizon(h).label) for h in Horizon.values if h in known]
    return Fact(", ".join(labels), len(known) == len(Horizon))


def calculated(row) -> bool:
    priced = row.benefit.type != BenefitType.QUALITY
    return bool(row.active and row.benefit.assumptions and (row.calculation or not priced))


def indicators(found, fits) -> Fact:
    """How many of the indicators in use fit; yes when all do and there is one."""
    rows = [figure for row in found.benefits for figure in row.active]
    n = sum(1 for figure in rows if fits(figure))
    return Fact(
        _("%(n)s of %(total)s indicators") % {"n": n, "total": len(rows)}, bool(rows) and n == len(rows)
    )


def has_baseline(figure) -> bool:
    """Conversations have none, and lack none."""
    return figure.baseline is not None or not figure.indicator.measured_by_number


def is_measured(figure) -> bool:
    return (figure.latest if figure.indicator.measured_by_number else figure.last_on) is not None


def overdue(found) -> Fact:
    late = sum(1 for row in found.benefits for figure in row.active if figure.is_overdue)
    text = _("%(n)s measurements are overdue") % {"n": late} if late else _("No measurement is overdue")
    return Fact(text, not late and any(figure.last_on for row in found.benefits for figure in row.active))


def few(found) -> Fact:
    return Fact(
        _("%(n)s indicators in use") % {"n": found.active_indicators}, 0 < found.active_indicators <= FEW
    )


def both_ways(found) -> Fact:
    figures = [figure for row in found.benefits for figure in row.active]
    talked = any(not f.indicator.measured_by_number and f.last_on for f in figures)
    counted = any(f.values for f in figures)
    text = {
        (True, True): _("Numbers and conversations"),
        (True, False): _("Numbers alone"),
        (False, True): _("Conversations alone"),
        (False, False): _("Nothing is measured"),
    }[(counted, talked)]
    return Fact(text, talked and counted)


def acted(found) -> Fact:
    open_ones = [figure.deviation for figure in found.deviations]
    n = sum(1 for deviation in open_ones if deviation.has_action)
    if not open_ones:
        return Fact(_("No deviation is open"), True)
    return Fact(
        _("%(n)s of %(total)s deviations have an action") % {"n": n, "total": len(open_ones)},
        n == len(open_ones),
    )


FROM_FIGURES = {
    "1.3d": lambda found: share(
        found, lambda row: bool(row.benefit.owner_id), _("%(n)s of %(total)s benefits have an owner")
    ),
    "1.2a": lambda found: share(found, lambda row: bool(row.benefit.change or row.benefit.description)),
    "1.2b": horizons,
    "1.2c": lambda found: share(found, lambda row: bool(row.benefit.type)),
    "1.2d": lambda found: share(found, lambda row: bool(row.benefit.recipient)),
    "1.2e": lambda found: share(found, lambda row: True),
    "1.2f": lambda found: Fact(
        share(found, lambda row: bool(row.benefit.disbenefits)).text,
        any(row.benefit.disbenefits for row in found.benefits),
    ),
    "2.1f": lambda found: indicators(
        found, lambda f: has_baseline(f) or f.indicator.baseline_planned_on is not None
    ),
    "3.5a": lambda found: share(found, calculated),
    "4.1h": lambda found: indicators(found, lambda f: has_baseline(f) and f.indicator.next_due_on),
    "4.2c": overdue,
    "4.3a": lambda found: indicators(found, lambda f: has_baseline(f) and is_measured(f)),
    "5.5a": lambda found: share(found, lambda row: not warnings.missing(row)),
    "5.5b": lambda found: share(found, lambda row: row.benefit.taken_out != TakenOut.UNDECIDED),
    "5.5c": lambda found: share(found, lambda row: bool(row.benefit.assumptions and row.benefit.risk)),
    "6.2a": few,
    "6.2b": both_ways,
    "6.2e": acted,
}


def meetings(project) -> Fact:
    plan = BenefitPlan.objects.filter(project=project).exclude(meeting_frequency="").first()
    return Fact(str(plan.get_meeting_frequency_display()) if plan else _("Not decided"), plan is not None)


def suppliers(project) -> Fact:
    measured = Delivery.objects.filter(agreement__project=project, measured__isnull=False).count()
    shared = SupplierMeeting.objects.filter(agreement__project=project).exists()
    text = _("%(n)s deliveries are measured") % {"n": measured} if measured else _("No delivery is measured")
    return Fact(text, bool(measured) and shared)


def written(project, field: str, text: str) -> Fact:
    """Whether a field of the benefit plan is filled; `text` says that it is."""
    known = BenefitPlan.objects.filter(project=project).exclude(**{field: ""}).exists()
    return Fact(text if known else _("Nothing is written down"), known)


def learning(project) -> Fact:
    return written(project, "learning", _("Learning is written down"))


def capacity(project) -> Fact:
    return written(project, "line_capacity", _("The line's capacity is written down"))


def accepted(project) -> Fact:
    """Who accepted the plan last; yes when both the project's owner and a manager have."""
    found = list(PlanAcceptance.objects.filter(project=project).select_related("by").order_by("-at"))
    if not found:
        return Fact(_("The benefit plan is not accepted"), False)
    told = {"name": found[0].by.position_or_name, "day": short_day(found[0].at, timezone.localdate())}
    parts = {acceptance.acting_as for acceptance in found}
    return Fact(_("Accepted by %(name)s %(day)s") % told, len(parts) > 1)


FROM_ROWS = {"5.5d": capacity, "5.5e": accepted, "6.2c": meetings, "6.2d": suppliers, "6.2f": learning}


def fact(key: str, found: ProjectBenefits) -> Fact | None:
    """Return what the benefits answer of a checkpoint; None when there are none or nothing is known."""
    return FROM_FIGURES[key](found) if found.benefits and key in FROM_FIGURES else None
