"""One slide in the builder: its texts are saved as they are written."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from innovasjon.access import Permission
from reports.actions import last_change
from reports.presentations import actions
from reports.presentations.forms import SlideForm
from reports.views.presentations import builder, built, of_project, slide_of, slides_of, sources_of
from roadmap.access import project_for
from roadmap.views.autosave import conflict_answer, conflict_told, told_to_script

TEXTS = ("points", "notes")  # two of them can be joined
FIELD_IN_SENTENCE = {
    "heading": gettext_lazy("the heading"),
    "sentence": gettext_lazy("the sentence"),
    "points": gettext_lazy("the points"),
    "number": gettext_lazy("the choice of number"),
    "picture": gettext_lazy("the choice of picture"),
    "notes": gettext_lazy("what is said"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def slide(request, slug, pk, slide_pk):
    """The builder at one slide; its texts are saved here, by the autosave and by the button."""
    if request.method != "POST":
        found = of_project(project_for(request, slug, Permission.VIEW), pk)
        return builder(request, found, slides_of(found), slide_pk)
    chosen = slide_of(request, slug, pk, slide_pk)
    found, sources = chosen.presentation, sources_of(chosen.presentation)
    if "merge" in request.POST:
        form = SlideForm(merged(chosen, request.POST), instance=chosen, sources=sources)
        return builder(request, found, slides_of(found), slide_pk, form=form)
    form = SlideForm(request.POST, instance=chosen, sources=sources)
    if not form.is_valid() and not request.htmx:
        return builder(request, found, slides_of(found), slide_pk, form=form, status=422)
    outcome = actions.write_slide(
        slide=chosen, values=form.values, bases=form.base, by=request.user, now=timezone.localtime()
    )
    if outcome.conflicts:
        return in_conflict(request, found, outcome, form)
    if request.htmx:
        return saved(request, found, outcome, form)
    messages.success(request, _("The slide is saved."))
    return redirect("reports:slide", slug, pk, slide_pk)


def in_conflict(request, presentation, outcome, form):
    """Show both texts of what somebody else changed in the meantime."""
    row = outcome.item
    shown = [with_author(presentation, row, conflict) for conflict in outcome.conflicts]
    if not request.htmx:
        return builder(request, presentation, slides_of(presentation), row.pk, conflicts=shown, status=409)
    save_url = reverse("reports:slide", args=[presentation.project.slug, presentation.pk, row.pk])
    return conflict_answer(request, {"conflicts": shown, "save_url": save_url, **told_to_script(row, form)})


def with_author(presentation, row, conflict) -> dict:
    """Return a conflict with who wrote in the field last and when, where the trail tells it."""
    event = last_change(actions.changes_of(presentation, slide_id=row.pk), conflict.field)
    what, is_text = FIELD_IN_SENTENCE[conflict.field], conflict.field in TEXTS
    return conflict_told(row, conflict, event, what=what, is_text=is_text)


def merged(row, data) -> dict:
    """Return the posted fields as if the person had joined the two texts and not saved them yet."""
    fresh = SlideForm(instance=row, sources=sources_of(row.presentation))
    shown = {name: fresh[name].value() or "" for name in fresh.fields}
    joined = {n: f"{getattr(row, n)}\n\n{data[n]}".strip() for n in TEXTS if n in data}
    return shown | joined | {f"base_{name}": value for name, value in fresh.bases}


def saved(request, presentation, outcome, form):
    """Answer an autosave: the status line, the digests of what is stored, and the slide as it now looks."""
    context = built(presentation, slides_of(presentation), outcome.item.pk)
    context |= {
        "can": presentation.project.can,
        **told_to_script(outcome.item, form),
        "retold": "number" in outcome.written and not outcome.item.sentence,
    }
    return render(request, "reports/_slide_saved.html", context, status=422 if form.errors else 200)
