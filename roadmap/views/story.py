"""The project's story: one page, filled once and used everywhere."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from innovasjon.access import Permission
from roadmap import pictures
from roadmap.access import one_writer, project_for
from roadmap.forms.story import (
    GoalForm,
    KeyNumberForm,
    PartForm,
    PictureForm,
    PlanLinkForm,
    QuoteForm,
    StoryForm,
)
from roadmap.models import Goal, KeyNumber, Picture, PlanLink, Quote
from roadmap.story import remove_part, save_part, story_of
from roadmap.views.project import page

TAB = "story"


@dataclass(frozen=True)
class Kind:
    """One kind of part: its model and form, the name of its rows on the project, and its headings."""

    model: type[Model]
    form: type[PartForm]
    rows: str
    add: str | Promise
    edit: str | Promise
    remove: str | Promise


KINDS = {
    "mal": Kind(
        Goal,
        GoalForm,
        "goals",
        gettext_lazy("Add a goal"),
        gettext_lazy("Edit the goal"),
        gettext_lazy("Remove the goal?"),
    ),
    "tall": Kind(
        KeyNumber,
        KeyNumberForm,
        "key_numbers",
        gettext_lazy("Add a number"),
        gettext_lazy("Edit the number"),
        gettext_lazy("Remove the number?"),
    ),
    "sitater": Kind(
        Quote,
        QuoteForm,
        "quotes",
        gettext_lazy("Add a quote"),
        gettext_lazy("Edit the quote"),
        gettext_lazy("Remove the quote?"),
    ),
    "bilder": Kind(
        Picture,
        PictureForm,
        "pictures",
        gettext_lazy("Add a picture"),
        gettext_lazy("Edit the picture"),
        gettext_lazy("Remove the picture?"),
    ),
    "planer": Kind(
        PlanLink,
        PlanLinkForm,
        "plan_links",
        gettext_lazy("Add a link to a plan"),
        gettext_lazy("Edit the link to the plan"),
        gettext_lazy("Remove the link to the plan?"),
    ),
}


def kind_of(name: str) -> Kind:
    """Raises Http404 for what is no kind of part."""
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_safe
def story(request, slug):
    """What is the problem, what shall be different, and how do we know?"""
    project = project_for(request, slug, Permission.VIEW)
    return render(
        request,
        "roadmap/story.html",
        {
            **page(project, TAB),
            "story": story_of(project),
            "goals": list(project.goals.in_order()),
            "numbers": list(project.key_numbers.order_by("pk")),
            "quotes": list(project.quotes.visible_to(request.user, project).order_by("pk")),
            "pictures": list(project.pictures.order_by("pk")),
            "plans": list(project.plan_links.order_by("pk")),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit_story(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    form = StoryForm(request.POST or None, instance=story_of(project))
    return saved_or_form(request, project, form, _("The story"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_part(request, slug, kind):
    project = project_for(request, slug, Permission.EDIT)
    found = kind_of(kind)
    part = found.model(project=project)
    if isinstance(part, Picture):
        part.added_by = request.user
    form = found.form(request.POST or None, request.FILES or None, instance=part)
    return saved_or_form(request, project, form, found.add)


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit_part(request, slug, kind, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = kind_of(kind)
    part = get_object_or_404(getattr(project, found.rows), pk=pk)
    return saved_or_form(request, project, found.form(request.POST or None, instance=part), found.edit, kind)


def saved_or_form(request, project, form, heading, kind=""):
    if request.method == "POST" and form.is_valid():
        save_part(part=form.instance, by=request.user, drawn=form.drawn)
        messages.success(request, _("The story is saved."))
        return redirect("roadmap:story", project.slug)
    return render(
        request,
        "roadmap/story_form.html",
        {
            **page(project, TAB),
            "form": form,
            "heading": heading,
            "kind": kind,
            "page_has_errors": bool(form.errors),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delete_part(request, slug, kind, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = kind_of(kind)
    part = get_object_or_404(getattr(project, found.rows), pk=pk)
    if request.method == "POST":
        remove_part(part=part, by=request.user)
        messages.success(request, _("It is removed from the story."))
        return redirect("roadmap:story", slug)
    return render(
        request,
        "roadmap/story_delete.html",
        {**page(project, TAB), "part": part, "kind": kind, "heading": found.remove},
    )


@require_safe
def picture(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    found = get_object_or_404(project.pictures, pk=pk)
    response = HttpResponse(pictures.read(found.sha256), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=86400"
    return response
