"""Documents: made off the request, kept for good, open to whom, and read through a private link."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from innovasjon import tokens
from innovasjon.access import Permission, require
from innovasjon.models import Token
from reports import actions, archive, jobs, materials
from reports.forms.documents import OpennessForm, ReadLinkForm
from reports.models import DocumentJob
from reports.status_reports.data import condition_label, revive
from roadmap import gates
from roadmap.access import project_for
from roadmap.models import Project
from roadmap.views.project import page

TAB = "reports"
ABOUT = {  # of files to take along: kind → the tab it belongs to, and where one came from
    "presentation_pdf": ("presentations", "reports:presentations"),
    "presentation_pptx": ("presentations", "reports:presentations"),
    "benefit_plan": ("benefits", "benefits:benefits"),
}
AHEAD = timedelta(days=60)  # how long a link works when nobody says otherwise


# ------------------------------------------------------------------ made off the request


def ask_for(project, *, kind, data, name, variant=jobs.PEOPLE, permission=Permission.VIEW):
    """Ask for a document and go to where it comes: at once when it is made already."""
    job = jobs.ask(
        project=project,
        kind=kind,
        data=data,
        name=name,
        variant=variant,
        permission=permission,
        now=timezone.now(),
    )
    return redirect("reports:job", project.slug, job.pk)


def job_of(project, pk) -> DocumentJob:
    """Return a job of the project that the person may see.

    Raises Http404, PermissionDenied.
    """
    found = get_object_or_404(project.document_jobs.defer("data"), pk=pk)
    require(project.can, Permission(found.permission))
    return found


@require_safe
def job(request, slug, pk):
    """«Lager PDF. Det tar noen sekunder.» The page asks again by itself until the document is there."""
    project = project_for(request, slug, Permission.VIEW)
    found = jobs.help_out(job_of(project, pk), now=timezone.now())
    waits = found.state in (DocumentJob.State.WAITING, DocumentJob.State.WORKING)
    is_done = found.state == DocumentJob.State.DONE
    about = ABOUT.get(found.kind, (TAB, "reports:status_reports"))
    context = {
        **page(project, about[0]),
        "job": found,
        "waits": waits,
        "is_done": is_done,
        "media": jobs.media_type(found).rpartition(".")[2],
        "back": reverse(about[1], args=[slug]),
    }
    response = render(request, "reports/job.html", context)
    if waits:
        response["Refresh"] = "1"
    elif is_done:
        response["Refresh"] = f"0; url={reverse('reports:job_file', args=[slug, pk])}"
    return response


@require_safe
def job_file(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    found = job_of(project, pk)
    content = jobs.content_of(found) if found.state == DocumentJob.State.DONE else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=jobs.media_type(found))
    how = "inline" if jobs.media_type(found) == jobs.PDF and found.kind not in ABOUT else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{found.name}"'
    return response


@require_safe
def involvement_plan_pdf(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    data = materials.involvement_plan(project, now=timezone.now())
    return ask_for(project, kind="involvement_plan", data=data, name=f"involveringsplan-{slug}.pdf")


@require_safe
def case_of_gate(request, slug, number):
    """The saksframlegg of the gate that is to be decided next."""
    project = project_for(request, slug, Permission.EDIT)
    if number != project.phase:
        raise Http404
    try:
        the_gate = gates.gate(project, number)
    except gates.GateNotOpen:
        raise Http404 from None
    data = materials.case_of_gate(project, the_gate, now=timezone.now())
    return ask_for(
        project,
        kind="case_paper",
        data=data,
        name=f"saksframlegg-{slug}-port-{number}.docx",
        permission=Permission.EDIT,
    )


@require_safe
def case_of_report(request, slug, month):
    """The saksframlegg of a published report, from what was frozen."""
    project = project_for(request, slug, Permission.EDIT)
    report = get_object_or_404(project.status_reports, year=month.year, month=month.month)
    edition = report.editions.select_related("document").order_by("-version").first()
    if edition is None:
        raise Http404
    return ask_for(
        project,
        kind="case_paper",
        data=materials.case_of_report(project, edition),
        name=f"saksframlegg-{slug}-{month}.docx",
        permission=Permission.EDIT,
    )


# ------------------------------------------------------------------ kept for good


def kept_of(project, pk) -> archive.Kept:
    """Return a frozen document of the project.

    Raises Http404 for another project's.
    """
    found = next((kept for kept in archive.kept_documents(project) if kept.document.pk == pk), None)
    if found is None:
        raise Http404
    return found


@require_safe
def documents(request, slug):
    project = project_for(request, slug, Permission.VIEW)
    return render(
        request,
        "reports/documents.html",
        {**page(project, TAB), "kept": archive.kept_documents(project), "today": timezone.localdate()},
    )


@require_safe
def document_pdf(request, slug, pk):
    project = project_for(request, slug, Permission.VIEW)
    kept = kept_of(project, pk)
    return pdf_of(kept)


def pdf_of(kept):
    response = HttpResponse(kept.document.content(), content_type=kept.document.media_type)
    response["Content-Disposition"] = f'inline; filename="{kept.number}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def document(request, slug, pk):
    """One document's links and openness. A new link is shown once, right here."""
    project = project_for(request, slug, Permission.MANAGE)
    kept = kept_of(project, pk)
    initial = {"expires_on": timezone.localdate() + AHEAD}
    form = ReadLinkForm(request.POST or None, initial=initial)
    address = ""
    if request.method == "POST" and form.is_valid():
        secret = actions.make_read_link(
            project=project,
            document=kept.document,
            label=form.cleaned_data["label"],
            expires_at=form.expires_at,
            by=request.user,
        )
        address = f"{settings.BASE_URL}{reverse('reports:shared', args=[secret])}"
        form = ReadLinkForm(initial=initial)
    return document_page(request, project, kept, form=form, address=address)


def document_page(request, project, kept, *, form=None, openness_form=None, address=""):
    record = kept.record
    openness_form = openness_form or OpennessForm(
        parts=parts_of(kept),
        initial={
            "openness": kept.openness,
            "legal_basis": record.legal_basis if record else "",
            "redacted": record.redacted if record else [],
        },
    )
    form = form or ReadLinkForm(initial={"expires_on": timezone.localdate() + AHEAD})
    has_errors = bool(form.errors or openness_form.errors)
    return render(
        request,
        "reports/document.html",
        {
            **page(project, TAB),
            "kept": kept,
            "form": form,
            "openness_form": openness_form,
            "address": address,
            "links": list(links_of(project, kept.document.pk)),
            "now": timezone.now(),
            "page_has_errors": has_errors,
        },
        status=422 if has_errors else 200,
    )


def parts_of(kept):
    return list(archive.PARTS[kept.kind].items())


def links_of(project, document_pk):
    return Token.objects.filter(
        purpose=Token.Purpose.READ, project_id=project.pk, target_id=document_pk
    ).order_by("-created_at")


@require_POST
def openness(request, slug, pk):
    project = project_for(request, slug, Permission.MANAGE)
    kept = kept_of(project, pk)
    form = OpennessForm(request.POST, parts=parts_of(kept))
    if not form.is_valid():
        return document_page(request, project, kept, openness_form=form)
    actions.set_openness(project=project, document=kept.document, by=request.user, **form.cleaned_data)
    messages.success(request, _("The openness is saved."))
    return redirect("reports:document", slug, pk)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_link(request, slug, pk):
    project = project_for(request, slug, Permission.MANAGE)
    link = get_object_or_404(Token.objects.filter(purpose=Token.Purpose.READ, project_id=project.pk), pk=pk)
    kept = kept_of(project, link.target_id)
    if request.method == "POST":
        actions.revoke_read_link(
            project=project, document=kept.document, link=link, now=timezone.now(), by=request.user
        )
        messages.success(request, _("The link is closed. Nobody can open it any more."))
        return redirect("reports:document", slug, kept.document.pk)
    return render(request, "reports/revoke_link.html", {**page(project, TAB), "link": link, "kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
def archive_package(request, slug):
    """Everything of the project for the archive, as one file."""
    project = project_for(request, slug, Permission.MANAGE)
    now = timezone.now()
    if request.method == "POST":
        response = HttpResponse(content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{archive.package_name(project, now)}"'
        archive.write_package(project, response, now=now)
        actions.note_package(project=project, now=now, by=request.user)
        return response
    kept = archive.kept_documents(project)
    return render(request, "reports/archive_package.html", {**page(project, TAB), "count": len(kept)})


# ------------------------------------------------------------------ through a private link


def shared_document(request, secret):
    """Return (token, project, document) of a read link; Nones for a wrong, expired or revoked one alike.

    The one who made the link must still be allowed to see the project.
    """
    token = tokens.find(
        secret, purpose=Token.Purpose.READ, now=timezone.now(), address=tokens.address_of(request)
    )
    project = token and (
        Project.objects.visible_to(token.user)
        .select_related("municipality")
        .filter(pk=token.project_id)
        .first()
    )
    if project is None:
        return None, None, None
    found = [kept for kept in archive.kept_documents(project) if kept.document.pk == token.target_id]
    return (token, project, found[0]) if found else (None, None, None)


def private(view):
    """Open to whoever has the address: nothing kept by a browser, and the address told to nobody."""

    @wraps(view)
    def answer(request, secret):
        response = view(request, secret)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(answer)


@private
@require_safe
def shared(request, secret):
    """One frozen document for the one who has the link, and nothing else."""
    token, project, kept = shared_document(request, secret)
    if token is None:
        return render(request, "reports/shared_gone.html", status=404)
    request.municipality = project.municipality
    data = kept.document.data
    is_report = kept.kind == archive.STATUS_REPORT
    return render(
        request,
        "reports/shared.html",
        {
            "token": token,
            "kept": kept,
            "is_report": is_report,
            "frozen": revive(data),
            "condition_label": condition_label(data) if is_report else "",
            "secret": secret,
            "municipality": project.municipality,
        },
    )


@private
@require_safe
def shared_pdf(request, secret):
    token, _project, kept = shared_document(request, secret)
    if token is None:
        return render(request, "reports/shared_gone.html", status=404)
    return pdf_of(kept)
