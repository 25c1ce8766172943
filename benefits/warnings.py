"""What is worth seeing before it costs: said in place, on the benefit it is about."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from benefits.figures import BenefitFigure, State
from benefits.models import Benefit, BenefitType, Indicator, TakenOut
from benefits.models.indicators import FEW
from benefits.reading import read_figures
from benefits.sums import ProjectBenefits
from innovasjon.templatetags.innovasjon import in_words

CLAIMS = 10  # named one by one


@dataclass(frozen=True)
class Warning:
    """One remark, and where it is mended."""

    text: str
    url: str = ""
    action: str = ""


def of_benefit(found: BenefitFigure, *, but_not_indicator=False) -> list[Warning]:
    """Return what is missing from one benefit, as short sentences.

    `but_not_indicator`: the page itself says that there is none.
    """
    benefit, project = found.benefit, found.benefit.project
    warnings = []
    edit = reverse("benefits:edit", args=[project.slug, benefit.pk])
    if not found.active and not but_not_indicator:
        url = reverse("benefits:new_indicator", args=[project.slug, benefit.pk])
        warnings.append(
            Warning(_("No indicator yet. How will you see that it has come?"), url, _("Add an indicator"))
        )
    for figure in found.active:
        if figure.state == State.NO_BASELINE:
            url = reverse("benefits:edit_indicator", args=[project.slug, benefit.pk, figure.indicator.pk])
            text = _("The baseline is missing. Without it you cannot show the difference.")
            warnings.append(Warning(text, url, _("Add the baseline")))
    if benefit.type == BenefitType.TIME_SAVED and benefit.taken_out == TakenOut.UNDECIDED:
        text = _("The saved time is not taken out yet. What are the hours used for?")
        warnings.append(Warning(text, f"{edit}#div_id_taken_out", _("Decide")))
    return warnings


def of_project(found: ProjectBenefits, claims) -> list[Warning]:
    """Return what is said of all the benefits together; `claims` as `claimed_elsewhere` finds them."""
    warnings = []
    if found.active_indicators > FEW:
        warnings.append(
            Warning(
                capfirst(
                    _("%(words)s indicators. Most people manage to follow three to five.")
                    % {"words": in_words(found.active_indicators)}
                )
            )
        )
    for figure, name in claims[:CLAIMS]:
        what = {
            BenefitType.TIME_SAVED: _("The same hours are claimed in «%(name)s». The sum counts them once."),
            BenefitType.AVOIDED_COST: _(
                "The same kroner are claimed in «%(name)s». The sum counts them once."
            ),
            BenefitType.QUALITY: _("The same goal stands in «%(name)s»."),
        }[figure.benefit.type]
        text = f"{figure.benefit.name}: {what % {'name': name}}"
        warnings.append(Warning(text, figure.benefit.get_absolute_url(), _("See the benefit")))
    if more := len(claims[CLAIMS:]):
        warnings.append(Warning(_("The same holds for %(n)s more.") % {"n": more}))
    return warnings


def claimed_elsewhere(found: ProjectBenefits, user) -> list[tuple[BenefitFigure, str]]:
    """Return benefits that another project claims too, as the sums count, with its name. One query.

    Only projects the person may see are named.
    """
    mine = {}
    for figure in found.benefits:
        if figure.judged_by:
            mine[(figure.claim, figure.kind)] = figure
    if not mine:
        return []
    project = found.benefits[0].benefit.project
    keys = {figure.judged_by.indicator.key for figure in mine.values()}
    others = (
        Benefit.objects.visible_to(user)
        .filter(project__municipality=project.municipality_id)
        .filter(Exists(Indicator.objects.filter(benefit=OuterRef("pk"), key__in=keys)))
        .exclude(project=project)
    )
    claims = {}
    for other in sorted(read_figures(others, found.today), key=lambda f: f.benefit.project.name):
        if figure := mine.get((other.claim, other.kind)):
            claims.setdefault(figure.benefit.pk, (figure, other.benefit.project.name))
    return list(claims.values())


def plan_gaps(found: ProjectBenefits) -> list[Warning]:
    """Return what the benefit plan lacks before it can be accepted.

    Each benefit needs owner, indicator, baseline, target with date and method. Source: KT, DG (5.5a).
    """
    if not found.benefits:
        return [Warning(_("There are no benefits yet."))]
    gaps = []
    for figure in found.benefits:
        if lacks := missing(figure):
            text = _("«%(name)s» lacks %(what)s.") % {"name": figure.benefit.name, "what": ", ".join(lacks)}
            gaps.append(Warning(text, figure.benefit.get_absolute_url(), _("Open the benefit")))
    return gaps


def missing(figure: BenefitFigure) -> list[str]:
    """Return what a benefit lacks of owner, indicator, baseline and target."""
    lacks = [] if figure.benefit.owner else [_("owner")]
    if not figure.active:
        return [*lacks, _("indicator")]
    if figure.main.indicator.measured_by_number:
        lacks += [_("baseline")] if figure.main.baseline is None else []
        lacks += [_("target")] if figure.main.target is None else []
    return lacks
