"""Phases, steps and checkpoints."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission
from innovasjon.forms import read_id
from innovasjon.models import AuditEvent
from innovasjon.prepared import Prepared
from roadmap import actions, answers, content
from roadmap.access import project_for
from roadmap.contributions import CONTRIBUTIONS
from roadmap.forms.progress import EvidenceForm, ItemForm, OwnItemForm
from roadmap.item_wording import item_row
from roadmap.models import ChecklistItem, Evidence, Project, Step
from roadmap.phase_reading import PhasePage, StepRow, read_phase
from roadmap.progress import Count, count
from roadmap.views.autosave import conflict_answer, conflict_told, page_that_saves, told_to_script
from roadmap.views.project import page


def phase_page(request, project: Project, number: int) -> PhasePage:
    """Read the pages of a phase; `?runde=` shows an earlier round.

    Raises Http404 for a phase or a round that is not there.
    """
    return read_phase(project, number, request.GET.get("runde", ""))


@require_safe
def phases(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    return redirect("roadmap:phase", slug, project.phase)


@require_safe
def phase(request, slug, number):
    project = project_for(request, slug, Permission.VIEW)
    shown = phase_page(request, project, number)
    next_open = shown.next_open() if shown.is_writable else None
    return render(
        request,
        "roadmap/phase.html",
        {
            **page(project, "phases"),
            "shown": shown,
            "phase": shown.phase,
            "phases": list(project.phases.order_by("number")),
            "step_rows": shown.step_rows(),
            "count": count(item.status for item in shown.items),
            "tools": CONTRIBUTIONS.tools(project, shown.phase.tools),
            "next_url": shown.item_url(next_open) if next_open else "",
            "today": timezone.localdate(),
        },
    )


@require_safe
def step(request, slug, number, step, key=None):
    project = project_for(request, slug, Permission.VIEW)
    shown = phase_page(request, project, number)
    current = next((s for s in shown.steps if s.key == step), None)
    if current is None:
        raise Http404
    item = None
    if key is not None:
        item = next((i for i in shown.items if i.step == current and i.key == key), None)
        if item is None:
            raise Http404
    elif shown.is_writable:
        item = next((i for i in shown.items if i.step == current and i.is_open), None)
    form = None
    if item and shown.is_writable and (template := read_id(request.GET.get("mal", ""))):
        form = form_with_template(request, project, item, template)
    return render_step(request, shown, current, item, form=form)


def form_with_template(request, project, item, pk):
    """Return the form with another project's note under the item's own, not saved yet."""
    other = get_object_or_404(done_elsewhere(item.key, project.municipality_id, project.pk), pk=pk)
    note = f"{item.note}\n\n{other.note}".strip()
    return form_with(item, project, note=note)


def form_with(item, project, **values):
    """Return the item's form as if the person had typed the given values and not saved them yet."""
    stored = ItemForm(item=item, project=project)
    data = {name: stored[name].value() or "" for name in answers.FIELDS}
    data["due_on"] = item.due_on.strftime("%d.%m.%Y") if item.due_on else ""
    data |= {f"base_{name}": value for name, value in stored.bases}
    return ItemForm(data | values, item=item, project=project)


def done_elsewhere(key: str, municipality: int, project: int):
    """Checkpoints of the same key that are done with a note, in other open projects of the municipality."""
    return (
        ChecklistItem.objects.filter(
            key=key,
            status=ChecklistItem.Status.DONE,
            round__project__municipality=municipality,
            round__project__restricted=False,
        )
        .exclude(round__project=project)
        .exclude(note="")
        .select_related("round__project")
        .only("note", "settled_on", "round__project__name")
        .order_by("-settled_on", "-pk")
    )


OTHERS = Prepared(lambda key, municipality, project: done_elsewhere(key, municipality, project)[:2])


def answers_of_others(project, item) -> list[ChecklistItem]:
    """Return how the two latest of them answered a checkpoint.

    Whoever came through the door of the project has a role in its municipality, and so sees them all.
    """
    return OTHERS(key=item.key, municipality=project.municipality_id, project=project.pk)


def render_step(
    request, shown, current, item, *, form=None, evidence_form=None, own_form=None, conflicts=(), status=200
):
    """Render a step with one checkpoint open; the answer to a GET, and to a POST that needs another look."""
    project, today = shown.project, timezone.localdate()
    writable = shown.is_writable and item is not None
    mine = [i for i in shown.items if i.step == current]
    counted = count(i.status for i in mine)
    following = next((s for s in shown.steps if s.position > current.position), None)
    following_item = shown.next_open(item)
    has_errors = any(f is not None and f.errors for f in (form, evidence_form, own_form))
    if writable and form is None:
        form = ItemForm(item=item, project=project, people=shown.people_for(item))
    return page_that_saves(
        request,
        "roadmap/step.html",
        {
            **page(project, "phases"),
            "shown": shown,
            "phase": shown.phase,
            "tools": CONTRIBUTIONS.tools(project, shown.phase.tools),
            "step": current,
            "step_rows": shown.step_rows(current),
            "step_count": counted,
            "item_rows": [item_row(i, shown.item_url(i), today) for i in mine],
            "open_item": item,
            "item_address": shown.item_url(item) if item else "",
            "form": form if writable else None,
            "evidence_form": (evidence_form or EvidenceForm()) if writable else None,
            "own_form": own_form or OwnItemForm(),
            "evidence": item.links if item else [],
            "predecessor": shown.predecessor_of(item),
            "fact": CONTRIBUTIONS.fact(project, item.key) if item else None,
            "sources": [source for code in item.sources if (source := content.sources().get(code))]
            if item
            else [],
            "others": answers_of_others(project, item) if item else [],
            "conflicts": conflicts,
            **(conflict_urls(project, item) if conflicts else {}),
            "next_open": following_item,
            "next_url": next_url(shown, following_item),
            "next_step_row": (following, shown.step_url(following)) if following else None,
            "today": today,
            "page_has_errors": has_errors,
        },
        status=status,
    )


def next_url(shown: PhasePage, following: ChecklistItem | None) -> str:
    """Return where «Neste åpne punkt» leads: the next open checkpoint, else the gate."""
    if following:
        return shown.item_url(following)
    return reverse("roadmap:gate", args=[shown.project.slug, shown.phase.number])


def item_for(project, pk) -> ChecklistItem:
    """Return a checkpoint of the project.

    Raises Http404 for another project's.
    """
    return get_object_or_404(
        ChecklistItem.objects.of_project(project).select_related("round__project", "step"), pk=pk
    )


@require_POST
def save_item(request, slug, pk):
    """Save what was touched in a checkpoint: from the autosave, and from the form without JavaScript.

    The autosave saves what has no fault and tells the rest; the form is saved as a whole.
    """
    with transaction.atomic():
        project = project_for(request, slug, Permission.EDIT, lock="merge" not in request.POST)
        if "merge" in request.POST:
            form = outcome = None
        else:
            form = ItemForm(request.POST, project=project)
            outcome = answer(request, project, pk, form)
    if form is None:
        item = item_for(project, pk)
        return show_again(request, project, item, form=form_with(item, project, **merged(item, request.POST)))
    if outcome is None:
        return refused(request, project, pk, form)
    if outcome.conflicts:
        return in_conflict(request, project, outcome, form)
    if request.htmx:
        return saved(request, project, outcome.item, form)
    if "next" in request.POST:
        shown = phase_page(request, project, outcome.item.round.phase)
        return redirect(next_url(shown, shown.next_open(outcome.item)))
    messages.success(request, _("The checkpoint is saved."))
    return redirect(outcome.item)


def answer(request, project, pk, form) -> answers.Outcome | None:
    """Write what the form sends, with its faults on it; None when nothing was written because of them.

    Raises Http404, NotEditable.
    """
    if not form.is_valid() and not request.htmx:
        return None
    today, values = timezone.localdate(), form.values
    sent = {"item": pk, "project": project, "bases": form.base, "today": today, "by": request.user}
    try:
        return actions.answer(values=values, **sent)
    except ChecklistItem.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:  # together with what somebody else has stored
        form.add_error(None, error.messages)
    if not request.htmx:
        return None
    rest = {name: value for name, value in values.items() if name not in ("status", "reason")}
    return actions.answer(values=rest, **sent)


def refused(request, project, pk, form):
    """Answer a form that cannot be saved: the page with the errors and what was typed."""
    item = item_for(project, pk)
    again = ItemForm(request.POST, item=item, project=project)
    if again.is_valid():
        again.add_error(None, form.non_field_errors())
    return show_again(request, project, item, form=again, status=422)


def in_conflict(request, project, outcome, form):
    """Show both texts of what somebody else changed in the meantime."""
    shown = [with_author(outcome.item, conflict) for conflict in outcome.conflicts]
    if not request.htmx:
        return show_again(request, project, outcome.item, conflicts=shown, status=409)
    context = {
        "conflicts": shown,
        **conflict_urls(project, outcome.item),
        **told_to_script(outcome.item, form),
    }
    return conflict_answer(request, context)


def conflict_urls(project, item) -> dict[str, str]:
    """Return where one's own text is kept, and where it is given up."""
    return {
        "save_url": reverse("roadmap:save_item", args=[project.slug, item.pk]),
        "keep_url": reverse("roadmap:keep_stored", args=[project.slug, item.pk]),
    }


def saved(request, project, item, form):
    """Answer an autosave: the status line, the digests of what is stored, and the counts it moved."""
    step_count = Count(item.step_total, item.step_settled)
    url = reverse("roadmap:step", args=[project.slug, item.round.phase, item.step.key])
    return render(
        request,
        "roadmap/_saved.html",
        {
            **told_to_script(item, form),
            "row": StepRow(item.step, step_count, url, is_current=True),
            "step_count": step_count,
        },
        status=422 if form.errors else 200,
    )


def show_again(request, project, item, **kwargs):
    shown = phase_page(request, project, item.round.phase)
    fresh = next((i for i in shown.items if i.pk == item.pk), None)
    if fresh is None:  # of an earlier round
        raise Http404
    return render_step(request, shown, fresh.step, fresh, **kwargs)


def merged(item, data) -> dict:
    """Return the text fields in conflict with the stored text and the person's own under it."""
    return {
        name: f"{getattr(item, name)}\n\n{data[name]}".strip() for name in ("note", "reason") if name in data
    }


LONGEST = 20_000  # characters of a text that is given up, as of a note
FIELD_IN_SENTENCE = {
    "status": gettext_lazy("the status"),
    "reason": gettext_lazy("the reason"),
    "note": gettext_lazy("the note"),
    "responsible": gettext_lazy("who is responsible"),
    "due_on": gettext_lazy("the due date"),
}


def with_author(item, conflict) -> dict:
    """Return a conflict with who changed the field last and when, from the trail."""
    events = AuditEvent.objects.filter(
        project_id=item.round.project_id, target_type=item._meta.label_lower, target_id=str(item.pk)
    ).order_by("-id")
    event = next((e for e in events[:50] if conflict.field in e.changes), None)
    return conflict_told(
        item,
        conflict,
        event,
        what=FIELD_IN_SENTENCE[conflict.field],
        is_text=conflict.field in ("note", "reason"),
        labels=dict(ChecklistItem.Status.choices) if conflict.field == "status" else {},
        posted=posted,
    )


def posted(value) -> str:
    """Return a value as the form sends it."""
    if hasattr(value, "strftime"):
        return value.strftime("%d.%m.%Y")
    return answers.as_text(value)


@require_POST
def keep_stored(request, slug, pk):
    """Give up the own text in a conflict: the stored one stands, the other goes to the trail."""
    project = project_for(request, slug, Permission.EDIT)
    item = item_for(project, pk)
    field = request.POST.get("field", "")
    if field in answers.FIELDS:
        rejected = request.POST.get(field, "")[:LONGEST].replace("\0", "")
        actions.keep_stored(item=item, field=field, rejected=rejected, by=request.user)
        messages.success(request, _("The stored text stands. Yours is in the log."))
    return redirect(item)


@require_POST
def add_evidence(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    item = item_for(project, pk)
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        return show_again(request, project, item, evidence_form=form, status=422)
    actions.add_evidence(item=item, by=request.user, **form.cleaned_data)
    messages.success(request, _("The link is added."))
    return redirect(item)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_evidence(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    evidence = get_object_or_404(
        Evidence.objects.filter(item__round__project=project).select_related(
            "item__round__project", "item__step"
        ),
        pk=pk,
    )
    if request.method == "POST":
        actions.remove_evidence(evidence=evidence, by=request.user)
        messages.success(request, _("The link is removed."))
        return redirect(evidence.item)
    return render(request, "roadmap/remove_evidence.html", {**page(project, "phases"), "evidence": evidence})


@require_POST
def own_item(request, slug, number, step):
    project = project_for(request, slug, Permission.EDIT)
    row = get_object_or_404(
        Step.objects.filter(phase__project=project).select_related("phase"), phase__number=number, key=step
    )
    form = OwnItemForm(request.POST)
    if not form.is_valid():
        shown = phase_page(request, project, number)
        return render_step(request, shown, row, None, own_form=form, status=422)
    item = actions.add_own_item(project=project, step=row, by=request.user, **form.cleaned_data)
    messages.success(request, _("The checkpoint is added."))
    return redirect(item)
