"""Presentations: build, show and take home."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon.access import Permission
from innovasjon.pages import page_of
from reports import jobs
from reports.presentations import actions, frozen
from reports.presentations.audiences import rules_of
from reports.presentations.deck import deck_of
from reports.presentations.forms import AddSlideForm, MoveForm, PresentationForm, SlideForm, StaleForm
from reports.presentations.origins import origins
from reports.presentations.sources import Sources
from reports.presentations.stale import stale_slides
from reports.views.documents import ask_for
from roadmap.access import one_writer, project_for
from roadmap.views.autosave import page_that_saves
from roadmap.views.project import page

TAB = "presentations"
PAGE = 50
MINUTES_A_SLIDE = 1.5


def of_project(project, pk):
    """Return a presentation of the project, with the project on it.

    Raises Http404 for another project's.
    """
    found = get_object_or_404(project.presentations, pk=pk)
    found.project = project
    return found


def slides_of(presentation) -> list:
    """Return all slides of a presentation in order, those taken out too, with the presentation on them."""
    slides = list(presentation.slides.select_related("picture").in_order())
    for slide in slides:
        slide.presentation = presentation
    return slides


def slide_of(request, slug, pk, slide_pk):
    """Return a slide the person may change.

    Raises Http404 for a slide of another presentation.
    """
    project = project_for(request, slug, Permission.EDIT)
    presentation = of_project(project, pk)
    slide = get_object_or_404(presentation.slides, pk=slide_pk)
    slide.presentation = presentation
    return slide


def sources_of(presentation) -> Sources:
    return Sources(presentation.project, rules_of(presentation.audience), timezone.localdate())


def page_picture(project):
    return lambda picture: reverse("roadmap:picture", args=[project.slug, picture.pk])


def page_shield(project) -> str:
    """Return the address of an uploaded shield, or "" for the drawn one."""
    municipality = project.municipality
    if not municipality.shield:
        return ""
    return reverse("innovasjon:shield", args=[municipality.number, municipality.shield])


def page_deck(presentation, slides, names, *, with_missing=False):
    """Return the deck for the screen; notes go to the core team alone."""
    return deck_of(
        presentation,
        slides,
        names=names,
        now=timezone.now(),
        with_notes=presentation.project.can.confide,
        with_missing=with_missing,
        picture_source=page_picture(presentation.project),
    )


@require_safe
def presentations(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    pages = page_of(request, project.presentations, ("-updated_at", "-pk"), PAGE)
    context = {**page(project, TAB), "rows": pages.rows, "pages": pages}
    return render(request, "reports/presentations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_presentation(request, slug):
    project = project_for(request, slug, Permission.EDIT)
    names = Sources(project, rules_of("leaders"), timezone.localdate()).names
    form = PresentationForm(request.POST or None, names=names)
    if request.method == "POST" and form.is_valid():
        made = actions.start_presentation(
            project=project, by=request.user, now=timezone.localtime(), **form.cleaned_data
        )
        return redirect(made)
    return presentation_form(request, project, form, _("New presentation"))


@require_http_methods(["GET", "HEAD", "POST"])
@one_writer
def edit_presentation(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    presentation = of_project(project, pk)
    names = sources_of(presentation).names
    form = PresentationForm(request.POST or None, instance=presentation, names=names)
    if request.method == "POST" and form.is_valid():
        saved = actions.edit_presentation(
            presentation=presentation, values=form.cleaned_data, by=request.user, now=timezone.localtime()
        )
        messages.success(request, _("The presentation is saved."))
        return redirect(saved)
    return presentation_form(request, project, form, _("Audience, title and meeting"))


def presentation_form(request, project, form, heading):
    return render(
        request,
        "reports/presentation_form.html",
        {**page(project, TAB), "form": form, "heading": heading, "page_has_errors": bool(form.errors)},
        status=422 if form.errors else 200,
    )


@require_safe
def presentation(request, slug, pk):
    """The builder, at the first slide."""
    project = project_for(request, slug, Permission.VIEW)
    found = of_project(project, pk)
    return builder(request, found, slides_of(found), None)


def builder(request, presentation, slides, slide_pk, *, form=None, conflicts=(), status=200):
    """Answer with the builder.

    Raises Http404 for a slide that is not in the presentation.
    """
    context = built(presentation, slides, slide_pk, form)
    context |= {**page(presentation.project, TAB), "conflicts": conflicts}
    return page_that_saves(request, "reports/presentation.html", context, status=status)


def built(presentation, slides, slide_pk, form=None) -> dict:
    """Return what the builder shows, at one slide or the first.

    Raises Http404 for a slide that is not in the presentation.
    """
    project = presentation.project
    sources = sources_of(presentation)
    told = [s for s in slides if not s.is_out and not sources.rules.leaves_out(s.role)]
    chosen = next((s for s in told if s.pk == slide_pk), None) if slide_pk else next(iter(told), None)
    if slide_pk and chosen is None:
        raise Http404
    deck = page_deck(presentation, slides, sources.names, with_missing=True)
    shown = sum(not drawn.is_missing for drawn in deck.slides)
    stale = stale_slides(slides, sources)
    if chosen and form is None and project.can.edit:
        form = SlideForm(instance=chosen, sources=sources)
    return {
        "project": project,
        "presentation": presentation,
        "rules": sources.rules,
        "deck": deck,
        "colours": deck.colours,
        "shield": page_shield(project),
        "shown_count": shown,
        "waiting_count": len(deck.slides) - shown,
        "minutes": max(round(shown * MINUTES_A_SLIDE), 1),
        "rows": [(drawn, stale.get(drawn.pk)) for drawn in deck.slides],
        "here": next((drawn for drawn in deck.slides if chosen and drawn.pk == chosen.pk), None),
        "origins": origins(chosen, sources) if chosen else [],
        "stale": stale.get(chosen.pk) if chosen else None,
        "others_stale": [
            (drawn, stale[drawn.pk])
            for drawn in deck.slides
            if drawn.pk in stale and (not chosen or drawn.pk != chosen.pk)
        ],
        "form": form,
        "add_form": AddSlideForm(slides=slides, rules=sources.rules),
        "page_has_errors": bool(form and form.errors),
        "save_url": reverse("reports:slide", args=[project.slug, presentation.pk, chosen.pk])
        if chosen
        else "",
    }


def at_slide(slug, pk, slide_pk):
    """Lead back to the slide itself, so that who uses the keyboard goes on from where they were."""
    return redirect(f"{reverse('reports:slide', args=[slug, pk, slide_pk])}#canvas")


@require_POST
def add_slide(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    form = AddSlideForm(request.POST, slides=slides_of(found), rules=rules_of(found.audience))
    if not form.is_valid():
        messages.error(request, _("Choose what the slide is for."))
        return redirect(found)
    added = actions.add_slide(
        presentation=found, role=form.cleaned_data["role"], by=request.user, now=timezone.localtime()
    )
    return at_slide(slug, pk, added.pk)


@require_POST
def move_slide(request, slug, pk, slide_pk):
    chosen = slide_of(request, slug, pk, slide_pk)
    form = MoveForm(request.POST)
    if form.is_valid():
        up = form.cleaned_data["to"] == "opp"
        actions.move_slide(slide=chosen, up=up, by=request.user, now=timezone.localtime())
    return at_slide(slug, pk, slide_pk)


@require_POST
def take_out_slide(request, slug, pk, slide_pk):
    chosen = slide_of(request, slug, pk, slide_pk)
    actions.take_out_slide(slide=chosen, by=request.user, now=timezone.localtime())
    messages.success(
        request,
        _("«%(slide)s» is taken out. Its texts are kept if you add it again.") % {"slide": chosen},
    )
    return redirect(chosen.presentation)


@require_POST
def settle_stale(request, slug, pk, slide_pk):
    """«Oppdater» or «Behold»."""
    chosen = slide_of(request, slug, pk, slide_pk)
    form = StaleForm(request.POST)
    if form.is_valid():
        act = actions.update_slide if form.cleaned_data["do"] == "oppdater" else actions.keep_slide
        act(slide=chosen, by=request.user, now=timezone.localtime())
    return at_slide(slug, pk, slide_pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_presentation(request, slug, pk):
    project = project_for(request, slug, Permission.EDIT)
    found = of_project(project, pk)
    if request.method == "POST":
        actions.delete_presentation(presentation=found, by=request.user)
        messages.success(request, _("«%(title)s» is deleted.") % {"title": found.title})
        return redirect("reports:presentations", slug)
    return render(request, "reports/delete_presentation.html", {**page(project, TAB), "presentation": found})


@require_safe
def show(request, slug, pk):
    """Only the slides: one at a time with script, all below each other without."""
    project = project_for(request, slug, Permission.VIEW)
    found = of_project(project, pk)
    deck = page_deck(found, slides_of(found), sources_of(found).names)
    context = {
        "presentation": found,
        "project": project,
        "deck": deck,
        "colours": deck.colours,
        "shield": page_shield(project),
        "can_see_notes": project.can.confide,
    }
    return render(request, "reports/show.html", context)


@require_safe
def downloads(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    found = of_project(project, pk)
    stale = stale_slides(slides_of(found), sources_of(found))
    context = {**page(project, TAB), "presentation": found, "stale": len(stale)}
    return render(request, "reports/presentation_downloads.html", context)


def ask_for_deck(request, presentation, kind, ending, *, variant=jobs.PEOPLE, with_notes=False):
    """Ask for a presentation as a file. With notes it is for the core team alone."""
    deck = deck_of(
        presentation,
        slides_of(presentation),
        names=sources_of(presentation).names,
        now=presentation.updated_at,
        with_notes=with_notes,
    )
    project = presentation.project
    return ask_for(
        request,
        project,
        kind=kind,
        data=frozen.as_data(deck),
        name=f"presentasjon-{project.slug}-{presentation.pk}{ending}",
        back=reverse("reports:presentation_downloads", args=[project.slug, presentation.pk]),
        variant=variant,
        permission=Permission.CONFIDE if with_notes else Permission.VIEW,
    )


@require_safe
def presentation_pdf(request, slug, pk):
    found = of_project(project_for(request, slug, Permission.VIEW), pk)
    if request.GET.get("utgave") == jobs.ARCHIVE:
        return ask_for_deck(request, found, "presentation_pdf", "-arkiv.pdf", variant=jobs.ARCHIVE)
    return ask_for_deck(request, found, "presentation_pdf", ".pdf")


@require_safe
def presentation_pptx(request, slug, pk):
    """The PowerPoint file; with the speaker's notes for the core team alone."""
    project = project_for(request, slug, Permission.VIEW)
    found = of_project(project, pk)
    return ask_for_deck(request, found, "presentation_pptx", ".pptx", with_notes=project.can.confide)
