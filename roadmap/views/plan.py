"""The plan of a project: what happens when, and who has time?"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Window
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission
from innovasjon.forms import read_id
from innovasjon.meanwhile import digest
from innovasjon.pages import AFTER, part_of
from innovasjon.spreadsheets import MEDIA_TYPES, respond
from roadmap import plan_wording, planning
from roadmap.access import one_writer, project_for
from roadmap.forms.plan import ActivityForm, AgreeForm, DeliverableForm, TeamShareForm, ToleranceForm
from roadmap.models import Activity
from roadmap.plan import read_plan, read_rows
from roadmap.plan_resources import ActivitySheet
from roadmap.views.project import page

TAB = "plan"
PAGE = 100  # activities
BESIDE = 50  # rows of the lists beside them
RISKS = 5  # the worst ones, beside the plan


@dataclass(frozen=True)
class Texts:
    """What a page with one form says, and where its ways out lead."""

    heading: str
    save: str
    back: str
    delete: str = ""
    lead: str = ""


@require_safe
def plan(request, slug):
    """What happens when, and who has time?"""
    project = project_for(request, slug, Permission.VIEW)
    today = timezone.localdate()
    found = read_plan(project, today)
    pages = part_of(request, found.rows, PAGE, lambda row: row.activity.pk)
    part = found.part(pages.rows)
    current = project.risks.current().annotate(of_all=Window(Count("pk")))
    risks = list(current.worst_first()[:RISKS])
    return render(
        request,
        "roadmap/plan.html",
        {
            **page(project, TAB),
            "plan": found,
            "pages": pages,
            "part": part,
            "deliverables": part_of(
                request,
                found.deliverables,
                BESIDE,
                lambda row: row.pk,
                part="deliverables",
                name="leveranse_etter",
            ),
            "team": part_of(request, found.shares, BESIDE, lambda row: row.pk, part="team", name="tid_etter"),
            "headline": plan_wording.plan_headline(found),
            "drawings": plan_wording.gantt_drawings(part, today),
            "overloads": [plan_wording.overload_text(o) for o in found.overloads],
            "tolerance_text": plan_wording.tolerance_text(found),
            "since_agreed": plan_wording.since_agreed_text(found),
            "risks": risks,
            "more_risks": risks[0].of_all - len(risks) if risks else 0,
            "zone_words": plan_wording.zone_words(),
            "today": today,
        },
    )


@require_safe
def plan_sheet(request, slug, form):
    project = project_for(request, slug, Permission.VIEW)
    if form not in MEDIA_TYPES:
        raise Http404
    today = timezone.localdate()
    rows = read_rows(project, today)
    return respond(ActivitySheet(project), rows, name=f"plan-{project.slug}", title=_("Plan"), form=form)


def form_page(request, project, form, texts, *, template="roadmap/plan_form.html", tab=TAB):
    """Render a page with one form."""
    return render(
        request,
        template,
        {**page(project, tab), "form": form, "texts": texts, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


def delete_page(request, project, row, texts):
    """Ask before a row is deleted, delete it, and go back to where its list is."""
    if request.method == "POST":
        planning.remove_row(project=project, row=row, by=request.user)
        messages.success(request, _("«%(name)s» is deleted.") % {"name": row})
        return redirect(texts.back)
    return render(request, "roadmap/plan_delete.html", {**page(project, TAB), "row": row, "texts": texts})


def back_to(project, name="plan", anchor=""):
    return reverse(f"roadmap:{name}", args=[project.slug]) + anchor


# ------------------------------------------------------------------ activities


def in_plan(project, activity) -> str:
    """Return the address of an activity's row, on the page of the plan where it stands."""
    pks = list(project.activities.in_order().values_list("pk", flat=True))
    start = pks.index(activity.pk) // PAGE * PAGE
    page_of_it = f"?{AFTER}={pks[start - 1]}" if start else ""
    return f"{back_to(project)}{page_of_it}#activity-{activity.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def new_activity(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    phase = read_id(request.GET.get("fase", ""))
    initial = {"phase": phase} if phase else {}
    form = ActivityForm(request.POST or None, project=project, initial=initial)
    texts = Texts(_("Add an activity"), _("Save the activity"), back_to(project))
    return activity_page(request, project, form, texts)


def activity_of(project, pk):
    found = get_object_or_404(project.activities.select_related("step", "responsible"), pk=pk)
    found.project = project
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def activity(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = activity_of(project, pk)
    form = ActivityForm(request.POST or None, project=project, instance=found)
    texts = Texts(
        _("Edit the activity"),
        _("Save the activity"),
        back_to(project),
        delete=reverse("roadmap:delete_activity", args=[slug, pk]),
    )
    return activity_page(request, project, form, texts)


def activity_page(request, project, form, texts):
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        cleaned = form.cleaned_data
        try:
            planning.save_activity(
                project=project,
                activity=row,
                participants=cleaned["participants"],
                predecessors=cleaned["predecessors"],
                by=request.user,
            )
        except ValidationError as error:  # somebody else closed the circle in the meantime
            form.add_error("predecessors", error)
        else:
            messages.success(request, _("«%(name)s» is saved.") % {"name": row})
            if followers := planning.followers_too_early(row):
                messages.warning(request, plan_wording.too_early_text(row, followers))
                return redirect(texts.back)  # at the top, where the warning is seen
            return redirect(in_plan(project, row))
    units = Activity.objects.filter(
        project__municipality=project.municipality_id, project__restricted=False
    ).exclude(unit="")
    return render(
        request,
        "roadmap/activity_form.html",
        {
            **page(project, TAB),
            "form": form,
            "texts": texts,
            "units": list(units.order_by("unit").values_list("unit", flat=True).distinct()[:100]),
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@require_POST
def move_activity(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = activity_of(project, pk)
    up = request.POST.get("direction") != "down"
    planning.move_activity(project=project, activity=found, up=up, by=request.user)
    return redirect(in_plan(project, found))


@require_http_methods(["GET", "HEAD", "POST"])
def delete_activity(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    texts = Texts(
        _("Delete the activity?"),
        _("Delete the activity"),
        back_to(project),
        lead=_("It disappears from the plan, and from those that wait for it. It cannot be undone."),
    )
    return delete_page(request, project, activity_of(project, pk), texts)


# ------------------------------------------------------------------ deliverables


@require_http_methods(["GET", "HEAD", "POST"])
def new_deliverable(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = DeliverableForm(
        request.POST or None, project=project, initial={"name": request.GET.get("navn", "")[:200]}
    )
    texts = Texts(_("Add a deliverable"), _("Save the deliverable"), back_to(project, anchor="#deliverables"))
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def deliverable(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.deliverables, pk=pk)
    texts = Texts(
        _("Edit the deliverable"),
        _("Save the deliverable"),
        back_to(project, anchor="#deliverables"),
        delete=reverse("roadmap:delete_deliverable", args=[slug, pk]),
    )
    form = DeliverableForm(request.POST or None, project=project, instance=found)
    return save_and_go(request, project, form, texts)


def save_and_go(request, project, form, texts):
    """Save a row from its form and go back to its list; else show the form with its errors."""
    if request.method == "POST" and form.is_valid():
        row = planning.save_row(project=project, row=form.save(commit=False), by=request.user)
        messages.success(request, _("«%(name)s» is saved.") % {"name": row})
        return redirect(texts.back)
    return form_page(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_deliverable(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    texts = Texts(
        _("Delete the deliverable?"),
        _("Delete the deliverable"),
        back_to(project, anchor="#deliverables"),
        lead=_("It disappears from the plan. It cannot be undone."),
    )
    return delete_page(request, project, get_object_or_404(project.deliverables, pk=pk), texts)


# ------------------------------------------------------------------ what is agreed, and the team's time


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def agree(request, slug):
    """Hold on to the plan as it stands: what moved, from which day to which, and why."""
    project = project_for(request, slug, Permission.MANAGE)
    today = timezone.localdate()
    found = read_plan(project, today)
    rows = [*found.moved, *found.not_agreed]
    ends = digest("\n".join(f"{row.activity.pk} {row.activity.ends_on}" for row in rows))
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("seen") == ends:
            planning.agree_plan(project=project, by=request.user, **form.cleaned_data)
            messages.success(request, _("The plan is agreed."))
            return redirect(back_to(project, anchor="#tolerances"))
        form.add_error(None, _("The plan was changed while you read it. Read it again."))
    return render(
        request,
        "roadmap/plan_agree.html",
        {
            **page(project, TAB),
            "plan": found,
            "rows": rows,
            "seen": ends,
            "form": form,
            "today": today,
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def tolerances(request, slug):
    project = project_for(request, slug, Permission.MANAGE)
    form = ToleranceForm(request.POST or None, project=project)
    texts = Texts(
        _("Tolerances"),
        _("Save the tolerances"),
        back_to(project, anchor="#tolerances"),
        lead=_("How far may the project deviate, plus or minus, before the project owner is asked?"),
    )
    if request.method == "POST" and form.is_valid():
        agreed = planning.set_tolerances(project=project, values=form.cleaned_data, by=request.user)
        messages.success(
            request,
            _("The tolerances are saved. The plan as it stands is what is agreed.")
            if agreed
            else _("The tolerances are saved."),
        )
        return redirect(texts.back)
    return form_page(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
def new_share(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = TeamShareForm(request.POST or None, project=project)
    texts = Texts(
        _("Add time for a person"),
        _("Save the time"),
        back_to(project, anchor="#team"),
        lead=_("People come from the list of people in the project."),
    )
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def share(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.shares.select_related("user"), pk=pk)
    texts = Texts(
        _("Edit the time of a person"),
        _("Save the time"),
        back_to(project, anchor="#team"),
        delete=reverse("roadmap:delete_share", args=[slug, pk]),
    )
    form = TeamShareForm(request.POST or None, project=project, instance=found)
    return save_and_go(request, project, form, texts)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_share(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = get_object_or_404(project.shares.select_related("user"), pk=pk)
    texts = Texts(
        _("Take away the time?"),
        _("Take away the time"),
        back_to(project, anchor="#team"),
        lead=_("The person stays in the project."),
    )
    return delete_page(request, project, found, texts)
